"""A destination with its own topics → its own edition of the digest, called daily.alice.

[[destination]]
digest = "daily"
subscriber = "alice"
topics = ["急救", "!广告"]      # instead of the digest's
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.config.config_table import ConfigTable
from bot.errors import ConfigError
from bot.models import Destination, Digest, TopicTerm
from bot.phrases import Phrase
from bot.settings import AddressFile


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfiguredDestination:
    """A [[destination]] as it is written: its `digest`, and the `topics` of its `subscriber` ("": no own
    topics).
    """

    target: Destination | AddressFile  # its digest is the personal one if there is a subscriber
    digest: str
    subscriber: str = ""
    topics: tuple[TopicTerm, ...] = ()


def build_personal_name(digest: str, subscriber: str) -> str:
    """Return the name of a subscriber's personal digest; a name in the configuration contains no dot."""
    return f"{digest}.{subscriber}" if subscriber else digest


def check_subscriber_topics(table: ConfigTable, subscriber: str, topics: Sequence[TopicTerm]) -> None:
    """Raise ConfigError for topics without a subscriber, or a subscriber without topics."""
    if topics and not subscriber:
        raise ConfigError(
            Phrase(
                '{file}: {where} topics need the name of their subscriber: subscriber = "alice"',
                file=table.file,
                where=table.where,
            )
        )
    if subscriber and not topics:
        raise ConfigError(
            Phrase(
                "{file}: {where} subscriber = {subscriber!r} needs topics; set topics or remove subscriber",
                file=table.file,
                where=table.where,
                subscriber=subscriber,
            )
        )


def derive_personal_digests(
    file: Path, digests: Sequence[Digest], recipients: Sequence[ConfiguredDestination]
) -> tuple[Digest, ...]:
    """Return the personal digests: one for each subscriber of a digest.

    Raises ConfigError when a subscriber's topics differ between two destinations.
    """
    named = {digest.name: digest for digest in digests}
    first_by_digest: dict[str, ConfiguredDestination] = {}
    for recipient in recipients:
        if not recipient.subscriber or recipient.digest not in named:
            continue
        first = first_by_digest.setdefault(recipient.target.digest, recipient)
        if first.topics != recipient.topics:
            raise ConfigError(
                Phrase(
                    "{file}: [[destination]] subscriber '{subscriber}' of {digest} has different "
                    "topics in two "
                    "places; use the same topics, or another subscriber name in one of them",
                    file=file,
                    subscriber=recipient.subscriber,
                    digest=recipient.digest,
                )
            )
    return tuple(
        replace(named[recipient.digest], name=name, topics=recipient.topics)
        for name, recipient in first_by_digest.items()
    )
