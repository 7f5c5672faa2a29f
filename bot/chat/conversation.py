"""Reads messages by long polling and answers /start, /help and /summary.

The bot does not trust what users send. It fetches links under the rules for untrusted addresses, one request
per user at a time. It answers every failure with one friendly sentence.
"""

import asyncio
import html
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate

import structlog
from telegram import BotCommand, LinkPreviewOptions, Message, MessageEntity, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import Conflict, TelegramError
from telegram.ext import Application, ApplicationBuilder, CommandHandler, ContextTypes

from bot.channels.telegram.channel import build_base_url, build_request
from bot.channels.telegram.form import render_summary
from bot.channels.telegram.settings import TelegramSettings
from bot.chat.answers import Answers, choose_answers
from bot.chat.background_limiter import BackgroundLimiter
from bot.errors import FetchError, ForbiddenAddress, LimitExceeded, SourceError, TooLarge
from bot.fetch import Fetcher
from bot.locales import LANGUAGES, SOURCE_LANGUAGE
from bot.models import Article, SiteRule
from bot.pipeline.article import fetch_article_or_feed
from bot.pipeline.condensing import condense_articles
from bot.sources.parsing import FeedItems
from bot.sources.text_articles import parse_text_articles
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker
from summarizer import Summary

log = structlog.get_logger("chat")

_COMMAND = re.compile(r"\A/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?")
_BARE_LINK = re.compile(r"[a-z]+://\S+")  # also a link that Telegram does not mark: http://localhost
_CLOSING = "。，、；：！？…）】」』》”’"
_FEW_CHARACTERS = 80  # beside a link; a message with more is a text that contains a link
_PAGE_SENTENCES = 2  # of each article of a newspaper page
_MAX_CHARACTERS = 4_000  # of an answer with its markup; Telegram accepts 4,096 without markup
_RETRY_SECONDS = 30.0
_STOP_SECONDS = 3.0  # that unfinished answers may take at the end


class Chat:
    """The bot's conversation. `workers` read what users send. `limiter` sends the answers. Both give our own
    work priority.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        fetcher: Fetcher,
        workers: RunInWorker,
        rules: tuple[SiteRule, ...] = (),
        limiter: BackgroundLimiter | None = None,
    ) -> None:
        self.settings, self.fetcher, self.workers, self.rules = settings, fetcher, workers, rules
        self.limiter = limiter or BackgroundLimiter()
        self.reading: set[int] = set()  # users whose request is being answered

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set.

        Log errors of Telegram and try again. They do not stop other parts.
        """
        while not stop.is_set():
            try:
                await self._answer_until(stop)
            except TelegramError as error:
                log.error("telegram", error=error.message, again_seconds=_RETRY_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _RETRY_SECONDS)

    async def _answer_until(self, stop: asyncio.Event) -> None:
        application = self._build_application()
        async with application:
            for code in _list_language_codes():
                await application.bot.set_my_commands(
                    _list_commands(choose_answers(code)), language_code=code
                )
            await application.bot.set_my_commands(_list_commands(choose_answers(SOURCE_LANGUAGE)))
            await application.start()
            if application.updater is None:
                raise RuntimeError("the application was built without an updater")
            await application.updater.start_polling(
                allowed_updates=[Update.MESSAGE],
                error_callback=_log_polling_error,
                drop_pending_updates=False,
            )
            log.info("answering", bot=application.bot.username)
            await stop.wait()
            await application.updater.stop()
            self.limiter.close()
            _drop_waiting_updates(application.update_queue)
            with suppress(TimeoutError):  # unfinished requests are then cancelled
                await asyncio.wait_for(application.stop(), _STOP_SECONDS)

    # # python-telegram-bot defines its six parameters
    def _build_application(self) -> "Application":  # type: ignore[type-arg]
        builder = ApplicationBuilder().token(self.settings.token.reveal()).concurrent_updates(8)
        builder.base_url(build_base_url(self.settings)).request(build_request(self.settings))
        builder.get_updates_request(build_request(self.settings))
        builder.rate_limiter(self.limiter)
        application = builder.build()
        application.add_handler(CommandHandler(["start", "help"], self._answer_help))
        application.add_handler(CommandHandler("summary", self._answer_summary))
        application.add_error_handler(self._answer_failure)
        return application

    async def _answer_help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG002
        if update.effective_message:
            await update.effective_message.reply_text(_choose_answers(update).help)

    async def _answer_summary(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG002
        message, user = update.effective_message, update.effective_user
        if message is None:
            return
        answers, asker = _choose_answers(update), user.id if user else message.chat_id
        if asker in self.reading:
            await message.reply_text(answers.busy)
            return
        self.reading.add(asker)
        try:
            with suppress(TelegramError):  # the answer works without it
                await message.reply_chat_action(ChatAction.TYPING)
            answer = await self._compose_answer(message, answers)
        finally:
            self.reading.discard(asker)  # before sending, so that the user may ask again after the answer
        await message.reply_text(
            answer, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        )

    async def _compose_answer(self, message: Message, answers: Answers) -> str:
        """Return the answer to /summary, in HTML."""
        link, text = find_request(message)
        if not link and not text:
            return html.escape(answers.nothing_given)
        try:
            item = WorkItem(name=link or "a message")
            content = (
                await self._fetch_link(link) if link else await self.workers(item, parse_text_articles, text)
            )
            if isinstance(content, FeedItems):
                answer = _list_items(content)
            else:
                answer = await self._condense_articles(content, item, answers)
        except (FetchError, SourceError, ValueError) as error:
            log.info("unread", link=link, error=str(error))
            return html.escape(_choose_excuse(error, answers))
        return answer or html.escape(answers.no_article if link else answers.no_sentence)

    async def _fetch_link(self, link: str) -> tuple[Article, ...] | FeedItems:
        content = await fetch_article_or_feed(
            link, self.fetcher, self.workers, trusted=False, rules=self.rules
        )
        return content if isinstance(content, FeedItems) else (content,)

    async def _condense_articles(self, articles: Sequence[Article], item: WorkItem, answers: Answers) -> str:
        """Return the summaries of a text or of a page's articles in HTML, as many as fit in one message, or
        "".

        Raises ValueError for a text that is too long.
        """
        articles = [article for article in articles if any(character.isalnum() for character in article.text)]
        sentences = _PAGE_SENTENCES if len(articles) > 1 else None
        condensed = await self.workers(item, condense_articles, articles, sentences)
        parts = [
            _render_part(article, summary, terms, answers)
            for article, (summary, terms) in zip(articles, condensed, strict=True)
            if summary.sentences
        ]
        return _join_within_message(parts, "\n\n")

    async def _answer_failure(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        log.error("answer", error=repr(context.error))
        if (
            isinstance(update, Update)
            and update.effective_message
            and not isinstance(context.error, TelegramError)
        ):
            await update.effective_message.reply_text(_choose_answers(update).failed)


def _list_items(feed: FeedItems) -> str:
    """Return a feed's newest items as links in HTML, or "" if it has none."""
    rows = [
        f'• <a href="{html.escape(entry.url)}">{html.escape(entry.title or entry.url)}</a>'
        for entry in feed.entries
        if entry.url
    ]
    return _join_within_message([f"<b>{html.escape(feed.title)}</b>", *rows], "\n") if rows else ""


def _join_within_message(pieces: Sequence[str], joiner: str) -> str:
    """Return the first pieces, as many as fit in one message."""
    lengths = accumulate(len(piece) + len(joiner) for piece in pieces)
    return joiner.join(piece for piece, end in zip(pieces, lengths, strict=True) if end <= _MAX_CHARACTERS)


def _render_part(article: Article, summary: Summary, terms: Sequence[str], answers: Answers) -> str:
    shown = article if article.title else replace(article, title=answers.untitled)
    return render_summary(shown, summary, terms, language=answers.tag).html


def find_request(message: Message) -> tuple[str, str]:
    """Return the link or the text to summarize: the text after the command, or the replied-to message."""
    if rest := _COMMAND.sub("", message.text or "").strip():
        return _find_link_or_text(message, rest)
    replied = message.reply_to_message
    return (
        _find_link_or_text(replied, (replied.text or replied.caption or "").strip()) if replied else ("", "")
    )


def _find_link_or_text(message: Message, text: str) -> tuple[str, str]:
    """Return the link if `text` has little else, otherwise the text. A link with few words means the page."""
    for shown, link in _list_links(message):
        if len(text) - len(shown) <= _FEW_CHARACTERS:
            return link, ""
    return (text, "") if _BARE_LINK.fullmatch(text) else ("", text)


def _list_links(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the text and the address of each link that Telegram marked."""
    for entity, shown in {**message.parse_entities(), **message.parse_caption_entities()}.items():
        if entity.type in (MessageEntity.URL, MessageEntity.TEXT_LINK):
            link = entity.url or shown.rstrip(_CLOSING)  # Telegram includes these marks in a link
            yield shown, link if "://" in link else f"https://{link}"


def _choose_excuse(error: Exception, answers: Answers) -> str:
    match error:
        case ForbiddenAddress():
            return answers.forbidden_link
        case TooLarge() | LimitExceeded() | ValueError():
            return answers.too_long
        case FetchError():
            return answers.unreachable
        case _:
            return answers.no_article


def _choose_answers(update: Update) -> Answers:
    return choose_answers(update.effective_user.language_code if update.effective_user else None)


def _drop_waiting_updates(updates: "asyncio.Queue[object]") -> None:
    """Drop the requests that have not started. The library would answer them all before it stops."""
    with suppress(asyncio.QueueEmpty):
        while True:
            updates.get_nowait()
            updates.task_done()


def _list_language_codes() -> list[str]:
    """Return the ISO 639 codes of the bot's languages. Telegram's menus do not distinguish scripts."""
    return list(dict.fromkeys(tag.partition("-")[0] for tag, row in LANGUAGES.items() if row.is_complete))


def _list_commands(answers: Answers) -> list[BotCommand]:
    return [BotCommand("summary", answers.summary_command), BotCommand("help", answers.help_command)]


def _log_polling_error(error: TelegramError) -> None:
    """Log an error of polling. The library continues to poll.

    A conflict means that another program polls with the same token.
    """
    hint = "another program uses this token" if isinstance(error, Conflict) else error.message
    log.warning("polling", error=hint)
