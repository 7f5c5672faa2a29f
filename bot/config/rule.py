"""[[rule]] → Rule: how the pages of a site are read, by CSS selectors."""

import re

from bot.config.table import Table
from bot.models import Rule
from bot.sources.rules import refuse

HOST = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")


def rule_of(table: Table) -> Rule:
    host = table.text("host").lower()
    if not HOST.fullmatch(host):
        raise table.wrong("host", 'a site\'s host: "news.example.org", or "*.example.org" for all below it')
    result = Rule(
        host=host,
        title=selector(table, "title"),
        body=selector(table, "body"),
        author=selector(table, "author"),
        date=selector(table, "date"),
        next_page=selector(table, "next_page"),
        remove=tuple(checked(table, "remove", one) for one in table.texts("remove")),
    )
    table.finish()
    return result


def selector(table: Table, key: str) -> str:
    value = table.text(key, "")
    return checked(table, key, value) if value else ""


def checked(table: Table, key: str, value: str) -> str:
    try:
        refuse(value)
    except ValueError as error:
        raise table.wrong(key, f'a CSS selector like "div.article p" ({error})') from error
    return value
