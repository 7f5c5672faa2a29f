"""Every list can be read by programs: one JSON object a line."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pytest

from bot.cli.main import cli
from tests.cli.conftest import Shell


@pytest.fixture
def lists(zhaibao: Shell, folder: Path) -> Shell:
    """Call a list after an edition was published and delivered, and its delivery was sent again."""
    assert folder
    for words in (("collect",), ("publish", "daily"), ("deliver",), ("resend", "1", "--note", "lost")):
        assert zhaibao(*words).status == 0

    def read(*words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in zhaibao(*words, "--json").out.splitlines()]

    return read


def test_editions_say_what_was_published(lists: Shell) -> None:
    (edition,) = lists("editions")
    assert edition["edition"] == 1
    assert edition["digest"] == "daily"
    assert edition["is_missed"] is False
    assert edition["stories"] == 1
    assert datetime.fromisoformat(edition["published_at"]).tzinfo is not None


def test_deliveries_say_what_became_of_each(lists: Shell) -> None:
    (delivery,) = lists("deliveries")
    assert (delivery["id"], delivery["channel"], delivery["state"]) == (1, "archive", "pending")
    assert delivery["address"].endswith("archive")
    assert lists("deliveries", "--state", "failed") == []


def test_a_search_gives_articles_with_their_editions(lists: Shell) -> None:
    (hit,) = lists("search", "供暖")
    assert "供暖" in hit["title"]
    assert [edition["edition"] for edition in hit["editions"]] == [1]
    assert lists("search", "水库") == []


def test_the_audit_gives_who_did_what_and_why(lists: Shell) -> None:
    (action,) = lists("audit")
    assert (action["action"], action["delivery"], action["state_before"], action["reason"]) == (
        "resend",
        1,
        "sent",
        "lost",
    )
    assert action["at"].endswith("Z")


def test_sources_say_when_they_were_read(lists: Shell) -> None:
    (source,) = lists("sources")
    assert (source["name"], source["kind"], source["error"]) == ("paper", "page", "")
    assert source["last_read_at"].endswith("Z")


def test_an_empty_list_is_no_line(lists: Shell) -> None:
    assert lists("subscribers", "list", "--state", "paused") == []


def test_every_command_that_lists_has_the_option() -> None:
    for name in ("audit", "deliveries", "editions", "search", "sources"):
        options = [option for parameter in cli.commands[name].params for option in parameter.opts]
        assert "--json" in options, name
    assert isinstance(cli.commands["sources"], click.Group)
