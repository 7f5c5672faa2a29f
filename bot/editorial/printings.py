"""What an edition printed, in short: enough to know later what a subscriber has read.

The stored text has a line for each story with the keys of its articles. Lines that begin with "+" stand for
the stories that the edition named without printing them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.models import Article, Edition, PrintedStory, StoryReference

_KEY_LENGTH = 16  # hexadecimal digits of a SHA-256
_NAMED = "+"


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionIndex:
    """The stories of an edition by the keys of their articles, and the keys of those that it named."""

    name: str
    numbers: Mapping[str, int]
    named: frozenset[str]

    @property
    def day(self) -> date:
        return PrintedStory(edition=self.name, number=0).day


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingHistory:
    """What was printed for somebody: the indexes of the editions, oldest first."""

    editions: tuple[EditionIndex, ...] = ()

    def find_printings(self, key: str) -> tuple[PrintedStory, ...]:
        """Return the stories that printed the article of that key."""
        return tuple(
            PrintedStory(edition=edition.name, number=edition.numbers[key])
            for edition in self.editions
            if key in edition.numbers
        )

    def was_named(self, reference: StoryReference) -> bool:
        """Return whether the last edition named the story; older ones do not matter."""
        return bool(self.editions) and _build_reference_key(reference) in self.editions[-1].named


def build_article_key(article: Article) -> str:
    return article.fingerprint[:_KEY_LENGTH]


@lru_cache(maxsize=20_000)
def _build_reference_key(reference: StoryReference) -> str:
    text = f"{reference.title}\n{reference.url}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]


def write_index(edition: Edition) -> str:
    """Return the stored text."""
    lines = [
        " ".join(dict.fromkeys(map(build_article_key, (story.article, *story.others))))
        for story in edition.stories
    ]
    return "\n".join([*lines, *(_NAMED + _build_reference_key(reference) for reference in edition.more)])


def parse_index(name: str, text: str) -> EditionIndex:
    """Parse a stored text."""
    lines: Sequence[str] = text.splitlines()
    stories = [line for line in lines if not line.startswith(_NAMED)]
    return EditionIndex(
        name=name,
        numbers={key: number for number, line in enumerate(stories, 1) for key in line.split()},
        named=frozenset(line.removeprefix(_NAMED) for line in lines if line.startswith(_NAMED)),
    )
