"""Lines become pieces: wrapped ones come together, others stay apart."""

import textwrap

import pytest

from bot.newspaper import split_page
from bot.newspaper.layout import cut_pieces, join_parts

STORY = (
    "天黑以后，石门镇柳溪村的村道亮了起来。最后一批太阳能路灯安装完毕，全村十四个自然村、二十二公里道路装上了三百盏灯，"
    "村民走夜路不再打手电。装灯的钱一半来自村里，另一半由在外工作的乡亲捐助。"
)


def texts(text: str) -> list[str]:
    return [piece.text for piece in cut_pieces(text)]


@pytest.mark.parametrize("width", range(9, 41, 4))
def test_chinese_lines_of_any_width_come_together(width: int) -> None:
    indented = "　　" + STORY
    lines = [indented[i : i + width] for i in range(0, len(indented), width)]
    page = "\n".join(["三百盏灯照亮回家路", *lines, *lines, *lines])

    assert texts(page) == ["三百盏灯照亮回家路", STORY, STORY, STORY]


@pytest.mark.parametrize("width", [30, 45, 60, 90])
def test_english_lines_of_any_width_come_together(width: int) -> None:
    story = (
        "The granary was built in 1963 and stood empty for nineteen years. Two years ago a retired "
        "teacher proposed "
        "turning it into a library and gave more than a thousand of his own books to begin with, and "
        "the township paid."
    )
    body = textwrap.wrap(story, width, initial_indent="  ")

    assert texts("\n".join(["Old granary is a library", "", *body, *body, *body])) == [
        "Old granary is a library",
        story,
        story,
        story,
    ]


def test_blank_lines_part_pieces() -> None:
    assert texts("\n\n甲村修路\n\n\n乙村修桥\n") == ["甲村修路", "乙村修桥"]
    assert [piece.parted for piece in cut_pieces("\n甲村修路\n十公里。\n\n乙村修桥\n")] == [
        False,
        False,
        True,
    ]


def test_long_lines_stay_apart() -> None:
    assert texts(f"{STORY}\n{STORY[:40]}\n{STORY}") == [STORY, STORY[:40], STORY]


def test_white_space_is_squeezed() -> None:
    assert texts("　　强基础　　补短板 \t 见成效　") == ["强基础 补短板 见成效"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("县 急 救 中 心 今 日 启 用", "县急救中心今日启用"),
        ("本报讯 县 急 救 中 心 启用", "本报讯 县急救中心 启用"),
        ("张 鹏", "张 鹏"),
        ("要 闻 综 合", "要 闻 综 合"),
        ("强基础 补短板 见成效", "强基础 补短板 见成效"),
    ],
)
def test_characters_a_scanner_set_apart_come_together_where_it_is_sure(line: str, expected: str) -> None:
    assert texts(line) == [expected]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["the county gov-", "ernment said"], "the county government said"),
        (["a well-", "known singer"], "a well-known singer"),
        (["trains from Lanzhou-", "Xinjiang stop"], "trains from Lanzhou- Xinjiang stop"),
        (["the state-of-the-", "art centre"], "the state-of-the-art centre"),
        (["an old", "mill"], "an old mill"),
        ([], ""),
    ],
)
def test_english_parts_are_joined_with_a_space_and_hyphens_mended(parts: list[str], expected: str) -> None:
    assert join_parts(parts, spaced=True) == expected


def test_chinese_parts_are_joined_without_a_space() -> None:
    assert join_parts(["创新能", "耗指标"], spaced=False) == "创新能耗指标"


def test_a_hyphen_of_its_own_stays_and_a_typesetters_goes() -> None:
    text = (
        "The county said on Monday that the price-\n"
        "determining vote is due in the late after-\n"
        "noon; it is the first since the govern-\n"
        "ment built the dam, and farmers said the\n"
        "price of their rice would follow it soon,\n"
        "once the hall is free on the next day of\n"
        "the week.\n"
    )
    joined = " ".join(piece.text for piece in cut_pieces(text))
    assert "price-determining" in joined
    assert "afternoon" in joined
    assert "government" in joined


def test_each_line_of_a_mixed_page_is_joined_by_its_own_script() -> None:
    english = ("Trains to the harbour leave every ten minutes", "to and from the market until midnight.")
    chinese = ("从今天起，开往码头的列车每十分钟一班，末班车延长到", "零点，之后每半小时一班，票价不变。")
    whole = "".join(chinese)
    assert join_parts(english, spaced=False) == " ".join(english)
    assert join_parts(chinese, spaced=True) == whole
    assert join_parts(["今年GD", "P增长百分之五"], spaced=False) == "今年GDP增长百分之五"
    page = split_page("\n\n".join(["列车延时", whole, *english, whole]))
    assert not any("minutesto" in article.text for article in page.articles)
