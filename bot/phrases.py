"""Sentences for people that are written where something happens and translated where they are shown."""

from collections.abc import Mapping
from typing import Any

from bot.masking import mask_urls


class Phrase:
    """An English text with the values of its {placeholders}, and for a counted one its plural.

    `str()` gives the English sentence, for logs and the database; web addresses in it are masked. Whoever
    shows it translates it with a catalogue, which looks up `text` and translates values that are phrases
    or errors themselves. `make messages` collects the texts, so they are always literals.

    >>> str(Phrase("{path}: is empty", path="a.txt"))
    'a.txt: is empty'
    """

    __slots__ = ("number", "plural", "text", "values")

    def __init__(self, text: str, /, **values: Any) -> None:  # Any: whatever str.format can show
        self.text = text
        self.plural = ""
        self.number = 1
        self.values: Mapping[str, Any] = values

    def __str__(self) -> str:
        text = self.text if self.number == 1 else self.plural
        return mask_urls(text.format(**self.values)) if self.values else text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


class CountPhrase(Phrase):
    """A phrase about `n` things; {n} is filled in.

    >>> str(CountPhrase("{n} story", "{n} stories", 3))
    '3 stories'
    """

    __slots__ = ()

    def __init__(self, singular: str, plural: str, n: int, /, **values: Any) -> None:
        super().__init__(singular, n=n, **values)
        self.plural = plural
        self.number = n
