"""The Telegram conversation as a part of the service: takes updates by long polling or by webhook.

Nothing that a user sends is trusted: links are fetched under the rules for strangers' addresses. Every
failure is answered with one friendly sentence.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot.channels.telegram.channel import build_base_url, build_file_url, build_request
from bot.channels.telegram.settings import TelegramSettings
from bot.chat.background_limiter import BackgroundLimiter
from bot.chat.parts import ChatParts, ConversationParts
from bot.chat.router import log_bug
from bot.chat.webhook import serve_webhook

log = structlog.get_logger("chat")

_UPDATES = (
    Update.MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.GUEST_MESSAGE,
)
_CONCURRENT_UPDATES = 256  # most of them wait for their chat's turn or for Telegram
_RETRY_SECONDS = 30.0
_STOP_SECONDS = 3.0  # that answers under way may take at the end
_GRACE_SECONDS = 2.0  # for the library's last requests after them


class Chat:
    """The bot's conversation. `parts` is what it answers with; `limiter` sends the answers, after our own
    deliveries.
    """

    def __init__(
        self, settings: TelegramSettings, parts: ChatParts, limiter: BackgroundLimiter | None = None
    ) -> None:
        self.settings, self.parts = settings, parts
        self.limiter = limiter or BackgroundLimiter()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set.

        Errors of Telegram are logged and tried again; they end nothing else.
        """
        while not stop.is_set():
            try:
                await self._end_in_time(self._answer_until(stop), stop)
            except TelegramError as error:
                log.error("telegram", error=error.message, again_seconds=_RETRY_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _RETRY_SECONDS)

    async def _end_in_time(self, work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
        """Do the work; cancel it if it has not ended some seconds after `stop`.

        Telegram may be slow: setting the commands of every language takes a dozen requests.
        """
        working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await asyncio.wait((working,), timeout=_STOP_SECONDS + _GRACE_SECONDS)
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
        finally:
            working.cancel()
            stopping.cancel()

    async def _answer_until(self, stop: asyncio.Event) -> None:
        application = self._build_application()
        async with application:
            conversation = self.parts.build_conversation(application.bot, _start_tasks_of(application))
            _add_handlers(application, conversation)
            await conversation.menu.set_commands(application.bot)
            await application.start()
            async with self._take_updates(application):
                log.info("answering", bot=application.bot.username)
                await stop.wait()
            self.limiter.close()
            _drop_waiting_updates(application.update_queue)
            with suppress(TimeoutError):  # what is being read for a user then is given up
                await asyncio.wait_for(application.stop(), _STOP_SECONDS)

    # # its six parameters are python-telegram-bot's
    def _build_application(self) -> "Application":  # type: ignore[type-arg]
        builder = ApplicationBuilder().token(self.settings.token.reveal())
        builder.concurrent_updates(_CONCURRENT_UPDATES)
        builder.base_url(build_base_url(self.settings)).base_file_url(build_file_url(self.settings))
        builder.request(build_request(self.settings)).get_updates_request(build_request(self.settings))
        builder.rate_limiter(self.limiter)
        return builder.build()

    @asynccontextmanager
    async def _take_updates(self, application: "Application") -> AsyncIterator[None]:  # type: ignore[type-arg]
        """Poll for updates, or take them by webhook, until the body ends."""
        bot, updater = application.bot, application.updater
        if self.settings.webhook:
            async with serve_webhook(self.settings, bot, application.update_queue.put):
                await bot.set_webhook(
                    self.settings.webhook,
                    secret_token=self.settings.webhook_secret.reveal(),
                    allowed_updates=list(_UPDATES),
                )
                yield
            return
        if updater is None:
            raise RuntimeError("the application was built without an updater")
        await updater.start_polling(  # it also ends a webhook
            allowed_updates=list(_UPDATES),
            error_callback=_log_polling_error,
            drop_pending_updates=False,
        )
        try:
            yield
        finally:
            await updater.stop()


def _add_handlers(application: "Application", parts: ConversationParts) -> None:  # type: ignore[type-arg]
    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG001
        if update.guest_message:
            await parts.guests.answer_guest(update)
        elif update.inline_query:
            await parts.guests.answer_inline(update)
        elif update.my_chat_member:
            await parts.connecting.follow_change(update)
        else:
            await parts.router.route_update(update)

    application.add_handler(TypeHandler(Update, handle))
    application.add_error_handler(_log_failure)


async def _log_failure(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG001
    if context.error:
        log_bug(context.error)


def _start_tasks_of(application: "Application") -> Callable[[Coroutine[Any, Any, None]], object]:  # type: ignore[type-arg]
    """Return what starts a task that the application waits for when it stops."""
    return application.create_task


def _drop_waiting_updates(updates: "asyncio.Queue[object]") -> None:
    """Forget the requests that nobody works on yet: the library would answer them all before it stops."""
    with suppress(asyncio.QueueEmpty):
        while True:
            updates.get_nowait()
            updates.task_done()


def _log_polling_error(error: TelegramError) -> None:
    """Log an error of polling, which goes on by itself.

    On a conflict another program polls with the same token.
    """
    hint = "another program uses this token" if isinstance(error, Conflict) else error.message
    log.warning("polling", error=hint)
