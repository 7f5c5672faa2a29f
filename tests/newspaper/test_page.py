"""Pages come apart into the articles that are printed on them."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import BlockKind, Page
from bot.newspaper import split_page

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
SHARED = Path(os.environ.get("ZHAIBAO_SHARED", ROOT.parent / "shared"))
REAL_PAGE = SHARED / "seeds" / "000_61d246b8bd128e03.txt"
ASIDE = {BlockKind.TITLE, BlockKind.KICKER, BlockKind.DECK, BlockKind.JUMP, BlockKind.FURNITURE}


def sample(answer: Path) -> str:
    beside = answer.with_suffix(".txt")
    return (beside if beside.exists() else next((ROOT / "seeds").rglob(beside.name))).read_text(
        encoding="utf-8"
    )


def as_answer(page: Page) -> list[dict[str, object]]:
    return [
        {
            "title": a.title,
            "kicker": a.kicker,
            "deck": a.deck,
            "paragraphs": list(a.paragraphs),
            "subheadings": list(a.subheadings),
            "cut_head": a.cut_head,
            "cut_tail": a.cut_tail,
        }
        for a in page.articles
    ]


@pytest.mark.parametrize("answer", sorted(DATA.rglob("*.json")), ids=lambda path: path.stem)
def test_sample_page_comes_apart_as_its_answer_says(answer: Path) -> None:
    assert as_answer(split_page(sample(answer))) == json.loads(answer.read_text(encoding="utf-8"))["articles"]


@pytest.mark.parametrize("end", ["（记者 陶然）", "　　(融媒体 陶然 通讯员 何雨桐)", "（相关报道见第二版）"])
def test_what_follows_the_last_sentence_is_no_lost_tail(end: str) -> None:
    (article,) = split_page(
        f"县图书馆夜间开放\n\n本报讯 11月20日起，县图书馆开放至22时。\n\n节假日照常开放，不用预约。{end}"
    ).articles
    assert not article.cut_tail
    assert article.byline == (end.strip("　（）()") if "陶然" in end else "")


@pytest.mark.skipif(not REAL_PAGE.exists(), reason="the real page lies in ../shared, which is not here")
def test_real_page_gives_its_four_articles() -> None:
    articles = split_page(REAL_PAGE.read_text(encoding="utf-8")).articles

    assert [a.title for a in articles] == [
        "省委经济工作会议在济南召开",
        "我区扎实做好儿童关爱和保护工作",
        "我区分布式光伏建设赋能绿色发展",
        "我区打造经济社会高质量发展“首善之区”",
    ]
    assert [len(a.paragraphs) for a in articles] == [15, 7, 3, 7]
    assert articles[0].deck == "李干杰周乃翔讲话 葛慧君陆治原出席"
    assert articles[3].kicker == "创新实干 奋发进取"
    assert [a.cut_tail for a in articles] == [True, False, False, False]
    assert [a.cut_head for a in articles] == [False, False, False, True]
    assert [a.byline for a in articles[1:]] == ["融媒体 裴崇旭 通讯员 石勇", "融媒体 全兴社", "融媒体 全兴社"]


def test_page_tells_its_day_number_and_name() -> None:
    page = split_page((ROOT / "seeds" / "pages" / "2026-11-20-01.txt").read_text(encoding="utf-8"))

    assert (page.day, page.number, page.section) == (date(2026, 11, 20), "1", "要闻")


def test_jump_lines_tell_where_an_article_goes_on_and_comes_from() -> None:
    first = split_page((ROOT / "seeds" / "pages" / "2026-11-20-01.txt").read_text(encoding="utf-8"))
    third = split_page((ROOT / "seeds" / "pages" / "2026-11-20-03.txt").read_text(encoding="utf-8"))

    assert [a.continues_on for a in first.articles if a.continues_on] == ["第三版"]
    assert [a.continued_from for a in third.articles if a.continued_from] == ["第一版"]


def test_date_alone_is_furniture_at_the_pages_edge_and_text_inside_an_article() -> None:
    notice = "关于停水的公告\n\n因管道检修，城南片区停水一天，请提前储水。\n\n2026年11月20日\n\n"
    page = split_page(
        f"2026年11月19日\n\n第2版 综合\n\n{notice}县里修路\n\n本报讯 "
        f"县里今年修路二十公里，方便了沿线村民。\n\n完。"
    )

    assert page.day == date(2026, 11, 19)
    assert page.blocks[0].kind == BlockKind.FURNITURE
    assert "2026年11月20日" in page.articles[0].paragraphs


def test_jump_line_inside_a_paragraph_is_set_apart() -> None:
    page = split_page(
        "县里修路\n\n本报讯 今年县里修路二十公里，方便了沿线十个村的村民出行，其中（下转第二版）\n"
    )

    assert page.articles[0].continues_on == "第二版"
    assert page.articles[0].text.endswith("其中")


def test_empty_page_has_no_articles() -> None:
    assert split_page(" \n　\n") == Page(articles=())


def test_text_without_headings_is_one_article_without_title() -> None:
    page = split_page(
        "昨天下了雨，河水涨了半米，村里安排人守堤。\n\n今天雨停了，学校照常上课，集市也开了。\n"
    )

    assert [a.title for a in page.articles] == [""]
    assert len(page.articles[0].paragraphs) == 2


def test_every_block_says_why() -> None:
    page = split_page((DATA / "county.txt").read_text(encoding="utf-8"))

    assert all(block.why for block in page.blocks)


ALIKE = str.maketrans(",:;?!.()OolI〇", "，：；？！。（）00110")
CHINESE = st.text(alphabet="县里的村民，。、；：“”（）0123 Ab第一版下转上接讯\n\n　", max_size=400)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), CHINESE, st.lists(CHINESE, max_size=8).map("\n\n".join)))
def test_nothing_is_lost_and_nothing_invented(text: str) -> None:
    page = split_page(text)

    assert unmarked("".join(block.text for block in page.blocks)) == unmarked(text)
    body = "".join(block.text for block in page.blocks if block.kind not in ASIDE)
    assert unmarked("".join(article.text for article in page.articles)) == unmarked(body)


def unmarked(text: str) -> str:
    """Without white space and hyphens, which joining mends; what may be misread as each other is made one."""
    return re.sub(r"[\s-]+", "", text).translate(ALIKE)


@settings(max_examples=50, deadline=None)
@given(CHINESE)
def test_same_text_gives_the_same_page(text: str) -> None:
    assert split_page(text) == split_page(text)
