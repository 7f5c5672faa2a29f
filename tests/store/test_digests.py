"""What the database knows of a digest: since when, its schedule, the names it had before."""

from datetime import timedelta

from bot.store import Store
from tests.fakes import NOON
from tests.store.samples import DAY, freeze, to

A_DAY = timedelta(days=1)


def test_a_digest_is_known_since_it_was_first_seen(store: Store) -> None:
    assert store.digests.find_state("daily") is None
    assert store.digests.register_digest("daily", NOON).first_seen_at == NOON
    assert store.digests.register_digest("daily", NOON + A_DAY).first_seen_at == NOON


def test_the_schedule_of_the_last_slot_is_remembered(store: Store) -> None:
    store.digests.register_digest("daily", NOON)
    store.digests.record_schedule("daily", "20:00 Asia/Shanghai")
    state = store.digests.register_digest("daily", NOON)
    assert (state.schedule, state.covered_until) == ("20:00 Asia/Shanghai", None)
    store.digests.record_schedule("daily", "21:00 Asia/Shanghai", NOON)
    assert store.digests.find_state("daily") == store.digests.register_digest("daily", NOON)
    assert store.digests.register_digest("daily", NOON).covered_until == NOON


def test_a_former_name_is_one_that_nobody_configures_and_that_published_alone(store: Store) -> None:
    for number, name in enumerate(["old", "other", "daily", "old", "younger"]):
        freeze(store, to("1"), slot=DAY + number * A_DAY, digest=name, now=NOON + number * A_DAY)
    former = store.digests.find_former_names
    assert former("daily", ["daily", "other"]) == ("younger",), "daily published while old did"
    assert former("new", ["new", "other"]) == ("daily", "old", "younger")
    assert former("new", ["new", "other", "daily", "old", "younger"]) == ()


def test_who_was_sent_to_says_which_digests_were_the_same(store: Store) -> None:
    freeze(store, to("1"), to("2"), digest="old")
    freeze(store, to("3"), digest="older")
    assert store.digests.find_sent_to(["old", "older"], ["telegram:2", "telegram:9"]) == {"old"}
    assert store.digests.find_sent_to(["older"], ["telegram:2"]) == frozenset()


def test_the_last_edition_of_several_names_is_found(store: Store) -> None:
    assert store.digests.find_last_published_at(["daily"]) is None
    freeze(store, digest="old", now=NOON)
    freeze(store, digest="daily", now=NOON - A_DAY)
    assert store.digests.find_last_published_at(["daily", "old"]) == NOON
