"""The operator's settings, which bot.config reads from zhaibao.toml and the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from bot.errors import UnknownName
from bot.models import Destination, Digest, SiteRule, Source
from bot.models import Secret as Secret  # exported for the code that reads secrets
from bot.phrases import Phrase

_S = TypeVar("_S", bound="ChannelSettings")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelSettings:
    """The settings of a channel; each channel has its own class, in its package."""

    def find_gap(self) -> Phrase | None:
        """Return what must be set before anything can be sent, and in which table; None if nothing is
        missing.
        """
        return None

    @property
    def max_in_flight(self) -> int | None:
        """How many parts are sent at the same time; None: as many as the channel's row says."""
        return None

    @property
    def resends_uncertain(self) -> bool:
        """Whether a part that may have arrived is sent again; otherwise it waits for the operator."""
        return False

    @property
    def has_general_topic(self) -> bool:
        """Whether a message that a closed topic refuses is sent to the chat itself."""
        return False

    @property
    def accepts_subscribers(self) -> bool:
        """Whether people whom the configuration does not name can be sent to."""
        return False

    @property
    def secrets(self) -> tuple[Secret, ...]:
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(value for value in values if isinstance(value, Secret))


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchSettings:
    contact: str = ""  # mail address or web page, shown in the User-Agent
    allow_private: frozenset[str] = frozenset()  # "host" or "host:port" that may be private
    every_minutes: int = 30
    deadline_minutes: int = 10  # the longest reading of one source; the next one continues


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmSettings:
    """Whom the service tells that something needs a hand, and the address it requests after each edition."""

    destinations: tuple[Destination, ...] = ()
    heartbeat: Secret = Secret("")

    @property
    def channels(self) -> frozenset[str]:
        return frozenset(destination.channel for destination in self.destinations)


@dataclass(frozen=True, kw_only=True, slots=True)
class OperationSettings:
    """Where metrics and health are served; port 0: nowhere."""

    host: str = "127.0.0.1"
    port: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSettings:
    """The table [web]."""

    listen: str = ""  # host:port of the pages; "": none are served
    address: str = ""  # where the public reaches them, without a slash at the end
    articles: str = "sentences"  # what a page shows of an article: sentences, whole, none
    trusted_proxies: frozenset[str] = frozenset()  # addresses whose X-Forwarded-For is believed

    @property
    def leave_url(self) -> str:
        """Where a subscriber's key is appended to unsubscribe; "" without public pages."""
        return f"{self.address}/u/" if self.listen and self.address else ""

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2] or 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressFile:
    """A [[destination]] with a file of addresses, one a line. The file is read again for each edition."""

    digest: str  # Digest.name
    channel: str
    file: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings. `file` is the file they were read from; all paths are absolute."""

    file: Path
    sources: tuple[Source, ...]
    digests: tuple[Digest, ...]
    destinations: tuple[Destination, ...] = ()
    address_files: tuple[AddressFile, ...] = ()
    channel_settings: Mapping[str, ChannelSettings] = field(default_factory=dict)  # by the channel's name
    fetch: FetchSettings = field(default_factory=FetchSettings)
    web: WebSettings = field(default_factory=WebSettings)
    rules: tuple[SiteRule, ...] = ()  # for the pages of sites, including links that users send
    themes: Path | None = None  # a folder of the operator's own themes
    alarms: AlarmSettings = field(default_factory=AlarmSettings)
    operation: OperationSettings = field(default_factory=OperationSettings)
    store_url: Secret = Secret("")
    keep_days: int = 365  # `zhaibao vacuum` deletes older articles; 0: never

    def find_digest(self, name: str) -> Digest:
        """Return the digest of that name. Raises UnknownName, which lists the names."""
        for digest in self.digests:
            if digest.name == name:
                return digest
        names = ", ".join(digest.name for digest in self.digests) or "none"
        raise UnknownName(
            Phrase(
                "no digest called '{name}' in {file}; known: {known}", name=name, file=self.file, known=names
            )
        )

    def get_channel_settings(self, kind: type[_S]) -> _S:
        """Return the settings of a channel by their class; the defaults if the configuration has none."""
        return next(
            (settings for settings in self.channel_settings.values() if isinstance(settings, kind)), kind()
        )

    def find_sources(self, digest: Digest) -> tuple[Source, ...]:
        """Return the sources of a digest, in the order of the configuration."""
        return tuple(source for source in self.sources if not digest.sources or source.name in digest.sources)

    @property
    def channels(self) -> frozenset[str]:
        """The names of the channels that have a destination, or may have subscribers."""
        named = [*(to.channel for to in self.destinations), *(file.channel for file in self.address_files)]
        return self._open_channels | frozenset(named)

    @property
    def _open_channels(self) -> frozenset[str]:
        settings = self.channel_settings.items()
        return frozenset(name for name, channel_settings in settings if channel_settings.accepts_subscribers)

    def find_channels(self, digest: str) -> list[str]:
        """Return the names of the channels on which the digest has destinations, or may have subscribers."""
        channels = {destination.channel for destination in self.find_destinations(digest)}
        channels |= {file.channel for file in self.find_address_files(digest)}
        return sorted(channels if "." in digest else channels | self._open_channels)

    def find_address_files(self, digest: str) -> tuple[AddressFile, ...]:
        return tuple(file for file in self.address_files if file.digest == digest)

    def find_destinations(self, digest: str) -> tuple[Destination, ...]:
        return tuple(destination for destination in self.destinations if destination.digest == digest)
