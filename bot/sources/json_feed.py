"""JSON Feed 1.0 and 1.1 → entries: https://www.jsonfeed.org/version/1.1/. Part of the kind `feed`."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any  # what json.loads gives
from urllib.parse import urljoin

from bot.errors import SourceError
from bot.models import Entry
from bot.phrases import Phrase
from bot.sources import picture
from bot.sources.dates import parse_moment
from bot.sources.slimming import MAX_ITEMS

_Sanitize = Callable[[str, str], str]


def parse_json_feed(text: str, url: str) -> dict[str, Any]:
    """Return the JSON Feed that `text` is. Raises SourceError when it is none."""
    try:
        feed: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            Phrase("{url}: the JSON feed is damaged ({name})", url=url, name=type(error).__name__)
        ) from error
    if not isinstance(feed.get("items"), list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise SourceError(Phrase("{url}: is JSON, but no JSON Feed", url=url))
    return feed


def build_entries(feed: dict[str, Any], url: str, sanitize: _Sanitize) -> tuple[Entry, ...]:
    """Return the newest entries of a feed, in its order."""
    items = [item for item in feed["items"] if isinstance(item, dict)]
    if len(items) > MAX_ITEMS:
        first, last = _find_publication_time(items[0]), _find_publication_time(items[-1])
        is_oldest_first = first is not None and last is not None and first < last
        items = items[-MAX_ITEMS:] if is_oldest_first else items[:MAX_ITEMS]
    return tuple(_build_entry(item, url, sanitize) for item in items)


def _build_entry(item: dict[str, Any], url: str, sanitize: _Sanitize) -> Entry:
    html = sanitize(str(item.get("content_html") or ""), url) or _escape_text(
        item.get("content_text") or item.get("summary")
    )
    link = str(item.get("url") or item.get("external_url") or "")
    title = str(item.get("title") or "")
    digest = hashlib.sha256((title + html).encode("utf-8", "surrogatepass")).hexdigest()
    tags = item.get("tags")
    return Entry(
        key=str(item.get("id") or link or f"sha256:{digest}"),
        url=urljoin(url, link) if link else "",
        title=title,
        html=html,
        author=_find_author(item),
        section=str(tags[0]) if isinstance(tags, list) and len(tags) == 1 else "",
        published_at=_find_publication_time(item),
        image=picture.choose_picture((str(item.get(key) or "") for key in ("image", "banner_image")), url),
    )


def _find_publication_time(item: dict[str, Any]) -> datetime | None:
    return parse_moment(str(item.get("date_published") or item.get("date_modified") or ""))


def _escape_text(text: object) -> str:
    return str(text or "").replace("&", "&amp;").replace("<", "&lt;")


def _find_author(item: dict[str, Any]) -> str:
    people = item.get("authors") or [item.get("author")]
    names = [str(person.get("name") or "") for person in people if isinstance(person, dict)]
    return ", ".join(name for name in names if name)
