"""Reads messages by long polling and answers /start, /help and /summary.

Whatever a user sends is untrusted: links are fetched under the guards for strangers' addresses, one request a user
at a time, and every failure is answered with one kind sentence.
"""

import asyncio
import html
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import ParamSpec, TypeVar

import structlog
from telegram import BotCommand, LinkPreviewOptions, Message, MessageEntity, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import Conflict, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, CommandHandler, ContextTypes

from bot import render
from bot.channels.telegram import base_url, request
from bot.chat.answers import LANGUAGES, Answers, answers
from bot.errors import FetchError, ForbiddenAddress, SourceError, TooLarge
from bot.fetch import Fetcher
from bot.models import Article, Part, Rule
from bot.pipeline.article import article_at
from bot.settings import TelegramSettings
from summarizer import keywords, summarize

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger("chat")

COMMAND = re.compile(r"\A/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?")
BARE_LINK = re.compile(r"[a-z]+://\S+")  # also one that Telegram finds no link: http://localhost
CLOSING = "。，、；：！？…）】」』》”’"
FEW_CHARACTERS = 80  # beside a link: more is a text that holds a link
READERS = 2  # threads that read pages; the store's own must not wait for a stranger's
SENTENCES = 3
MAX_RETRIES = 3  # of an answer that Telegram puts off
STOP_SECONDS = 8.0
RETRY_SECONDS = 30.0


class Chat:
    def __init__(self, settings: TelegramSettings, fetcher: Fetcher, rules: tuple[Rule, ...] = ()) -> None:
        self.settings, self.fetcher, self.rules = settings, fetcher, rules
        self.reading: set[int] = set()  # users whose request is being answered
        self.readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set. Trouble with Telegram is told and tried again; it ends nothing else."""
        while not stop.is_set():
            try:
                await self.answer_until(stop)
            except TelegramError as error:
                log.error("telegram", error=error.message, again_seconds=RETRY_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RETRY_SECONDS)
        self.readers.shutdown(wait=False, cancel_futures=True)

    async def answer_until(self, stop: asyncio.Event) -> None:
        application = self.application()
        async with application:
            for tag, words in LANGUAGES.items():
                await application.bot.set_my_commands(commands(words), language_code=tag)
            await application.bot.set_my_commands(commands(answers("en")))
            await application.start()
            if application.updater is None:
                raise RuntimeError("the application was built without an updater")
            await application.updater.start_polling(
                allowed_updates=[Update.MESSAGE], error_callback=told, drop_pending_updates=False
            )
            log.info("answering", bot=application.bot.username)
            await stop.wait()
            await application.updater.stop()
            await application.stop()

    def application(self) -> "Application":  # type: ignore[type-arg]  # its six parameters are python-telegram-bot's
        builder = ApplicationBuilder().token(self.settings.token.reveal()).concurrent_updates(8)
        builder.base_url(base_url(self.settings)).request(request(self.settings))
        builder.get_updates_request(request(self.settings))
        builder.rate_limiter(AIORateLimiter(max_retries=MAX_RETRIES))
        application = builder.build()
        application.add_handler(CommandHandler(["start", "help"], self.help))
        application.add_handler(CommandHandler("summary", self.summary))
        application.add_error_handler(self.failed)
        return application

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG002
        if update.effective_message:
            await update.effective_message.reply_text(words_for(update).help)

    async def summary(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG002
        message, user = update.effective_message, update.effective_user
        if message is None:
            return
        words, asker = words_for(update), user.id if user else message.chat_id
        if asker in self.reading:
            await message.reply_text(words.busy)
            return
        self.reading.add(asker)
        try:
            with suppress(TelegramError):  # a courtesy, no reason to fail
                await message.reply_chat_action(ChatAction.TYPING)
            told = await self.answer(message, words)
        finally:
            self.reading.discard(asker)  # before the answer goes out: whoever has it may ask again
        await message.reply_text(
            told, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        )

    async def answer(self, message: Message, words: Answers) -> str:
        """Return what is said to /summary, in HTML."""
        link, text = wanted(message)
        if not link and not text:
            return html.escape(words.nothing)
        try:
            article = await self.read(link) if link else Article(title="", text=text)
            found = await self.work(condensed, article, words)
        except (FetchError, SourceError, ValueError) as error:
            log.info("unread", link=link, error=str(error))
            return html.escape(excuse(error, words))
        if found is None:
            return html.escape(words.no_article if link else words.empty)
        return found.html

    async def read(self, link: str) -> Article:
        return await article_at(link, self.fetcher, trusted=False, rules=self.rules, work=self.work)

    async def work(self, function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
        """Call `function` in one of the readers' threads."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, partial(function, *args, **options))

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        log.error("answer", error=repr(context.error))
        if isinstance(update, Update) and update.effective_message and not isinstance(context.error, TelegramError):
            await update.effective_message.reply_text(words_for(update).failed)


def condensed(article: Article, words: Answers) -> Part | None:
    """The answer to /summary; None where no sentence can stand. Raises ValueError for a text too long."""
    if not any(character.isalnum() for character in article.text):
        return None
    language = article.language or None
    found = summarize(
        article.text, title=article.title, language=language, sentences=SENTENCES, subheadings=article.subheadings
    )
    if not found.sentences:
        return None
    terms = keywords(article.text, title=article.title, language=language)
    shown = article if article.title else replace(article, title=words.untitled)
    return render.summary(shown, found, [term.term for term in terms])


def wanted(message: Message) -> tuple[str, str]:
    """The link or the text that is to be condensed: what follows the command, else the message replied to."""
    if rest := COMMAND.sub("", message.text or "").strip():
        return link_or_text(message, rest)
    replied = message.reply_to_message
    return link_or_text(replied, (replied.text or replied.caption or "").strip()) if replied else ("", "")


def link_or_text(message: Message, text: str) -> tuple[str, str]:
    """A link when `text` is little else, for a link with a word or two around it asks for the page."""
    for shown, link in links(message):
        if len(text) - len(shown) <= FEW_CHARACTERS:
            return link, ""
    return (text, "") if BARE_LINK.fullmatch(text) else ("", text)


def links(message: Message) -> Iterator[tuple[str, str]]:
    """Yield what is shown of each link and where it leads, as Telegram found them."""
    for entity, shown in {**message.parse_entities(), **message.parse_caption_entities()}.items():
        if entity.type in (MessageEntity.URL, MessageEntity.TEXT_LINK):
            link = entity.url or shown.rstrip(CLOSING)  # which Telegram counts in
            yield shown, link if "://" in link else f"https://{link}"


def excuse(error: Exception, words: Answers) -> str:
    match error:
        case ForbiddenAddress():
            return words.bad_link
        case TooLarge() | ValueError():
            return words.too_large
        case FetchError():
            return words.unreachable
        case _:
            return words.no_article


def words_for(update: Update) -> Answers:
    return answers(update.effective_user.language_code if update.effective_user else None)


def commands(words: Answers) -> list[BotCommand]:
    return [BotCommand("summary", words.summary), BotCommand("help", words.about)]


def told(error: TelegramError) -> None:
    """Polling goes on by itself after these; a conflict means that another program polls with the same token."""
    hint = "another program answers with this token" if isinstance(error, Conflict) else error.message
    log.warning("polling", error=hint)
