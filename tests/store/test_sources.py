"""What is remembered of a source between two readings."""

from datetime import timedelta

from bot.store import Store
from bot.store.sources import SourceState
from tests.fakes import NOON

LATER = NOON + timedelta(hours=1)


def test_a_source_never_read_is_blank(store: Store) -> None:
    assert store.sources.load_state("paper") == SourceState(name="paper")
    assert store.sources.load_states() == ()


def test_a_success_keeps_what_makes_the_next_request_conditional(store: Store) -> None:
    store.sources.record_success("news", NOON, etag='"a"', last_modified="Thu")
    expected = SourceState(name="news", etag='"a"', last_modified="Thu", collected_at=NOON)
    assert store.sources.load_state("news") == expected
    assert store.sources.load_states() == (expected,)


def test_a_failure_keeps_that_and_says_since_when_and_why(store: Store) -> None:
    store.sources.record_success("news", NOON, etag='"a"')
    store.sources.record_failure("news", LATER, "does not answer")
    store.sources.record_failure("news", LATER + timedelta(hours=1), "answers 500")
    assert store.sources.load_state("news") == SourceState(
        name="news", etag='"a"', collected_at=NOON, failing_since=LATER, error="answers 500", failures=2
    )


def test_a_success_ends_the_failure(store: Store) -> None:
    store.sources.record_failure("news", NOON, "does not answer")
    assert store.sources.load_state("news").failing_since == NOON
    store.sources.record_success("news", LATER)
    assert store.sources.load_state("news") == SourceState(name="news", collected_at=LATER)


def test_words_no_database_can_hold_do_not_stop_the_record(store: Store) -> None:
    store.sources.record_failure("news", NOON, "said \0 and \ud800")
    assert store.sources.load_state("news").error == "said \ufffd and ?"
