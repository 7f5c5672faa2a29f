"""How long an answer takes, with worker processes: `python -m tests.benchmarks.chat.measure_answers`.

Texts of 3,000 characters, each a different one, are sent one after the other to the bot before the Bot API
double; measured is the time from the update to sendMessage.
"""

import asyncio
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.channels.telegram.settings import TelegramSettings
from bot.chat import Chat, ChatParts
from bot.fetch import Fetcher
from bot.settings import Secret
from bot.store import Store
from bot.workers.worker_pool import WorkerPool
from tests.chat.conftest import LIBRARY, PROSE
from tests.chat.dialogue import ChatRoom, build_quick_limiter
from tests.real.bot_api import Double

CHARACTERS, TEXTS, WARM_UP = 3_000, 40, 5


def build_text(number: int) -> str:
    """Return a text whose sentences are numbered, so that none is in a cache."""
    sentences = [sentence for sentence in (PROSE + LIBRARY).split("。") if sentence]
    text, place = "", 0
    while len(text) < CHARACTERS:
        text += f"第{number}号{place}，{sentences[place % len(sentences)]}。" + (
            "\n" if place % 4 == 3 else ""
        )
        place += 1
    return text[:CHARACTERS]


async def measure() -> list[float]:
    with (
        TemporaryDirectory() as folder,
        Double() as double,
        Store(Secret(f"sqlite:///{Path(folder) / 'chat.sqlite'}")) as store,
    ):
        room = ChatRoom(double=double, store=store, fetcher=Fetcher(contact="test"))
        room.telegram = {"hourly_requests": 0, "daily_requests": 0}
        settings = room.settings
        async with WorkerPool() as workers:
            parts = ChatParts(
                settings=settings,
                store=store,
                fetcher=room.fetcher,
                workers=workers.run_in_background,
                read_time=room.clock,
            )
            stop = asyncio.Event()
            chat = Chat(settings.get_channel_settings(TelegramSettings), parts, build_quick_limiter())
            task = asyncio.create_task(chat.run(stop))
            seconds = []
            for number in range(TEXTS + WARM_UP):
                chat_id, started_at = 1_000 + number, time.monotonic()
                double.receive(build_text(number), chat=chat_id)
                await asyncio.to_thread(double.wait_for, lambda chat_id=chat_id: double.texts(chat_id), 30)
                answered_at = next(each.at for each in double.messages if each.chat == chat_id)
                seconds.append(answered_at - started_at)
            stop.set()
            await task
    return seconds[WARM_UP:]


if __name__ == "__main__":
    measured = sorted(asyncio.run(measure()))
    median, late = statistics.median(measured), measured[int(len(measured) * 0.95)]
    figures = f"median {median * 1000:.0f} ms, 95 % {late * 1000:.0f} ms"
    print(f"{len(measured)} texts of {CHARACTERS} characters: {figures}")
    sys.exit(median > 0.1)
