"""Plain text → its title and its paragraphs, with wrapped lines joined."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.text.folding import fold_odd_forms
from bot.text.unwrapping import TextParagraph, split_paragraphs

_MAX_TITLE_CELLS = 120  # a Chinese character counts as two
_NO_TITLE = re.compile(
    r"[。.；;：:，,、]$|^(?:[-*•·●■>|]|\d{1,3}[.、)]\s?\D|[（(][一二三四五六七八九十\d]+[）)])"
)
_SENTENCE_END = re.compile(r"[。！？!?.…][”’」』）)\"']*$")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainText:
    """A text as it is summarized. `title` is "" if the first paragraph is not a title."""

    title: str
    paragraphs: tuple[TextParagraph, ...]

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    def locate(self, positions: Sequence[int]) -> list[int]:
        """Return the positions in the original text of the characters at `positions` of `text`."""
        starts = list(accumulate((len(paragraph.text) + 1 for paragraph in self.paragraphs), initial=0))
        numbers = [bisect_right(starts, position) - 1 for position in positions]
        return [
            self.paragraphs[number].locate(position - starts[number])
            for number, position in zip(numbers, positions, strict=True)
        ]


def parse_plain_text(text: str, title: str = "") -> PlainText:
    """Return the text with one paragraph on each line.

    Without `title`, a first line that is a title becomes it.
    """
    paragraphs = split_paragraphs(fold_odd_forms(text))
    if title or not is_titled([paragraph.text for paragraph in paragraphs]):
        return PlainText(title=title, paragraphs=paragraphs)
    return PlainText(title=paragraphs[0].text, paragraphs=paragraphs[1:])


def is_titled(paragraphs: Sequence[str]) -> bool:
    """Return whether the first paragraph is the title of the others.

    >>> is_titled(["Library stays open", "The county library will stay open until ten."])
    True
    >>> is_titled(["hello"]), is_titled(["It rained.", "The road was closed for two days."])
    (False, False)
    """
    if len(paragraphs) < 2:
        return False
    title, *body = paragraphs
    if len(title) + len(_WIDE.findall(title)) > _MAX_TITLE_CELLS or _NO_TITLE.search(title):
        return False
    return any(len(text) > len(title) and _SENTENCE_END.search(text) for text in body)
