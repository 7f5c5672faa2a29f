"""Edition → files of the archive: its page, the list of all editions, and an Atom feed of whole digests."""

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from bot.models import Edition, Message, MessagePart
from bot.render.plaintext import clip_text, validate_web_address
from bot.render.themes import fill_template
from bot.render.view import EditionView, build_view
from bot.render.wording import find_wording

_MAX_FEED_ENTRIES = 30  # of the feed: a month of mornings
_LEAD_TITLES = 3  # named in the list of editions
_MAX_LEAD_UNITS = 90
_UNSAFE = re.compile(r"[^\w-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class _ListedEdition:
    """An edition in the list of all editions and in the feed."""

    edition: EditionView
    path: str  # from the archive's folder, percent-encoded
    address: str  # absolute where the archive's address is known, else the path
    id: str  # IRI, the same whenever the edition is rendered
    updated: str  # RFC 3339
    leads: tuple[str, ...]  # first titles
    content: str = ""  # HTML of the whole digest, for the feed


def render_archive(
    edition: Edition, history: Sequence[Edition] = (), *, public_url: str = "", themes: Path | None = None
) -> Message:
    """Return the archive's files that change with this edition, their names relative to the archive's folder.

    `history` are the editions published before, in any order, with or without this one; `public_url` is the
    address of the archive's folder: with it the feed's links are absolute, as feed readers need them.
    """
    editions = _order_editions([*history, edition])
    listed = [_list_edition(listed_edition, public_url) for listed_edition in editions]
    theme, words = edition.theme, find_wording(edition.language)
    earlier = [
        other for other in editions if other.digest == edition.digest and other.slot_at < edition.slot_at
    ]
    page = build_view(edition, pages="")
    shown = {"edition": page, "stories": page.stories, "words": words}
    up = "../" * build_page_path(edition).count("/")
    previous = up + quote(build_page_path(earlier[0])) if earlier else ""
    base = public_url.rstrip("/") + "/" if validate_web_address(public_url) else ""
    months = [
        (month, list(group)) for month, group in groupby(zip(editions, listed, strict=True), key=_by_month)
    ]
    index = [(words.format_month(group[0][0].day), [row for _, row in group]) for _, group in months]
    files = {
        build_page_path(edition): fill_template(
            theme, "web/edition.html", themes, **shown, up=up, previous=previous
        ),
        "index.html": fill_template(theme, "web/index.html", themes, edition=page, words=words, months=index),
        "feed.xml": _render_feed(page, listed[:_MAX_FEED_ENTRIES], base, theme, themes),
    }
    return Message(
        subject=page.head,
        parts=tuple(MessagePart(name=name, html=content) for name, content in files.items()),
    )


def _render_feed(
    page: EditionView, listed: Sequence[_ListedEdition], base: str, theme: str, themes: Path | None
) -> str:
    entries = [replace(row, content=_render_content(row.edition, theme, themes)) for row in listed]
    iri = _build_identity(base, "feed", page.title)
    return fill_template(
        theme, "web/feed.xml", themes, edition=page, words=page.words, entries=entries, base=base, id=iri
    )


def _render_content(page: EditionView, theme: str, themes: Path | None) -> str:
    return fill_template(
        theme, "web/stories.html", themes, edition=page, stories=page.stories, words=page.words
    )


def _order_editions(editions: Iterable[Edition]) -> list[Edition]:
    """Return the editions newest first, each once; of two with one address the later counts."""
    once = {(edition.digest, edition.name): edition for edition in editions}
    return sorted(once.values(), key=lambda edition: (edition.slot_at, edition.digest), reverse=True)


def _by_month(pair: tuple[Edition, _ListedEdition]) -> tuple[int, int]:
    return pair[0].day.year, pair[0].day.month


def _list_edition(edition: Edition, public_url: str) -> _ListedEdition:
    path = quote(build_page_path(edition))
    address = build_page_address(edition, public_url)
    page = build_view(edition, address)
    return _ListedEdition(
        edition=page,
        path=path,
        address=address or path,
        id=address or _build_identity("", edition.digest, edition.title, edition.name),
        updated=edition.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        leads=tuple(clip_text(story.title, _MAX_LEAD_UNITS) for story in page.stories[:_LEAD_TITLES]),
    )


def build_page_path(edition: Edition) -> str:
    """Return the file of an edition's page in the archive's folder: "daily/2026-11-22.html"."""
    safe = _UNSAFE.sub("-", edition.digest)[:60].strip("-_") or "digest"
    if safe != edition.digest:  # two digests may look alike once made safe
        safe += "-" + hashlib.sha256(edition.digest.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}/{edition.name}.html"


def build_page_address(edition: Edition, public_url: str) -> str:
    """Return the address of an edition's page (other forms' `archive_url`), "" if there is none."""
    base = validate_web_address(public_url)
    return f"{base.rstrip('/')}/{quote(build_page_path(edition))}" if base else ""


def _build_identity(base: str, *names: str) -> str:
    """Return an IRI that stays: the archive's address, or a UUID made from the names."""
    return (
        base
        or uuid.uuid5(
            uuid.NAMESPACE_URL, "zhaibao:" + "\n".join(names).encode("utf-8", "replace").decode()
        ).urn
    )
