"""Each table of zhaibao.toml → its value."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.config.readers import Recipient, agree_reader, own_name
from bot.config.table import Table
from bot.errors import ConfigError
from bot.models import Destination, Digest, Term
from bot.recipients import is_mailbox
from bot.settings import ArchiveSettings, FetchSettings, MailSettings, Readers, Secret, TelegramSettings
from bot.topics import parsed

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
CHAT = re.compile(r"-?\d{1,15}|@[A-Za-z][A-Za-z0-9_]{3,31}")
SPAN = re.compile(r"(\d{1,4})\s*(h|m|min)")
TLS = ("starttls", "implicit", "none")
UNCERTAIN = ("hold", "resend")
CLOSED_TOPIC = ("fail", "general")
MOST_IN_FLIGHT = 16  # Telegram takes 30 messages a second: enough for answers that take half a second
MAX_LATENESS_MINUTES = 23 * 60  # a slot must close before the next day's opens


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The rows of the tables a configuration may name."""

    kinds: Collection[str]
    local_kinds: Collection[str]  # those read from a path alone
    issue_kinds: Collection[str]  # those that come out day by day, page by page
    channels: Collection[str]
    themes: Collection[str]
    languages: Collection[str]


def digest(table: Table, known: Known) -> Digest:
    name = named(table)
    result = Digest(
        name=name,
        title=table.text("title", name),
        language=table.choice("language", known.languages, "zh"),
        sources=table.texts("sources"),
        at=wall_time(table),
        zone=zone(table),
        weekdays=weekdays(table),
        max_stories=table.number("max_stories", 12, 1, 100),
        max_characters=table.number("max_characters", 120, 20, 2000),
        told_days=table.number("told_days", 7, 1, 365),
        max_age_days=table.number("max_age_days", 7, 0, 36_500),
        theme=table.choice("theme", known.themes, "plain"),
        lateness_minutes=lateness(table),
        topics=topics(table),
        sections=sections(table),
    )
    table.finish()
    return result


def recipient(table: Table, folder: Path, known: Known, archive: ArchiveSettings) -> Recipient:
    channel = table.choice("channel", known.channels)
    topic = table.number("topic", 0, 1, 2**53) or None
    of, own = table.text("digest"), topics(table)
    reader = named(table, "reader") if "reader" in table.values else ""
    agree_reader(table, reader, own)
    whom: Destination | Readers
    if channel == "mail" and "recipients" in table.values:
        whom = Readers(digest=own_name(of, reader), channel=channel, file=readers_file(table, folder))
    else:
        whom = Destination(
            digest=own_name(of, reader), channel=channel, address=address(table, channel, archive), topic=topic
        )
    if topic is not None and channel != "telegram":
        raise table.wrong("topic", "nothing here: only telegram has topics")
    table.finish()
    return Recipient(whom=whom, digest=of, reader=reader, topics=own)


def readers_file(table: Table, folder: Path) -> Path:
    file = resolved(table.text("recipients"), folder)
    if not file.is_file():
        raise table.wrong("recipients", "an existing file of mail addresses, one a line")
    if "address" in table.values:
        raise ConfigError(f"{table.file}: {table.where} takes either address or recipients")
    return file


def address(table: Table, channel: str, archive: ArchiveSettings) -> str:
    key = "chat" if channel == "telegram" else "address"
    if channel == "telegram":
        value = table.get(key)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else table.text(key)
        if not CHAT.fullmatch(text):
            raise table.wrong(key, "a chat's number (-1001234567890) or a channel's @name")
        return text
    if channel == "archive":
        if archive.folder is None:
            raise ConfigError(f"{table.file}: {table.where} channel archive needs [archive] folder")
        return str(archive.folder)
    text = table.text(key)
    if not is_mailbox(text):
        raise table.wrong(key, "a mail address like reader@example.org")
    return text


def telegram(table: Table, environ: Mapping[str, str]) -> TelegramSettings:
    base_url = table.text("base_url", "").rstrip("/")
    if base_url and not is_web(base_url):
        raise table.wrong("base_url", "the http(s) address of a Bot API server, without /bot")
    proxy = table.text("proxy", "")
    if proxy and not is_web(proxy):
        raise table.wrong(
            "proxy", "the http(s) address of a proxy; one with a password goes into ZHAIBAO_TELEGRAM_PROXY"
        )
    result = TelegramSettings(
        token=secret("ZHAIBAO_TELEGRAM_TOKEN", environ),
        proxy=Secret(secret("ZHAIBAO_TELEGRAM_PROXY", environ).reveal() or proxy),
        base_url=base_url,
        on_uncertain=table.choice("on_uncertain", UNCERTAIN, "hold"),
        on_closed_topic=table.choice("on_closed_topic", CLOSED_TOPIC, "fail"),
        rich=table.truth("rich", False),
        in_flight=table.number("in_flight", 1, 1, MOST_IN_FLIGHT),
    )
    table.finish()
    return result


def mail(table: Table, environ: Mapping[str, str]) -> MailSettings:
    result = MailSettings(
        host=table.text("host", ""),
        port=table.number("port", 587, 1, 65_535),
        tls=table.choice("tls", TLS, "starttls"),
        user=table.text("user", ""),
        password=secret("ZHAIBAO_MAIL_PASSWORD", environ),
        sender=table.text("from", ""),
        connections=table.number("connections", 8, 1, 64),
        per_domain=per_domain(table),
        unsubscribe=table.text("unsubscribe", ""),
    )
    for key, value in (("from", result.sender), ("unsubscribe", result.unsubscribe)):
        if value and not (value.isprintable() and is_mailbox(parseaddr(value)[1])):
            raise table.wrong(key, "a mail address, with or without a name: 摘报 <digest@example.org>")
    table.finish()
    return result


def per_domain(table: Table) -> tuple[tuple[str, int], ...]:
    value = table.get("per_domain")
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(type(most) is int and 0 <= most <= 100_000 for most in value.values()):
        raise table.wrong(
            "per_domain",
            'mails a minute to readers of a domain: { "qq.com" = 60, "*" = 0 }, * for any other, 0 for no limit',
        )
    return tuple((name.lower(), most) for name, most in value.items())


def store(table: Table, folder: Path, environ: Mapping[str, str]) -> Secret:
    """The database's URL; SQLite paths are relative to the configuration, as all paths are."""
    named = table.text("url", "sqlite:///zhaibao.sqlite")
    url = secret("ZHAIBAO_STORE_URL", environ).reveal() or named
    if url.startswith("sqlite:///") and url != "sqlite:///":
        return Secret(f"sqlite:///{resolved(url.removeprefix('sqlite:///'), folder)}")
    if url.startswith(("postgresql://", "postgresql+psycopg://")):
        return Secret(url.replace("postgresql://", "postgresql+psycopg://", 1))
    # what was given is not shown: it may hold a password
    raise ConfigError(
        f"{table.file}: [store] url or ZHAIBAO_STORE_URL takes sqlite:///FILE or postgresql://USER@HOST/DATABASE"
    )


def keep_days(table: Table) -> int:
    days = table.number("keep_days", 365, 0, 36_500)
    table.finish()
    return days


def archive(table: Table, folder: Path) -> ArchiveSettings:
    place, public_url = table.text("folder", ""), table.text("public_url", "").rstrip("/")
    if public_url and not is_web(public_url):
        raise table.wrong("public_url", "the http(s) address the folder is served at")
    table.finish()
    return ArchiveSettings(folder=resolved(place, folder) if place else None, public_url=public_url)


def themes(table: Table, folder: Path) -> Path | None:
    place = table.text("folder", "")
    if place and not resolved(place, folder).is_dir():
        raise table.wrong("folder", "an existing folder, with a folder of templates for each theme in it")
    table.finish()
    return resolved(place, folder) if place else None


def fetch(table: Table) -> FetchSettings:
    contact = table.text("contact", "")
    if not (contact.isascii() and contact.isprintable()):
        raise table.wrong("contact", "an address or page in plain ASCII: it stands in a header")
    result = FetchSettings(
        contact=contact,
        allow_private=frozenset(table.texts("allow_private")),
        every_minutes=table.number("every_minutes", 30, 1, 1440),
    )
    table.finish()
    return result


def named(table: Table, key: str = "name") -> str:
    name = table.text(key, expected="a short name: letters, digits, - and _")
    if not NAME.fullmatch(name):
        raise table.wrong(key, "a short name: letters, digits, - and _")
    return name


def wall_time(table: Table) -> time:
    text = table.text("time", "08:00")
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise table.wrong("time", 'a time of day like "08:00"')
    return time.fromisoformat(text)


def zone(table: Table) -> ZoneInfo:
    name = table.text("zone", "Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise table.wrong("zone", 'a time zone like "Asia/Shanghai" or "Europe/Berlin"') from error


def weekdays(table: Table) -> frozenset[int]:
    names = table.texts("weekdays") if "weekdays" in table.values else WEEKDAYS
    if not names or not set(names) <= set(WEEKDAYS):
        raise table.wrong("weekdays", f"some of: {', '.join(WEEKDAYS)}")
    table.get("weekdays")
    return frozenset(map(WEEKDAYS.index, names))


def topics(table: Table) -> tuple[Term, ...]:
    try:
        return tuple(map(parsed, table.texts("topics")))
    except ValueError as error:
        raise table.wrong(
            "topics", f"words, +must, !not, /expressions/, source:NAME, section:NAME ({error})"
        ) from error


def sections(table: Table) -> dict[str, int]:
    """Section → how many stories of it at most, in the order they are to stand."""
    value = table.get("sections")
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(type(most) is int and most >= 0 for most in value.values()):
        raise table.wrong(
            "sections", "sections in order and how many of each at most: { 要闻 = 5, 科技 = 3 }, 0 for no limit"
        )
    return value


def lateness(table: Table) -> int:
    text = table.text("lateness", "3h")
    match = SPAN.fullmatch(text)
    minutes = int(match[1]) * (60 if match[2] == "h" else 1) if match else 0
    if not 1 <= minutes <= MAX_LATENESS_MINUTES:
        raise table.wrong("lateness", 'a span like "3h" or "45m", under a day')
    return minutes


def secret(name: str, environ: Mapping[str, str]) -> Secret:
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


def resolved(path: str, folder: Path) -> Path:
    return (folder / Path(path).expanduser()).resolve()


def is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
