"""What the operator decided: zhaibao.toml and the environment, read by config, used by everyone."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote

from bot.errors import UnknownName
from bot.models import Destination, Digest, SiteRule, Source
from bot.models import Secret as Secret  # what reads secrets finds it here


@dataclass(frozen=True, kw_only=True, slots=True)
class TelegramSettings:
    token: Secret = Secret("")
    proxy: Secret = Secret("")  # http(s) address of the proxy that leads to Telegram, where one is needed
    base_url: str = ""  # of a Bot API server of one's own, without "/bot"; "" means Telegram's
    on_closed_topic: str = "fail"  # or "general": the chat itself gets what its closed topic refuses
    on_uncertain: str = "hold"  # or "resend": what to do with a message that may have arrived
    rich: bool = False  # Rich Messages, where the server takes them
    in_flight: int = 1  # messages on their way at once; a crash leaves at most as many in doubt


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSettings:
    host: str = ""
    port: int = 587
    tls: str = "starttls"  # or "implicit", "none"
    user: str = ""
    password: Secret = Secret("")
    sender: str = ""  # From:, with or without a name
    connections: int = 8  # to the server at once
    per_domain: tuple[tuple[str, int], ...] = ()  # domain, mails a minute to its readers; "*": to any other's
    unsubscribe: str = ""  # mailbox that unsubscribe requests go to; "" means the sender

    def build_unsubscribe_url(self, digest: str) -> str:
        """A mailto that says which digest is no longer wanted; "" where no mail is sent."""
        mailbox = parseaddr(self.unsubscribe or self.sender)[1]
        return f"mailto:{quote(mailbox, safe='@+')}?subject=unsubscribe%20{digest}" if mailbox else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveSettings:
    folder: Path | None = None
    public_url: str = ""  # where the folder is served, without a trailing slash


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchSettings:
    contact: str = ""  # address or page in the User-Agent
    allow_private: frozenset[str] = frozenset()  # "host" or "host:port" that may be private
    every_minutes: int = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressFile:
    """A [[destination]] that names a file of readers, one a line (see recipients.py); read anew for each edition."""

    digest: str  # Digest.name
    channel: str
    file: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything one `zhaibao` needs to know. `file` is where it was read from; paths in it are absolute."""

    file: Path
    sources: tuple[Source, ...]
    digests: tuple[Digest, ...]
    destinations: tuple[Destination, ...] = ()
    address_files: tuple[AddressFile, ...] = ()
    telegram: TelegramSettings = field(default_factory=TelegramSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    rules: tuple[SiteRule, ...] = ()  # for the pages of sites, those of links that readers send too
    themes: Path | None = None  # a folder of the operator's own themes
    store_url: Secret = Secret("")
    keep_days: int = 365  # articles older than this are let go by `zhaibao vacuum`; 0: never

    def find_digest(self, name: str) -> Digest:
        """Return the digest of that name. Raises UnknownName, which lists those there are."""
        for digest in self.digests:
            if digest.name == name:
                return digest
        known = ", ".join(digest.name for digest in self.digests) or "none"
        raise UnknownName(f"no digest called '{name}' in {self.file}; known: {known}")

    def find_sources(self, digest: Digest) -> tuple[Source, ...]:
        """The sources a digest draws on, in the order of the configuration."""
        return tuple(source for source in self.sources if not digest.sources or source.name in digest.sources)

    @property
    def channels(self) -> frozenset[str]:
        """The names of those that have anybody to send to."""
        return frozenset([*(one.channel for one in self.destinations), *(one.channel for one in self.address_files)])

    def find_channels(self, digest: str) -> list[str]:
        """The names of those that have anybody to send the digest to, in their order."""
        channels = {destination.channel for destination in self.find_destinations(digest)}
        return sorted(channels | {readers.channel for readers in self.find_address_files(digest)})

    def find_address_files(self, digest: str) -> tuple[AddressFile, ...]:
        return tuple(readers for readers in self.address_files if readers.digest == digest)

    def find_destinations(self, digest: str) -> tuple[Destination, ...]:
        return tuple(destination for destination in self.destinations if destination.digest == digest)
