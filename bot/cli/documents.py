"""Reads the input of `summarize` and `read` (a file, an address or standard input) into articles or feed
items.
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import InputError
from bot.phrases import Phrase

_PLAIN_SUFFIXES = ("", ".txt")  # of texts that can be read without a document library
_MIN_PAGE_LINES = 5  # a newspaper page has more

if TYPE_CHECKING:
    from bot.models import Article, Entry
    from bot.text.plain_text import PlainText


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadDocument:
    """The content of one file or address. `plain` is the text of its only article if that was plain text."""

    articles: "tuple[Article, ...]" = ()
    entries: "tuple[Entry, ...]" = ()  # of a feed, the newest first
    title: str = ""  # of a feed
    plain: "PlainText | None" = None


def read_document(source: str, config: Path, title: str = "", language: str = "") -> ReadDocument:
    """Return the content of the file or address `source`. "-" is standard input.

    `title` and `language` replace those of the document. Raises InputError, FetchError, SourceError.
    """
    if source.startswith(("http://", "https://")):
        document = _fetch_document(source, config)
    else:
        document = _parse_bytes(_read_bytes(source), source, title)
    articles = (
        replace(
            article,
            title=(len(document.articles) == 1 and title) or article.title,
            language=language or article.language,
        )
        for article in document.articles
    )
    return replace(document, articles=tuple(articles))


def _read_bytes(source: str) -> bytes:
    from bot import files

    if source != "-":
        return files.read_file(source)
    data = sys.stdin.buffer.read(files.MAX_BYTES + 1)
    if len(data) > files.MAX_BYTES:
        raise InputError(
            Phrase(
                "{path}: is larger than {size} MB",
                path="standard input",
                size=files.MAX_BYTES // 1024 // 1024,
            )
        )
    return data


def _parse_bytes(data: bytes, source: str, title: str) -> ReadDocument:
    """Return what a file or standard input holds. Its first bytes count more than its suffix."""
    from bot.sources.kinds.table import KINDS
    from bot.sources.media import JSON, find_document_suffix, identify_media
    from bot.text.encoding import decode_text

    name = "standard input" if source == "-" else source
    suffix = find_document_suffix(data) or Path(source).suffix.lower()
    if suffix not in _PLAIN_SUFFIXES and suffix in KINDS["folder"].suffixes:
        return _parse_document(data, name, suffix)
    media = identify_media(data)
    if media and media != JSON:
        raise InputError(Phrase("{path}: is {media}, and no text", path=name, media=media))
    text = decode_text(data, name)
    if not text.strip():
        raise InputError(Phrase("{path}: is empty", path=name))
    return _parse_text(text, title)


def _parse_text(text: str, title: str) -> ReadDocument:
    from bot.models import Article
    from bot.text.plain_text import parse_plain_text

    if not title and text.count("\n") >= _MIN_PAGE_LINES:
        from bot.sources.text_articles import parse_text_articles  # its tables load slowly

        articles = parse_text_articles(text)
        if len(articles) > 1:
            return ReadDocument(articles=articles)
    plain = parse_plain_text(text, title)
    return ReadDocument(articles=(Article(title=plain.title, text=plain.text),), plain=plain)


def _parse_document(data: bytes, name: str, suffix: str) -> ReadDocument:
    """Return the content of a document of the kind that `suffix` means."""
    from bot.cli.assembly import run_async
    from bot.models import Source
    from bot.pipeline.source_readers.documents import parse_document
    from bot.sources.listing import Listing
    from bot.workers.worker_pool import WorkerPool

    typed_name = name if Path(name).suffix.lower() == suffix else f"{name}{suffix}"

    async def read() -> Listing:
        async with WorkerPool(1) as workers:
            source = Source(kind="folder", name="", address=name)
            return await parse_document(data, typed_name, source, workers.run)

    articles = run_async(read()).articles
    if not articles:
        raise InputError(Phrase("{path}: there is no text on this picture", path=name))
    return ReadDocument(articles=articles)


def _fetch_document(url: str, config: Path) -> ReadDocument:
    from bot.cli.assembly import build_fetcher, load_configuration, run_async
    from bot.models import Article
    from bot.pipeline.article import fetch_article_or_feed
    from bot.workers.worker_pool import WorkerPool

    settings = load_configuration(config) if config.exists() else None
    rules = settings.rules if settings else ()

    async def fetch() -> ReadDocument:
        async with WorkerPool(1) as workers, build_fetcher(settings, workers.run) as fetcher:
            document = await fetch_article_or_feed(url, fetcher, workers.run, trusted=True, rules=rules)
        if isinstance(document, Article):
            return ReadDocument(articles=(document,))
        return ReadDocument(entries=document.entries, title=document.title)

    return run_async(fetch())
