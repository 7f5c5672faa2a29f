"""Bytes become text, or one clear error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.text.encoding import decode_text
from bot.text.folding import fold_odd_forms

PAGE = "临溪县急救中心11月20日启用。\n全县急救半径缩短到15分钟，乡镇设了6个急救站，配备12辆救护车。\n" * 3
TRADITIONAL = (
    "臨溪縣急救中心啟用，全縣急救半徑縮短到十五分鐘。鄉鎮設了六個急救站，配備十二輛救護車，投資一億元。\n" * 3
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"])
def test_a_chinese_page_is_read_in_every_encoding_that_papers_use(encoding):
    assert decode_text(PAGE.encode(encoding), "p") == PAGE


def test_a_marked_gb18030_page_is_read_without_its_mark():
    assert decode_text(("\ufeff" + PAGE).encode("gb18030"), "p") == PAGE


def test_traditional_characters_in_gbk_are_read():
    assert decode_text(TRADITIONAL.encode("gbk"), "p") == TRADITIONAL


def test_rare_characters_that_only_gb18030_holds_are_read():
    text = PAGE + "𠮷野家在㐂乐村。"
    assert decode_text(text.encode("gb18030"), "p") == text


@pytest.mark.parametrize("text", ["", "a", "急", "一县"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_very_short_text_is_read(text, encoding):
    assert decode_text(text.encode(encoding), "p") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PAGE, "utf-16"),
        (PAGE, "utf-16-le"),
        (PAGE, "utf-32"),
        ("plain words " * 20, "utf-16-be"),
        (TRADITIONAL, "big5"),
        ("昨日、町立救急センターが開所した。救急車は十二台、到着時間は十五分に短縮された。" * 3, "shift_jis"),
        ("Центр скорой помощи открылся двадцатого ноября и получил двенадцать машин. " * 3, "cp1251"),
    ],
)
def test_another_encoding_is_told_with_the_remedy(text, encoding):
    with pytest.raises(InputError, match=r"page1: cannot be read as UTF-8 or GB18030 .* iconv"):
        decode_text(text.encode(encoding), "page1")


@pytest.mark.parametrize("cut", [1, 2])
def test_utf_8_that_is_cut_inside_a_character_does_not_become_other_characters(cut):
    with pytest.raises(InputError):
        decode_text(PAGE.strip().removesuffix("。").encode()[:-cut], "page1")


def test_a_file_that_is_no_text_is_told():
    with pytest.raises(InputError):
        decode_text(bytes(range(256)) * 20, "photo")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system_become_one(end):
    assert decode_text(f"一{end}二{end}{end}三".encode(), "p") == "一\n二\n\n三"


def test_stray_control_characters_are_left_out_and_page_breaks_stay():
    assert decode_text("一\x02二\x0b三\x0c四\t五\x7f".encode(), "p") == "一二三\x0c四\t五"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_what_was_written_as_utf_8_is_read_unchanged_but_for_odd_forms(text):
    assert decode_text(text.encode(), "p") == fold_odd_forms(text.removeprefix("\ufeff"))


@given(st.binary())
def test_any_bytes_end_in_text_or_the_one_error(data):
    try:
        text = decode_text(data, "p")
    except InputError:
        return
    assert "\r" not in text
    assert "\0" not in text
