"""Halves of an article on two pages become one article."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.models import Article, Page
from bot.newspaper import join_articles, join_halves, split_page

SEEDS = Path(__file__).parents[2] / "seeds" / "pages"


def page(number: str, *articles: Article, day: date | None = None) -> Page:
    return Page(articles=articles, number=number, day=day)


HEAD = Article(
    title="修路", text="本报讯 县里修路。\n全长二十公里，其中", cut_tail=True, continues_on="第三版"
)
TAIL = Article(title="修路", text="山区路段占六成。\n明年通车。", cut_head=True, continued_from="第一版")


def test_halves_named_by_their_jump_lines_become_one_article() -> None:
    first, third = join_halves([page("1", HEAD), page("3", TAIL)])

    assert [a.text for a in first.articles] == [
        "本报讯 县里修路。\n全长二十公里，其中山区路段占六成。\n明年通车。"
    ]
    assert (first.articles[0].cut_head, first.articles[0].cut_tail) == (False, False)
    assert third.articles == ()


def test_paragraph_that_ended_is_not_run_into_the_next() -> None:
    first, _ = join_halves([page("1", replace(HEAD, text="本报讯 县里修路。")), page("3", TAIL)])

    assert first.articles[0].paragraphs == ("本报讯 县里修路。", "山区路段占六成。", "明年通车。")


def test_order_of_pages_does_not_matter() -> None:
    third, first = join_halves([page("3", TAIL), page("1", HEAD)])

    assert third.articles == ()
    assert first.articles[0].text.endswith("明年通车。")


def test_article_in_three_parts_is_followed_to_its_end() -> None:
    middle = replace(TAIL, cut_tail=True, continues_on="第4版", text="山区路段占")
    last = replace(TAIL, continued_from="第三版", text="六成。")
    pages = join_halves([page("1", HEAD), page("3", middle), page("4", last)])

    assert [a.text for a in pages[0].articles] == ["本报讯 县里修路。\n全长二十公里，其中山区路段占六成。"]


def test_halves_of_different_days_stay_apart() -> None:
    pages = [page("1", HEAD, day=date(2026, 11, 20)), page("3", TAIL, day=date(2026, 11, 21))]

    assert join_halves(pages) == tuple(pages)


def test_jump_line_to_another_page_is_believed() -> None:
    pages = [page("1", HEAD), page("4", TAIL)]

    assert join_halves(pages) == tuple(pages)


def test_two_rests_that_fit_equally_are_left_alone() -> None:
    rest = replace(TAIL, title="", continued_from="第一版", text="路。")
    pages = [page("1", HEAD), page("3", rest, rest)]

    assert join_halves(pages) == tuple(pages)


def test_subheadings_keep_their_places() -> None:
    first, _ = join_halves(
        [page("1", replace(HEAD, subheadings=(0,))), page("3", replace(TAIL, subheadings=(1,)))]
    )

    assert first.articles[0].subheadings == (0, 2)


def test_sample_pages_give_the_irrigation_story_whole() -> None:
    pages = [split_page((SEEDS / f"2026-11-20-{n}.txt").read_text(encoding="utf-8")) for n in ("01", "03")]
    first, third = join_halves(pages)

    found = next(a for a in first.articles if a.title == "全县冬修水利工程全面开工")
    assert "对往年修而不管的渠段，要查清原因" in found.text
    assert (found.cut_head, found.cut_tail) == (False, False)
    assert "全县冬修水利工程全面开工" not in [a.title for a in third.articles]
    numbers = {block.article for block in third.blocks if block.article is not None}
    assert numbers == set(range(len(third.articles)))


def test_a_half_is_looked_for_on_pages_of_its_day_and_of_none() -> None:
    days = [date(2026, 11, day) for day in (19, 20)]
    old, new, undated = join_halves(
        [page("1", HEAD, day=days[0]), page("1", HEAD, day=days[1]), page("3", TAIL)]
    )
    assert old.articles[0].text.endswith("明年通车。")
    assert (new.articles, undated.articles) == ((HEAD,), ())


def test_jump_lines_in_the_texts_of_an_electronic_issue_join_its_halves() -> None:
    head = Article(title="修路", text="县里修路。\n全长二十公里，其中（下转第三版）", page="1")
    other = Article(title="通车", text="大桥通车。", page="1")
    rest = Article(
        title="（上接第一版）", text="山区路段占六成。\n小标题\n明年通车。", page="3", subheadings=(1,)
    )
    joined, kept = join_articles([head, other, rest])
    assert joined.text == "县里修路。\n全长二十公里，其中山区路段占六成。\n小标题\n明年通车。"
    assert (joined.subheadings, joined.cut_tail, kept) == ((2,), False, other)


def test_a_jump_line_of_its_own_is_no_paragraph() -> None:
    rest = Article(
        title="修路", text="（上接第一版）\n小标题\n明年通车。\n下转第四版", page="3", subheadings=(1,)
    )
    (found,) = join_articles([rest])
    assert (found.text, found.subheadings) == ("小标题\n明年通车。", (0,))
    assert (found.continued_from, found.continues_on) == ("第一版", "第四版")
    assert (found.cut_head, found.cut_tail) == (True, True)
