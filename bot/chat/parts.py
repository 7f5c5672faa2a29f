"""Puts the parts of the conversation together."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Bot

from bot.channels.telegram.settings import TelegramSettings
from bot.chat.asking import Asking
from bot.chat.callback_table import CallbackTable
from bot.chat.connecting import Connecting
from bot.chat.edition_browsing import EditionBrowsing
from bot.chat.edition_shelf import EditionShelf
from bot.chat.forwards import ForwardCollector
from bot.chat.guests import Guests
from bot.chat.menu import Menu
from bot.chat.messenger import Messenger
from bot.chat.operating import Operating
from bot.chat.own_data import OwnData
from bot.chat.pending_inputs import PendingInputs
from bot.chat.permissions import Permissions
from bot.chat.reading import RequestReader
from bot.chat.request_limits import RequestLimits
from bot.chat.router import Handlers, Router
from bot.chat.subscribing import Subscribing
from bot.chat.subscriptions import ChatSubscriptions
from bot.chat.wishing import Wishing
from bot.fetch import Fetcher
from bot.settings import Settings
from bot.store import Store
from bot.workers.worker_pool import RunInWorker


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationParts:
    """The parts that answer one bot's updates."""

    router: Router
    guests: Guests
    connecting: Connecting
    menu: Menu


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatParts:
    """What a conversation is made of. It has two clocks: `read_time` in UTC, `clock` in seconds."""

    settings: Settings
    store: Store
    fetcher: Fetcher
    workers: RunInWorker
    read_time: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic

    def build_conversation(self, bot: Bot, start_task: Callable[[Any], object]) -> ConversationParts:
        telegram, clock = self.settings.get_channel_settings(TelegramSettings), self.clock
        messenger = Messenger(bot, CallbackTable())
        inputs = PendingInputs(clock)
        asking = Asking(
            RequestReader(self.fetcher, self.workers, self.settings.rules),
            RequestLimits(telegram.hourly_requests, telegram.daily_requests, clock),
            Permissions(telegram.allow, clock),
            telegram.keep_minutes,
            clock,
        )
        subscriptions = ChatSubscriptions(self.settings, self.store, self.read_time)
        shelf = EditionShelf(settings=self.settings, store=self.store, workers=self.workers)
        subscribing = Subscribing(subscriptions, shelf, inputs)
        wishing = Wishing(subscriptions, subscribing, shelf, inputs)
        browsing = EditionBrowsing(subscriptions, shelf, inputs)
        own_data = OwnData(subscriptions)
        connecting = Connecting(subscriptions, subscribing, browsing, shelf, messenger)
        operating = Operating(subscriptions, browsing, telegram.operators)
        handlers = Handlers(
            commands={
                **subscribing.commands,
                **browsing.commands,
                **own_data.commands,
                **connecting.commands,
                **operating.commands,
            },
            actions={
                **asking.actions,
                **subscribing.actions,
                **wishing.actions,
                **browsing.actions,
                **own_data.actions,
                **connecting.actions,
                **operating.actions,
            },
            present=subscribing.show_present,
            ask=asking.answer_message,
            collect_forward=ForwardCollector(asking).add_forward,
            locate=wishing.locate_person,
            choose_language=subscribing.choose_language,
        )
        return ConversationParts(
            router=Router(messenger, handlers, inputs, start_task),
            guests=Guests(asking, messenger),
            connecting=connecting,
            menu=Menu(telegram.operators),
        )
