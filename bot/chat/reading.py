"""A request → the articles that it asks for, parsed in a worker as all that comes from outside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import Bot

from bot.chat.progress import ProgressLine
from bot.chat.requests import MAX_FILE_BYTES, FileRequest, LinkRequest, ReadRequest, TextRequest
from bot.fetch import Fetcher
from bot.models import Article, SiteRule, Source
from bot.pipeline.article import fetch_article_or_feed
from bot.pipeline.source_readers.documents import count_pictures, parse_document
from bot.sources.kinds.table import KINDS
from bot.sources.parsing import FeedItems
from bot.sources.text_articles import parse_text_articles
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker

_DOCUMENT_KIND = "folder"  # the kind that reads single documents by their suffix


class UnreadableFile(Exception):
    """The file is of a type that nothing here reads."""


class FileTooLarge(Exception):
    """Telegram lets a bot fetch no file of this size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadContent:
    """What a request led to: articles, or the newest items of a feed."""

    articles: tuple[Article, ...] = ()
    feed: FeedItems | None = None


class RequestReader:
    """Reads links under the rules for strangers' addresses, texts, and files that Telegram keeps."""

    def __init__(self, fetcher: Fetcher, workers: RunInWorker, rules: tuple[SiteRule, ...]) -> None:
        self.fetcher, self.workers, self.rules = fetcher, workers, rules

    async def read_request(
        self, request: ReadRequest, bot: Bot, line: ProgressLine | None = None
    ) -> ReadContent:
        """Return what the request asks for; articles without a letter are left out.

        `line` is what the person sees meanwhile.

        Raises FetchError, SourceError, InputError, TelegramError, UnreadableFile, FileTooLarge.
        """
        match request:
            case LinkRequest(url=url):
                content = await self._fetch_link(url)
            case TextRequest():
                content = ReadContent(articles=await self._parse_text(request))
            case FileRequest():
                content = ReadContent(articles=await self._read_file(request, bot, line))
        return ReadContent(articles=_drop_blank(content.articles), feed=content.feed)

    async def _fetch_link(self, url: str) -> ReadContent:
        content = await fetch_article_or_feed(
            url, self.fetcher, self.workers, trusted=False, rules=self.rules
        )
        return (
            ReadContent(feed=content) if isinstance(content, FeedItems) else ReadContent(articles=(content,))
        )

    async def _parse_text(self, request: TextRequest) -> tuple[Article, ...]:
        articles = await self.workers(WorkItem(name="a message"), parse_text_articles, request.text)
        return tuple(replace(article, publisher=request.source, url=request.url) for article in articles)

    async def _read_file(
        self, request: FileRequest, bot: Bot, line: ProgressLine | None
    ) -> tuple[Article, ...]:
        if request.suffix not in KINDS[_DOCUMENT_KIND].suffixes:
            raise UnreadableFile(request.suffix)
        if request.size > MAX_FILE_BYTES:
            raise FileTooLarge(request.suffix)
        file = await bot.get_file(request.file_id)
        data = bytes(await file.download_as_bytearray())
        source = Source(kind=_DOCUMENT_KIND, name="", address=request.name)
        if line:
            line.pages = await count_pictures(data, request.name, self.workers)
        listing = await parse_document(data, request.name, source, self.workers)
        return listing.articles


def _drop_blank(articles: Sequence[Article]) -> tuple[Article, ...]:
    return tuple(article for article in articles if any(character.isalnum() for character in article.text))
