"""The values that come out: a Summary of Sentences, and why each was taken."""

from dataclasses import dataclass

Reason = tuple[str, float]  # what speaks for a sentence, by the name of a feature, and how much


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A slice of the text, text == source[start:end]: a sentence, or a run of its clauses.

    `score` is the sum of its `reasons`. Plain fields throughout: `dataclasses.asdict` and `Sentence(**row)`
    are inverse to each other, by way of JSON too.
    """

    text: str
    start: int
    end: int
    score: float
    paragraph: int = 0  # index among the "\n"-separated paragraphs, blank ones counted
    number: int = 0  # index among the sentences of the text, those that may not be quoted counted
    reasons: tuple[Reason, ...] = ()  # the strongest first
    cut_head: bool = False  # clauses of its sentence before this piece were left out
    cut_tail: bool = False  # … after it
    stands_for: tuple[
        tuple[int, int], ...
    ] = ()  # (start, end) of the sentences it speaks for, in reading order

    def __post_init__(self) -> None:
        pairs = tuple((int(start), int(end)) for start, end in self.stands_for)  # JSON knows lists only
        object.__setattr__(self, "stands_for", pairs)
        object.__setattr__(self, "reasons", tuple((str(name), float(value)) for name, value in self.reasons))


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Sentences in reading order. Empty where the text has none that may be quoted."""

    sentences: tuple[Sentence, ...] = ()
    language: str = ""  # as given or detected; "" is unknown
    joiner: str = ""  # what stands between two sentences when they are set one after another

    @property
    def display(self) -> str:
        """How it prints: one after another, … where clauses of a sentence were left out."""
        return "".join(_list_printed_parts(self.sentences, self.joiner))


def _list_printed_parts(sentences: tuple[Sentence, ...], joiner: str) -> list[str]:
    """Return the sentences and what stands between them, in printing order."""
    printed: list[str] = []
    for number, sentence in enumerate(sentences):
        before = sentences[number - 1] if number else None
        if before is not None and before.number == sentence.number:
            printed.append("…")
        elif before is not None:
            # one … is enough for what was left out on both sides
            after, ahead = ("…", "") if before.cut_tail else ("", "…" if sentence.cut_head else "")
            printed.append(after + joiner + ahead)
        elif sentence.cut_head:
            printed.append("…")
        printed.append(sentence.text)
    if sentences and sentences[-1].cut_tail:
        printed.append("…")
    return printed
