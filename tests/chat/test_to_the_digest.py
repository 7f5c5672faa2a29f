"""From one tap to the digest: who subscribes in the chat gets the next edition, at the wished hour."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from bot.channels.telegram.channel import open_channel
from bot.models import Article, Source
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.pipeline.publish import publish_due
from bot.settings import Settings
from tests.chat.conftest import LIBRARY, PROSE
from tests.chat.dialogue import PERSON, ChatRoom


def build_settings(room: ChatRoom) -> Settings:
    source = Source(kind="feed", name="news", address="/news.xml", title="临溪快报")
    return replace(room.settings, sources=(source,))


async def run_slot(room: ChatRoom) -> None:
    """Publish what is due and deliver it, as the service does."""
    settings = build_settings(room)
    await publish_due(settings, room.store, room.clock())
    channel = open_channel(settings)
    context = DeliveryContext(
        store=room.store, channels={"telegram": channel}, clock=room.clock, worker="test"
    )
    async with DeliveryWorker(context) as worker:
        await worker.deliver_due()
    await channel.close()


def test_one_tap_brings_the_next_digest_at_the_wished_hour_and_stop_ends_it(room: ChatRoom) -> None:
    asyncio.run(run_slot(room))  # the digest is known before anybody subscribes
    room.play("> /start daily_0730\n已订阅 · 明天 07:30")
    articles = [
        Article(title=title, text=text, source="news", language="zh")
        for title, text in (("老船厂重新开工", PROSE), ("县图书馆夜间开放", LIBRARY))
    ]
    room.store.articles.add_articles(articles, room.clock.advance(hours=2))
    room.clock.now = datetime(2026, 1, 15, 23, 29, tzinfo=UTC)
    asyncio.run(run_slot(room))
    assert len(room.double.texts(PERSON)) == 1, "not before its time"
    room.clock.now = datetime(2026, 1, 15, 23, 31, tzinfo=UTC)
    asyncio.run(run_slot(room))
    _, digest = room.double.texts(PERSON)
    assert "临溪摘报 · 1月16日" in digest
    assert "老船厂重新开工" in digest
    asyncio.run(run_slot(room))
    assert len(room.double.texts(PERSON)) == 2, "once"
    room.play("> /stop\n已退订")
    more = Article(title="渡口通车", text="渡口大桥昨天通车。" * 9, source="news", language="zh")
    room.store.articles.add_articles([more], room.clock.advance(hours=2))
    room.clock.now = datetime(2026, 1, 16, 23, 31, tzinfo=UTC)
    asyncio.run(run_slot(room))
    assert len(room.double.texts(PERSON)) == 3
