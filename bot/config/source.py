"""[[source]] → Source: where it is read from, by path, by address or from a mailbox."""

import re
from typing import TypedDict
from zoneinfo import ZoneInfo

from bot.config.config_table import ConfigTable, is_web_address
from bot.config.rows import TableRows, read_name, read_zone
from bot.config.rule import read_selector
from bot.errors import ConfigError
from bot.models import Mailbox, Source
from bot.phrases import Phrase

_MAILBOX_KIND = "mailbox"  # the kind that is read from an account or a path
_SOURCE_NAME = re.compile(
    r"[^\W_][\w-]{0,63}"
)  # letters of every script: it stands in no address or file name
_PORTS = {"implicit": 993, "starttls": 143, "none": 143}  # by the values of [[source]] tls
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,99}")  # capitals: a password written here by mistake rarely matches
_FIELD = re.compile(r"\{[^{}]*\}")
_DAY = re.compile(r"\{day:(?=.*%[Yy])(?=.*%m)(?=.*%d).*\}")  # so each day has another address
_LIST_ID = re.compile(r"[!-~]{1,255}")


def read_source(table: ConfigTable, table_rows: TableRows) -> Source:
    table.forbid_secret(
        "password", Phrase("put it into an environment variable and name that in password_env")
    )
    name = read_name(table, pattern=_SOURCE_NAME)
    kind = table.read_choice("kind", table_rows.kinds)
    box = _read_mailbox(table) if kind == _MAILBOX_KIND and "host" in table.values else None
    result = Source(
        kind=kind,
        name=name,
        address=box.address if box else _read_address(table, table_rows, kind),
        language=table.read_choice("language", ("", *table_rows.languages), ""),
        section=table.read_text("section", ""),
        title=table.read_text("title", name),
        selector=read_selector(table, "selector"),
        **_read_issue_settings(table, kind, table_rows),
        full_text=_read_full_text(table),
        mailbox=box,
    )
    table.refuse_unknown_keys()
    return result


def _read_address(table: ConfigTable, table_rows: TableRows, kind: str) -> str:
    path, url = table.read_text("path", ""), table.read_text("url", "")
    if kind == _MAILBOX_KIND and not path:
        raise ConfigError(
            Phrase(
                "{file}: {where} needs host, user and password_env for an account, or path for *.eml files",
                file=table.file,
                where=table.where,
            )
        )
    if bool(path) == bool(url):
        raise ConfigError(
            Phrase("{file}: {where} needs either path or url", file=table.file, where=table.where)
        )
    if url and not is_web_address(url):
        raise table.build_error("url", Phrase("an http:// or https:// address"))
    if url and kind in table_rows.local_kinds:
        raise table.build_error(
            "url", Phrase("nothing here: a source of kind {kind} is read from a path", kind=kind)
        )
    return url or str(table.resolve_path(path))


def _read_mailbox(table: ConfigTable) -> Mailbox:
    host = table.read_text("host")
    if not _HOST.fullmatch(host):
        raise table.build_error("host", Phrase('the name of an IMAP server: "imap.example.org"'))
    tls = table.read_choice("tls", tuple(_PORTS), "implicit")
    variable = table.read_text(
        "password_env", expected=Phrase('the name of an environment variable: "ZHAIBAO_LETTERS_PASSWORD"')
    )
    if not _VARIABLE.fullmatch(variable):
        raise table.build_hidden_error(
            "password_env",
            Phrase("the name of the environment variable that contains the password, not the password"),
        )
    list_id = table.read_text("list_id", "").strip("<>")
    if list_id and not _LIST_ID.fullmatch(list_id):
        raise table.build_error(
            "list_id", Phrase('the text in <…> of the mails\' List-Id: "weekly.example.org"')
        )
    return Mailbox(
        host=host,
        port=table.read_number("port", _PORTS[tls], 1, 65_535),
        tls=tls,
        user=_read_line(table, "user"),
        password=table.find_secret(variable),
        password_env=variable,
        folder=_read_line(table, "folder", "INBOX"),
        list_id=list_id,
    )


def _read_line(table: ConfigTable, key: str, default: str | None = None) -> str:
    value = table.read_text(key, default)
    if not value.isprintable() or len(value) > 255:
        raise table.build_error(key, Phrase("a text on one line, of up to 255 characters"))
    return value


class _IssueSettings(TypedDict):
    """The settings that only an electronic newspaper has."""

    pages: str
    articles: str
    zone: ZoneInfo


def _read_issue_settings(table: ConfigTable, kind: str, table_rows: TableRows) -> _IssueSettings:
    for key in ("pages", "articles", "zone"):
        if key in table.values and kind not in table_rows.issue_kinds:
            raise table.build_error(
                key, Phrase("nothing here: a source of kind {kind} has no issues", kind=kind)
            )
    fields = _FIELD.findall(table.read_text("url", "")) if kind in table_rows.issue_kinds else []
    if fields and (len(fields) > 1 or not _DAY.fullmatch(fields[0])):
        raise table.build_error("url", Phrase("an address with one field for the day, like {day:%Y-%m/%d}"))
    return _IssueSettings(
        pages=read_selector(table, "pages"), articles=read_selector(table, "articles"), zone=read_zone(table)
    )


def _read_full_text(table: ConfigTable) -> bool | None:
    value = table.get_value("full_text")
    if value is None or isinstance(value, bool):
        return value
    if value == "auto":
        return None
    raise table.build_error("full_text", Phrase('true, false or "auto"'))
