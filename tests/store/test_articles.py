"""Every article once a source."""

from datetime import timedelta

from bot.store import Store
from tests.fakes import NOON
from tests.store.samples import article

LATER = NOON + timedelta(hours=1)


def test_only_what_is_new_counts(store: Store) -> None:
    assert store.articles.add_articles([], NOON) == 0
    assert store.articles.add_articles([article(1), article(2), article(1)], NOON) == 2
    assert store.articles.add_articles([article(2), article(3)], LATER) == 1
    assert store.articles.add_articles([article(3)], LATER) == 0


def test_the_same_article_from_two_sources_is_kept_for_both(store: Store) -> None:
    assert store.articles.add_articles([article(1), article(1, source="other")], NOON) == 2


def test_articles_come_back_as_they_were_in_the_order_they_came(store: Store) -> None:
    found = [
        article(3, published_at=NOON, subheadings=(0, 1), cut_head=True),
        article(1),
        article(2, source="other"),
    ]
    store.articles.add_articles(found, NOON)
    assert store.articles.load_articles_since(NOON - timedelta(seconds=1), ["paper", "other"]) == tuple(found)
    assert store.articles.load_articles_since(NOON - timedelta(seconds=1), ["other"]) == (found[2],)
    assert store.articles.load_articles_since(NOON - timedelta(seconds=1), []) == ()
    assert store.articles.load_articles_since(NOON, ["paper", "other"]) == ()


def test_an_article_seen_again_keeps_the_time_it_was_first_seen(store: Store) -> None:
    store.articles.add_articles([article(1)], NOON)
    store.articles.add_articles([article(1)], LATER)
    assert store.articles.load_articles_since(NOON, ["paper"]) == ()


def test_a_day_of_a_thousand_articles_is_kept_at_once(store: Store) -> None:
    assert store.articles.add_articles([article(number) for number in range(3000)], NOON) == 3000


def test_characters_no_database_can_hold_are_kept(store: Store) -> None:
    broken = article(1, text="前\ud800后\0中\u2028" * 20)
    store.articles.add_articles([broken], NOON)
    assert store.articles.load_articles_since(NOON - timedelta(seconds=1), ["paper"]) == (broken,)
