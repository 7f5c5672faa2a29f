"""Rules of the operator for sites that the extractors misread: [[rule]] of zhaibao.toml.

What a rule does not name, or names and the page does not have, is found as without it.
"""

from datetime import datetime, tzinfo
from typing import Any  # lxml ships no types
from urllib.parse import urldefrag, urlsplit

from lxml.cssselect import CSSSelector, SelectorError

from bot.models import Rule
from bot.sources.dates import moment
from bot.sources.feed import web_address
from bot.sources.prose import Prose, clean, of_element

MAX_MATCHES = 200  # elements of a page that a selector may name
MAX_LINE_CHARACTERS = 300  # of a title, author or date


def rule_for(url: str, rules: tuple[Rule, ...]) -> Rule | None:
    """Return the first rule whose host is that of `url`; "*.linxi.example" is linxi.example and what is below it.

    >>> rule_for("https://m.linxi.example/1", (Rule(host="*.linxi.example"),)).host
    '*.linxi.example'
    """
    host = (urlsplit(url).hostname or "").lower()
    for rule in rules:
        above = rule.host.removeprefix("*.")
        if host == above or (rule.host.startswith("*.") and host.endswith(f".{above}")):
            return rule
    return None


def refuse(selector: str) -> None:
    """Raise ValueError, which says why, where `selector` is no CSS selector."""
    try:
        CSSSelector(selector, translator="html")  # as the trees of pages read it
    except SelectorError as error:
        raise ValueError(str(error)) from error


def matches(tree: Any, selector: str) -> list[Any]:
    return list(tree.cssselect(selector)[:MAX_MATCHES]) if selector else []


def removed(tree: Any, rule: Rule) -> None:
    """Take out of the tree what the rule says is none of the article's."""
    for selector in rule.remove:
        for element in tree.cssselect(selector):
            if element.getparent() is not None:
                element.drop_tree()


def body(tree: Any, rule: Rule, title: str) -> Prose | None:
    """Return the paragraphs of what the rule calls the body, in the page's order; None where it finds none."""
    paragraphs: list[str] = []
    headings: list[int] = []
    outermost: set[Any] = set()
    for element in matches(tree, rule.body):
        if any(above in outermost for above in element.iterancestors()):
            continue  # it has been read already
        outermost.add(element)
        found = of_element(element, title)
        headings += (len(paragraphs) + index for index in found.subheadings)
        paragraphs += found.paragraphs
    return Prose(paragraphs=tuple(paragraphs), subheadings=tuple(headings)) if paragraphs else None


def line(tree: Any, selector: str) -> str:
    """Return the text of the first element that the selector names, or what a <meta> says."""
    found = matches(tree, selector)
    return clean(found[0].get("content") or found[0].text_content())[:MAX_LINE_CHARACTERS] if found else ""


def date(tree: Any, rule: Rule, zone: tzinfo) -> datetime | None:
    found = matches(tree, rule.date)
    return (moment(found[0].get("datetime") or "", zone) or moment(line(tree, rule.date), zone)) if found else None


def next_page(tree: Any, rule: Rule, url: str) -> str:
    """Return where the rule's link leads, on the same site; "" where there is none."""
    for element in matches(tree, rule.next_page):
        for anchor in element.iter("a"):
            address = urldefrag(web_address(anchor.get("href", ""), url)).url
            if address != url and urlsplit(address).netloc == urlsplit(url).netloc:
                return address
    return ""
