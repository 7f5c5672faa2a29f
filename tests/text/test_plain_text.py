"""The title of a plain text, and the way back from its paragraphs to what was given."""

import pytest

from bot.text.plain_text import parse_plain_text

BODY = "县图书馆12月1日起每天开放到晚上10点，周末不休息，读者可以凭身份证借书。"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"县图书馆延长开放时间\n{BODY}", "县图书馆延长开放时间"),
        (f"县图书馆延长开放时间\n\n{BODY}", "县图书馆延长开放时间"),
        (f"谁来养老？\n{BODY}", "谁来养老？"),
        ("Library stays open\nThe county library will stay open until ten.", "Library stays open"),
        (BODY, ""),
        (f"今天下雨了。\n{BODY}", ""),
        (f"1. 总体情况\n{BODY}", ""),
        (f"王大山说：\n{BODY}", ""),
        ("县人民医院\n县中医医院\n县妇幼保健院", ""),
        ("hello", ""),
        ("", ""),
    ],
)
def test_the_first_line_becomes_the_title_when_it_is_one(text: str, title: str) -> None:
    plain = parse_plain_text(text)
    assert plain.title == title
    assert "\n".join([title, plain.text] if title else [plain.text]) == "\n".join(
        filter(None, text.split("\n"))
    )


def test_a_given_title_leaves_the_text_whole() -> None:
    assert parse_plain_text(f"县图书馆延长开放时间\n{BODY}", "图书馆").text == f"县图书馆延长开放时间\n{BODY}"


def test_places_in_the_text_lead_back_to_the_lines_given() -> None:
    given = (
        "Library stays open\n\nThe county library at the old mill will\nstay open until ten in the "
        "evening, and its\n"
        "reading room until nine on weekdays.\n"
    )
    plain = parse_plain_text(given)
    assert plain.text.startswith(
        "The county library at the old mill will stay open until ten in the evening, and its"
    )
    start, end = plain.locate([plain.text.index("stay"), plain.text.index("until nine")])
    assert (given[start : start + 9], given[end : end + 10]) == ("stay open", "until nine")
