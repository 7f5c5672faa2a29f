"""Each table of zhaibao.toml → its value."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.config.config_table import ConfigTable, suggest_name
from bot.config.personal_digests import ConfiguredDestination, build_personal_name, check_subscriber_topics
from bot.editorial.topics import parse_term
from bot.errors import ConfigError
from bot.locales import LANGUAGES, match_language
from bot.models import Destination, Digest, TopicTerm
from bot.settings import AddressFile, ArchiveSettings, FetchSettings, MailSettings, Secret, TelegramSettings
from bot.subscribers.address_file import is_mailbox

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_CHAT = re.compile(r"-?\d{1,15}|@[A-Za-z][A-Za-z0-9_]{3,31}")
_SPAN = re.compile(r"(\d{1,4})\s*(h|m|min)")
TLS = ("starttls", "implicit", "none")
_UNCERTAIN_CHOICES = ("hold", "resend")
_CLOSED_TOPIC_CHOICES = ("fail", "general")
_MAX_IN_FLIGHT = 16  # Telegram takes 30 messages a second: enough for answers that take half a second
_MAX_LATENESS_MINUTES = 23 * 60  # a slot must close before the next day's opens


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRows:
    """The rows of the tables a configuration may name."""

    kinds: Collection[str]
    local_kinds: Collection[str]  # those read from a path alone
    issue_kinds: Collection[str]  # those that come out day by day, page by page
    channels: Collection[str]
    themes: Collection[str]
    languages: Collection[str]


def read_digest(table: ConfigTable, known: TableRows) -> Digest:
    name = read_name(table)
    result = Digest(
        name=name,
        title=table.read_text("title", name),
        language=_read_language(table),
        sources=table.read_texts("sources"),
        at=_read_time(table),
        zone=read_zone(table),
        weekdays=_read_weekdays(table),
        max_stories=table.read_number("max_stories", 12, 1, 100),
        max_characters=table.read_number("max_characters", 120, 20, 2000),
        printed_days=table.read_number("printed_days", 7, 1, 365),
        max_age_days=table.read_number("max_age_days", 7, 0, 36_500),
        theme=table.read_choice("theme", known.themes, "plain"),
        lateness_minutes=_read_lateness(table),
        topics=_read_topics(table),
        sections=_read_sections(table),
    )
    table.refuse_unknown_keys()
    return result


def read_destination(
    table: ConfigTable, folder: Path, known: TableRows, archive: ArchiveSettings
) -> ConfiguredDestination:
    channel = table.read_choice("channel", known.channels)
    topic = table.read_number("topic", 0, 1, 2**53) or None
    of, own = table.read_text("digest"), _read_topics(table)
    reader = read_name(table, "reader") if "reader" in table.values else ""
    check_subscriber_topics(table, reader, own)
    whom: Destination | AddressFile
    if channel == "mail" and "recipients" in table.values:
        whom = AddressFile(
            digest=build_personal_name(of, reader), channel=channel, file=_read_address_file(table, folder)
        )
    else:
        whom = Destination(
            digest=build_personal_name(of, reader),
            channel=channel,
            address=_read_address(table, channel, archive),
            topic=topic,
        )
    if topic is not None and channel != "telegram":
        raise table.build_error("topic", "nothing here: only telegram has topics")
    table.refuse_unknown_keys()
    return ConfiguredDestination(target=whom, digest=of, subscriber=reader, topics=own)


def _read_address_file(table: ConfigTable, folder: Path) -> Path:
    file = resolve_path(table.read_text("recipients"), folder)
    if not file.is_file():
        raise table.build_error("recipients", "an existing file of mail addresses, one a line")
    if "address" in table.values:
        raise ConfigError(f"{table.file}: {table.where} takes either address or recipients")
    return file


def _read_address(table: ConfigTable, channel: str, archive: ArchiveSettings) -> str:
    key = "chat" if channel == "telegram" else "address"
    if channel == "telegram":
        value = table.get_value(key)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else table.read_text(key)
        if not _CHAT.fullmatch(text):
            raise table.build_error(key, "a chat's number (-1001234567890) or a channel's @name")
        return text
    if channel == "archive":
        if archive.folder is None:
            raise ConfigError(f"{table.file}: {table.where} channel archive needs [archive] folder")
        return str(archive.folder)
    text = table.read_text(key)
    if not is_mailbox(text):
        raise table.build_error(key, "a mail address like reader@example.org")
    return text


def read_telegram_settings(table: ConfigTable, environ: Mapping[str, str]) -> TelegramSettings:
    base_url = table.read_text("base_url", "").rstrip("/")
    if base_url and not is_web_address(base_url):
        raise table.build_error("base_url", "the http(s) address of a Bot API server, without /bot")
    proxy = table.read_text("proxy", "")
    if proxy and not is_web_address(proxy):
        raise table.build_error(
            "proxy", "the http(s) address of a proxy; one with a password goes into ZHAIBAO_TELEGRAM_PROXY"
        )
    result = TelegramSettings(
        token=read_secret("ZHAIBAO_TELEGRAM_TOKEN", environ),
        proxy=Secret(read_secret("ZHAIBAO_TELEGRAM_PROXY", environ).reveal() or proxy),
        base_url=base_url,
        on_uncertain=table.read_choice("on_uncertain", _UNCERTAIN_CHOICES, "hold"),
        on_closed_topic=table.read_choice("on_closed_topic", _CLOSED_TOPIC_CHOICES, "fail"),
        rich=table.read_flag("rich", False),
        in_flight=table.read_number("in_flight", 1, 1, _MAX_IN_FLIGHT),
    )
    table.refuse_unknown_keys()
    return result


def read_mail_settings(table: ConfigTable, environ: Mapping[str, str]) -> MailSettings:
    result = MailSettings(
        host=table.read_text("host", ""),
        port=table.read_number("port", 587, 1, 65_535),
        tls=table.read_choice("tls", TLS, "starttls"),
        user=table.read_text("user", ""),
        password=read_secret("ZHAIBAO_MAIL_PASSWORD", environ),
        sender=table.read_text("from", ""),
        connections=table.read_number("connections", 8, 1, 64),
        per_domain=_read_per_domain(table),
        unsubscribe=table.read_text("unsubscribe", ""),
    )
    for key, value in (("from", result.sender), ("unsubscribe", result.unsubscribe)):
        if value and not (value.isprintable() and is_mailbox(parseaddr(value)[1])):
            raise table.build_error(key, "a mail address, with or without a name: 摘报 <digest@example.org>")
    table.refuse_unknown_keys()
    return result


def _read_per_domain(table: ConfigTable) -> tuple[tuple[str, int], ...]:
    value = table.get_value("per_domain")
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(type(most) is int and 0 <= most <= 100_000 for most in value.values()):
        raise table.build_error(
            "per_domain",
            'mails a minute to readers of a domain: { "qq.com" = 60, "*" = 0 }, * for any other, 0 for no limit',
        )
    return tuple((name.lower(), most) for name, most in value.items())


def read_store_url(table: ConfigTable, folder: Path, environ: Mapping[str, str]) -> Secret:
    """The database's URL; SQLite paths are relative to the configuration, as all paths are."""
    named = table.read_text("url", "sqlite:///zhaibao.sqlite")
    url = read_secret("ZHAIBAO_STORE_URL", environ).reveal() or named
    if url.startswith("sqlite:///") and url != "sqlite:///":
        return Secret(f"sqlite:///{resolve_path(url.removeprefix('sqlite:///'), folder)}")
    if url.startswith(("postgresql://", "postgresql+psycopg://")):
        return Secret(url.replace("postgresql://", "postgresql+psycopg://", 1))
    # what was given is not shown: it may hold a password
    raise ConfigError(
        f"{table.file}: [store] url or ZHAIBAO_STORE_URL takes sqlite:///FILE or postgresql://USER@HOST/DATABASE"
    )


def read_keep_days(table: ConfigTable) -> int:
    days = table.read_number("keep_days", 365, 0, 36_500)
    table.refuse_unknown_keys()
    return days


def read_archive_settings(table: ConfigTable, folder: Path) -> ArchiveSettings:
    place, public_url = table.read_text("folder", ""), table.read_text("public_url", "").rstrip("/")
    if public_url and not is_web_address(public_url):
        raise table.build_error("public_url", "the http(s) address the folder is served at")
    table.refuse_unknown_keys()
    return ArchiveSettings(folder=resolve_path(place, folder) if place else None, public_url=public_url)


def read_themes_folder(table: ConfigTable, folder: Path) -> Path | None:
    place = table.read_text("folder", "")
    if place and not resolve_path(place, folder).is_dir():
        raise table.build_error("folder", "an existing folder, with a folder of templates for each theme in it")
    table.refuse_unknown_keys()
    return resolve_path(place, folder) if place else None


def read_fetch_settings(table: ConfigTable) -> FetchSettings:
    contact = table.read_text("contact", "")
    if not (contact.isascii() and contact.isprintable()):
        raise table.build_error("contact", "an address or page in plain ASCII: it stands in a header")
    result = FetchSettings(
        contact=contact,
        allow_private=frozenset(table.read_texts("allow_private")),
        every_minutes=table.read_number("every_minutes", 30, 1, 1440),
    )
    table.refuse_unknown_keys()
    return result


def read_name(table: ConfigTable, key: str = "name") -> str:
    name = table.read_text(key, expected="a short name: letters, digits, - and _")
    if not _NAME.fullmatch(name):
        raise table.build_error(key, "a short name: letters, digits, - and _")
    return name


def _read_language(table: ConfigTable) -> str:
    """Return the interface language that the digest's tag means: `zh-TW` is zh-Hant."""
    expected = f"one of: {', '.join(LANGUAGES)}"
    written = table.read_text("language", "zh", expected=expected)
    tag = match_language(written)
    if tag is None:
        raise table.build_error("language", expected + suggest_name(written, LANGUAGES))
    return tag


def _read_time(table: ConfigTable) -> time:
    text = table.read_text("time", "08:00")
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise table.build_error("time", 'a time of day like "08:00"')
    return time.fromisoformat(text)


def read_zone(table: ConfigTable) -> ZoneInfo:
    name = table.read_text("zone", "Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise table.build_error("zone", 'a time zone like "Asia/Shanghai" or "Europe/Berlin"') from error


def _read_weekdays(table: ConfigTable) -> frozenset[int]:
    names = table.read_texts("weekdays") if "weekdays" in table.values else _WEEKDAYS
    if not names or not set(names) <= set(_WEEKDAYS):
        raise table.build_error("weekdays", f"some of: {', '.join(_WEEKDAYS)}")
    table.get_value("weekdays")
    return frozenset(map(_WEEKDAYS.index, names))


def _read_topics(table: ConfigTable) -> tuple[TopicTerm, ...]:
    try:
        return tuple(map(parse_term, table.read_texts("topics")))
    except ValueError as error:
        raise table.build_error(
            "topics", f"words, +must, !not, /expressions/, source:NAME, section:NAME ({error})"
        ) from error


def _read_sections(table: ConfigTable) -> dict[str, int]:
    """Section → how many stories of it at most, in the order they are to stand."""
    value = table.get_value("sections")
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(type(most) is int and most >= 0 for most in value.values()):
        raise table.build_error(
            "sections", "sections in order and how many of each at most: { 要闻 = 5, 科技 = 3 }, 0 for no limit"
        )
    return value


def _read_lateness(table: ConfigTable) -> int:
    text = table.read_text("lateness", "3h")
    match = _SPAN.fullmatch(text)
    minutes = int(match[1]) * (60 if match[2] == "h" else 1) if match else 0
    if not 1 <= minutes <= _MAX_LATENESS_MINUTES:
        raise table.build_error("lateness", 'a span like "3h" or "45m", under a day')
    return minutes


def read_secret(name: str, environ: Mapping[str, str]) -> Secret:
    """The secret itself, or what stands in the file that NAME_FILE names."""
    if value := environ.get(name, "").strip():
        return Secret(value)
    if not (file := environ.get(f"{name}_FILE", "").strip()):
        return Secret("")
    try:
        value = Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{name}_FILE = {file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        # its words show bytes of the secret
        raise ConfigError(f"{name}_FILE = {file}: is not text in UTF-8") from None
    if not value:
        raise ConfigError(f"{name}_FILE = {file}: is empty")
    return Secret(value)


def resolve_path(path: str, folder: Path) -> Path:
    return (folder / Path(path).expanduser()).resolve()


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
