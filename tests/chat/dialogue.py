"""Conversations that read like dialogue, played against the real Application and the Bot API double.

> /start            the person writes
* 每天 08:00 订阅     the person presses that button of the last message that has it
已订阅               the last message of the bot (or the one it edited last) must come to hold this
[改时间] [话题]       … and these buttons
- 正在读             … must not hold this
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.telegram.settings import TelegramSettings
from bot.chat import Chat, ChatParts
from bot.chat.background_limiter import BackgroundLimiter
from bot.fetch import Fetcher
from bot.settings import Secret
from tests.fakes import run_here
from tests.real.bot_api import Double
from tests.real.bot_api_methods import Taken

PERSON = 7
SECONDS = 10.0
HURRY = 50.0  # times as fast as Telegram's limits allow


def build_settings(double: Double, **more: object) -> TelegramSettings:
    return TelegramSettings(token=Secret(double.token), base_url=double.url, **more)  # type: ignore[arg-type]


def build_quick_limiter() -> BackgroundLimiter:
    """The limits of Telegram, on a clock that runs faster."""
    return BackgroundLimiter(
        clock=lambda: time.monotonic() * HURRY, sleep=lambda seconds: asyncio.sleep(seconds / HURRY)
    )


@asynccontextmanager
async def answering(
    double: Double, fetcher: Fetcher, parts: ChatParts | None = None, **settings: object
) -> AsyncIterator[None]:
    """The bot answers until the end, where it must stop by itself."""
    configured = build_settings(double, **settings)
    parts = parts or ChatParts(settings=configured, fetcher=fetcher, workers=run_here)
    stop = asyncio.Event()
    task = asyncio.create_task(Chat(configured, parts, build_quick_limiter()).run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, SECONDS)


def play(double: Double, fetcher: Fetcher, script: str, **settings: object) -> None:
    """Play a dialogue between one person and the bot."""

    async def work() -> None:
        async with answering(double, fetcher, **settings):
            await Dialogue(double).play_script(script)

    asyncio.run(work())


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
                case "-", text:
                    assert text not in self.screen.text, f"{text!r} stands in {self.screen.text!r}"
                case "[", _:
                    for label in re.findall(r"\[([^]]+)\]", line):
                        await self.wait_until(lambda label=label: label in self.labels, f"the button {label}")
                case _:
                    await self.wait_until(lambda line=line: line in self.screen.text, line)

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
