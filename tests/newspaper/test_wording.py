"""Datelines, bylines, signatures, captions and notes are told by their wording."""

import pytest

from bot.newspaper import line_patterns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报讯 县里修路。", "本报讯"),
        (
            "本报11月20日讯 （记者 沈雨禾 通讯员 方立群）今天上午",
            "本报11月20日讯 （记者 沈雨禾 通讯员 方立群）",
        ),
        ("青原讯 改厕容易管厕难。", "青原讯"),
        ("新华社临溪11月20日电 （记者陶然）县里", "新华社临溪11月20日电 （记者陶然）"),
        ("【本報訊】閒置的舊碼頭", "【本報訊】"),
        ("LINXI, Nov. 20 -- The county", "LINXI, Nov. 20 --"),
        ("LINXI (Xinhua) — The county", "LINXI (Xinhua) —"),
        ("县里今年修路二十公里。", ""),
        ("通讯员队伍扩大到三百人。", ""),
        ("The county's centre -- opened on Friday -- has six stations.", ""),
    ],
)
def test_datelines_are_read(text: str, expected: str) -> None:
    assert line_patterns.match_dateline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(融媒体 高原 通讯员 唐梅)", "融媒体 高原 通讯员 唐梅"),
        ("（记者 何靜儀）", "记者 何靜儀"),
        ("（陶然）", "陶然"),
        ("本报记者 陶然", "本报记者 陶然"),
        ("By Gu Yiming", "By Gu Yiming"),
        ("(Reporting by Gu Yiming)", "Reporting by Gu Yiming"),
        ("Courier staff writer", "Courier staff writer"),
        ("Staff writers find their mill", ""),
        ("记者从县医院了解到，手术已经完成。", ""),
        ("By the river the old mill still stands.", ""),
        ("关掉牌桌 打开书柜", ""),
    ],
)
def test_signatures_are_read(text: str, expected: str) -> None:
    assert line_patterns.match_signature(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三家分馆节假日照常开放。 （记者 何雨桐）", "（记者 何雨桐）"),
        ("“听得懂、用得上。”(本报记者陶然)", "(本报记者陶然)"),
        ("三百亩小麦已经全部出苗。（陈明 王小丽）", "（陈明 王小丽）"),
        ("水从哪里来？（记者手记）", ""),
        ("两本账里的学问（记者 何雨桐）", ""),
        ("供水已经恢复。（相关报道见第二版）", ""),
        ("（记者 何雨桐）", ""),
    ],
)
def test_a_signature_is_found_in_the_paragraph_it_ends(text: str, expected: str) -> None:
    at = line_patterns.find_inline_signature(text)
    assert (text[at:] if at >= 0 else "") == expected


@pytest.mark.parametrize(
    "text", ["图为果农装车。 陶然摄", "▲工人检修管道。", "宋佳音摄（临溪融媒）", "Photo by Gu Yiming"]
)
def test_captions_are_told(text: str) -> None:
    assert line_patterns.is_caption(text)


@pytest.mark.parametrize(
    "text",
    ["编者按：今起推出系列报道。", "——编 者", "核心阅读", "数据来源：县统计局", "Editor's note: a series"],
)
def test_notes_are_told(text: str) -> None:
    assert line_patterns.is_note(text)


@pytest.mark.parametrize("text", ["县图书馆夜间开放", "“以前天一黑不知道去哪儿。”村民说。"])
def test_plain_text_is_neither_caption_nor_note(text: str) -> None:
    assert not line_patterns.is_caption(text)
    assert not line_patterns.is_note(text)


@pytest.mark.parametrize(
    ("text", "is_name"), [("张 鹏", True), ("卢志强", True), ("江苏南京市 田 心", True), ("修路", False)]
)
def test_bare_names_are_told(text: str, is_name: bool) -> None:
    assert line_patterns.is_bare_name(text) is is_name
