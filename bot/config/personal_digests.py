"""A destination that asks for topics of its own → an edition of its own of the same digest, called daily.alice.

[[destination]]
digest = "daily"
reader = "alice"
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
    """A [[destination]] as it is written: of `digest`, with the `topics` of its `reader` ("" has none of his own)."""

    target: Destination | AddressFile  # its digest is the reader's own, where there is one
    digest: str
    subscriber: str = ""
    topics: tuple[TopicTerm, ...] = ()


def build_personal_name(digest: str, reader: str) -> str:
    """The name of a reader's edition; a name from the file holds no dot."""
    return f"{digest}.{reader}" if reader else digest


def check_subscriber_topics(table: ConfigTable, reader: str, topics: Sequence[TopicTerm]) -> None:
    """Raise ConfigError for topics without a reader, or a reader without topics."""
    if topics and not reader:
        raise ConfigError(
            Phrase(
                '{file}: {where} topics need a name for who asks: reader = "alice"', file=table.file, where=table.where
            )
        )
    if reader and not topics:
        raise ConfigError(
            Phrase(
                "{file}: {where} reader = {reader!r} needs topics; without any leave both out",
                file=table.file,
                where=table.where,
                reader=reader,
            )
        )


def derive_personal_digests(
    file: Path, digests: Sequence[Digest], recipients: Sequence[ConfiguredDestination]
) -> tuple[Digest, ...]:
    """The digests that readers get of their own, one a reader and digest. Raises ConfigError when his topics differ."""
    named = {digest.name: digest for digest in digests}
    asked: dict[str, ConfiguredDestination] = {}
    for one in recipients:
        if not one.subscriber or one.digest not in named:
            continue
        first = asked.setdefault(one.target.digest, one)
        if first.topics != one.topics:
            raise ConfigError(
                Phrase(
                    "{file}: [[destination]] reader '{subscriber}' of {digest} asks for different "
                    "topics in two places; write the same ones, or give the second another reader's "
                    "name",
                    file=file,
                    subscriber=one.subscriber,
                    digest=one.digest,
                )
            )
    return tuple(replace(named[one.digest], name=name, topics=one.topics) for name, one in asked.items())
