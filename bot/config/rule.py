"""[[rule]] → Rule: how the pages of a site are read, by CSS selectors."""

import re

from bot.config.config_table import ConfigTable
from bot.models import SiteRule
from bot.phrases import Phrase
from bot.sources.html.rules import validate_selector

_HOST = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")


def read_rule(table: ConfigTable) -> SiteRule:
    host = table.read_text("host").lower()
    if not _HOST.fullmatch(host):
        raise table.build_error(
            "host", Phrase('a site\'s host: "news.example.org", or "*.example.org" for all below it')
        )
    result = SiteRule(
        host=host,
        title=read_selector(table, "title"),
        body=read_selector(table, "body"),
        author=read_selector(table, "author"),
        date=read_selector(table, "date"),
        next_page=read_selector(table, "next_page"),
        remove=tuple(_check_selector(table, "remove", selector) for selector in table.read_texts("remove")),
    )
    table.refuse_unknown_keys()
    return result


def read_selector(table: ConfigTable, key: str) -> str:
    value = table.read_text(key, "")
    return _check_selector(table, key, value) if value else ""


def _check_selector(table: ConfigTable, key: str, value: str) -> str:
    try:
        validate_selector(value)
    except ValueError as error:
        raise table.build_error(
            key, Phrase('a CSS selector like "div.article p" ({error})', error=error)
        ) from error
    return value
