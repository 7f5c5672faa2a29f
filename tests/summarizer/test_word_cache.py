"""jieba's dictionary is cached for this user alone; where that cannot be, words are found all the same."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.word_cutting import _load_jieba

TEXT = "临溪县的水库今天开始蓄水"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of this user's caches; nothing is in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tmp_path / "cache"


def cut() -> list[str]:
    return [word for word, *_ in _load_jieba.__wrapped__().tokenize(TEXT)]


def list_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_the_cache_is_made_once_and_is_the_users_alone(folder: Path) -> None:
    assert "水库" in cut()
    (cache,) = (folder / "zhaibao").iterdir()
    assert stat.S_IMODE(cache.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(cache.stat().st_mode) == 0o600
    made_at = cache.stat().st_mtime_ns
    assert "水库" in cut()
    assert cache.stat().st_mtime_ns == made_at
    assert list_files(folder.parent / "temporary") == set()


def plant_file(place: Path) -> None:
    place.parent.mkdir()
    place.write_text("in the way")


def plant_link(place: Path) -> None:
    place.parent.mkdir()
    (place.parent / "elsewhere").mkdir()
    place.symlink_to(place.parent / "elsewhere")


def plant_broken_link(place: Path) -> None:
    place.parent.mkdir()
    place.symlink_to(place.parent / "nowhere")


def plant_open_folder(place: Path) -> None:
    place.mkdir(parents=True)
    place.chmod(0o777)


def plant_file_above(place: Path) -> None:
    place.parent.write_text("in the way")


@pytest.mark.parametrize(
    "plant",
    [plant_file, plant_link, plant_broken_link, plant_open_folder, plant_file_above],
    ids=lambda f: f.__name__,
)
def test_words_are_found_without_a_cache_where_its_folder_cannot_be_trusted(
    plant: Callable[[Path], None], folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plant(folder / "zhaibao")
    before = list_files(folder.parent)
    assert "水库" in cut()
    assert list_files(folder.parent) == before, "nothing is left behind"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("target", ["file", "link"])
def test_what_is_planted_in_the_temporary_folder_does_no_harm(target: str, folder: Path) -> None:
    planted = folder.parent / "temporary" / f"zhaibao-{os.getuid()}"
    if target == "file":
        planted.write_text("in the way")
    else:
        planted.symlink_to(folder.parent)
    assert "水库" in cut()
    assert list_files(folder.parent / "temporary") <= {planted.name}


@pytest.mark.parametrize("content", [b"", b"no cache", b"\xf3"], ids=repr)
def test_a_cache_that_cannot_be_read_is_made_anew(content: bytes, folder: Path) -> None:
    cut()
    (cache,) = (folder / "zhaibao").iterdir()
    cache.write_bytes(content)
    assert "水库" in cut()
    assert cache.stat().st_size > 1_000_000


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("marshal.dump", refuse)
    assert "水库" in cut()
    assert list_files(folder) == set()


def test_without_a_home_words_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", refuse)
    assert "水库" in cut()
