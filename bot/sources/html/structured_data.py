"""What a page says about its article for programs: its <meta> elements, and JSON-LD, also within "@graph"."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any  # what json.loads gives; lxml ships no types

_SCRIPT = re.compile(r"<script\b[^<>]*ld\+json[^<>]*>(?P<text>.*?)</script", re.IGNORECASE | re.DOTALL)
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?:(?://\s*)?\]\]>|-->)\s*;?\s*$")
_MAX_SCRIPTS = 10  # of a page
_MAX_META = 300  # elements of a page
_MAX_SCRIPT_CHARACTERS = 1_000_000
_MAX_VALUES = 500  # objects and lists of a page's data that are looked through
_NESTING_KEYS = (
    "@graph",
    "mainEntity",
    "mainEntityOfPage",
    "itemListElement",
    "item",
    "hasPart",
    "liveBlogUpdate",
)
# Types whose datePublished and headline are an article's, the surest first.
_ARTICLE_TYPES = ("article", "posting", "report", "webpage", "creativework")
_SITE_KEYS = ("publisher", "isPartOf", "sourceOrganization", "copyrightHolder")


@dataclass(frozen=True, kw_only=True, slots=True)
class StructuredData:
    """The objects of a page's JSON-LD, in its order, and the contents of its <meta> elements by name."""

    objects: tuple[dict[str, Any], ...] = ()
    meta: dict[str, str] = field(default_factory=dict)  # names in lower case; the first of a name counts

    @property
    def articles(self) -> tuple[dict[str, Any], ...]:
        """The objects that describe an article, the surest first."""
        ranks = [(rank, value) for value in self.objects if (rank := _rank_type(value)) is not None]
        return tuple(value for _, value in sorted(ranks, key=lambda row: row[0]))

    def get_text(self, key: str) -> str:
        """Return the first text that an article's object has under `key`, "" where none has."""
        return next((text for value in self.articles if (text := _read_text(value.get(key)))), "")

    def list_meta(self, names: Sequence[str]) -> list[str]:
        """Return the contents of the <meta> elements of these names, in the order of the names."""
        return [self.meta[name] for name in names if self.meta.get(name)]

    @property
    def author(self) -> str:
        """The names of the article's authors."""
        return next((names for value in self.articles if (names := _join_names(value.get("author")))), "")

    @property
    def site_names(self) -> tuple[str, ...]:
        """What the site calls itself, as publisher or as website."""
        sites = [value for value in self.objects if "website" in _list_types(value)]
        named = [
            _read_text(part)
            for value in self.objects
            for key in _SITE_KEYS
            for part in _as_list(value.get(key))
        ]
        return tuple(filter(None, (*named, *(_read_text(value.get("name")) for value in sites))))

    @property
    def images(self) -> Iterator[str]:
        """The addresses under "image", in the data's order."""
        for value in self.objects:
            for image in _as_list(value.get("image"))[:_MAX_VALUES]:
                link = image.get("url") or image.get("contentUrl") if isinstance(image, dict) else image
                if isinstance(link, str):
                    yield link


def read_structured_data(text: str, tree: Any) -> StructuredData:
    """Return what the page, as text and as tree, says for programs. Scripts that are no JSON are left out."""
    values: list[object] = []
    for match in islice(_SCRIPT.finditer(text), _MAX_SCRIPTS):
        try:
            values.append(json.loads(_WRAPPING.sub("", match["text"][:_MAX_SCRIPT_CHARACTERS]), strict=False))
        except (ValueError, RecursionError):
            continue
    meta: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]")[:_MAX_META]:
        names = f"{element.get('property', '')} {element.get('name', '')} {element.get('itemprop', '')}"
        for name in names.lower().split():
            meta.setdefault(name, str(element.get("content")).strip())
    return StructuredData(objects=tuple(_collect_objects(values)), meta=meta)


def _collect_objects(values: list[object]) -> Iterator[dict[str, Any]]:
    """Yield the objects among `values` and within them where JSON-LD nests them.

    >>> graph = [{"@type": "WebPage"}, {"@type": "NewsArticle"}]
    >>> [each["@type"] for each in _collect_objects([{"@graph": graph}])]
    ['WebPage', 'NewsArticle']
    """
    waiting = list(values)
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting = [*value[:_MAX_VALUES], *waiting]
        elif isinstance(value, dict):
            if set(value) - {"@graph", "@context"}:
                yield value
            waiting = [value[key] for key in _NESTING_KEYS if key in value] + waiting


def _rank_type(value: dict[str, Any]) -> int | None:
    types = _list_types(value)
    return next(
        (rank for rank, part in enumerate(_ARTICLE_TYPES) if any(part in name for name in types)), None
    )


def _list_types(value: dict[str, Any]) -> list[str]:
    return [str(name).lower() for name in _as_list(value.get("@type"))]


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _read_text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return value.strip() if isinstance(value, str) else ""


def _join_names(value: object) -> str:
    return ", ".join(filter(None, map(_read_text, _as_list(value))))
