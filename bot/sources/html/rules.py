"""Rules of the operator for sites that the extractors misread: [[rule]] of zhaibao.toml.

What a rule does not name, or names and the page does not have, is found as without it.
"""

from datetime import datetime, tzinfo
from typing import Any  # lxml ships no types
from urllib.parse import urldefrag, urlsplit

from lxml.cssselect import CSSSelector, SelectorError

from bot.models import SiteRule
from bot.sources.dates import parse_moment
from bot.sources.html.prose import Prose, clean_line, extract_prose
from bot.sources.links import resolve_link

_MAX_MATCHES = 200  # elements of a page that a selector may name
_MAX_LINE_CHARACTERS = 300  # of a title, author or date


def choose_rule(url: str, rules: tuple[SiteRule, ...]) -> SiteRule | None:
    """Return the first rule for the host of `url`. "*.linxi.example" includes linxi.example itself.

    >>> choose_rule("https://m.linxi.example/1", (SiteRule(host="*.linxi.example"),)).host
    '*.linxi.example'
    """
    host = (urlsplit(url).hostname or "").lower()
    for rule in rules:
        above = rule.host.removeprefix("*.")
        if host == above or (rule.host.startswith("*.") and host.endswith(f".{above}")):
            return rule
    return None


def validate_selector(selector: str) -> None:
    """Raise ValueError, which says why, where `selector` is no CSS selector."""
    try:
        CSSSelector(selector, translator="html")  # as the trees of pages read it
    except SelectorError as error:
        raise ValueError(str(error)) from error


def _select_elements(tree: Any, selector: str) -> list[Any]:
    return list(tree.cssselect(selector)[:_MAX_MATCHES]) if selector else []


def remove_elements(tree: Any, rule: SiteRule) -> None:
    """Take out of the tree what the rule says is none of the article's."""
    for selector in rule.remove:
        for element in tree.cssselect(selector):
            if element.getparent() is not None:
                element.drop_tree()


def extract_ruled_body(tree: Any, rule: SiteRule, title: str) -> Prose | None:
    """Return the paragraphs that the rule's body selector finds, in the page's order; None if none."""
    paragraphs: list[str] = []
    headings: list[int] = []
    outermost: set[Any] = set()
    for element in _select_elements(tree, rule.body):
        if any(above in outermost for above in element.iterancestors()):
            continue  # it has been read already
        outermost.add(element)
        prose = extract_prose(element, title)
        headings += (len(paragraphs) + index for index in prose.subheadings)
        paragraphs += prose.paragraphs
    return Prose(paragraphs=tuple(paragraphs), subheadings=tuple(headings)) if paragraphs else None


def extract_line(tree: Any, selector: str) -> str:
    """Return the text of the first element that the selector names, or what a <meta> says."""
    elements = _select_elements(tree, selector)
    return (
        clean_line(elements[0].get("content") or elements[0].text_content())[:_MAX_LINE_CHARACTERS]
        if elements
        else ""
    )


def extract_date(tree: Any, rule: SiteRule, zone: tzinfo) -> datetime | None:
    elements = _select_elements(tree, rule.date)
    return (
        (
            parse_moment(elements[0].get("datetime") or "", zone)
            or parse_moment(extract_line(tree, rule.date), zone)
        )
        if elements
        else None
    )


def find_ruled_next_page(tree: Any, rule: SiteRule, url: str) -> str:
    """Return where the rule's link leads, on the same site; "" if there is none."""
    for element in _select_elements(tree, rule.next_page):
        for anchor in element.iter("a"):
            address = urldefrag(resolve_link(anchor.get("href", ""), url)).url
            if address != url and urlsplit(address).netloc == urlsplit(url).netloc:
                return address
    return ""
