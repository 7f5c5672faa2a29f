"""Requests and their answers: a link, a text or a file → its key sentences, and the buttons below them."""

import html
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog
from telegram import Message

from bot.chat.answer_cache import AnswerCache
from bot.chat.answer_form import (
    USUAL_LENGTH,
    Answer,
    build_answer_screen,
    build_feed_screen,
    build_reasons_screen,
    choose_length,
    render_marked_text,
)
from bot.chat.content_cache import ContentCache
from bot.chat.event import ChatEvent, HandlerTable
from bot.chat.excuses import READ_ERRORS, choose_excuse, is_worth_retrying
from bot.chat.permissions import Permissions
from bot.chat.progress import ProgressLine, show_progress
from bot.chat.reading import ReadContent, RequestReader
from bot.chat.request_limits import MAX_WAITING, LimitReached, QueueFull, RequestLimits
from bot.chat.requests import FileRequest, LinkRequest, ReadRequest, TextRequest, find_request
from bot.chat.screen import Screen, make_button
from bot.chat.texts import format_group_help, format_help, format_span
from bot.errors import SourceError
from bot.models import Article
from bot.phrases import Phrase
from bot.pipeline.condensing import CondensedArticle, condense_articles
from bot.workers.limits import WorkItem

log = structlog.get_logger("chat")

_SMALL_TALK_CHARACTERS = 24  # a text that is shorter and has no end mark asks for nothing
_END_MARK = re.compile(r"[。！？.!?]")
_MARKED_TEXT = "article.html"


class Asking:
    """Reads what people send. `limits` and `permissions` say how much and who."""

    def __init__(
        self,
        reader: RequestReader,
        limits: RequestLimits,
        permissions: Permissions,
        keep_minutes: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reader, self.limits, self.permissions = reader, limits, permissions
        self._contents = ContentCache(keep_minutes, clock)
        self._answers = AnswerCache()

    @property
    def actions(self) -> HandlerTable:
        return {
            "answer.show": self._show_length,
            "answer.why": self._show_reasons,
            "answer.text": self._send_marked_text,
            "answer.retry": self._retry_request,
            "answer.old": self._show_old_answer,
        }

    async def answer_message(self, event: ChatEvent) -> None:
        """Answer what was sent, or what /summary or a mention of the bot refers to."""
        mention = f"@{event.messenger.bot.username}"
        pair = find_request(event.message, mention) if event.message else None
        if pair is None:
            text = format_help(event.texts) if event.user.is_private else format_group_help(event.texts)
            await event.send_screen(Screen(html=html.escape(text)))
            return
        await self.answer_request(event, *pair)

    async def answer_request(self, event: ChatEvent, request: ReadRequest, place: Message) -> None:
        """Answer a request that stands in the message `place`; small talk gets the help."""
        if isinstance(request, TextRequest) and _is_small_talk(request.text):
            await event.send_screen(Screen(html=html.escape(format_help(event.texts))))
            return
        is_own_text = not isinstance(request, LinkRequest)
        # Telegram gives a text again with the buttons of the message that replies to it
        reply_to = place.message_id if is_own_text or not event.user.is_private else None
        event = replace(event, reply_to=reply_to)
        if not await self.permissions.may_ask(event.user.user_id, event.messenger.bot):
            text = event.texts.gettext("This bot answers only the people its operator has chosen.")
            await event.send_screen(Screen(html=html.escape(text)))
            return
        await self._answer_in_turn(event, request, USUAL_LENGTH)

    async def _answer_in_turn(
        self, event: ChatEvent, request: ReadRequest, length: int, *, is_counted: bool = True
    ) -> None:
        texts = event.texts
        try:
            async with self.limits.wait_for_turn(event.user.user_id, is_counted=is_counted):
                await self._answer_now(event, request, length)
        except QueueFull:
            text = texts.ngettext(
                "I am still reading {n} thing you sent. Send this again when I am done.",
                "I am still reading {n} things you sent. Send this again when I am done.",
                MAX_WAITING,
            )
            await event.send_screen(Screen(html=html.escape(text)))
        except LimitReached as error:
            text = texts.gettext(
                "You have asked a lot. Please send this again in {span}.", span=format_span(error.wait, texts)
            )
            await event.send_screen(Screen(html=html.escape(text)))

    async def _answer_now(self, event: ChatEvent, request: ReadRequest, length: int) -> None:
        async with show_progress(event, _name_request(request)) as line:
            try:
                screen = await self.compose_screen(event, request, length, line)
            except READ_ERRORS as error:
                log.info("unread", kind=type(request).__name__, error=type(error).__name__)
                screen = _build_failure_screen(error, request, event)
        await line.show_answer(screen)

    async def compose_screen(
        self, event: ChatEvent, request: ReadRequest, length: int, line: ProgressLine | None = None
    ) -> Screen:
        """Return the answer to a request. Raises READ_ERRORS, TelegramError."""
        content = await self._read_content(event, request, line)
        if content.feed:
            screen = build_feed_screen(content.feed, event.texts)
        else:
            screen = build_answer_screen(await self._condense(request, content, length), event.texts)
        if screen is None:
            raise SourceError(Phrase("there is no sentence to show"))
        return screen

    async def _read_content(
        self, event: ChatEvent, request: ReadRequest, line: ProgressLine | None
    ) -> ReadContent:
        content = self._contents.find_content(request)
        if content is None:
            content = await self.reader.read_request(request, event.messenger.bot, line)
            self._contents.add_content(request, content)
        return content

    async def _condense(self, request: ReadRequest, content: ReadContent, length: int) -> Answer:
        """Return the articles with their key sentences; those that were condensed before are not again."""
        condensed = await self.condense_articles(content.articles, length)
        return Answer(request=request, articles=content.articles, condensed=condensed, length=length)

    async def condense_articles(
        self, articles: Sequence[Article], length: int
    ) -> tuple[CondensedArticle, ...]:
        sentences, share = choose_length(articles, length)
        key = (float(sentences or 0), share)
        condensed = [self._answers.find_answer(article, key) for article in articles]
        missing = [article for article, answer in zip(articles, condensed, strict=True) if answer is None]
        if missing:
            answers = await self.reader.workers(
                WorkItem(name="a request"), condense_articles, missing, sentences, share
            )
            for article, answer in zip(missing, answers, strict=True):
                self._answers.add_answer(article, key, answer)
            fresh = iter(answers)
            condensed = [answer or next(fresh) for answer in condensed]
        return tuple(answer for answer in condensed if answer)

    # The buttons below an answer

    async def _show_length(self, event: ChatEvent) -> None:
        request, length = event.values
        if request := await _recall_request(event, request):
            await self._answer_in_turn(event, request, length, is_counted=False)

    async def _retry_request(self, event: ChatEvent) -> None:
        (request,) = event.values
        if request := await _recall_request(event, request):
            await self._answer_in_turn(event, request, USUAL_LENGTH)

    async def _show_old_answer(self, event: ChatEvent) -> None:
        """A button from before a restart: show the answer again, with buttons that work."""
        if request := await _recall_request(event, _find_linked_title(event.message)):
            await self._answer_in_turn(event, request, USUAL_LENGTH)

    async def _show_reasons(self, event: ChatEvent) -> None:
        if answer := await self._recall_answer(event):
            await event.show_screen(build_reasons_screen(answer, event.texts))

    async def _send_marked_text(self, event: ChatEvent) -> None:
        if answer := await self._recall_answer(event):
            page = render_marked_text(answer, event.texts)
            caption = event.texts.gettext("The full text with the chosen sentences marked")
            await event.messenger.send_file(event.user, _MARKED_TEXT, page.encode(), caption)

    async def _recall_answer(self, event: ChatEvent) -> Answer | None:
        """Return the answer below which a button was pressed; None, and a message, where it is lost."""
        request, length = event.values
        if not (request := await _recall_request(event, request)):
            return None
        try:
            content = await self._read_content(event, request, None)
            return await self._condense(request, content, length)
        except READ_ERRORS as error:
            await event.send_screen(_build_failure_screen(error, request, event))
            return None


async def _recall_request(event: ChatEvent, request: ReadRequest | None) -> ReadRequest | None:
    """Return an answer's request: what its button remembers, or the message that the answer replies to."""
    if request:
        return request
    replied = event.message.reply_to_message if event.message else None
    if replied and (pair := find_request(replied)):
        return pair[0]
    text = event.texts.gettext("The original message is gone. Please send it again.")
    await event.send_screen(Screen(html=html.escape(text)))
    return None


def _find_linked_title(message: Message | None) -> LinkRequest | None:
    """Return the link of an answer's title."""
    links = (entity.url for entity in message.entities if entity.url) if message else iter(())
    return next((LinkRequest(url=url) for url in links), None)


def _is_small_talk(text: str) -> bool:
    return len(text) < _SMALL_TALK_CHARACTERS and not _END_MARK.search(text)


def _name_request(request: ReadRequest) -> str:
    match request:
        case LinkRequest(url=url):
            return url.partition("://")[2].partition("/")[0]
        case FileRequest(name=name):
            return name
        case _:
            return ""


def _build_failure_screen(error: Exception, request: ReadRequest, event: ChatEvent) -> Screen:
    text = html.escape(choose_excuse(error, request, event.texts))
    if not is_worth_retrying(error):
        return Screen(html=text)
    return Screen(
        html=text, buttons=((make_button(event.texts.gettext("Try again"), "answer.retry", request),),)
    )
