"""Tells the operator once what needs a hand, with the remedy, and once that it is over."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.channels.protocol import Channel
from bot.channels.registry import CHANNELS
from bot.errors import DeliveryError, StoreError
from bot.locales import load_catalogue, match_language
from bot.locales.languages import SOURCE_LANGUAGE
from bot.operation.direct_sending import send_directly
from bot.operation.problems import Problem, find_problems
from bot.phrases import Phrase
from bot.settings import Settings
from bot.store import Store

_log = structlog.get_logger("alarms")

_DATABASE_KEY = "database"


class Alarms:
    """Compares the present problems with those that were reported. `clock` returns the time in UTC.

    What cannot be sent is tried again at the next check. Trouble of the database itself is remembered in this
    process, since it cannot be recorded.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
    ) -> None:
        self._settings, self._store, self._channels, self._clock = settings, store, channels, clock
        language = next((digest.language for digest in settings.digests), SOURCE_LANGUAGE)
        self._texts = load_catalogue("cli", match_language(language, complete=True) or SOURCE_LANGUAGE)
        self._database_trouble: Problem | None = None

    async def check(self) -> None:
        """Report what is new and what is over. Raises nothing that the next check could mend."""
        try:
            problems = await asyncio.to_thread(find_problems, self._settings, self._store, self._clock())
            open_alarms = await asyncio.to_thread(self._store.alarms.load_open)
            await self._report_database_success()
            await self._report_new([problem for problem in problems if problem.key not in open_alarms])
            present = {problem.key for problem in problems}
            await self._report_over({key: text for key, text in open_alarms.items() if key not in present})
        except StoreError as error:
            await self._report_database_trouble(error)

    async def _report_new(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            text = self._translate(problem.message)
            if await self._send(self._translate(Phrase("Zhaibao needs a hand")), text):
                await asyncio.to_thread(
                    self._store.alarms.raise_alarm, problem.key, str(problem.message), self._clock()
                )
                _log.warning("raised", key=problem.key, problem=str(problem.message))

    async def _report_over(self, alarms: Mapping[str, str]) -> None:
        for key, message in alarms.items():
            if await self._send(self._translate(Phrase("Zhaibao: over again")), message):
                await asyncio.to_thread(self._store.alarms.end_alarm, key)
                _log.info("over", key=key)

    async def _report_database_trouble(self, error: StoreError) -> None:
        if self._database_trouble is None:
            message = Phrase(
                "the database reports an error: {error}; make room on the disk, look whether it runs",
                error=error,
            )
            if await self._send(self._translate(Phrase("Zhaibao needs a hand")), self._translate(message)):
                self._database_trouble = Problem(key=_DATABASE_KEY, message=message)

    async def _report_database_success(self) -> None:
        if self._database_trouble is not None:
            text = self._translate(self._database_trouble.message)
            if await self._send(self._translate(Phrase("Zhaibao: over again")), text):
                self._database_trouble = None

    async def _send(self, title: str, text: str) -> bool:
        """Send to every destination; return True if one of them took it."""
        is_sent = False
        for destination in self._settings.alarms.destinations:
            channel, render = (
                self._channels.get(destination.channel),
                CHANNELS[destination.channel].render_notice,
            )
            if channel is None or render is None:
                continue
            try:
                await send_directly(channel, render(title, text), destination, self._clock())
                is_sent = True
            except DeliveryError as error:
                _log.error("not sent", channel=destination.channel, error=str(error))
        return is_sent

    def _translate(self, message: Phrase) -> str:
        return str(self._texts.translate(message))
