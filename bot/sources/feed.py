"""Kind `feed`: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed → entries → articles.

feedparser reads the XML, with its own sanitizer and link resolver off, since they lose characters; nh3 cleans the HTML.
"""

import hashlib
import io
import re
from datetime import UTC, datetime, tzinfo
from typing import Any  # feedparser ships no types
from urllib.parse import urljoin

import feedparser
import nh3

from bot.encoding import decode_markup
from bot.errors import SourceError
from bot.models import Article, Entry, Source
from bot.sources import jsonfeed, picture
from bot.sources.dates import CHINA, moment
from bot.sources.fulltext import divided
from bot.sources.listing import Listing
from bot.sources.prose import SKIPPED, plain, prose
from bot.sources.slimming import flattened, slimmed
from summarizer import detect_language

MAILED = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)|(?P<name_first>[^()@]+)\(\S+@\S+\)")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# fmt: off
TAGS = frozenset({
    "p", "br", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "pre", "code", "table", "tr", "td", "th", "b", "strong", "i", "em", "a", "img",
})
# fmt: on
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
MAX_HTML_CHARACTERS = 1_000_000  # of an entry; long articles have 100,000
MAX_SECTION_CHARACTERS = 12  # a longer category is no heading
MAX_TITLE_CHARACTERS = 40  # of a title made from the text
FIRST_SENTENCE = re.compile(r".+?[。！？!?]|.+?\.(?=\s|$)")


def articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the articles of a feed in its order. `name` is its address, `charset` what its HTTP header declares.

    Raises SourceError when it is no feed.
    """
    return tuple(article(entry, source) for entry in entries(data, name, charset))


def listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the feed's whole articles, and the entries whose articles have to be read on their pages."""
    return divided(tuple((entry, article(entry, source)) for entry in entries(data, name, charset)), source)


def entries(data: bytes, url: str, charset: str = "") -> tuple[Entry, ...]:
    """Return the entries of a feed, each key once, in the feed's order. Raises SourceError when it is no feed."""
    text = decode_markup(data, charset)
    if is_json(text):
        return once(jsonfeed.entries(jsonfeed.parse(text, url), url, sanitized))
    parsed = parse(text, url)
    zone = zone_of(parsed.feed.get("language", "") + "".join(str(row.get("title", "")) for row in parsed.entries[:20]))
    return once(entry(row, url, zone) for row in parsed.entries)


def title(data: bytes, url: str, charset: str = "") -> str:
    """Return what a feed calls itself, "" where it does not say. Raises SourceError when it is no feed."""
    text = decode_markup(data, charset)
    feed = jsonfeed.parse(text, url) if is_json(text) else parse(text, url).feed
    return plain(str(feed.get("title") or ""))


def is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def article(entry: Entry, source: Source) -> Article:
    """Return an entry as an article: its HTML as paragraphs. The operator's section goes before the feed's category."""
    title = plain(entry.title)
    body = prose(entry.html, title)
    text = body.text
    return Article(
        title=title or title_from(text),
        text=text,
        byline=plain(entry.author),
        section=source.section or entry.section,
        language=source.language or detect_language(title + "\n" + text),
        published_at=entry.published_at,
        url=entry.url,
        page=entry.page,
        source=source.name,
        subheadings=body.subheadings,
        image=entry.image,
    )


def parse(text: str, url: str) -> Any:
    data = slimmed(DECLARATION.sub("", text, count=1), url).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser meets broken markup with errors of any kind
        raise SourceError(f"{url}: the feed is too damaged to be read ({type(error).__name__})") from error
    if not parsed.entries and not parsed.get("version"):
        raise SourceError(f"{url}: is no feed (neither RSS nor Atom nor JSON Feed){hint(text)}")
    return parsed


def entry(row: Any, url: str, zone: tzinfo) -> Entry:
    html = content(row, url)
    link = web_address(row.get("link", ""), url) or web_address(row.get("id", ""), "")
    title = str(row.get("title", ""))
    return Entry(
        key=str(row.get("id", "")) or link or digest(title + html),
        url=link,
        title=plain(title),
        html=html,
        author=author(row),
        section=section([str(tag.get("label") or tag.get("term") or "") for tag in row.get("tags", [])]),
        published_at=published(row, zone),
        image=picture.of_entry(row, url),
    )


def author(row: Any) -> str:
    """Return the author's name without a mail address.

    >>> author({"author": "he@linxi.example (何雨桐)"}), author({"author": "Zhou Muye <zhou@linxi.example>"})
    ('何雨桐', 'Zhou Muye')
    """
    said = plain(str(row.get("author", "")).replace("<", "(").replace(">", ")"))
    inside = MAILED.fullmatch(said)
    return (inside["name"] or inside["name_first"]).strip() if inside else "" if "@" in said else said


def content(row: Any, url: str) -> str:
    """Return the longest text an entry brings, sanitized: the whole article where there is one, else the teaser."""
    parts = [*row.get("content", []), row.get("summary_detail", {})]
    return max((sanitized(as_html(part), part.get("base") or url) for part in parts), key=len, default="")


def as_html(part: Any) -> str:
    value = str(part.get("value", ""))
    if part.get("type") == "text/plain" and "<" in value and not re.search(r"</?(?:p|br|div|a|b|i|span|em)\b", value):
        return value.replace("&", "&amp;").replace("<", "&lt;")
    return value


def sanitized(html: str, base: str) -> str:
    """Return the harmless part of `html`, its links and images absolute."""
    if "<" not in html:
        return html[:MAX_HTML_CHARACTERS]

    def absolute(_tag: str, attribute: str, value: str) -> str | None:
        return web_address(value, base) or None if attribute in ("href", "src") else value

    return nh3.clean(
        flattened(html[:MAX_HTML_CHARACTERS]),
        tags=set(TAGS),
        clean_content_tags=set(SKIPPED - TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=absolute,
        link_rel=None,
    )


def web_address(link: str, base: str) -> str:
    """Return `link` as an absolute http(s) address, "" when it is none."""
    try:
        address = urljoin(base, str(link).strip()) if link else ""
    except ValueError:
        return ""
    return address if address.startswith(("http://", "https://")) else ""


def published(row: Any, zone: tzinfo) -> datetime | None:
    for field in ("published", "created", "updated"):
        found = moment(str(row.get(field, "")), zone)
        if found is None and (parsed := row.get(f"{field}_parsed")):
            found = moment("{}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*parsed[:6]))
        if found:
            return found
    return None


def zone_of(text: str) -> tzinfo:
    """Return the zone that a feed means which names none: China's for a Chinese feed."""
    return CHINA if text.startswith("zh") or detect_language(text) == "zh" else UTC


def section(categories: list[str]) -> str:
    """Return a feed's category as a section where an entry has a single short one; several are keywords."""
    named = [plain(category) for category in categories if category]
    return named[0] if len(named) == 1 and len(named[0]) <= MAX_SECTION_CHARACTERS else ""


def title_from(text: str) -> str:
    """Return the text's first sentence, or as much of it as a title holds."""
    line = text.split("\n", 1)[0]
    found = FIRST_SENTENCE.match(line)
    sentence = found[0] if found else line
    return sentence if len(sentence) <= MAX_TITLE_CHARACTERS else sentence[: MAX_TITLE_CHARACTERS - 1] + "…"


def hint(text: str) -> str:
    return ": it is a web page; give the address of its feed" if "<html" in text[:5000].lower() else ""


def digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def once(rows: Any) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for row in rows:
        found.setdefault(row.key, row)
    return tuple(found.values())
