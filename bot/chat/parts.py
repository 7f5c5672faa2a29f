"""Puts the parts of the conversation together."""

import html
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram import Bot

from bot.channels.telegram.settings import TelegramSettings
from bot.chat.asking import Asking
from bot.chat.callback_table import CallbackTable
from bot.chat.chat_user import ChatUser
from bot.chat.event import ChatEvent
from bot.chat.forwards import ForwardCollector
from bot.chat.guests import Guests
from bot.chat.menu import Menu
from bot.chat.messenger import Messenger
from bot.chat.pending_inputs import PendingInputs
from bot.chat.permissions import Permissions
from bot.chat.reading import RequestReader
from bot.chat.request_limits import RequestLimits
from bot.chat.router import Handlers, Router
from bot.chat.screen import Screen
from bot.chat.texts import format_help
from bot.fetch import Fetcher
from bot.models import SiteRule
from bot.workers.worker_pool import RunInWorker


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationParts:
    """The parts that answer one bot's updates."""

    router: Router
    guests: Guests
    menu: Menu


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatParts:
    """What a conversation is made of: what it reads with, and the clock of its limits (seconds)."""

    settings: TelegramSettings
    fetcher: Fetcher
    workers: RunInWorker
    rules: tuple[SiteRule, ...] = ()
    clock: Callable[[], float] = time.monotonic

    def build_conversation(self, bot: Bot, start_task: Callable[[Any], object]) -> ConversationParts:
        settings, clock = self.settings, self.clock
        messenger = Messenger(bot, CallbackTable())
        inputs = PendingInputs(clock)
        asking = Asking(
            RequestReader(self.fetcher, self.workers, self.rules),
            RequestLimits(settings.hourly_requests, settings.daily_requests, clock),
            Permissions(settings.allow, clock),
            settings.keep_minutes,
            clock,
        )
        handlers = Handlers(
            commands={"start": _show_help, "help": _show_help},
            actions=asking.actions,
            present=_show_help,
            ask=asking.answer_message,
            collect_forward=ForwardCollector(asking).add_forward,
            locate=_show_help,
            choose_language=_choose_no_language,
        )
        return ConversationParts(
            router=Router(messenger, handlers, inputs, start_task),
            guests=Guests(asking, messenger),
            menu=Menu(settings.operators),
        )


async def _show_help(event: ChatEvent) -> None:
    await event.send_screen(Screen(html=html.escape(format_help(event.texts))))


async def _choose_no_language(user: ChatUser) -> str:  # noqa: ARG001
    return ""
