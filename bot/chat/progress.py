"""The line "reading …" that stands where an answer takes a moment, and becomes the answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from html import escape

from telegram.error import TelegramError

from bot.chat.event import ChatEvent
from bot.chat.messenger import MessagePlace
from bot.chat.screen import Screen

_SILENT_SECONDS = 0.8  # an answer that comes sooner needs no line before it
_UPDATE_SECONDS = 10.0  # between two changes of the line
_MIN_COUNTED_SECONDS = 10  # earlier the line names no time

_Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class ProgressLine:
    """What the line says; `pages` are the pictures of pages that have to be read, which takes long."""

    event: ChatEvent
    name: str
    sleep: _Sleep
    pages: int = 0
    place: MessagePlace | None = None
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while Telegram is asked

    async def show_answer(self, screen: Screen) -> MessagePlace:
        """Let the line become the answer; without a line, send it."""
        if self.place:
            return await self.event.messenger.edit_screen(self.event.user, self.place, screen)
        return await self.event.show_screen(screen)

    async def keep_showing(self) -> None:
        """Show the line after a moment, then how long it takes."""
        await self.sleep(_SILENT_SECONDS)
        seconds = 0
        while True:
            async with self.sending:
                with suppress(TelegramError):  # the answer comes without the line
                    self.place = await self.show_answer(self._build_screen(seconds))
            await self.sleep(_UPDATE_SECONDS)
            seconds += int(_UPDATE_SECONDS)

    def _build_screen(self, seconds: int) -> Screen:
        texts = self.event.texts
        if self.pages:
            line = texts.ngettext(
                "Recognizing the text of {n} page …", "Recognizing the text of {n} pages …", self.pages
            )
        elif self.name:
            line = texts.gettext("Reading {name} …", name=self.name)
        else:
            line = texts.gettext("Reading …")
        if seconds >= _MIN_COUNTED_SECONDS:
            line += " " + texts.ngettext("({n} second so far)", "({n} seconds so far)", seconds)
        return Screen(html=escape(line))


@asynccontextmanager
async def show_progress(
    event: ChatEvent, name: str, sleep: _Sleep = asyncio.sleep
) -> AsyncIterator[ProgressLine]:
    """Show a line while the body reads, if that takes longer than a moment."""
    line = ProgressLine(event=event, name=name, sleep=sleep)
    showing = asyncio.create_task(line.keep_showing())
    try:
        yield line
    finally:
        async with line.sending:  # a line that Telegram has may not be lost
            showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing
