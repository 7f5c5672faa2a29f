"""Values come back from their JSON as they were, whatever version of the program wrote it."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.mail.form import render_mail
from bot.errors import StoreError
from bot.models import (
    Addition,
    Article,
    Edition,
    Message,
    MessagePart,
    PrintedStory,
    Story,
    StoryReference,
)
from bot.store import documents
from summarizer import Sentence, Summary
from tests.store.samples import article, edition, story

FOLDER = Path(__file__).with_name("documents")  # documents as each form was written: KIND.FORM.json
TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
PARSERS: dict[str, Callable[[str], Article | Edition | Message]] = {
    "article": documents.parse_article,
    "edition": documents.parse_edition,
    "message": documents.parse_message,
}


@st.composite
def articles(draw: st.DrawFn) -> Article:
    return Article(
        title=draw(TEXT), text=draw(TEXT), kicker=draw(TEXT), url=draw(TEXT), published_at=draw(MOMENTS),
        cut_tail=draw(st.booleans()), subheadings=tuple(draw(st.lists(st.integers(0, 9), max_size=3))),
    )  # fmt: skip


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    sentence = Sentence(
        text=draw(TEXT), start=0, end=3, score=draw(st.floats(0, 1)), stands_for=((0, 3), (3, 9))
    )
    printed = Story(
        article=draw(articles()), summary=Summary(sentences=(sentence,), language="zh"), section=draw(TEXT),
        others=tuple(draw(st.lists(articles(), max_size=2))),
        additions=tuple(
            Addition(article=other, summary=Summary(sentences=(sentence,), language="zh"))
            for other in draw(st.lists(articles(), max_size=2))
        ),
        first_printing=draw(st.none() | st.builds(
            PrintedStory, edition=st.dates().map(date.isoformat), number=st.integers(1, 99)
        )),
    )  # fmt: skip
    return Edition(
        digest="daily", slot_at=draw(st.datetimes(timezones=st.just(UTC))), title=draw(TEXT), language="zh",
        zone=ZoneInfo("Europe/Berlin"), from_at=draw(MOMENTS), until_at=draw(MOMENTS),
        shares_day=draw(st.booleans()),
        theme="plain", created_at=draw(st.datetimes(timezones=st.just(UTC))), stories=(printed,),
        empty_sources=tuple(draw(st.lists(TEXT, max_size=2))),
        more=tuple(draw(st.lists(st.builds(StoryReference, title=TEXT, url=TEXT), max_size=2))),
        more_count=draw(st.integers(0, 99)),
    )  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(editions())
def test_an_edition_comes_back_as_it_was(frozen: Edition) -> None:
    text = documents.to_json(frozen)
    text.encode()  # fits every database
    assert "\0" not in text
    assert documents.to_json(documents.parse_edition(text)) == text
    if text.isascii() or "\\ud" not in text:  # two lone surrogates side by side become one character
        assert documents.parse_edition(text) == frozen


@given(TEXT, TEXT)
def test_a_message_comes_back_as_it_was(subject: str, html: str) -> None:
    message = Message(
        subject=subject, parts=(MessagePart(html=html, text="a", name="b"), MessagePart(html="c"))
    )
    assert documents.to_json(documents.parse_message(documents.to_json(message))) == documents.to_json(
        message
    )


@given(articles())
def test_an_article_comes_back_as_it_was(found: Article) -> None:
    text = documents.to_json(found)
    assert documents.to_json(documents.parse_article(text)) == text


def test_the_same_value_gives_the_same_text() -> None:
    frozen = edition(stories=[story(1), story(2)])
    assert documents.to_json(frozen) == documents.to_json(edition(stories=[story(1), story(2)]))
    assert documents.parse_edition(documents.to_json(frozen)) == frozen
    assert documents.to_json(article(1)).startswith('{"byline":"","certainty":null,"continued_from":""')
    assert "水库" in documents.to_json(frozen)


def test_what_has_no_json_form_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="no JSON form for set"):
        documents.to_json(Message(subject={1}, parts=()))  # type: ignore[arg-type]


def test_dates_are_written_by_iso_8601() -> None:
    found = article(1, published_at=datetime(2026, 1, 15, tzinfo=UTC))
    assert json.loads(documents.to_json(found))["published_at"] == "2026-01-15T00:00:00+00:00"
    assert (
        json.loads(documents.to_json(edition(slot=date(2026, 1, 15))))["slot_at"]
        == "2026-01-15T00:00:00+00:00"
    )


# --- versions


def read(kind: str, form: int) -> str:
    return (FOLDER / f"{kind}.{form}.json").read_text("utf-8").removesuffix("\n")


@pytest.mark.parametrize("kind", PARSERS)
def test_a_document_of_the_present_form_is_what_the_models_give(kind: str) -> None:
    """A field that was renamed, added or removed: raise VERSION, add an upgrade and a document of the new
    form.
    """
    text = read(kind, documents.VERSION)
    assert documents.to_json(PARSERS[kind](text)) == text


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize("form", range(1, documents.VERSION))
def test_a_document_of_every_older_form_is_read_as_the_same_value(kind: str, form: int) -> None:
    assert PARSERS[kind](read(kind, form)) == PARSERS[kind](read(kind, documents.VERSION))


@pytest.mark.parametrize("kind", PARSERS)
def test_every_field_of_the_stored_values_stands_in_the_document_with_a_value_of_its_own(kind: str) -> None:
    """Else a field could lose its value on the way and no test would see it."""
    value = PARSERS[kind](read(kind, documents.VERSION))
    row: dict[str, Any] = json.loads(read(kind, documents.VERSION))
    assert set(row) == {"version", *(field.name for field in fields(value))}


@pytest.mark.parametrize("kind", PARSERS)
def test_a_document_of_a_newer_form_is_refused(kind: str) -> None:
    row = json.loads(read(kind, documents.VERSION)) | {"version": documents.VERSION + 1}
    with pytest.raises(StoreError, match=r"was written by a newer zhaibao \(form \d+\); update zhaibao"):
        PARSERS[kind](json.dumps(row))


def test_an_article_that_was_stored_before_articles_had_pictures_comes_back() -> None:
    frozen = edition(stories=[story()])
    row = in_first_form(frozen)
    del row["stories"][0]["article"]["image"]
    assert documents.parse_edition(json.dumps(row)) == with_old_slot(frozen)


def test_an_edition_of_before_there_were_updates_comes_back() -> None:
    frozen = edition(stories=[story(1), story(2)])
    row = in_first_form(frozen)
    for each in row["stories"]:
        del each["additions"], each["told"]
    assert documents.parse_edition(json.dumps(row)) == with_old_slot(frozen)


def test_an_edition_of_before_stories_without_room_were_named_comes_back_and_looks_the_same() -> None:
    frozen = edition(stories=[story(1), story(2)])
    row = in_first_form(frozen)
    del row["more"], row["more_count"]
    old = documents.parse_edition(json.dumps(row))
    assert old == with_old_slot(frozen)
    assert "另有" not in render_mail(old).parts[0].text


def in_first_form(value: Edition) -> dict[str, Any]:
    """The edition as the first form wrote it."""
    row: dict[str, Any] = json.loads(documents.to_json(value))
    del (
        row["version"],
        row["slot_at"],
        row["from_at"],
        row["until_at"],
        row["shares_day"],
    )
    row["slot"] = value.day.isoformat()
    for each in row["stories"]:
        each["told"] = each.pop("first_printing")
    return row


def with_old_slot(value: Edition) -> Edition:
    """Of an edition of older forms the instant of its slot is when it was made; its name is the same."""
    old = replace(value, slot_at=value.created_at)
    assert old.name == value.name
    return old
