"""Reads messages by long polling and answers /start, /help and /summary.

Whatever a user sends is untrusted: links are fetched under the guards for strangers' addresses, one request a user
at a time, and every failure is answered with one kind sentence.
"""

import asyncio
import html
import re
from contextlib import suppress

import structlog
from telegram import BotCommand, LinkPreviewOptions, Message, MessageEntity, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import Conflict, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, CommandHandler, ContextTypes

from bot import render
from bot.chat.answers import LANGUAGES, Answers, answers
from bot.errors import FetchError, ForbiddenAddress, SourceError, TooLarge
from bot.fetch import Fetcher
from bot.models import Article, Part
from bot.settings import TelegramSettings
from bot.sources import webpage
from summarizer import keywords, summarize

log = structlog.get_logger("chat")

LINK = re.compile(r"https?://\S+")
SENTENCES = 3
MAX_RETRIES = 3  # of an answer that Telegram puts off
STOP_SECONDS = 8.0
RETRY_SECONDS = 30.0


class Chat:
    def __init__(self, settings: TelegramSettings, fetcher: Fetcher) -> None:
        self.settings, self.fetcher = settings, fetcher
        self.reading: set[int] = set()  # users whose request is being answered

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set. Trouble with Telegram is told and tried again; it ends nothing else."""
        while not stop.is_set():
            try:
                await self.answer_until(stop)
            except TelegramError as error:
                log.error("telegram", error=error.message, again_seconds=RETRY_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RETRY_SECONDS)

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
        builder.rate_limiter(AIORateLimiter(max_retries=MAX_RETRIES))
        if self.settings.base_url:
            builder.base_url(f"{self.settings.base_url}/bot")
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
            found = await asyncio.to_thread(condensed, article)
        except (FetchError, SourceError, ValueError) as error:
            log.info("unread", link=link, error=str(error))
            return html.escape(excuse(error, words))
        if found is None:
            return html.escape(words.no_article if link else words.empty)
        return found.html

    async def read(self, link: str) -> Article:
        got = await self.fetcher.get(link, trusted=False)
        return await asyncio.to_thread(webpage.article, got.content, got.url, charset=got.charset)

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        log.error("answer", error=repr(context.error))
        if isinstance(update, Update) and update.effective_message and not isinstance(context.error, TelegramError):
            await update.effective_message.reply_text(words_for(update).failed)


def condensed(article: Article) -> Part | None:
    """The answer to /summary; None where no sentence can stand."""
    language = article.language or None
    found = summarize(
        article.text, title=article.title, language=language, sentences=SENTENCES, subheadings=article.subheadings
    )
    if not found.sentences:
        return None
    terms = keywords(article.text, title=article.title, language=language)
    return render.summary(article, found, [term.term for term in terms])


def wanted(message: Message) -> tuple[str, str]:
    """The link or the text that is to be condensed: what follows the command, else the message replied to."""
    _, _, rest = (message.text or "").partition(" ")
    if (newline := (message.text or "").find("\n")) >= 0 and not rest:
        rest = (message.text or "")[newline:]
    if rest.strip():
        return link_or_text(rest.strip(), "")
    replied = message.reply_to_message
    if replied is None:
        return "", ""
    return link_or_text((replied.text or replied.caption or "").strip(), hidden_link(replied))


def link_or_text(text: str, hidden: str) -> tuple[str, str]:
    """A link when the text is little else, for a link with a word or two around it asks for the page."""
    found = LINK.search(text)
    if found and len(text) - len(found[0]) < 80:
        return found[0], ""
    if hidden and len(text) < 80:
        return hidden, ""
    return "", text


def hidden_link(message: Message) -> str:
    """The address behind a word of the message, "" where there is none."""
    entities = [*message.entities, *message.caption_entities]
    return next((entity.url for entity in entities if entity.type == MessageEntity.TEXT_LINK and entity.url), "")


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
