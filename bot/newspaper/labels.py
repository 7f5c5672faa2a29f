"""Evidence → what each piece is, by the best path through the page.

A label's score at a piece is the sum of its weights over the evidence there; a transition has a weight of its own.
The best sequence is found by dynamic programming (Viterbi); its cost is linear in the page. The weights are those of a
conditional random field (Lafferty, McCallum, Pereira 2001) fitted by tests/benchmarks/pages/fit.py; they live in
weights.json, and docs/newspaper.md shows the strongest.
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files

from bot.newspaper.evidence import Evidence


class Label(StrEnum):
    """What a piece can be on the path; finer kinds (signature, caption) are told apart afterwards."""

    KICKER = "kicker"
    TITLE = "title"
    DECK = "deck"
    PARAGRAPH = "paragraph"
    REST = "rest"  # the torn paragraph before it goes on
    SUBHEADING = "subheading"


LABELS = tuple(Label)
# Which label may follow which: a kicker needs its title, a deck a heading before it, a rest a paragraph.
FOLLOWS: dict[Label, frozenset[Label]] = {
    Label.KICKER: frozenset({Label.TITLE, Label.KICKER}),
    Label.TITLE: frozenset({Label.DECK, Label.PARAGRAPH, Label.SUBHEADING}),
    Label.DECK: frozenset({Label.DECK, Label.PARAGRAPH, Label.SUBHEADING}),
    Label.PARAGRAPH: frozenset(set(Label) - {Label.DECK}),
    Label.REST: frozenset(set(Label) - {Label.DECK}),
    Label.SUBHEADING: frozenset(set(Label) - {Label.DECK, Label.REST}),
}
OPENS = frozenset({Label.KICKER, Label.TITLE, Label.PARAGRAPH, Label.SUBHEADING})
NEVER = -1e9
# The one observation that rules labels out rather than weighing: no heading ends in 。
NO_HEADING = "ends in a full stop"
HEADINGS = frozenset({Label.KICKER, Label.TITLE, Label.DECK, Label.SUBHEADING})
BARRED = tuple(NEVER if label in HEADINGS else 0.0 for label in LABELS)


@cache
def weights() -> tuple[dict[str, tuple[float, ...]], dict[tuple[Label, Label], float]]:
    """The table: evidence → a weight a label, in the order of LABELS; (label, next label) → weight."""
    table = json.loads(files("bot.newspaper").joinpath("weights.json").read_text(encoding="utf-8"))
    moves = {
        (Label(one), Label(other)): weight for one, row in table["transitions"].items() for other, weight in row.items()
    }
    return {name: tuple(row) for name, row in table["evidence"].items()}, moves


def scores(found: Evidence) -> list[float]:
    """How well each label of LABELS fits a piece with this evidence."""
    table, _ = weights()
    a = b = c = d = e = f = 0.0  # one a label: unrolled, since this is the innermost loop of reading a page
    for name, strength in found:
        row = BARRED if name == NO_HEADING else table.get(name)
        if row:
            a += strength * row[0]
            b += strength * row[1]
            c += strength * row[2]
            d += strength * row[3]
            e += strength * row[4]
            f += strength * row[5]
    return [a, b, c, d, e, f]


def best_path(page: Sequence[Evidence]) -> list[Label]:
    """The labels with the highest sum over the whole page, one a piece."""
    if not page:
        return []
    moves = move_table()
    best = [s if label in OPENS else NEVER for label, s in zip(LABELS, scores(page[0]), strict=True)]
    back: list[list[int]] = []
    for found in page[1:]:
        here, came, own = [], [], scores(found)
        for j in range(len(LABELS)):
            column = [best[i] + moves[i][j] for i in range(len(LABELS))]
            top = max(column)
            here.append(top + own[j])
            came.append(column.index(top))
        best = here
        back.append(came)
    at = best.index(max(best))
    path = [at]
    for came in reversed(back):
        at = came[at]
        path.append(at)
    return [LABELS[i] for i in reversed(path)]


@cache
def move_table() -> list[list[float]]:
    _, moves = weights()
    return [[moves.get((a, b), 0.0) if b in FOLLOWS[a] else NEVER for b in LABELS] for a in LABELS]


def reasons(found: Evidence, label: Label, count: int = 3) -> str:
    """The evidence that spoke loudest for `label` against the mean of the others, as words."""
    table, _ = weights()
    at = LABELS.index(label)
    ranked = sorted(
        ((strength * (row[at] - sum(row) / len(row)), name) for name, strength in found if (row := table.get(name))),
        reverse=True,
    )
    return "; ".join(name for gain, name in ranked[:count] if gain > 0 and name != "any")
