"""The archive: files appear whole or not at all, and only inside its folder."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.archive.channel import ArchiveChannel, write_file
from bot.channels.archive.form import render_archive
from bot.errors import Rejected, TryLater
from bot.models import Destination, Edition, Message, MessagePart
from tests.channels.conftest import delivery_to

PAGES = Message(
    subject="临溪摘报",
    parts=(
        MessagePart(html="<p>三号桥明日通车</p>\n", name="daily/2026-01-15.html"),
        MessagePart(html="<feed/>", name="feed.xml"),
    ),
)


def send(folder: Path, part: int = 0, message: Message = PAGES) -> str:
    return asyncio.run(ArchiveChannel().send_part(delivery_to(str(folder)), message, part))


def test_every_part_becomes_the_file_it_names(tmp_path: Path) -> None:
    assert send(tmp_path, 0) == f"wrote {tmp_path / 'daily/2026-01-15.html'}"
    send(tmp_path, 1)
    assert (tmp_path / "daily/2026-01-15.html").read_text("utf-8").startswith("<p>三号桥明日通车</p>\n")
    assert (tmp_path / "feed.xml").read_text().startswith("<feed/>\n")


def test_a_web_server_may_read_what_is_written(tmp_path: Path) -> None:
    send(tmp_path / "archive")
    assert (tmp_path / "archive/daily/2026-01-15.html").stat().st_mode & 0o777 == 0o644


def test_a_file_is_replaced_whole_and_leaves_no_scraps(tmp_path: Path) -> None:
    longer = replace(
        PAGES, parts=(MessagePart(html="<feed>what stood there before</feed>", name="feed.xml"),)
    )
    send(tmp_path, 0, longer)
    send(tmp_path, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["feed.xml"]
    assert (tmp_path / "feed.xml").read_text().startswith("<feed/>\n")


@pytest.mark.parametrize("name", ["index.html", "feed.xml", "daily/2026-01-15.html"])
@pytest.mark.parametrize("content", ["<h1>My own page</h1>", "", '<a href="feed.xml">feed</a>', "\xff\x00"])
def test_a_file_of_another_program_is_never_replaced(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="latin-1")
    page = replace(PAGES, parts=(MessagePart(html="<p>ours</p>", name=name),))
    with pytest.raises(Rejected, match="was not written by Zhaibao and stays as it is"):
        send(tmp_path, 0, page)
    assert path.read_text(encoding="latin-1") == content


@pytest.mark.parametrize("name", ["index.html", "feed.xml"])
def test_check_tells_of_a_file_of_another_program(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<h1>My own page</h1>")
    destination = Destination(digest="daily", channel="archive", address=str(tmp_path))
    with pytest.raises(Rejected, match=name):
        asyncio.run(ArchiveChannel().check_destination(destination))


def test_an_archive_of_an_earlier_version_is_continued(
    tmp_path: Path, named_edition: tuple[str, Edition], history: list[Edition]
) -> None:
    """Earlier versions wrote what the forms make, without a signature."""
    message = render_archive(named_edition[1], history)
    for part in message.parts:
        write_file(tmp_path, part.name, part.html)
    for number in range(len(message.parts)):
        send(tmp_path, number, message)


def test_a_reader_of_the_old_file_reads_on_undisturbed(tmp_path: Path) -> None:
    write_file(tmp_path, "index.html", "before")
    with (tmp_path / "index.html").open() as reader:
        write_file(tmp_path, "index.html", "after!")
        assert reader.read() == "before"


def test_what_cannot_be_written_leaves_the_old_file_and_is_tried_later(tmp_path: Path) -> None:
    write_file(tmp_path, "index.html", "before")
    with pytest.raises(UnicodeEncodeError):
        write_file(tmp_path, "index.html", "half a character \ud83d")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]
    (tmp_path / "a file").write_text("no folder")
    with pytest.raises(TryLater, match="cannot be written: "):
        write_file(tmp_path / "a file", "index.html", "after")


@pytest.mark.parametrize(
    "name", ["../escaped.html", "daily/../../escaped.html", "/etc/escaped.html", "", "..", "."]
)
def test_a_name_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "archive"
    with pytest.raises(Rejected, match="no place in the archive"):
        write_file(folder, name, "x")
    assert not folder.exists()
    assert not (tmp_path / "escaped.html").exists()


def test_a_check_tells_whether_the_folder_can_be_written_to(tmp_path: Path) -> None:
    def check(folder: Path) -> str:
        destination = Destination(digest="daily", channel="archive", address=str(folder))
        return str(asyncio.run(ArchiveChannel().check_destination(destination)))

    assert check(tmp_path / "not" / "yet" / "there").endswith("can be written to")
    assert not (tmp_path / "not").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(Rejected, match=r"name another \[archive\] folder"):
        check(tmp_path / "file" / "archive")
