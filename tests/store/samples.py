"""Small editions and deliveries to keep."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.models import Article, Destination, Edition, Message, MessagePart, Story
from bot.store import Store, destinations
from summarizer import Sentence, Summary
from tests.fakes import NOON, slot_on

DAY = date(2026, 1, 15)


def article(number: int = 1, **changes: object) -> Article:
    text = f"临溪县第{number}座水库今天开始蓄水。村民们在岸边看了一上午。"
    values: dict[str, object] = {"title": f"第{number}座水库蓄水", "text": text, "source": "paper"}
    return Article(**(values | changes))  # type: ignore[arg-type]


def story(number: int = 1) -> Story:
    text = article(number).text
    end = text.index("。") + 1
    sentence = Sentence(text=text[:end], start=0, end=end, score=0.5)
    return Story(article=article(number), summary=Summary(sentences=(sentence,), language="zh"))


def edition(
    slot: date = DAY, digest: str = "daily", now: datetime = NOON, stories: Sequence[Story] = ()
) -> Edition:
    return Edition(
        digest=digest, slot_at=slot_on(slot), title="临溪摘报", language="zh",
        zone=ZoneInfo("Asia/Shanghai"), theme="plain", created_at=now, stories=tuple(stories),
    )  # fmt: skip


def message(parts: int = 1, rich: int = 0) -> Message:
    """A message of so many parts; `rich`: as many of them at a time may go as a rich one."""
    plain = tuple(MessagePart(html=f"<b>第{n}条</b>", text=f"第{n}条") for n in range(parts))
    if not rich:
        return Message(subject="临溪摘报", parts=plain)
    starts = {
        n: MessagePart(html=f"<h2>第{n}条起</h2>", stands_for=min(rich, parts - n))
        for n in range(0, parts, rich)
    }
    return Message(subject="临溪摘报", parts=plain, rich=tuple(starts.get(n) for n in range(parts)))


def to(address: str = "1", channel: str = "telegram", topic: int | None = None) -> Destination:
    return Destination(digest="daily", channel=channel, address=address, topic=topic)


def freeze(
    store: Store,
    *destinations: Destination,
    slot: date = DAY,
    digest: str = "daily",
    parts: int = 1,
    rich: int = 0,
    now: datetime = NOON,
    lateness: timedelta = timedelta(hours=3),
) -> int:
    """Publish an edition for these destinations; return its id."""
    rendered = {
        channel: message(parts, rich) for channel in {destination.channel for destination in destinations}
    }
    frozen = store.editions.freeze_edition(edition(slot, digest, now), rendered, destinations, now + lateness)
    assert frozen is not None
    return frozen


def find_left_out(store: Store, *keys: str, now: datetime = NOON) -> dict[str, str]:
    """Return which of these destinations a new edition would leave out, and why."""
    with store.database.begin_read() as connection:
        return dict(destinations.find_left_out(connection, keys, now))
