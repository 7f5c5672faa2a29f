"""Zhaibao killed again and again while subscribers come, change and leave and editions are frozen.

Five kills a database by default; the long form: ZHAIBAO_KILLS=100 pytest tests/real/test_subscriber_kill.py.
ZHAIBAO_SEED picks the requests and the moments.

A process takes one request after another and says when it begins and when it is done; after a kill the next
process repeats the request that was under way, as a door does whose answer was lost. In the end the tables
must say what a simple model says that made each request once.
"""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.models import Destination, Digest, Source
from bot.pipeline import subscribing
from bot.pipeline.publish import publish_due
from bot.settings import Secret, Settings
from bot.store import Store
from bot.store.tables import deliveries, editions
from bot.subscribers.subscriber import Door, EventKind, Lookup, Origin, SubscriberState
from bot.subscribers.wishes import Wishes
from tests.store.samples import article

KILLS = int(os.environ.get("ZHAIBAO_KILLS", "5"))
SEED = int(os.environ.get("ZHAIBAO_SEED", "1"))
REQUESTS_A_KILL = 12  # at least so many are done between two kills
REQUESTS_A_DAY = 12  # the first of a day publishes
ADDRESSES = 12
LINGER_SECONDS = 0.03  # up to this long after the request that was waited for
MONDAY = datetime(2026, 1, 12, 8, tzinfo=UTC)
DIGEST = Digest(
    name="daily",
    title="临溪摘报",
    language="zh-Hans",
    sources=(),
    times=(wall_time(8),),
    zone=ZoneInfo("UTC"),
)
SOURCE = Source(kind="page", name="paper", address="/nowhere")
SETTINGS = Settings(file=Path("zhaibao.toml"), sources=(SOURCE,), digests=(DIGEST,))

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Request:
    """Request number `number`: what is asked, for which chat, when."""

    number: int
    kind: str
    chat: int
    stories: int

    @property
    def at(self) -> datetime:
        day, step = divmod(self.number, REQUESTS_A_DAY)
        return MONDAY + timedelta(days=day, hours=step, seconds=1)


def draw_request(number: int) -> Request:
    draw = random.Random(f"{SEED} {number}")
    kinds = ("subscribe", "subscribe", "change", "pause", "resume", "leave")
    kind = draw.choice(kinds) if number % REQUESTS_A_DAY else "publish"
    return Request(number=number, kind=kind, chat=draw.randrange(ADDRESSES), stories=draw.randrange(1, 4))


def make(store: Store, request: Request) -> None:
    """Make the request as a door does."""
    origin = Origin(who="kill", door=Door.CHAT, at=request.at)
    destination = Destination(digest="daily", channel="telegram", address=str(request.chat))
    lookup = Lookup(address_key=destination.key)
    match request.kind:
        case "publish":
            store.articles.add_articles([article(request.number)], request.at - timedelta(minutes=5))
            asyncio.run(publish_due(SETTINGS, store, request.at))
        case "subscribe":
            subscribing.subscribe_address(SETTINGS, store, destination, origin)
        case "change":
            wishes = Wishes(stories=request.stories)
            subscribing.change_wishes(SETTINGS, store, lookup, "daily", wishes, origin)
        case "pause":
            subscribing.pause_until(SETTINGS, store, lookup, None, origin)
        case "resume":
            subscribing.resume_subscriber(SETTINGS, store, lookup, origin)
        case "leave":
            subscribing.leave_digest(SETTINGS, store, lookup, origin)


@dataclass(kw_only=True)
class Person:
    """What the model knows of a chat."""

    state: str = ""
    stories: int = 0
    events: list[EventKind] = field(default_factory=list)
    days: list[datetime] = field(default_factory=list)  # slots of the editions

    def take(self, request: Request) -> None:
        before = self.state, self.stories
        is_open = self.state in ("active", "paused")
        match request.kind:
            case "subscribe" if not is_open:
                self.state = "active"
            case "change" if is_open:
                self.stories = request.stories
            case "pause" if is_open:
                self.state = "paused"
            case "resume" if is_open:
                self.state = "active"
            case "leave" if is_open:
                self.state = "left"
        if (self.state, self.stories) != before:
            self.events.append(EVENTS[request.kind])


EVENTS = {
    "subscribe": EventKind.SUBSCRIBED,
    "change": EventKind.CHANGED,
    "pause": EventKind.PAUSED,
    "resume": EventKind.RESUMED,
    "leave": EventKind.LEFT,
}


def predict(number: int) -> list[Person]:
    """Return what everybody has after so many requests, each made once."""
    people = [Person() for _ in range(ADDRESSES)]
    for request in map(draw_request, range(number)):
        if request.kind != "publish":
            people[request.chat].take(request)
            continue
        for person in people:
            if person.state == "active":
                person.days.append(request.at.replace(minute=0, second=0))
    return people


def work(url: str, first: int, pipe: Connection) -> None:
    """Make requests from number `first` on, and say of each that it begins and that it is done."""
    with Store(Secret(url)) as store:
        number = first
        while True:
            pipe.send(("begins", number))
            make(store, draw_request(number))
            pipe.send(("done", number))
            number += 1


def run_until_killed(url: str, first: int, draw: random.Random) -> int:
    """Start a process, kill it in the middle of something; return the request to go on with."""
    context = multiprocessing.get_context("spawn")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(url, first, writing))
    process.start()
    writing.close()
    wanted = first + REQUESTS_A_KILL + draw.randrange(REQUESTS_A_DAY)
    begun = first
    while reading.poll(120):
        word, number = reading.recv()
        begun = number if word == "begins" else begun
        if word == "begins" and number >= wanted:
            break
    else:
        raise AssertionError("the process stands still")
    time.sleep(draw.random() * LINGER_SECONDS)
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    try:
        while reading.poll():
            word, number = reading.recv()
            begun = number if word == "begins" else begun
    except EOFError:
        pass
    return begun


def read_person(store: Store, chat: int) -> Person:
    """Return what the tables say of a chat."""
    lookup = Lookup(address_key=f"telegram:{chat}")
    subscriber = store.subscribers.find(lookup)
    if subscriber is None:
        return Person()
    (subscription,) = subscriber.subscriptions
    query = (
        select(editions.c.slot_at)
        .join(deliveries, deliveries.c.edition_id == editions.c.id)
        .where(deliveries.c.destination == lookup.address_key)
        .order_by(editions.c.slot_at)
    )
    with store.database.begin_read() as connection:
        days = list(connection.execute(query).scalars())
    is_due = subscription.next_slot_at is not None
    assert is_due == (subscriber.state is SubscriberState.ACTIVE)
    return Person(
        state=str(subscriber.state),
        stories=subscription.wishes.stories,
        events=[event.what for event in store.subscriber_listing.list_events(lookup)],
        days=days,
    )


def test_states_agree_with_events_nobody_is_lost_and_nothing_comes_twice(store_url: str, tell: Tell) -> None:
    draw = random.Random(SEED)
    with Store(Secret(store_url)) as store:
        store.record_creation(MONDAY - timedelta(days=30))
    number = 0
    for _ in range(KILLS):
        number = run_until_killed(store_url, number, draw)
    with Store(Secret(store_url)) as store:
        make(store, draw_request(number))  # which was under way when the last process was killed
        number += 1
        actual = [read_person(store, chat) for chat in range(ADDRESSES)]
        suppressed = store.subscriber_listing.count_suppressions()
    predicted = predict(number)
    tell(
        f"{store_url.partition(':')[0]}: {KILLS} kills, {number} requests, "
        f"{sum(len(person.events) for person in actual)} events, "
        f"{sum(len(person.days) for person in actual)} deliveries"
    )
    assert actual == predicted
    assert suppressed == sum(person.state == "left" for person in predicted)
    assert sum(len(person.days) for person in actual) > KILLS, "hardly anything was published: a weak test"
