"""Conversations that read like dialogue, played against the real Application and the Bot API double.

> /start            the person writes
* 每天 08:00 订阅     the person presses that button of the last message that has it
已订阅               the last message of the bot (or the one it edited last) must come to hold this
[改时间] [话题]       … and these buttons
- 正在读             … must not hold this
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.telegram.settings import TelegramSettings
from bot.chat import Chat, ChatParts
from bot.chat.background_limiter import BackgroundLimiter
from bot.fetch import Fetcher
from bot.models import Digest
from bot.settings import Secret, Settings
from bot.store import Store
from bot.subscribers.subscriber import Lookup, Subscriber
from tests.fakes import Clock, run_here
from tests.real.bot_api import Double
from tests.real.bot_api_methods import Taken

PERSON = 7
SECONDS = 10.0
WORD_JOINER = "\u2060"  # invisible: keeps words from becoming links
HURRY = 50.0  # times as fast as Telegram's limits allow


DAILY = Digest(
    name="daily",
    title="临溪摘报",
    language="zh-Hans",
    sources=(),
    times=(time(8),),
    zone=ZoneInfo("Asia/Shanghai"),
)
WEEKLY = replace(DAILY, name="weekly", title="一周摘报", times=(time(9),), weekdays=frozenset({6}))


@dataclass(kw_only=True)
class ChatRoom:
    """The bot with its store, before the double; `clock` stands still at noon in Shanghai."""

    double: Double
    store: Store
    fetcher: Fetcher
    digests: tuple[Digest, ...] = (DAILY,)
    clock: Clock = field(default_factory=lambda: Clock(datetime(2026, 1, 15, 4, tzinfo=UTC)))
    telegram: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        telegram = TelegramSettings(
            token=Secret(self.double.token), base_url=self.double.url, **self.telegram
        )  # type: ignore[arg-type]
        return Settings(
            file=Path("zhaibao.toml"),
            sources=(),
            digests=self.digests,
            channel_settings={"telegram": telegram},
        )

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """The bot answers until the end, where it must stop by itself."""
        settings = self.settings
        parts = ChatParts(
            settings=settings, store=self.store, fetcher=self.fetcher, workers=run_here, read_time=self.clock
        )
        stop = asyncio.Event()
        chat = Chat(settings.get_channel_settings(TelegramSettings), parts, build_quick_limiter())
        task = asyncio.create_task(chat.run(stop))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(task, SECONDS)

    def play(self, script: str, **person: Any) -> None:
        """Play a dialogue between one person and the bot."""

        async def work() -> None:
            async with self.answering():
                await Dialogue(self.double, **person).play_script(script)

        asyncio.run(work())

    def find_subscriber(self, address: str = f"telegram:{PERSON}") -> Subscriber | None:
        return self.store.subscribers.find(Lookup(address_key=address))


def build_quick_limiter() -> BackgroundLimiter:
    """The limits of Telegram, on a clock that runs faster."""
    return BackgroundLimiter(
        clock=lambda: monotonic() * HURRY, sleep=lambda seconds: asyncio.sleep(seconds / HURRY)
    )


class Dialogue:
    def __init__(
        self, double: Double, person: int = PERSON, chat: int = 0, language: str = "zh-hans"
    ) -> None:
        self.double, self.person, self.chat, self.language = double, person, chat or person, language

    async def play_script(self, script: str) -> None:
        for line in filter(None, map(str.strip, script.strip().splitlines())):
            match line[0], line[1:].strip():
                case ">", text:
                    self.double.receive(text, self.chat, self.person, language=self.language)
                case "*", label:
                    await self.press(label)
                case "(", _:
                    pass  # a remark
                case "-", text:
                    assert text not in self.screen.text, f"{text!r} stands in {self.screen.text!r}"
                case "[", _:
                    for label in re.findall(r"\[([^]]+)\]", line):
                        await self.wait_until(lambda label=label: label in self.labels, f"the button {label}")
                case _:
                    await self.wait_until(
                        lambda line=line: line in self.screen.text.replace(WORD_JOINER, ""), line
                    )

    async def press(self, label: str) -> None:
        await self.wait_until(lambda: any(label in list_labels(taken) for taken in self.screens), label)
        taken = next(taken for taken in self.screens if label in list_labels(taken))
        self.double.press(taken, find_data(taken, label), self.person, language=self.language)

    async def wait_until(self, holds: object, wanted: str) -> None:
        try:
            await asyncio.to_thread(self.double.wait_for, holds, SECONDS)
        except TimeoutError:
            shown = [(taken.text, list_labels(taken)) for taken in self.screens[:3]]
            raise AssertionError(f"{wanted!r} did not come; the last screens: {shown}") from None

    @property
    def screens(self) -> list[Taken]:
        """Every message as it is now, the one that changed last first."""
        office = self.double.office
        changes = [taken for taken in (*office.messages, *office.edits) if taken.chat == self.chat]
        latest = {taken.message_id: taken for taken in sorted(changes, key=lambda taken: taken.at)}
        return sorted(latest.values(), key=lambda taken: taken.at, reverse=True)

    @property
    def screen(self) -> Taken:
        screens = self.screens
        return (
            screens[0]
            if screens
            else Taken(
                chat=self.chat,
                message_id=0,
                raw="",
                text="",
                entities=(),
                topic=None,
                reply_to=None,
                markup=None,
                at=0.0,
            )
        )

    @property
    def labels(self) -> list[str]:
        return list_labels(self.screen)


def list_labels(taken: Taken) -> list[str]:
    return [button["text"] for row in list_rows(taken) for button in row]


def list_rows(taken: Taken) -> list[list[dict[str, str]]]:
    return (taken.markup or {}).get("inline_keyboard", [])


def find_data(taken: Taken, label: str) -> str:
    return next(
        button["callback_data"] for row in list_rows(taken) for button in row if button["text"] == label
    )
