"""Files and folders of the operator: read within limits, or one clear error."""

import os

import pytest

from bot import files
from bot.errors import InputError
from bot.files import MAX_BYTES, read_file, read_files


def test_a_folder_gives_its_pages_in_the_order_of_their_numbers(tmp_path):
    for name in ("p10.txt", "p2.txt", "p1.TXT", "notes.md", ".hidden.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "inner.txt").mkdir()
    assert [content for _, content in read_files(tmp_path)] == [b"p1.TXT", b"p2.txt", b"p10.txt"]


def test_other_suffixes_may_be_asked_for(tmp_path):
    (tmp_path / "feed.xml").write_text("<rss/>")
    assert read_files(tmp_path, (".xml",)) == ((str(tmp_path / "feed.xml"), b"<rss/>"),)


def test_a_single_file_is_read_whatever_its_suffix(tmp_path):
    file = tmp_path / "第1版"
    file.write_text("一")
    assert read_files(str(file)) == ((str(file), "一".encode()),)


def test_a_missing_path_is_told(tmp_path):
    with pytest.raises(InputError, match="nothere: there is no such file or folder"):
        read_files(tmp_path / "nothere")
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "nothere")


def test_a_folder_without_pages_is_told(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(InputError, match=r"contains no \*\.txt file"):
        read_files(tmp_path)


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_an_empty_file_is_told(tmp_path, content):
    (tmp_path / "p.txt").write_bytes(content)
    with pytest.raises(InputError, match=r"p\.txt: is empty"):
        read_files(tmp_path)


def test_a_file_of_the_largest_size_is_read_and_a_byte_more_is_refused(tmp_path):
    file = tmp_path / "p.txt"
    file.write_bytes(b"a" * MAX_BYTES)
    assert len(read_file(file)) == MAX_BYTES
    file.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger than 16 MB"):
        read_file(file)


def test_a_pdf_or_picture_of_a_page_may_be_larger(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_MAX_LARGE_BYTES", 2 * MAX_BYTES)
    for name in ("p.pdf", "p.JPG"):
        (tmp_path / name).write_bytes(b"a" * (MAX_BYTES + 1))
        assert len(read_file(tmp_path / name)) == MAX_BYTES + 1
        (tmp_path / name).write_bytes(b"a" * (2 * MAX_BYTES + 1))
        with pytest.raises(InputError, match="larger than 32 MB"):
            read_file(tmp_path / name)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        read_file(tmp_path / "pipe")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        read_file(tmp_path)


def test_a_broken_link_is_a_missing_file(tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "link.txt")


@pytest.mark.parametrize("name", ["p.txt/inside", "x" * 300])
def test_a_path_that_cannot_be_is_told(tmp_path, name):
    (tmp_path / "p.txt").write_text("一")
    for act in (read_files, read_file):
        with pytest.raises(InputError):
            act(tmp_path / name)
