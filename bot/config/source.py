"""[[source]] → Source: where it is read from, by path, by address or from a mailbox."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict
from zoneinfo import ZoneInfo

from bot.config.rows import TLS, Known, is_web, named, resolved, secret, zone
from bot.config.rule import selector
from bot.config.table import Table
from bot.errors import ConfigError
from bot.models import Mailbox, Source

MAILBOX = "mailbox"  # the kind that takes an account beside a path
PORTS = {"implicit": 993, "starttls": 143, "none": 143}
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,99}")  # in capitals: a password put here by mistake is seldom that
FIELD = re.compile(r"\{[^{}]*\}")
DAY = re.compile(r"\{day:(?=.*%[Yy])(?=.*%m)(?=.*%d).*\}")  # each day is written otherwise
LIST_ID = re.compile(r"[!-~]{1,255}")


def source_of(table: Table, folder: Path, known: Known, environ: Mapping[str, str]) -> Source:
    name = named(table)
    kind = table.choice("kind", known.kinds)
    box = mailbox(table, environ) if kind == MAILBOX and "host" in table.values else None
    result = Source(
        kind=kind,
        name=name,
        address=box.address if box else address(table, folder, known, kind),
        language=table.choice("language", ("", *known.languages), ""),
        section=table.text("section", ""),
        title=table.text("title", name),
        selector=selector(table, "selector"),
        **issue(table, kind, known),
        full_text=full_text(table),
        mailbox=box,
    )
    table.finish()
    return result


def address(table: Table, folder: Path, known: Known, kind: str) -> str:
    path, url = table.text("path", ""), table.text("url", "")
    if kind == MAILBOX and not path:
        raise ConfigError(
            f"{table.file}: {table.where} takes host, user and password_env for an account, or path for *.eml files"
        )
    if bool(path) == bool(url):
        raise ConfigError(f"{table.file}: {table.where} takes either path or url, and needs one of them")
    if url and not is_web(url):
        raise table.wrong("url", "an http:// or https:// address")
    if url and kind in known.local_kinds:
        raise table.wrong("url", f"nothing here: a source of kind {kind} is read from a path")
    return url or str(resolved(path, folder))


def mailbox(table: Table, environ: Mapping[str, str]) -> Mailbox:
    host = table.text("host")
    if not HOST.fullmatch(host):
        raise table.wrong("host", 'the name of an IMAP server: "imap.example.org"')
    tls = table.choice("tls", TLS, "implicit")
    variable = table.text("password_env", expected='the name of an environment variable: "ZHAIBAO_LETTERS_PASSWORD"')
    if not VARIABLE.fullmatch(variable):
        raise table.hidden("password_env", "the name of the environment variable that holds the password, not itself")
    list_id = table.text("list_id", "").strip("<>")
    if list_id and not LIST_ID.fullmatch(list_id):
        raise table.wrong("list_id", 'what a mail\'s List-Id shows in <…>: "weekly.example.org"')
    return Mailbox(
        host=host,
        port=table.number("port", PORTS[tls], 1, 65_535),
        tls=tls,
        user=one_line(table, "user"),
        password=secret(variable, environ),
        password_env=variable,
        folder=one_line(table, "folder", "INBOX"),
        list_id=list_id,
    )


def one_line(table: Table, key: str, default: str | None = None) -> str:
    value = table.text(key, default)
    if not value.isprintable() or len(value) > 255:
        raise table.wrong(key, "a text on one line, of up to 255 characters")
    return value


class Issue(TypedDict):
    """What is said of an electronic newspaper alone."""

    pages: str
    articles: str
    zone: ZoneInfo


def issue(table: Table, kind: str, known: Known) -> Issue:
    for key in ("pages", "articles", "zone"):
        if key in table.values and kind not in known.issue_kinds:
            raise table.wrong(key, f"nothing here: a source of kind {kind} has no issues")
    fields = FIELD.findall(table.text("url", "")) if kind in known.issue_kinds else []
    if fields and (len(fields) > 1 or not DAY.fullmatch(fields[0])):
        raise table.wrong("url", "an address with one field for the day, like {day:%Y-%m/%d}")
    return Issue(pages=selector(table, "pages"), articles=selector(table, "articles"), zone=zone(table))


def full_text(table: Table) -> bool | None:
    value = table.get("full_text")
    if value is None or isinstance(value, bool):
        return value
    if value == "auto":
        return None
    raise table.wrong("full_text", 'true, false or "auto"')
