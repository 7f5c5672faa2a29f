"""Text cleaned, cut and measured."""

import pytest

from bot.render.plaintext import clean_line, clip_text, estimate_minutes, validate_web_address


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  两 行\n 一行\t", "两 行 一行"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("反\u202e向", "反向"),
        ("\ud800半个", "半个"),
        ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
        ("\u200d\ufe0f \u200f", ""),
        ("", ""),
    ],
)
def test_text_loses_what_no_reader_sees(text: str, cleaned: str) -> None:
    assert clean_line(text) == cleaned


@pytest.mark.parametrize(
    ("text", "most", "clipped"),
    [
        ("第一句。第二句很长很长。", 12, "第一句。第二句很长很长。"),
        ("第一句。第二句很长很长。", 9, "第一句。"),
        ("他说：“好。”然后走了很远的路。", 12, "他说：“好。”"),
        ("前半句很长，后半句也不短", 9, "前半句很长…"),
        ("没有标点的一长串字", 6, "没有标点的…"),
        ("It cost 3.5 million and more", 14, "It cost 3.5…"),
        ("One. Two three four", 10, "One."),
        ("ab👨‍👩‍👧‍👦cd", 6, "ab…"),
        ("🇨🇳🇫🇷🇩🇪", 8, "🇨🇳…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("𠮷𠮷𠮷", 5, "𠮷𠮷…"),
    ],
)
def test_text_is_cut_where_a_reader_would(text: str, most: int, clipped: str) -> None:
    assert clip_text(text, most) == clipped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("字" * 599, 1),
        ("字" * 601, 2),
        ("word " * 344, 1),
        ("word " * 346, 2),
        ("字" * 400 + "word " * 230, 2),
    ],
)
def test_minutes_count_chinese_characters_and_other_words(text: str, expected: int) -> None:
    assert estimate_minutes(iter([text])) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x?y=1&z=2#s3",
        "http://例子.中国/路",
        "http://localhost:8000/",
        "http://127.0.0.1/",
        "https://[::1]:8/",
    ],
)
def test_address_of_the_web_is_kept(url: str) -> None:
    assert validate_web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.example",
            "a.example",
            "https://",
            "https://a b.example/",
        ),
        *(
            "https://%20&/",
            "http://[::1",
            "http://a.example:99999/",
            "https://a.example/" + "x" * 2048,
            "https://a\x00.example/",
        ),
    ],
)
def test_other_addresses_are_dropped(url: str) -> None:
    assert validate_web_address(url) == ""
