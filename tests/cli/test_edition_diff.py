"""`zhaibao replay` as from a shell."""

from pathlib import Path

import pytest

from tests.cli.conftest import TWO_ARTICLES, Shell


@pytest.fixture
def published(zhaibao: Shell, folder: Path) -> Shell:
    (folder / "pages" / "1.txt").write_text(TWO_ARTICLES, "utf-8")
    assert zhaibao("collect").status == 0
    assert zhaibao("publish", "daily").status == 0
    return zhaibao


def test_the_present_settings_change_nothing(published: Shell) -> None:
    ended = published("replay")
    assert ended.status == 0
    assert ended.out == "daily: 1 edition; 1 the same; stories: 0 more, 0 fewer, 0 changed.\n"


def test_other_settings_are_shown_as_a_diff_and_change_nothing(published: Shell) -> None:
    before = published("editions").out
    ended = published(
        "replay", "daily", "--days", "3", "--set", "max_stories=1", "--set", "max_characters=40"
    )
    lines = ended.out.splitlines()
    assert ended.status == 0
    assert lines[0].startswith("daily 20")
    assert lines[0].endswith(": 2 stories → 1")
    assert lines[1] == "- 县图书馆夜间开放到二十二时"
    assert lines[2] == "~ 全县冬季供暖提前三天达标"
    assert [line[:4] for line in lines[3:5]] == ["  - ", "  + "]
    assert len(lines[4]) < len(lines[3])
    assert lines[-1] == "daily: 1 edition; 0 the same; stories: 0 more, 1 fewer, 1 changed."
    assert published("editions").out == before
    assert "max_stories" not in Path("zhaibao.toml").read_text("utf-8")


def test_a_floor_and_topics_are_settings_too(published: Shell) -> None:
    assert "2 fewer" in published("replay", "--set", "min_points=20").out
    assert "1 fewer" in published("replay", "--set", 'topics=["供暖"]').out


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("max_storys=1", "KEY is one of: language, sources, max_stories"),
        ("time=09:00", "KEY is one of"),
        ("weekdays=['mon']", "KEY is one of"),
        ("max_stories", "expected KEY=VALUE"),
        ("=3", "expected KEY=VALUE"),
        ("max_stories=viele", "max_stories = 'viele' cannot be used; it takes a whole number from 1 to 100"),
        ("max_stories=0", "it takes a whole number from 1 to 100"),
        ("sources=['nobody']", "nobody"),
        ("topics=['/(/']", "topics"),
    ],
)
def test_a_setting_that_cannot_be_replayed_is_one_line(
    zhaibao: Shell,
    folder: Path,  # noqa: ARG001
    change: str,
    expected: str,
) -> None:
    ended = zhaibao("replay", "--set", change)
    assert ended.status == 2
    assert expected in ended.complaint
    assert ended.out == ""


def test_an_unknown_digest_names_those_there_are(published: Shell) -> None:
    ended = published("replay", "dayly")
    assert ended.status == 2
    assert "daily" in ended.complaint


def test_a_digest_without_editions_says_so(zhaibao: Shell, folder: Path) -> None:  # noqa: ARG001
    assert zhaibao("replay", "--days", "1").out == "daily: no edition in the last 1 day.\n"
