"""The result values: a Summary of Sentences with the reasons for each."""

from dataclasses import dataclass

Reason = tuple[str, float]  # the name of a feature in favour of a sentence, and its value


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A slice of the text, text == source[start:end]: a sentence, or a run of its clauses.

    `score` is the sum of its `reasons`. All fields are plain, so that `dataclasses.asdict` and
    `Sentence(**row)` are inverse to each other, also through JSON.
    """

    text: str
    start: int
    end: int
    score: float
    paragraph: int = 0  # index among the "\n"-separated paragraphs, including blank ones
    number: int = 0  # index among the sentences of the text, including unquotable ones
    reasons: tuple[Reason, ...] = ()  # the strongest first
    cut_head: bool = False  # clauses of its sentence were left out before this piece
    cut_tail: bool = False  # clauses of its sentence were left out after this piece
    stands_for: tuple[
        tuple[int, int], ...
    ] = ()  # (start, end) of the sentences that it represents, in reading order

    def __post_init__(self) -> None:
        pairs = tuple((int(start), int(end)) for start, end in self.stands_for)  # JSON has only lists
        object.__setattr__(self, "stands_for", pairs)
        object.__setattr__(self, "reasons", tuple((str(name), float(value)) for name, value in self.reasons))


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Sentences in reading order. It is empty if the text has no quotable sentence."""

    sentences: tuple[Sentence, ...] = ()
    language: str = ""  # given or detected; "" if unknown
    joiner: str = ""  # the text between two adjacent sentences

    @property
    def display(self) -> str:
        """The printed text: the sentences in order, with … for omitted clauses."""
        return "".join(_list_printed_parts(self.sentences, self.joiner))


def _list_printed_parts(sentences: tuple[Sentence, ...], joiner: str) -> list[str]:
    """Return the sentences and the text between them, in printing order."""
    printed: list[str] = []
    for number, sentence in enumerate(sentences):
        before = sentences[number - 1] if number else None
        if before is not None and before.number == sentence.number:
            printed.append("…")
        elif before is not None:
            # one … is enough for omitted clauses on both sides
            after, ahead = ("…", "") if before.cut_tail else ("", "…" if sentence.cut_head else "")
            printed.append(after + joiner + ahead)
        elif sentence.cut_head:
            printed.append("…")
        printed.append(sentence.text)
    if sentences and sentences[-1].cut_tail:
        printed.append("…")
    return printed
