"""[telegram]: what the operator decides about the Telegram channel."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.config.config_table import ConfigTable, is_web_address
from bot.models import Secret
from bot.phrases import Phrase
from bot.settings import ChannelSettings

_UNCERTAIN_CHOICES = ("hold", "resend")
_CLOSED_TOPIC_CHOICES = ("fail", "general")
_LISTEN_ADDRESS = re.compile(r"[\w.:\[\]-]+:\d{1,5}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # what Telegram takes, and not too short to guess
_MAX_IN_FLIGHT = 16  # Telegram takes 30 messages a second: enough for answers that take half a second


@dataclass(frozen=True, kw_only=True, slots=True)
class TelegramSettings(ChannelSettings):
    """`on_uncertain`: what to do with a message that may have arrived, "hold" or "resend"."""

    token: Secret = Secret("")
    proxy: Secret = Secret("")  # http(s) address of the proxy that leads to Telegram, where one is needed
    base_url: str = ""  # of a Bot API server of the operator's own, without "/bot"; "" means Telegram's
    on_closed_topic: str = "fail"  # or "general": the chat itself gets what its closed topic refuses
    on_uncertain: str = "hold"
    rich: bool = False  # Rich Messages, where the server takes them
    profile: int = 0  # the number of a user whose profile shows the channel; 0: nobody's does
    in_flight: int = 1  # messages in flight at once; a crash leaves at most this number uncertain
    operators: tuple[int, ...] = ()  # users who may use the operator's commands
    allow: tuple[int, ...] = ()  # users, and chats (below zero) whose members, may ask; (): everybody
    hourly_requests: int = 20  # of one user; 0: no limit
    daily_requests: int = 100
    keep_minutes: int = 0  # that what users send is kept in memory; 0: not at all
    webhook: str = ""  # https address that Telegram sends updates to; "": they are polled
    webhook_listen: str = "127.0.0.1:8443"  # where we take them
    webhook_secret: Secret = Secret("")

    @property
    def accepts_subscribers(self) -> bool:
        return bool(self.token)

    @property
    def webhook_path(self) -> str:
        return urlsplit(self.webhook).path.strip("/")

    @property
    def max_in_flight(self) -> int:
        return self.in_flight

    @property
    def resends_uncertain(self) -> bool:
        return self.on_uncertain == "resend"

    @property
    def has_general_topic(self) -> bool:
        return self.on_closed_topic == "general"


def read_settings(table: ConfigTable) -> TelegramSettings:
    base_url = table.read_text("base_url", "").rstrip("/")
    if base_url and not is_web_address(base_url):
        raise table.build_error("base_url", Phrase("the http(s) address of a Bot API server, without /bot"))
    proxy = table.read_text("proxy", "")
    if proxy and not is_web_address(proxy):
        raise table.build_error(
            "proxy",
            Phrase("the http(s) address of a proxy; one with a password goes into ZHAIBAO_TELEGRAM_PROXY"),
        )
    settings = TelegramSettings(
        token=table.read_secret("token", "ZHAIBAO_TELEGRAM_TOKEN"),
        proxy=table.find_secret("ZHAIBAO_TELEGRAM_PROXY") or Secret(proxy),
        base_url=base_url,
        on_uncertain=table.read_choice("on_uncertain", _UNCERTAIN_CHOICES, "hold"),
        on_closed_topic=table.read_choice("on_closed_topic", _CLOSED_TOPIC_CHOICES, "fail"),
        rich=table.read_flag("rich", False),
        profile=table.read_number("profile", 0, 1, 2**53),
        in_flight=table.read_number("in_flight", 1, 1, _MAX_IN_FLIGHT),
        operators=_read_numbers(table, "operators", table.get_value("operators")),
        allow=_read_numbers(table, "allow", table.get_value("allow")),
        hourly_requests=table.read_number("hourly_requests", 20, 0, 100_000),
        daily_requests=table.read_number("daily_requests", 100, 0, 100_000),
        keep_minutes=table.read_number("keep_minutes", 0, 0, 24 * 60),
        webhook=_read_webhook(table),
        webhook_listen=_read_listen_address(table),
        webhook_secret=table.read_secret("webhook_secret", "ZHAIBAO_TELEGRAM_WEBHOOK_SECRET"),
    )
    if settings.webhook and not _SECRET.fullmatch(settings.webhook_secret.reveal()):
        raise table.build_error(
            "webhook",
            Phrase(
                "a webhook with a secret: set ZHAIBAO_TELEGRAM_WEBHOOK_SECRET "
                "to 16 to 256 letters, digits, _ and -"
            ),
        )
    table.refuse_unknown_keys()
    return settings


def _read_numbers(table: ConfigTable, key: str, value: object) -> tuple[int, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(_is_number(item) for item in value):
        raise table.build_error(key, Phrase("numbers of users or chats: [123456789, -1001234567890]"))
    return tuple(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < abs(value) < 2**53


def _read_webhook(table: ConfigTable) -> str:
    url = table.read_text("webhook", "")
    if url and not (is_web_address(url) and url.startswith("https://") and urlsplit(url).path.strip("/")):
        raise table.build_error(
            "webhook", Phrase("an https address with a path, as in https://a.example/telegram")
        )
    return url


def _read_listen_address(table: ConfigTable) -> str:
    address = table.read_text("webhook_listen", "127.0.0.1:8443")
    if not _LISTEN_ADDRESS.fullmatch(address):
        raise table.build_error("webhook_listen", Phrase("a host and port, as in 127.0.0.1:8443"))
    return address
