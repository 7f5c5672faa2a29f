"""Wishes with the same effect have the same key, and a stored document says what was wished."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editorial.topics import parse_term
from bot.errors import InputError
from bot.subscribers.wishes import (
    MAX_TERMS,
    Length,
    Wishes,
    check_wishes,
    compute_wishes_key,
    parse_wishes,
    write_wishes,
)
from tests.subscribers.test_decisions import DAILY

wishes_strategy = st.builds(
    Wishes,
    times=st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), max_size=3).map(tuple),
    weekdays=st.lists(st.integers(0, 6), max_size=4).map(tuple),
    zone=st.none() | st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")]),
    topics=st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=5), max_size=4).map(tuple),
    sections=st.lists(st.sampled_from(["要闻", "科技"]), max_size=2).map(tuple),
    length=st.none() | st.sampled_from(Length),
    stories=st.integers(0, 100),
    language=st.sampled_from(["", "en"]),
    silent=st.booleans(),
)


@given(wishes_strategy)
def test_a_document_brings_the_wishes_back(wishes: Wishes) -> None:
    canonical = check_wishes(wishes)
    assert parse_wishes(write_wishes(canonical)) == canonical
    assert check_wishes(canonical) == canonical


@given(wishes_strategy)
def test_the_order_of_topics_and_a_silent_message_make_no_other_edition(wishes: Wishes) -> None:
    wishes = check_wishes(wishes)
    turned = replace(wishes, topics=wishes.topics[::-1], silent=not wishes.silent)
    assert compute_wishes_key(DAILY, turned) == compute_wishes_key(DAILY, wishes)


def test_no_wishes_make_no_document() -> None:
    assert write_wishes(Wishes()) == ""
    assert parse_wishes("") == Wishes()


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(),
        Wishes(times=(time(8),)),
        Wishes(times=(time(8),), zone=ZoneInfo("Asia/Shanghai")),
        Wishes(zone=ZoneInfo("Europe/Berlin")),
        Wishes(weekdays=tuple(range(7))),
        Wishes(length=Length.MEDIUM, stories=12, language="zh-Hans"),
        Wishes(silent=True),
    ],
)
def test_wishes_that_the_digest_fulfils_anyway_have_its_own_edition(wishes: Wishes) -> None:
    assert compute_wishes_key(DAILY, wishes) == ""


def test_topics_that_the_digest_has_too_make_no_other_edition() -> None:
    digest = replace(DAILY, topics=(parse_term("急救"), parse_term("!广告")))
    assert compute_wishes_key(digest, Wishes(topics=("!广告", "急救"))) == ""


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(times=(time(9),)),
        Wishes(times=(time(8),), zone=ZoneInfo("Europe/Berlin")),
        Wishes(weekdays=(6,)),
        Wishes(topics=("急救",)),
        Wishes(sections=("科技",)),
        Wishes(length=Length.SHORT),
        Wishes(stories=5),
        Wishes(language="en"),
    ],
)
def test_other_wishes_have_a_key_of_their_own(wishes: Wishes) -> None:
    assert compute_wishes_key(DAILY, wishes) != ""


@pytest.mark.parametrize(
    ("wishes", "match"),
    [
        (Wishes(topics=tuple(f"词{n}" for n in range(MAX_TERMS + 1))), "topics: at most 50"),
        (Wishes(topics=("/(/",)), "topics"),
        (Wishes(topics=("词" * 300,)), "topics"),
        (Wishes(times=tuple(time(n) for n in range(7))), "times: at most 6"),
        (Wishes(weekdays=(7,)), "weekdays"),
        (Wishes(stories=101), "stories"),
        (Wishes(sections=("长" * 101,)), "sections"),
    ],
)
def test_wishes_beyond_the_limits_are_refused(wishes: Wishes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        check_wishes(wishes)
