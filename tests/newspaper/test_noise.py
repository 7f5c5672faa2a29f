"""What is surely a scanner's misreading is put right; what may be meant stays."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.newspaper import split_page
from bot.newspaper.layout import cut_pieces
from bot.newspaper.noise import clean_pieces

PAGE = (
    "县里今年修路，沿线的村民出行方便了，农产品也运得出去；明年计划：再修十公里，"
    "目标：通到每个村，不落一户：都通。"
)


def read(line: str, page: str = PAGE) -> str:
    """`line` as it is read on a page that sets full-width marks."""
    return clean_pieces(cut_pieces(f"{page}\n\n{line}"))[-1].text


@pytest.mark.parametrize(
    ("misread", "expected"),
    [
        ("会议指出,要抓紧。", "会议指出，要抓紧。"),
        ("他说:“抓紧。”", "他说：“抓紧。”"),
        ("县里修路；村里修桥。路修好了.", "县里修路；村里修桥。路修好了。"),
        ("他说：“路好走了。真好.”", "他说：“路好走了。真好。”"),
        ("（融媒体 周禾)", "（融媒体 周禾）"),
        ("(记者 周禾）", "（记者 周禾）"),
        ("2O26年11月2O日", "2026年11月20日"),
        ("l1月起，学费3OO元", "11月起，学费300元"),
        ("占6O%以上", "占60%以上"),
        ("二O二六年十一月", "二〇二六年十一月"),
        ("二0二六年十一月", "二〇二六年十一月"),
        ("会议 ，要抓紧 。", "会议，要抓紧。"),
        ("“ 抓紧。 ”他说。", "“抓紧。”他说。"),
        (
            "县里 今年 修路， 二十 公里 的 道路， 方便了 沿线 的 村 民 出 行，"
            " 也方 便 了 农 产 品 的 运 输， 明 年。",
            "县里今年修路，二十公里 的 道路，方便了 沿线的村民出行，也方便了农产品的运输，明年。",
        ),
    ],
)
def test_what_is_surely_misread_is_put_right(misread: str, expected: str) -> None:
    assert read(misread) == expected


@pytest.mark.parametrize(
    "line",
    [
        "O2O模式走进县城",
        "每天10:30开放，门票1,200元，A,B两区",
        "卡尔.马克思故居",
        "车速120km.",
        "见附件l",
        "101中学",
        "一O一中学",
        "路修好了",
        "本报讯 （记者 张 鹏）县里修路。",
        "强基础 补短板",
        "张 鹏",
        "周乃翔主持 葛慧君出席",
        "学生(含借读生)共三百人",
        "A）甲",
    ],
)
def test_what_may_be_meant_stays(line: str) -> None:
    assert read(line) == line


def test_page_that_sets_half_width_marks_keeps_them() -> None:
    page = "会议指出,要抓紧,要落实.县里修路,村里修桥,大家高兴."

    assert clean_pieces(cut_pieces(page))[0].text == page


def test_english_page_is_left_as_printed() -> None:
    page = "Roads in the county\n\nThe county built l0 roads in 2O26 , it said .\n"

    assert [block.text for block in split_page(page).blocks][
        1
    ] == "The county built l0 roads in 2O26 , it said ."


def test_missing_full_stop_is_not_added() -> None:
    page = split_page("县里修路\n\n本报讯 县里今年修路二十公里，方便了沿线村民。\n\n明年再修十公里\n")

    assert page.articles[0].paragraphs[-1] == "明年再修十公里"


TWINS = {
    *zip(",:;?!.()", "，：；？！。（）", strict=True),
    *zip("OolI", "0011", strict=True),
    *((c, "〇") for c in "Oo0"),
}
NOISY = st.text(alphabet="县里修路，,。.：:；;？?！!（）()“”20OolI年月日元%二一〇六 \n", max_size=300)


@settings(max_examples=300, deadline=None)
@given(NOISY)
def test_each_character_stays_or_becomes_its_twin(text: str) -> None:
    printed, found = (
        re.sub(r"\s+", "", text),
        re.sub(r"\s+", "", "".join(block.text for block in split_page(text).blocks)),
    )

    assert len(found) == len(printed)
    assert all(one == other or (one, other) in TWINS for one, other in zip(printed, found, strict=True))


@settings(max_examples=200, deadline=None)
@given(NOISY)
def test_what_is_clean_stays_clean(text: str) -> None:
    once = clean_pieces(cut_pieces(text))

    assert clean_pieces(once) == once
