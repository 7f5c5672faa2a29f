"""When an article came out and who wrote it, as its page says: in its data first, then near its heading."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any  # lxml ships no types

from bot.sources.dates import find_day, find_printed_date, get_day_noon, has_hour, is_date_line, parse_moment
from bot.sources.html.body_lines import make_key
from bot.sources.html.prose import ProseLine, clean_line
from bot.sources.html.structured_data import StructuredData

MAX_BYLINE_CHARACTERS = 60
_MAX_LINE_CHARACTERS = 120  # of a line that may hold the date
_LINES_ABOVE, _LINES_BELOW = 6, 15  # the heading, in which its date stands
_MIN_SENTENCE_CHARACTERS = 15
_MIN_HEADING_CHARACTERS = 4  # of a line that is part of a title: 港务局：老灯塔要重建 over 老灯塔要重建
_SENTENCE = re.compile(r"[。！？!?…]|[^\W\d_]{2}\.(?=[\s”\"’')]|$)")
# Names of <meta> under which sites give the date, in lower case; the surest first.
_DATE_NAMES = (
    "article:published_time", "og:article:published_time", "og:published_time", "og:release_date",
    "bytedance:published_time", "datepublished", "publish_time", "publishtime", "published_time",
    "pubtime", "pub_time", "publishdate", "publish-date", "publish_date", "published_date",
    "publication_date", "publicationdate", "pubdate", "article:published", "article_date_original",
    "articledate", "article:create_at", "release_date", "releasedate", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date",
    "dcterms.date", "dc.date.created", "citation_publication_date", "citation_date",
    "weibo:article:create_at", "apub:time", "date", "createdate", "created", "og:pubdate",
    "rnews:datepublished",
)  # fmt: skip
_AUTHOR_NAMES = (
    "author",
    "article:author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "parsely-author",
)
_AUTHOR_ELEMENTS = (
    "//*[@itemprop='author' or @rel='author' or @id='author' or contains(concat(' ', @class, ' '), ' "
    "author ')]"
)
_BEGINNING = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|作者|记者|文)\s*[:：/|｜]?\s+|^(?:作者|记者)[:：]\s*", re.IGNORECASE
)
_TODAY = ("今天", "今日是", "现在是")  # what day it is stands in the header of many pages


def find_publication_time(
    tree: Any, data: StructuredData, lines: Sequence[ProseLine], title: str, url: str, zone: tzinfo
) -> datetime | None:
    """Return when the article came out: as its metadata say, or a line or <time> near its heading, or its
    address.
    """
    stated = (*data.list_meta(_DATE_NAMES), *_list_marked_times(tree), data.get_text("datePublished"))
    if moment := next(filter(None, (parse_moment(text, zone) for text in stated)), None):
        return moment
    near = _find_near_heading(lines, title)
    printed = [find_printed_date(line.text) for line in near if not any(word in line.text for word in _TODAY)]
    times = [text for line in near for text in line.times]
    candidates = [*times, *filter(has_hour, printed), *printed]
    if moment := next(filter(None, (parse_moment(text, zone) for text in candidates if text)), None):
        return moment
    day = find_day(url)
    return get_day_noon(day) if day else parse_moment(data.get_text("dateCreated"), zone)


def find_author(tree: Any, data: StructuredData) -> str:
    """Return who wrote the article, "" where the page does not say."""
    shown = (clean_line(element.text_content()) for element in tree.xpath(_AUTHOR_ELEMENTS)[:5])
    for name in (*data.list_meta(_AUTHOR_NAMES), data.author, *shown):
        name = _BEGINNING.sub("", clean_line(name))
        if name and not name.startswith(("http", "@")) and len(name) <= MAX_BYLINE_CHARACTERS:
            return name
    return ""


def _list_marked_times(tree: Any) -> Iterator[str]:
    for element in islice(tree.iter("time", "span", "div", "p", "abbr"), 5_000):
        if element.get("itemprop") == "datePublished" or (
            element.tag == "time" and element.get("pubdate") is not None
        ):
            yield element.get("datetime") or element.get("content") or clean_line(element.text_content())


def _find_near_heading(lines: Sequence[ProseLine], title: str) -> list[ProseLine]:
    """Return the short lines below the heading and then those above it."""
    place = _find_heading(lines, title)
    if place is None:
        return []
    below = [lines[place]]
    for line in lines[place + 1 : place + _LINES_BELOW]:
        is_sentence = _SENTENCE.search(line.text) and len(line.text) >= _MIN_SENTENCE_CHARACTERS
        if is_sentence and not is_date_line(line.text):
            break  # here the article begins
        below.append(line)
    above = lines[max(0, place - _LINES_ABOVE) : place]
    return [line for line in (*below, *reversed(above)) if len(line.text) <= _MAX_LINE_CHARACTERS]


def _find_heading(lines: Sequence[ProseLine], title: str) -> int | None:
    """Return the place of the line that is the title, or else of the first that is the greater part of it."""
    title_key = make_key(title)
    if not title_key:
        return None
    keys = [make_key(line.text) for line in lines]
    if title_key in keys:
        return keys.index(title_key)
    half = max(_MIN_HEADING_CHARACTERS, len(title_key) / 2)
    return next((n for n, key in enumerate(keys) if len(key) >= half and key in title_key), None)
