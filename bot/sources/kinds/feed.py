"""Kind `feed`: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed → entries → articles.

feedparser reads the XML, with its own sanitizer and link resolver off, since they lose characters; nh3 cleans
the HTML.
"""

import hashlib
import io
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any  # feedparser ships no types

import feedparser
import nh3

from bot.errors import SourceError
from bot.models import Article, Entry, Source
from bot.phrases import Phrase
from bot.sources import json_feed, picture
from bot.sources.dates import CHINA, decide_day_order, parse_moment
from bot.sources.html.prose import SKIPPED, parse_prose, strip_markup, write_marks
from bot.sources.links import resolve_link
from bot.sources.listing import Listing
from bot.sources.slimming import flatten_html, slim_feed
from bot.sources.teasers import split_teasers
from bot.text.markup_encoding import decode_markup
from summarizer import detect_language

_MAILED = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)|(?P<name_first>[^()@]+)\(\S+@\S+\)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# fmt: off
_TAGS = frozenset({
    "p", "br", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6",
    "ul", "ol", "li", "dl", "dt", "dd", "blockquote",
    "pre", "code", "table", "tr", "td", "th", "b", "strong", "i", "em", "a", "img",
})
# fmt: on
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_NO_TITLE = re.compile(r"[\[(（【]?\s*(?:no title|untitled|无标题|無標題|无题)\s*[\])）】]?", re.IGNORECASE)
_DATE_FIELDS = ("published", "created", "updated")
_MAX_REPLACED_SHARE = 0.01
_MAX_HTML_CHARACTERS = 1_000_000  # of an entry; long articles have 100,000
_MAX_SECTION_CHARACTERS = 12  # a longer category is no heading
_MAX_TITLE_CHARACTERS = 40  # of a title made from the text
_FIRST_SENTENCE = re.compile(r".+?[。！？!?]|.+?\.(?=\s|$)")


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the articles of a feed in its order. `name` is its address, `charset` what its HTTP header
    declares.

    Raises SourceError when it is no feed.
    """
    return tuple(build_article(entry, source) for entry in parse_entries(data, name, charset))


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the feed's whole articles, and the entries whose articles have to be read on their pages."""
    document = _parse_document(data, name, charset)
    listing = split_teasers(
        tuple((entry, build_article(entry, source)) for entry in document.entries), source
    )
    return replace(listing, notices=document.notices)


def parse_entries(data: bytes, url: str, charset: str = "") -> tuple[Entry, ...]:
    """Return the entries of a feed, each key once, in the feed's order.

    Raises SourceError when it is no feed.
    """
    return _parse_document(data, url, charset).entries


@dataclass(frozen=True, kw_only=True, slots=True)
class _FeedDocument:
    """A feed's entries, and what is to be reported of it."""

    entries: tuple[Entry, ...]
    notices: tuple[str, ...] = ()


def _parse_document(data: bytes, url: str, charset: str) -> _FeedDocument:
    text = decode_markup(data, charset)
    if _is_json(text):
        feed = json_feed.parse_json_feed(text, url)
        entries = json_feed.build_entries(feed, url, sanitize_html)
        left_out = 0
    else:
        slim = slim_feed(_DECLARATION.sub("", text, count=1), url)
        left_out = slim.left_out
        rows = _parse_xml(slim.text, url)
        zone = _guess_zone(
            rows.feed.get("language", "") + "".join(str(row.get("title", "")) for row in rows.entries[:20])
        )
        order = decide_day_order(
            (str(row.get(field, "")) for row in rows.entries for field in _DATE_FIELDS),
            rows.feed.get("language", ""),
        )
        entries = tuple(_build_entry(row, url, zone, order) for row in rows.entries)
    readable = tuple(entry for entry in entries if _is_readable(entry.title + entry.html))
    if entries and not readable:
        raise SourceError(Phrase("{url}: the feed cannot be read as text in any encoding", url=url))
    notices = []
    if left_out:
        notices.append(
            str(
                Phrase(
                    "{url}: the feed is very large; its oldest {count} items were left out",
                    url=url,
                    count=left_out,
                )
            )
        )
    return _FeedDocument(entries=_identify_entries(readable), notices=tuple(notices))


def parse_feed_title(data: bytes, url: str, charset: str = "") -> str:
    """Return what a feed calls itself, "" where it does not say. Raises SourceError when it is no feed."""
    text = decode_markup(data, charset)
    if _is_json(text):
        return strip_markup(str(json_feed.parse_json_feed(text, url).get("title") or ""))
    slim = slim_feed(_DECLARATION.sub("", text, count=1), url)
    return strip_markup(str(_parse_xml(slim.text, url).feed.get("title") or ""))


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def build_article(entry: Entry, source: Source) -> Article:
    """Return an entry as an article: its HTML as paragraphs.

    The operator's section goes before the feed's category.
    """
    title = strip_markup(entry.title)
    title = "" if _NO_TITLE.fullmatch(title) else title
    body = parse_prose(entry.html, title)
    text = body.text
    return Article(
        title=title or make_title(text),
        text=text,
        byline=strip_markup(entry.author),
        section=source.section or entry.section,
        language=source.language or detect_language(title + "\n" + text),
        published_at=entry.published_at,
        url=entry.url,
        page=entry.page,
        source=source.name,
        subheadings=body.subheadings,
        image=entry.image,
    )


def _parse_xml(text: str, url: str) -> Any:
    data = text.encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser meets broken markup with errors of any kind
        raise SourceError(
            Phrase("{url}: the feed is too damaged to be read ({name})", url=url, name=type(error).__name__)
        ) from error
    if not parsed.entries and not parsed.get("version"):
        raise SourceError(
            Phrase(
                "{url}: is no feed (neither RSS nor Atom nor JSON Feed){hint}",
                url=url,
                hint=_suggest_remedy(text),
            )
        )
    return parsed


def _build_entry(row: Any, url: str, zone: tzinfo, order: str) -> Entry:
    html = _choose_content(row, url)
    link = resolve_link(row.get("link", ""), url) or resolve_link(row.get("id", ""), "")
    title = str(row.get("title", ""))
    return Entry(
        key=str(row.get("id", "")) or link or _hash_text(title + html),
        url=link,
        title=strip_markup(title),
        html=html,
        author=_find_author(row),
        section=_choose_section(
            [str(tag.get("label") or tag.get("term") or "") for tag in row.get("tags", [])]
        ),
        published_at=_find_publication_time(row, zone, order),
        image=picture.find_entry_picture(row, url),
    )


def _find_author(row: Any) -> str:
    """Return the author's name without a mail address.

    >>> fields = "he@linxi.example (何雨桐)", "Zhou Muye <zhou@linxi.example>"
    >>> [_find_author({"author": text}) for text in fields]
    ['何雨桐', 'Zhou Muye']
    """
    name = strip_markup(str(row.get("author", "")).replace("<", "(").replace(">", ")"))
    inside = _MAILED.fullmatch(name)
    return (inside["name"] or inside["name_first"]).strip() if inside else "" if "@" in name else name


def _choose_content(row: Any, url: str) -> str:
    """Return the longest text an entry brings, sanitized: the whole article where there is one, else the
    teaser.
    """
    parts = [*row.get("content", []), row.get("summary_detail", {})]
    return max(
        (sanitize_html(_convert_to_html(part), part.get("base") or url) for part in parts),
        key=len,
        default="",
    )


def _convert_to_html(part: Any) -> str:
    value = str(part.get("value", ""))
    if (
        part.get("type") == "text/plain"
        and "<" in value
        and not re.search(r"</?(?:p|br|div|a|b|i|span|em)\b", value)
    ):
        return value.replace("&", "&amp;").replace("<", "&lt;")
    return value


def sanitize_html(html: str, base: str) -> str:
    """Return the harmless part of `html`, its links and images absolute."""
    if "<" not in html:
        return html[:_MAX_HTML_CHARACTERS]

    def absolute(_tag: str, attribute: str, value: str) -> str | None:
        return resolve_link(value, base) or None if attribute in ("href", "src") else value

    return nh3.clean(
        write_marks(flatten_html(html[:_MAX_HTML_CHARACTERS])),
        tags=set(_TAGS),
        clean_content_tags=set(SKIPPED - _TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=absolute,
        link_rel=None,
    )


def _find_publication_time(row: Any, zone: tzinfo, order: str) -> datetime | None:
    """Return when an item came out, None where its dates cannot be read with certainty. feedparser's own
    reading of dates is not used: it makes 2030-11-20 of 30-11-2026.
    """
    return next(
        filter(None, (parse_moment(str(row.get(field, "")), zone, order) for field in _DATE_FIELDS)), None
    )


def _guess_zone(text: str) -> tzinfo:
    """Return the zone that a feed means which names none: China's for a Chinese feed."""
    return CHINA if text.startswith("zh") or detect_language(text) == "zh" else UTC


def _choose_section(categories: list[str]) -> str:
    """Return a feed's category as a section where an entry has a single short one; several are keywords."""
    named = [strip_markup(category) for category in categories if category]
    return named[0] if len(named) == 1 and len(named[0]) <= _MAX_SECTION_CHARACTERS else ""


def make_title(text: str) -> str:
    """Return the text's first sentence, or as much of it as a title holds."""
    line = text.split("\n", 1)[0]
    match = _FIRST_SENTENCE.match(line)
    sentence = match[0] if match else line
    return sentence if len(sentence) <= _MAX_TITLE_CHARACTERS else sentence[: _MAX_TITLE_CHARACTERS - 1] + "…"


def _suggest_remedy(text: str) -> Phrase | str:
    return (
        Phrase(": it is a web page; give the address of its feed") if "<html" in text[:5000].lower() else ""
    )


def _hash_text(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _identify_entries(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return entries with keys that stand for one article each; what stands twice is left out.

    A key that entries of other titles or addresses share identifies nothing; their address and title do then.
    """
    bearers: dict[str, set[tuple[str, str]]] = {}
    for entry in entries:
        bearers.setdefault(entry.key, set()).add((entry.title, entry.url))
    once: dict[str, Entry] = {}
    for entry in entries:
        key = (
            entry.key
            if len(bearers[entry.key]) == 1
            else _hash_text(f"{entry.key}\n{entry.url}\n{entry.title}")
        )
        once.setdefault(key, replace(entry, key=key))
    return tuple(once.values())


def _is_readable(text: str) -> bool:
    """Say whether a text was decoded: at most 1 % of it are replacement characters."""
    return text.count("\ufffd") <= _MAX_REPLACED_SHARE * len(text)
