"""Each table of zhaibao.toml → its value."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.channels.protocol import ChannelRow
from bot.config.config_table import ConfigTable, is_web_address, suggest_name
from bot.config.personal_digests import ConfiguredDestination, build_personal_name, check_subscriber_topics
from bot.editorial.topics import parse_term
from bot.errors import ConfigError
from bot.locales import LANGUAGES, match_language
from bot.models import Destination, Digest, TopicTerm
from bot.phrases import Phrase
from bot.settings import AddressFile, ChannelSettings, FetchSettings, Secret, WebSettings

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MAX_TIMES = 24  # a day
_LISTEN = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}")
_WEB_ARTICLES = ("sentences", "whole", "none")
_SPAN = re.compile(r"(\d{1,4})\s*(h|m|min)")
_MAX_TOPIC = 2**53
_MAX_LATENESS_MINUTES = 23 * 60  # a slot must close before the slot of the next day opens


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRows:
    """The names that a configuration may use, and their rows."""

    kinds: Collection[str]
    local_kinds: Collection[str]  # kinds that are only read from a path
    issue_kinds: Collection[str]  # kinds that have an issue for each day
    channels: Mapping[str, ChannelRow[Any]]
    themes: Collection[str]
    languages: Collection[str]


def read_digest(table: ConfigTable, table_rows: TableRows) -> Digest:
    table.rename_key("told_days", "printed_days")
    name = read_name(table)
    digest = Digest(
        name=name,
        title=table.read_text("title", name),
        language=_read_language(table),
        sources=table.read_texts("sources"),
        times=_read_times(table),
        zone=read_zone(table),
        weekdays=_read_weekdays(table),
        max_stories=table.read_number("max_stories", 12, 1, 100),
        max_characters=table.read_number("max_characters", 120, 20, 2000),
        printed_days=table.read_number("printed_days", 7, 1, 365),
        min_certainty=table.read_number("min_certainty", 0, 0, 99),
        min_points=table.read_decimal("min_points", 0.0, 0.0, 20.0),
        max_age_days=table.read_number("max_age_days", 7, 0, 36_500),
        theme=table.read_choice("theme", table_rows.themes, "plain"),
        lateness_minutes=_read_lateness(table),
        skip_empty=table.read_flag("skip_empty", default=False),
        quiet_hours=_read_quiet_hours(table),
        topics=_read_topics(table),
        sections=_read_sections(table),
    )
    table.refuse_unknown_keys()
    return digest


def read_destination(
    table: ConfigTable, table_rows: TableRows, channel_settings: Mapping[str, ChannelSettings]
) -> ConfiguredDestination:
    table.rename_key("reader", "subscriber")
    channel = table.read_choice("channel", table_rows.channels)
    row = table_rows.channels[channel]
    topic = table.read_number("topic", 0, 1, _MAX_TOPIC) or None
    digest, topics = table.read_text("digest"), _read_topics(table)
    subscriber = read_name(table, "subscriber") if "subscriber" in table.values else ""
    name = build_personal_name(digest, subscriber)
    target: Destination | AddressFile
    if row.takes_address_file and "recipients" in table.values:
        target = AddressFile(digest=name, channel=channel, file=_read_address_file(table))
    else:
        address = row.read_address(table, channel_settings[channel])
        target = Destination(digest=name, channel=channel, address=address, topic=topic)
    if topic is not None and not row.takes_topic:
        names = ", ".join(name for name, other in table_rows.channels.items() if other.takes_topic)
        raise table.build_error("topic", Phrase("nothing here: only {names} has topics", names=names))
    table.refuse_unknown_keys()
    check_subscriber_topics(table, subscriber, topics)
    return ConfiguredDestination(target=target, digest=digest, subscriber=subscriber, topics=topics)


def _read_address_file(table: ConfigTable) -> Path:
    file = table.resolve_path(table.read_text("recipients"))
    if not file.is_file():
        raise table.build_error("recipients", Phrase("an existing file of mail addresses, one a line"))
    if "address" in table.values:
        raise ConfigError(
            Phrase("{file}: {where} takes either address or recipients", file=table.file, where=table.where)
        )
    return file


@dataclass(frozen=True, kw_only=True, slots=True)
class _StoreSettings:
    """Where the database is, and after how many days articles may be deleted."""

    url: Secret
    keep_days: int


def read_store(table: ConfigTable) -> _StoreSettings:
    settings = _StoreSettings(
        url=_read_store_url(table), keep_days=table.read_number("keep_days", 365, 0, 36_500)
    )
    table.refuse_unknown_keys()
    return settings


def _read_store_url(table: ConfigTable) -> Secret:
    """Return the URL of the database; a SQLite path is relative to the configuration file, like all paths."""
    named = table.read_text("url", "sqlite:///zhaibao.sqlite")
    url = table.find_secret("ZHAIBAO_STORE_URL").reveal() or named
    if url.startswith("sqlite:///") and url != "sqlite:///":
        return Secret(f"sqlite:///{table.resolve_path(url.removeprefix('sqlite:///'))}")
    if url.startswith(("postgresql://", "postgresql+psycopg://")):
        return Secret(url.replace("postgresql://", "postgresql+psycopg://", 1))
    # the value is not shown: it may contain a password
    raise ConfigError(
        Phrase(
            "{file}: [store] url or ZHAIBAO_STORE_URL takes sqlite:///FILE or "
            "postgresql://USER@HOST/DATABASE",
            file=table.file,
        )
    )


def read_themes_folder(table: ConfigTable) -> Path | None:
    folder = table.read_path("folder")
    if folder and not folder.is_dir():
        raise table.build_error(
            "folder", Phrase("an existing folder, with a folder of templates for each theme in it")
        )
    table.refuse_unknown_keys()
    return folder


def read_fetch_settings(table: ConfigTable) -> FetchSettings:
    contact = table.read_text("contact", "")
    if not (contact.isascii() and contact.isprintable()):
        raise table.build_error(
            "contact", Phrase("a mail address or web page in ASCII: it is sent in a header")
        )
    result = FetchSettings(
        contact=contact,
        allow_private=frozenset(table.read_texts("allow_private")),
        every_minutes=table.read_number("every_minutes", 30, 1, 1440),
        deadline_minutes=table.read_number("deadline_minutes", 10, 1, 1440),
    )
    table.refuse_unknown_keys()
    return result


def read_web_settings(table: ConfigTable) -> WebSettings:
    listen, address = table.read_text("listen", ""), table.read_text("address", "")
    if listen and not _LISTEN.fullmatch(listen):
        raise table.build_error("listen", Phrase("a host and a port, as in 127.0.0.1:8410"))
    if (listen and not address) or (address and not is_web_address(address)):
        raise table.build_error("address", Phrase("the http(s) address at which the public finds the pages"))
    articles = table.read_text("articles", "sentences")
    if articles not in _WEB_ARTICLES:
        raise table.build_error("articles", Phrase("one of: {names}", names=", ".join(_WEB_ARTICLES)))
    result = WebSettings(
        listen=listen,
        address=address.rstrip("/"),
        articles=articles,
        trusted_proxies=frozenset(table.read_texts("trusted_proxies")),
    )
    table.refuse_unknown_keys()
    return result


def read_name(table: ConfigTable, key: str = "name", pattern: re.Pattern[str] = _NAME) -> str:
    name = table.read_text(key, expected=Phrase("a short name: letters, digits, - and _"))
    if not pattern.fullmatch(name):
        raise table.build_error(key, Phrase("a short name: letters, digits, - and _"))
    return name


def _read_language(table: ConfigTable) -> str:
    """Return the interface language of the digest's tag: `zh-TW` is zh-Hant."""
    expected = Phrase("one of: {names}", names=", ".join(LANGUAGES))
    written = table.read_text("language", "zh", expected=expected)
    tag = match_language(written)
    if tag is None:
        raise table.build_error("language", suggest_name(written, LANGUAGES, expected))
    return tag


def _read_times(table: ConfigTable) -> tuple[time, ...]:
    """Return the wall times of `times`, or the one of `time`, in their order."""
    table.get_value("times")
    if "times" not in table.values:
        expected = Phrase('a time of day like "08:00"')
        return (_parse_time(table, "time", table.read_text("time", "08:00"), expected),)
    table.get_value("time")
    _refuse_both(table, "time", "times")
    expected = Phrase('up to {number} times of day, like ["07:30", "18:00"]', number=_MAX_TIMES)
    texts = table.read_texts("times")
    if not 1 <= len(texts) <= _MAX_TIMES:
        raise table.build_error("times", expected)
    return tuple(sorted({_parse_time(table, "times", text, expected) for text in texts}))


def _parse_time(table: ConfigTable, key: str, text: str, expected: Phrase) -> time:
    if not _TIME.fullmatch(text):
        raise table.build_error(key, expected)
    return time.fromisoformat(text)


def _refuse_both(table: ConfigTable, key: str, other_key: str) -> None:
    if key in table.values:
        raise ConfigError(
            Phrase(
                "{file}: {where} takes either {one} or {other}",
                file=table.file,
                where=table.where,
                one=key,
                other=other_key,
            )
        )


def _read_quiet_hours(table: ConfigTable) -> tuple[time, time] | None:
    """Return from when until when nothing is published that is only updates."""
    text = table.read_text("quiet_hours", "")
    if not text:
        return None
    expected = Phrase('a span of the day like "22:00-07:00"')
    first, _, last = text.partition("-")
    hours = (
        _parse_time(table, "quiet_hours", first.strip(), expected),
        _parse_time(table, "quiet_hours", last.strip(), expected),
    )
    if hours[0] == hours[1]:
        raise table.build_error("quiet_hours", expected)
    return hours


def read_zone(table: ConfigTable) -> ZoneInfo:
    name = table.read_text("zone", "Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        expected = Phrase('a time zone like "Asia/Shanghai" or "Europe/Berlin"')
        raise table.build_error("zone", suggest_name(name, available_timezones(), expected)) from error


def _read_weekdays(table: ConfigTable) -> frozenset[int]:
    table.get_value("weekly")
    if "weekly" in table.values:
        table.get_value("weekdays")
        _refuse_both(table, "weekdays", "weekly")
        return frozenset({_WEEKDAYS.index(table.read_choice("weekly", _WEEKDAYS))})
    names = table.read_texts("weekdays") if "weekdays" in table.values else _WEEKDAYS
    if not names or not set(names) <= set(_WEEKDAYS):
        expected = Phrase("some of: {names}", names=", ".join(_WEEKDAYS))
        wrong = next((name for name in names if name not in _WEEKDAYS), "")
        raise table.build_error("weekdays", suggest_name(wrong.lower(), _WEEKDAYS, expected))
    table.get_value("weekdays")
    return frozenset(map(_WEEKDAYS.index, names))


def _read_topics(table: ConfigTable) -> tuple[TopicTerm, ...]:
    try:
        return tuple(map(parse_term, table.read_texts("topics")))
    except ValueError as error:
        raise table.build_error(
            "topics",
            Phrase("words, +must, !not, /expressions/, source:NAME, section:NAME ({error})", error=error),
        ) from error


def _read_sections(table: ConfigTable) -> dict[str, int]:
    """Return section → maximum number of its stories, in the order of the digest."""
    value = table.get_value("sections")
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(type(most) is int and most >= 0 for most in value.values()):
        raise table.build_error(
            "sections",
            Phrase("sections in order, with the maximum of stories: { 要闻 = 5, 科技 = 3 }, 0 for no limit"),
        )
    return value


def _read_lateness(table: ConfigTable) -> int:
    text = table.read_text("lateness", "3h")
    match = _SPAN.fullmatch(text)
    minutes = int(match[1]) * (60 if match[2] == "h" else 1) if match else 0
    if not 1 <= minutes <= _MAX_LATENESS_MINUTES:
        raise table.build_error("lateness", Phrase('a span like "3h" or "45m", under a day'))
    return minutes
