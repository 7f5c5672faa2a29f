"""What terminal, JSON rows, marked page and `collect` say of articles whose boundaries are doubtful."""

import json

import pytest

from bot.cli.printing import print_outcomes, print_page
from bot.cli.reading import to_page_row
from bot.models import Article, Block, BlockKind, Page, Source
from bot.newspaper import render_html
from bot.pipeline.collect import CollectOutcome

SURE = Article(title="水库蓄水", text="水库今天下闸蓄水。", certainty=0.97)
DOUBTFUL = Article(title="图书馆夜间开放", text="图书馆开放至22时。", certainty=0.553)
PAGE = Page(
    articles=(SURE, DOUBTFUL),
    blocks=tuple(
        Block(text=text, kind=kind, article=n)
        for n, article in enumerate((SURE, DOUBTFUL))
        for text, kind in ((article.title, BlockKind.TITLE), (article.text, BlockKind.PARAGRAPH))
    ),
)


def test_the_terminal_marks_the_doubtful_article_alone(capsys: pytest.CaptureFixture[str]) -> None:
    print_page("三版", PAGE)
    first, second = capsys.readouterr().out.split("── 2 ──")
    assert "certain" not in first
    assert "boundaries 55 % certain" in second


def test_a_row_of_json_says_how_certain_each_article_is() -> None:
    row = json.loads(json.dumps(to_page_row("三版", PAGE)))
    assert [article["certainty"] for article in row["articles"]] == [0.97, 0.55]


def test_an_article_of_no_page_has_no_certainty() -> None:
    row = json.loads(json.dumps(to_page_row("网页", Page(articles=(Article(title="题", text="文。"),)))))
    assert row["articles"][0]["certainty"] is None


def test_the_marked_page_shows_every_certainty_and_marks_the_doubtful_one() -> None:
    marked = render_html([("三版", PAGE)])
    assert "boundaries 97% certain" in marked
    assert "? boundaries 97% certain" not in marked
    assert "? boundaries 55% certain" in marked


def test_collect_marks_the_new_articles_that_are_doubtful(capsys: pytest.CaptureFixture[str]) -> None:
    paper = Source(kind="page", name="县报", address="pages")
    print_outcomes([CollectOutcome(source=paper, new=2, uncertain=(DOUBTFUL,))])
    out = "".join(capsys.readouterr().out.split())
    assert "boundaries55%certain" in out
    assert DOUBTFUL.title in out
    print_outcomes([CollectOutcome(source=paper, new=2)])
    assert "certain" not in capsys.readouterr().out
