"""Subscriptions with wishes of their own: each gets its edition once, and shares it where it can."""

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.models import Destination, Edition
from bot.pipeline import subscribing
from bot.pipeline.present_edition import compose_present
from bot.pipeline.present_edition import list_editions as list_earlier
from bot.pipeline.publish import publish_due
from bot.settings import Secret, Settings, WebSettings
from bot.store import Store
from bot.store.tables import deliveries
from bot.subscribers.subscriber import Door, Lookup, Origin
from bot.subscribers.wishes import Length, Wishes
from tests.fakes import NOON, Clock
from tests.pipeline.test_publish import article, digest, settings

A_DAY = timedelta(days=1)
LI = Destination(digest="daily", channel="telegram", address="1")
WANG = Destination(digest="daily", channel="telegram", address="2")
CHEN = Destination(digest="daily", channel="mail", address="chen@example.org")


def join(configured: Settings, store: Store, who: Destination, now: datetime, **wishes: object) -> None:
    origin = Origin(who="test", door=Door.CHAT, at=now)
    subscribing.subscribe_address(configured, store, who, origin, wishes=Wishes(**wishes))  # type: ignore[arg-type]


def change(configured: Settings, store: Store, who: Destination, now: datetime, **wishes: object) -> None:
    origin, lookup = Origin(who="test", door=Door.CHAT, at=now), Lookup(address_key=who.key)
    subscribing.change_wishes(configured, store, lookup, who.digest, Wishes(**wishes), origin)  # type: ignore[arg-type]


def publish(configured: Settings, store: Store, now: datetime) -> int:
    return sum(outcome.subscriptions for outcome in asyncio.run(publish_due(configured, store, now)))


def list_editions(store: Store, who: Destination) -> list[Edition]:
    """Return the editions that somebody got, oldest first."""
    query = (
        select(deliveries.c.edition_id).where(deliveries.c.destination == who.key).order_by(deliveries.c.id)
    )
    with store.database.begin_read() as connection:
        numbers = connection.execute(query.order_by(deliveries.c.id)).scalars().all()
    editions = [store.editions.load_edition(number) for number in numbers]
    return [edition for edition in editions if edition]


def list_titles(store: Store, who: Destination) -> list[list[str]]:
    return [[story.article.title for story in edition.stories] for edition in list_editions(store, who)]


def title(number: int) -> str:
    return article(number).title


@pytest.fixture
def old_store(store: Store) -> Store:
    """A database that is older than any slot here."""
    store.record_creation(NOON - timedelta(days=60))
    return store


def test_each_gets_what_the_wishes_name_and_equal_wishes_share_an_edition(old_store: Store) -> None:
    configured = settings()
    join(configured, old_store, LI, NOON - A_DAY / 2, topics=("水库",))
    join(configured, old_store, WANG, NOON - A_DAY / 2, topics=("水库",))
    join(configured, old_store, CHEN, NOON - A_DAY / 2, topics=("小学",))
    old_store.articles.add_articles([article(0), article(1), article(2)], NOON - timedelta(hours=1))
    assert publish(configured, old_store, NOON) == 3
    assert publish(configured, old_store, NOON + timedelta(minutes=1)) == 0
    assert list_titles(old_store, LI) == list_titles(old_store, WANG) == [[title(0)]]
    assert list_titles(old_store, CHEN) == [[title(1)]]
    rows = old_store.deliveries.list_deliveries()
    numbers = {row.address: row.edition_id for row in rows}
    assert numbers["1"] == numbers["2"] != numbers["chen@example.org"]
    assert old_store.editions.load_message(numbers["chen@example.org"] or 0, "mail").parts


def test_with_public_pages_each_gets_the_address_to_leave_at_and_messages_lead_to_the_page(
    old_store: Store,
) -> None:
    pages = WebSettings(listen="127.0.0.1:8410", address="https://digest.example.org")
    configured = replace(settings(), web=pages)
    for who in (LI, CHEN):
        join(configured, old_store, who, NOON - A_DAY / 2, topics=("水库",))
    old_store.articles.add_articles([article(0)], NOON - timedelta(hours=1))
    publish(configured, old_store, NOON)
    query = select(deliveries.c.unsubscribe).where(deliveries.c.destination == CHEN.key)
    with old_store.database.begin_read() as connection:
        leave = connection.execute(query).scalar_one()
    subscriber = old_store.subscribers.find(Lookup(address_key=CHEN.key))
    assert subscriber is not None
    assert leave == f"https://digest.example.org/u/{subscriber.key}?d=daily"
    (edition, *_) = list_editions(old_store, CHEN)
    (row, *_) = [row for row in old_store.deliveries.list_deliveries() if row.address == CHEN.address]
    mail = old_store.editions.load_message(row.edition_id or 0, "mail")
    assert f"https://digest.example.org/d/daily/{edition.name}" in mail.parts[0].html


def test_whoever_wishes_nothing_shares_the_edition_of_the_digest(old_store: Store) -> None:
    configured = settings(destinations=[CHEN])
    publish(configured, old_store, NOON - A_DAY)
    join(configured, old_store, LI, NOON - A_DAY / 2)
    old_store.articles.add_articles([article(0)], NOON - timedelta(hours=1))
    publish(configured, old_store, NOON)
    own = old_store.editions.find_edition_id("daily", NOON)
    rows = [row for row in old_store.deliveries.list_deliveries() if row.edition_id == own]
    assert sorted(row.address for row in rows) == ["1", "chen@example.org"]
    assert old_store.editions.load_message(own or 0, "telegram").parts


def test_an_hour_of_ones_own_brings_what_came_since_the_last_edition(old_store: Store) -> None:
    configured = settings()
    join(configured, old_store, LI, NOON - A_DAY, times=(time(7, 30), time(18)))  # 23:30 and 10:00 UTC
    morning, evening = NOON - timedelta(hours=12, minutes=30), NOON - timedelta(hours=2)
    old_store.articles.add_articles([article(0)], morning - timedelta(hours=1))
    old_store.articles.add_articles([article(1)], morning + timedelta(hours=1))
    for moment in (morning, evening, NOON):
        publish(configured, old_store, moment)
    assert list_titles(old_store, LI) == [[title(0)], [title(1)]]
    names = [edition.name for edition in list_editions(old_store, LI)]
    assert names == ["2026-01-15-0730", "2026-01-15-1800"]


def test_other_topics_bring_nothing_again_and_lose_nothing(old_store: Store) -> None:
    configured = settings()
    join(configured, old_store, LI, NOON - A_DAY / 2, topics=("水库",))
    old_store.articles.add_articles([article(0), article(1)], NOON - timedelta(hours=1))
    publish(configured, old_store, NOON)
    change(configured, old_store, LI, NOON + timedelta(hours=1), topics=("水库", "小学", "铁路"))
    old_store.articles.add_articles(
        [replace(article(0), source="news"), replace(article(1), source="news"), article(2)],
        NOON + timedelta(hours=2),
    )
    publish(configured, old_store, NOON + A_DAY)
    first, second = list_titles(old_store, LI)
    assert first == [title(0)]
    assert sorted(second) == sorted([title(1), title(2)]), "the reservoir was read, the school was not"


def test_after_a_pause_comes_one_edition_with_the_best_of_what_was_missed(old_store: Store) -> None:
    configured = settings(digest(max_stories=2))
    join(configured, old_store, LI, NOON - A_DAY / 2)
    publish(configured, old_store, NOON)
    origin, lookup = Origin(who="test", door=Door.CHAT, at=NOON + A_DAY / 2), Lookup(address_key=LI.key)
    subscribing.pause_until(configured, old_store, lookup, None, origin)
    for number in range(1, 5):
        published_at = NOON + number * A_DAY - timedelta(hours=3)
        many = [article(number, published_at=published_at)]
        if number == 2:  # two sources
            many.append(article(number, "news", published_at=published_at, text=many[0].text + "消息属实。"))
        old_store.articles.add_articles(many, NOON + number * A_DAY - timedelta(hours=2))
        publish(configured, old_store, NOON + number * A_DAY)
    assert len(list_editions(old_store, LI)) == 1
    back = replace(origin, at=NOON + 4.5 * A_DAY)
    subscribing.resume_subscriber(configured, old_store, lookup, back)
    publish(configured, old_store, NOON + 5 * A_DAY)
    _, missed = list_editions(old_store, LI)
    assert missed.from_at == NOON
    assert title(2) in list_titles(old_store, LI)[1], "two sources reported it"
    assert len(missed.stories) == 2


def test_a_weekly_edition_tells_the_last_state_of_a_story(old_store: Store) -> None:
    configured = settings(digest(weekdays=frozenset({3})))  # NOON is a Thursday
    join(configured, old_store, LI, NOON - 6 * A_DAY)
    early = article(0, published_at=NOON - 5 * A_DAY, url="https://paper.example/1")
    late = article(
        0,
        "news",
        published_at=NOON - A_DAY,
        text=early.text + "今天水位达到一百二十米。",
        title=early.title + "（续）",
    )
    old_store.articles.add_articles([early], NOON - 5 * A_DAY)
    old_store.articles.add_articles([article(1, published_at=NOON - timedelta(hours=2))], NOON - A_DAY)
    old_store.articles.add_articles([late], NOON - A_DAY)
    publish(configured, old_store, NOON)
    (edition,) = list_editions(old_store, LI)
    (story,) = (story for story in edition.stories if story.others)
    assert (story.article, story.others) == (late, (early,))


def test_an_edition_that_nobody_wants_is_left_out_where_the_digest_says_so(old_store: Store) -> None:
    configured = settings(digest(skip_empty=True))
    join(configured, old_store, LI, NOON - A_DAY / 2, topics=("没有的事",))
    old_store.articles.add_articles([article(0)], NOON - timedelta(hours=1))
    assert publish(configured, old_store, NOON) == 0
    assert list_editions(old_store, LI) == []
    assert publish(settings(), old_store, NOON + A_DAY) == 1
    (edition,) = list_editions(old_store, LI)
    assert edition.stories == ()


def test_in_quiet_hours_what_is_only_an_update_waits_for_the_next_edition(old_store: Store) -> None:
    quiet = settings(digest(quiet_hours=(time(19), time(21))))
    join(quiet, old_store, LI, NOON - A_DAY / 2, topics=("水库",))
    dated = article(0, published_at=NOON - timedelta(hours=2), url="https://paper.example/1")
    old_store.articles.add_articles([dated], NOON - timedelta(hours=1))
    publish(quiet, old_store, NOON)
    changed = replace(
        dated, text=dated.text + "1月16日水位又涨了35米。" * 3, published_at=NOON + timedelta(hours=20)
    )
    old_store.articles.add_articles([changed], NOON + timedelta(hours=20))
    publish(quiet, old_store, NOON + A_DAY)
    assert len(list_editions(old_store, LI)) == 1, "it would be only an update"
    publish(settings(), old_store, NOON + 2 * A_DAY)
    _, update = list_editions(old_store, LI)
    assert update.stories[0].first_printing is not None
    assert update.stories[0].first_printing.day == NOON.date()


def test_a_slot_that_is_too_late_is_left_out_and_its_news_come_with_the_next(old_store: Store) -> None:
    configured = settings(digest(lateness_minutes=60))
    join(configured, old_store, LI, NOON - A_DAY, topics=("水库", "小学"))
    publish(configured, old_store, NOON - A_DAY / 2)
    old_store.articles.add_articles([article(0)], NOON - timedelta(hours=1))
    assert publish(configured, old_store, NOON + timedelta(hours=2)) == 0
    assert publish(configured, old_store, NOON + A_DAY) == 1


def test_two_programs_give_each_one_edition(store_url: str) -> None:
    with Store(Secret(store_url)) as one, Store(Secret(store_url)) as other:
        one.record_creation(NOON - timedelta(days=60))
        configured = settings()
        for number in range(12):
            who = replace(LI, address=str(number))
            join(configured, one, who, NOON - A_DAY / 2, topics=(f"{'水库小学铁路'[number % 3 * 2 :][:2]}",))
        one.articles.add_articles([article(number) for number in range(3)], NOON - timedelta(hours=1))

        async def both() -> None:
            await asyncio.gather(*(publish_due(configured, store, NOON) for store in (one, other)))

        asyncio.run(both())
        rows = one.deliveries.list_deliveries(limit=99)
        assert sorted(row.address for row in rows) == sorted(map(str, range(12)))
        assert len({row.edition_id for row in rows}) == 3


def test_shorter_summaries_are_an_edition_of_their_own(old_store: Store) -> None:
    configured = settings()
    join(configured, old_store, LI, NOON - A_DAY / 2, length=Length.SHORT)
    join(configured, old_store, WANG, NOON - A_DAY / 2, length=Length.LONG, stories=1, topics=("水库",))
    long_text = "".join(article(number).text for number in range(5))
    old_store.articles.add_articles([article(0, text=long_text)], NOON - timedelta(hours=1))
    publish(configured, old_store, NOON)
    (short,), (long,) = list_editions(old_store, LI), list_editions(old_store, WANG)
    assert (len(short.stories), len(long.stories)) == (1, 1)

    def measure(edition: Edition) -> int:
        return next(len(each.summary.display) for each in edition.stories if each.article.title == title(0))

    assert measure(short) <= 60 < measure(long)


def test_an_idle_minute_reads_no_article(old_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    configured, clock = settings(), Clock()
    join(configured, old_store, LI, NOON - A_DAY / 2, topics=("水库",))
    publish(configured, old_store, clock())
    monkeypatch.setattr(old_store.articles, "load_articles_since", None)
    assert publish(configured, old_store, NOON + timedelta(minutes=1)) == 0


def test_the_present_edition_for_wishes_is_shown_and_nothing_is_stored(old_store: Store) -> None:
    old_store.articles.add_articles([article(0), article(1)], NOON - timedelta(hours=2))
    old_store.articles.add_articles([article(2)], NOON - timedelta(days=2))
    shown = compose_present(settings(), old_store, "daily", Wishes(topics=("水库", "铁路")), NOON)
    assert [story.article.title for story in shown.stories] == [title(0)]
    assert list_earlier(settings(), old_store, "daily") == ()
    publish(settings(), old_store, NOON)
    assert [edition.name for edition in list_earlier(settings(), old_store, "daily")] == ["2026-01-15"]
