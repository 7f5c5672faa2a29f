"""Kind `folder`: files dropped into a folder (text, Markdown, HTML, Word, EPUB, PDF, pictures, mail), each
one article.

A newspaper page gives its articles.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from bot.errors import SourceError
from bot.models import Article, Source
from bot.newspaper.boxes import HEADING_SIZE as SET_AS_HEADING
from bot.newspaper.boxes import Sheet
from bot.newspaper.layout import Piece, is_spaced, join_parts
from bot.newspaper.piece_traits import is_ended
from bot.newspaper.sheet import read_sheet_pieces
from bot.phrases import Phrase
from bot.sources import mail_reader
from bot.sources.dates import find_day, get_day_noon
from bot.sources.html import article_page
from bot.sources.html.prose import clean_line
from bot.sources.kinds import page
from bot.sources.listing import Listing
from bot.sources.markdown import parse_markdown
from bot.sources.suffixes import BOOKS, HTML, MAIL, PAGES_WITH_PLACES, PICTURES, WORD_DOCUMENTS
from bot.sources.text_articles import has_several_articles, parse_text_articles
from bot.sources.zipped_documents import read_book, read_word_document
from bot.text.encoding import decode_text
from bot.text.plain_text import is_titled
from summarizer import detect_language

_MAX_TITLE_CHARACTERS = 80  # a longer row may continue in the next column


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the article of a document, or those of a newspaper page; its suffix says what it is.

    A picture without text is none. Raises SourceError, InputError.
    """
    suffix = PurePath(name).suffix.lower()
    articles: tuple[Article, ...]
    if suffix in HTML:
        parsed = article_page.parse_article(
            data, name, charset=charset, language=source.language, rules=source.rules, accept_short=True
        )
        articles = (replace(parsed, source=source.name, section=source.section),)
    elif suffix in MAIL:
        articles = mail_reader.parse_articles(data, name, source, charset)[:1]
    elif suffix in PAGES_WITH_PLACES:
        articles = _read_set_document(data, name, source)
    elif suffix in WORD_DOCUMENTS:
        articles = (_build_article(read_word_document(data, name), name, source),)
    elif suffix in BOOKS:
        articles = (_build_article(read_book(data, name), name, source),)
    elif suffix == ".md":
        articles = (_build_article(_read_markdown(decode_text(data, name)), name, source),)
    else:
        articles = _parse_text(decode_text(data, name), name, source)
    day = find_day(PurePath(name).stem)
    noon = get_day_noon(day) if day else None
    return tuple(replace(article, url="", published_at=article.published_at or noon) for article in articles)


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the articles of a document as `parse_articles` does."""
    return Listing(articles=parse_articles(data, name, source, charset))


def _parse_text(text: str, name: str, source: Source) -> tuple[Article, ...]:
    articles = parse_text_articles(text)
    if not articles:
        raise SourceError(Phrase("{name}: holds no text", name=name))
    return tuple(
        _complete_article(
            article, article.title or ("" if len(articles) > 1 else PurePath(name).stem), source
        )
        for article in articles
    )


def _read_set_document(data: bytes, name: str, source: Source) -> tuple[Article, ...]:
    """Return the article of a PDF or picture, or those of a newspaper's pages."""
    sheets = page.read_sheets(data, name)
    rows = _join_set_lines(sheets)
    if not rows and PurePath(name).suffix.lower() in PICTURES:
        return ()
    if has_several_articles("\n\n".join(text for text, _ in rows)):
        articles = page.parse_articles(data, name, source)
        if sum(bool(article.title) for article in articles) > 1:
            return articles
    return (_build_article(rows, name, source),)


def _complete_article(article: Article, title: str, source: Source) -> Article:
    """Return the article with what its source says of it, and its language."""
    return replace(
        article,
        title=title,
        section=article.section or source.section,
        language=source.language or article.language or detect_language(f"{title}\n{article.text}"),
        source=source.name,
    )


def _build_article(rows: list[tuple[str, bool]], name: str, source: Source) -> Article:
    """Return rows of (paragraph, is it a heading) as an article; the first is its title when it is one."""
    rows = [(text, is_heading) for text, is_heading in rows if text]
    if not rows:
        raise SourceError(Phrase("{name}: holds no text", name=name))
    has_title = len(rows) > 1 and (rows[0][1] or is_titled([text for text, _ in rows]))
    body = rows[1:] if has_title else rows
    article = Article(
        title="",
        text="\n".join(text for text, _ in body),
        subheadings=tuple(index for index, (_, is_heading) in enumerate(body) if is_heading),
    )
    return _complete_article(article, rows[0][0] if has_title else PurePath(name).stem, source)


def _read_markdown(text: str) -> list[tuple[str, bool]]:
    return [(clean_line(paragraph), is_heading) for paragraph, is_heading in parse_markdown(text)]


def _join_set_lines(sheets: Sequence[Sheet]) -> list[tuple[str, bool]]:
    """Return the paragraphs of pages whose lines have places and sizes."""
    pieces = [piece for sheet in sheets for piece in read_sheet_pieces(sheet) if not piece.apart]
    spaced = is_spaced("".join(piece.text for piece in pieces))
    rows: list[tuple[str, bool]] = []
    for piece in pieces:
        is_heading = piece.size >= SET_AS_HEADING
        if rows and not is_heading and _is_same_paragraph(rows[-1], piece):
            rows[-1] = (join_parts([rows[-1][0], piece.text], spaced), False)
        else:
            rows.append((piece.text, is_heading))
    return [(clean_line(text), is_heading) for text, is_heading in rows]


def _is_same_paragraph(row: tuple[str, bool], piece: Piece) -> bool:
    """Return whether `piece`, on the next column or page, is the rest of the paragraph `row`."""
    text, is_heading = row
    return not is_heading and not piece.indented and len(text) > _MAX_TITLE_CHARACTERS and not is_ended(text)
