"""Answers in chats that the bot is not in: a mention under a message (guest mode), and inline requests."""

import html

import structlog
from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode

from bot.chat.answer_form import USUAL_LENGTH
from bot.chat.asking import Asking
from bot.chat.chat_user import find_chat_user
from bot.chat.event import ChatEvent
from bot.chat.excuses import READ_ERRORS, choose_excuse
from bot.chat.messenger import Messenger
from bot.chat.request_limits import LimitReached, QueueFull
from bot.chat.requests import LinkRequest, ReadRequest, TextRequest, find_request
from bot.chat.screen import Screen
from bot.chat.texts import choose_texts, format_failure, format_group_help, format_span
from bot.render.plaintext import clip_text

log = structlog.get_logger("chat")

_MIN_INLINE_CHARACTERS = 40  # of a text: people type, and every letter is a request
_DESCRIPTION_UNITS = 120
_CACHE_SECONDS = 300  # for which Telegram itself answers the same inline request


class Guests:
    """Answers without buttons: the bot does not see the message that it was answered with."""

    def __init__(self, asking: Asking, messenger: Messenger) -> None:
        self._asking, self._messenger = asking, messenger

    async def answer_guest(self, update: Update) -> None:
        """Answer a mention of the bot in a chat that it is not in: the message replied to is the request."""
        message, event = update.guest_message, self._build_event(update)
        if message is None or event is None or not message.guest_query_id:
            return
        mention = f"@{self._messenger.bot.username}"
        pair = find_request(message, mention)
        if pair is None:
            screen = Screen(html=html.escape(format_group_help(event.texts)))
        else:
            screen = await self._compose_screen(event, pair[0])
        await self._messenger.bot.answer_guest_query(message.guest_query_id, _build_result(screen, event))

    async def answer_inline(self, update: Update) -> None:
        """Answer what is typed behind the bot's name in any chat: a link or a text of some length."""
        query, event = update.inline_query, self._build_event(update)
        if query is None or event is None:
            return
        request = _find_inline_request(query)
        results = [_build_result(await self._compose_screen(event, request), event)] if request else []
        await query.answer(results, cache_time=_CACHE_SECONDS if results else 0, is_personal=True)

    def _build_event(self, update: Update) -> ChatEvent | None:
        user = find_chat_user(update)
        return (
            ChatEvent(user=user, texts=choose_texts(user.language), messenger=self._messenger)
            if user
            else None
        )

    async def _compose_screen(self, event: ChatEvent, request: ReadRequest) -> Screen:
        texts = event.texts
        try:
            if not await self._asking.permissions.may_ask(event.user.user_id, self._messenger.bot):
                raise PermissionError
            async with self._asking.limits.wait_for_turn(event.user.user_id):
                return await self._asking.compose_screen(event, request, USUAL_LENGTH)
        except READ_ERRORS as error:
            text = choose_excuse(error, request, texts)
        except QueueFull:
            text = texts.gettext("I am still reading what you sent before.")
        except LimitReached as error:
            text = texts.gettext(
                "You have asked a lot. Please send this again in {span}.", span=format_span(error.wait, texts)
            )
        except PermissionError:
            text = texts.gettext("This bot answers only the people its operator has chosen.")
        except Exception as error:
            log.error("answer", error=type(error).__name__)
            text = format_failure(texts)
        return Screen(html=html.escape(text))


def _find_inline_request(query: InlineQuery) -> ReadRequest | None:
    text = query.query.strip()
    if text.startswith(("http://", "https://")) and len(text.split()) == 1:
        return LinkRequest(url=text)
    return TextRequest(text=text) if len(text) >= _MIN_INLINE_CHARACTERS else None


def _build_result(screen: Screen, event: ChatEvent) -> InlineQueryResultArticle:
    lines = screen.html.split("\n", 1)
    return InlineQueryResultArticle(
        id="1",
        title=event.texts.gettext("Summary"),
        description=clip_text(html.unescape(lines[0]), _DESCRIPTION_UNITS),
        input_message_content=InputTextMessageContent(
            screen.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
    )
