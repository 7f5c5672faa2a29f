"""Values come back from their JSON as they were."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import render
from bot.models import Addition, Article, Edition, Message, MessagePart, PrintedStory, Story, StoryReference
from bot.store import documents
from summarizer import Sentence, Summary
from tests.store.samples import article, edition, story

TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    return Article(
        title=draw(TEXT), text=draw(TEXT), kicker=draw(TEXT), url=draw(TEXT), published_at=draw(MOMENTS),
        cut_tail=draw(st.booleans()), subheadings=tuple(draw(st.lists(st.integers(0, 9), max_size=3))),
    )  # fmt: skip


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    sentence = Sentence(text=draw(TEXT), start=0, end=3, score=draw(st.floats(0, 1)))
    told = Story(
        article=draw(articles()), summary=Summary(sentences=(sentence,), language="zh"), section=draw(TEXT),
        others=tuple(draw(st.lists(articles(), max_size=2))),
        additions=tuple(
            Addition(article=one, summary=Summary(sentences=(sentence,), language="zh"))
            for one in draw(st.lists(articles(), max_size=2))
        ),
        told=draw(st.none() | st.builds(PrintedStory, slot=st.dates(), number=st.integers(1, 99))),
    )  # fmt: skip
    return Edition(
        digest="daily", slot=draw(st.dates()), title=draw(TEXT), language="zh", zone=ZoneInfo("Europe/Berlin"),
        theme="plain", created_at=draw(st.datetimes(timezones=st.just(UTC))), stories=(told,),
        empty_sources=tuple(draw(st.lists(TEXT, max_size=2))),
        more=tuple(draw(st.lists(st.builds(StoryReference, title=TEXT, url=TEXT), max_size=2))),
        more_count=draw(st.integers(0, 99)),
    )  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(editions())
def test_an_edition_comes_back_as_it_was(kept: Edition) -> None:
    text = documents.to_json(kept)
    text.encode()  # fits every database
    assert "\0" not in text
    assert documents.to_json(documents.parse_edition(text)) == text
    if text.isascii() or "\\ud" not in text:  # two lone surrogates side by side become one character
        assert documents.parse_edition(text) == kept


@given(TEXT, TEXT)
def test_a_message_comes_back_as_it_was(subject: str, html: str) -> None:
    kept = Message(subject=subject, parts=(MessagePart(html=html, text="a", name="b"), MessagePart(html="c")))
    assert documents.to_json(documents.parse_message(documents.to_json(kept))) == documents.to_json(kept)


def test_the_same_value_gives_the_same_text() -> None:
    one = edition(stories=[story(1), story(2)])
    assert documents.to_json(one) == documents.to_json(edition(stories=[story(1), story(2)]))
    assert documents.parse_edition(documents.to_json(one)) == one
    assert documents.to_json(article(1)).startswith('{"byline":"","continued_from":""')
    assert "水库" in documents.to_json(one)


def test_what_has_no_json_form_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="no JSON form for set"):
        documents._to_plain({1})
    assert documents._to_plain(date(2026, 1, 15)) == "2026-01-15"
    assert documents._to_plain(datetime(2026, 1, 15, tzinfo=UTC)) == "2026-01-15T00:00:00+00:00"


def test_an_edition_that_was_kept_before_articles_had_pictures_comes_back() -> None:
    kept = edition(stories=[story()])
    row = json.loads(documents.to_json(kept))
    del row["stories"][0]["article"]["image"]
    assert documents.parse_edition(json.dumps(row)) == kept


def test_an_edition_of_before_there_were_updates_comes_back() -> None:
    kept = edition(stories=[story(1), story(2)])
    row = json.loads(documents.to_json(kept))
    for each in row["stories"]:
        del each["additions"], each["told"]
    assert documents.parse_edition(json.dumps(row)) == kept


def test_an_edition_of_before_stories_without_room_were_named_comes_back_and_looks_the_same() -> None:
    kept = edition(stories=[story(1), story(2)])
    row = json.loads(documents.to_json(kept))
    del row["more"], row["more_count"]
    old = documents.parse_edition(json.dumps(row))
    assert old == kept
    assert "另有" not in render.render_mail(old).parts[0].text
