"""What is remembered of a source between two readings."""

from datetime import timedelta

from bot.store import Store
from bot.store.sources import SourceState
from tests.fakes import NOON

LATER = NOON + timedelta(hours=1)


def test_a_source_never_read_is_blank(store: Store) -> None:
    assert store.sources.state("paper") == SourceState(name="paper")
    assert store.sources.states() == ()


def test_a_success_keeps_what_makes_the_next_request_conditional(store: Store) -> None:
    store.sources.succeeded("news", NOON, etag='"a"', last_modified="Thu")
    expected = SourceState(name="news", etag='"a"', last_modified="Thu", collected_at=NOON)
    assert store.sources.state("news") == expected
    assert store.sources.states() == (expected,)


def test_a_failure_keeps_that_and_says_since_when_and_why(store: Store) -> None:
    store.sources.succeeded("news", NOON, etag='"a"')
    store.sources.failed("news", LATER, "does not answer")
    store.sources.failed("news", LATER + timedelta(hours=1), "answers 500")
    assert store.sources.state("news") == SourceState(
        name="news", etag='"a"', collected_at=NOON, failing_since=LATER, error="answers 500", failures=2
    )


def test_a_success_ends_the_failure(store: Store) -> None:
    store.sources.failed("news", NOON, "does not answer")
    assert store.sources.state("news").failing_since == NOON
    store.sources.succeeded("news", LATER)
    assert store.sources.state("news") == SourceState(name="news", collected_at=LATER)


def test_words_no_database_can_hold_do_not_stop_the_record(store: Store) -> None:
    store.sources.failed("news", NOON, "said \0 and \ud800")
    assert store.sources.state("news").error == "said \ufffd and ?"
