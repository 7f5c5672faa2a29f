"""[mail]: what the operator decides about mail."""

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import quote

from bot.config.config_table import ConfigTable
from bot.models import Secret
from bot.phrases import Phrase
from bot.settings import ChannelSettings
from bot.subscribers.address_file import is_mailbox

_TLS = ("starttls", "implicit", "none")
_MAX_PER_MINUTE = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSettings(ChannelSettings):
    """`tls` is "starttls", "implicit" or "none"; `per_domain` pairs a domain, or "*", with mails a minute."""

    host: str = ""
    port: int = 587
    tls: str = "starttls"
    user: str = ""
    password: Secret = Secret("")
    sender: str = ""  # From:, with or without a name
    connections: int = 8  # to the server at once, at most
    per_domain: tuple[tuple[str, int], ...] = ()
    unsubscribe: str = ""  # mailbox that unsubscribe requests go to; "" means the sender

    @property
    def max_in_flight(self) -> int:
        """Two for each connection: while one mail is recorded, the next one is announced."""
        return 2 * self.connections

    def find_gap(self) -> Phrase | None:
        return None if self.host and self.sender else Phrase("mail needs [mail] host and from")

    @property
    def accepts_subscribers(self) -> bool:
        return self.find_gap() is None

    def build_unsubscribe_url(self, digest: str) -> str:
        """Return a mailto that says which digest is no longer wanted; "" where no mail is sent."""
        mailbox = parseaddr(self.unsubscribe or self.sender)[1]
        return f"mailto:{quote(mailbox, safe='@+')}?subject=unsubscribe%20{digest}" if mailbox else ""


def read_settings(table: ConfigTable) -> MailSettings:
    settings = MailSettings(
        host=table.read_text("host", ""),
        port=table.read_number("port", 587, 1, 65_535),
        tls=table.read_choice("tls", _TLS, "starttls"),
        user=table.read_text("user", ""),
        password=table.read_secret("password", "ZHAIBAO_MAIL_PASSWORD"),
        sender=table.read_text("from", ""),
        connections=table.read_number("connections", 8, 1, 64),
        per_domain=_read_per_domain(table),
        unsubscribe=table.read_text("unsubscribe", ""),
    )
    for key, value in (("from", settings.sender), ("unsubscribe", settings.unsubscribe)):
        if value and not (value.isprintable() and is_mailbox(parseaddr(value)[1])):
            raise table.build_error(
                key, Phrase("a mail address, with or without a name: 摘报 <digest@example.org>")
            )
    table.refuse_unknown_keys()
    return settings


def _read_per_domain(table: ConfigTable) -> tuple[tuple[str, int], ...]:
    value = table.get_value("per_domain")
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(
        type(limit) is int and 0 <= limit <= _MAX_PER_MINUTE for limit in value.values()
    ):
        raise table.build_error(
            "per_domain",
            Phrase(
                'mails a minute to subscribers of a domain: { "qq.com" = 60, "*" = 0 }, * for any '
                "other, 0 for no limit"
            ),
        )
    return tuple((domain.lower(), limit) for domain, limit in value.items())
