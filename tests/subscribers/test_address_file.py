"""Readers from a file: who each line names, and what is wrong with a line that names nobody."""

from pathlib import Path

import pytest

from bot import files
from bot.errors import InputError
from bot.models import Destination
from bot.settings import AddressFile
from bot.subscribers.address_file import MAX_LINE_BYTES, MAX_NAME_CHARACTERS, AddressFault, read_address_lines

READERS = AddressFile(digest="daily", channel="mail", file=Path("readers.txt"))


def read(*lines: str | bytes) -> list[Destination | AddressFault]:
    return list(
        read_address_lines([line if isinstance(line, bytes) else line.encode() for line in lines], READERS)
    )


@pytest.mark.parametrize(
    ("line", "address", "name", "unsubscribe"),
    [
        ("reader@example.org", "reader@example.org", "", ""),
        ("  reader@example.org\r\n", "reader@example.org", "", ""),
        ("Reader@EXAMPLE.Org", "Reader@example.org", "", ""),
        ("<reader@example.org>", "reader@example.org", "", ""),
        ("李明 <liming@例子.example>", "liming@例子.example", "李明", ""),
        ('"Müller, Jo" <jo@example.org>', "jo@example.org", "Müller, Jo", ""),
        ("a@b.example https://b.example/leave?r=7", "a@b.example", "", "https://b.example/leave?r=7"),
        ("甲 <a@b.example>\thttps://b.example/x", "a@b.example", "甲", "https://b.example/x"),
        (b"\xef\xbb\xbfa@b.example\n", "a@b.example", "", ""),
    ],
)
def test_a_line_names_a_reader(line: str | bytes, address: str, name: str, unsubscribe: str) -> None:
    assert read(line) == [
        Destination(digest="daily", channel="mail", address=address, name=name, unsubscribe=unsubscribe)
    ]


def test_empty_lines_and_remarks_name_nobody() -> None:
    assert read("\n", "# friends\n", "  \n", "a@b.example\n") == read("a@b.example")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("reader", "contains no mail address; write li@example.org"),
        ("a@b.example, c@d.example", "contains no mail address"),
        ("a@b.example c@d.example", "only the https:// address"),
        ("a@b.example http://b.example/", "only the https:// address"),
        ("a@b.example https://b.example/<x>", "contains no mail address"),
        ("a@b.example https://b.example/读", "only the https:// address"),
        ("a@b.example https://b.example/ more", "contains no mail address"),
        ("a..b@c.example", "contains no mail address"),
        ("读者@example.org", "读者@example.org: SMTP accepts only ASCII letters"),
        (
            "x" * (MAX_NAME_CHARACTERS + 1) + " <a@b.example>",
            f"the name has over {MAX_NAME_CHARACTERS} characters",
        ),
        ("a\x07b <a@b.example>", "cannot be printed"),
        ("李\n".encode("gb18030"), "is not in UTF-8"),
        ("a" * 2000 + "@b.example", f"has over {MAX_LINE_BYTES} bytes"),
        ("读".encode() * 1000, f"has over {MAX_LINE_BYTES} bytes"),
    ],
)
def test_a_line_that_names_nobody_is_told_by_its_number(line: str | bytes, reason: str) -> None:
    first, fault, last = read("a@b.example\n", line, "c@d.example\n")
    assert isinstance(fault, AddressFault)
    assert fault.line == 2
    assert reason in str(fault.reason)
    assert isinstance(first, Destination)
    assert isinstance(last, Destination)


def test_a_line_without_end_fills_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "readers.txt"
    file.write_bytes(b"a@b.example\n" + b"x" * 50_000 + b"\nc@d.example")
    lines = list(files.read_lines(file, MAX_LINE_BYTES))
    assert [len(line) for line in lines] == [12, MAX_LINE_BYTES + 1, 11]
    assert [type(found).__name__ for found in read_address_lines(lines, READERS)] == [
        "Destination",
        "AddressFault",
        "Destination",
    ]


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt: there is no such file"):
        list(files.read_lines(tmp_path / "none.txt", MAX_LINE_BYTES))
    with pytest.raises(InputError, match="is not a regular file"):
        list(files.read_lines(tmp_path, MAX_LINE_BYTES))
