"""Evidence → what each piece is, by the best path through the page.

A label's score at a piece is the sum of its weights over the evidence there; a step from one state to the
next has a weight of its own. A state is a label with the number of sub-headings its article has had (none,
one, more), for an article has several or none. The best path is found by dynamic programming (Viterbi); its
cost is linear in the page. The weights are those of a conditional random field (Lafferty, McCallum, Pereira
2001) fitted by tests/benchmarks/pages/fit.py; they live in weights.json and words.json;
docs/explanation/newspaper.md shows the strongest.
"""

import json
import math
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files

from bot.newspaper import heading_words, sizes
from bot.newspaper.evidence import CAPITALS, Evidence
from bot.newspaper.neighbours import ABOVE_DATED, ABOVE_DATELINE


class Label(StrEnum):
    """What a piece can be on the path; finer kinds (signature, caption) are told apart afterwards."""

    KICKER = "kicker"
    TITLE = "title"
    DECK = "deck"
    LEAD = "lead"  # an article's first paragraph
    PARAGRAPH = "paragraph"
    REST = "rest"  # the torn paragraph before it goes on
    SUBHEADING = "subheading"
    STANDFIRST = "standfirst"  # a line between headings and text that tells what the article says (提要)


LABELS = tuple(Label)
K, T, D, L, P, R, S, F = LABELS
_State = tuple[Label, int]  # with the sub-headings so far: 0, 1, 2 for more
STATES: tuple[_State, ...] = (
    *((label, 0) for label in (K, T, D, L, P, R, F)),
    *((label, count) for count in (1, 2) for label in (S, P, R)),
)
_AFTER = {
    K: {K, T},
    T: {D, L, S, F},
    D: {D, L, S, F},
    F: {L, S},
    L: {K, T, P, R, S},
    P: {K, T, P, R, S},
    R: {K, T, P, R, S},
    S: {K, T, P, S},
}
OPENS = frozenset({(K, 0), (T, 0), (L, 0), (S, 1)})
_NEVER = -1e9
# The observations that rule labels out rather than weighing: no heading ends in 。 or is a date.
NO_HEADING = ("ends in a full stop", "nothing but a date")
_BARRED = tuple(_NEVER if label in (K, T, D, S, F) else 0.0 for label in LABELS)
# No paragraph goes on after the names that sign it, nor in them.
_NO_REST = (0.0, 0.0, 0.0, 0.0, 0.0, -8.0, 0.0, 0.0)
# Capitals are as plain as size: a heading, of an article rather than inside one.
_HEADING = (0.0, 0.0, 0.0, -25.0, -25.0, -25.0, -20.0, -25.0)
# A dateline without a day (本报讯) begins an article, however alike the texts before and after it are. One
# with a day may open each item of a digest, too.
_NO_SUBHEADING = (0.0, 0.0, 0.0, -60.0, -60.0, -60.0, -60.0, -60.0)
RULED = {
    CAPITALS: _HEADING,
    ABOVE_DATELINE: _NO_SUBHEADING,
    ABOVE_DATED: (0.0, 0.0, 0.0, 0.0, -3.0, -3.0, -4.0, -4.0),
    "after a closed line": _NO_REST,
    "names that end a text": _NO_REST,
}
_SET_WEIGHTS = RULED | {
    **dict.fromkeys(NO_HEADING, _BARRED),
    **sizes.WEIGHTS,
}  # the weights that nobody learned


def may_follow(state: _State, other: _State) -> bool:
    """Whether a piece in state `other` may stand after one in state `one`."""
    (label, count), (following, next_count) = state, other
    if following not in _AFTER[label]:
        return False
    if following in (K, T, D, L, F):
        return next_count == 0
    return next_count == (min(count + 1, 2) if following == S else count)


def find_states(labels: Sequence[Label]) -> list[_State] | None:
    """Return the states that a sequence of labels passes through; None if no path has these labels."""
    path: list[_State] = []
    for label in labels:
        if path:
            state = next((s for s in STATES if s[0] == label and may_follow(path[-1], s)), None)
        else:
            state = next((s for s in OPENS if s[0] == label), None)
        if state is None:
            return None
        path.append(state)
    return path


@cache
def load_weights() -> tuple[dict[str, tuple[float, ...]], dict[str, dict[str, float]]]:
    """The tables: evidence → a weight a label, in the order of LABELS; state → next state → weight, by
    `named`.
    """
    table = json.loads(files("bot.newspaper").joinpath("weights.json").read_text(encoding="utf-8"))
    return {name: tuple(row) for name, row in table["evidence"].items()} | heading_words.load_table(), table[
        "steps"
    ]


def name_state(state: _State) -> str:
    return f"{state[0]} {state[1]}"


@cache
def list_steps() -> list[list[tuple[int, float]]]:
    """A state's number → the numbers of the states before it and the weight of the step."""
    _, steps = load_weights()
    return [
        [
            (i, steps.get(name_state(state), {}).get(name_state(other), 0.0))
            for i, state in enumerate(STATES)
            if may_follow(state, other)
        ]
        for other in STATES
    ]


def score_labels(evidence: Evidence) -> list[float]:
    """Return how well each label of LABELS fits a piece with this evidence."""
    find_row = _build_weight_rows().get
    # one sum for each label, unrolled: this is the innermost loop of reading a page
    a = b = c = d = e = f = g = h = 0.0
    for name, strength in evidence:
        row = find_row(name)
        if row:
            of_a, of_b, of_c, of_d, of_e, of_f, of_g, of_h = row
            a += strength * of_a
            b += strength * of_b
            c += strength * of_c
            d += strength * of_d
            e += strength * of_e
            f += strength * of_f
            g += strength * of_g
            h += strength * of_h
    return [a, b, c, d, e, f, g, h]


@cache
def _build_weight_rows() -> dict[str, tuple[float, ...]]:
    """Evidence → a weight a label, learned or set."""
    return load_weights()[0] | _SET_WEIGHTS


EMITS = tuple(LABELS.index(label) for label, _ in STATES)


def find_best_path(scores: Sequence[Sequence[float]]) -> list[Label]:
    """The labels with the highest sum over the whole page, one a piece, from each piece's `score_labels`."""
    if not scores:
        return []
    own = scores[0]
    best = [own[EMITS[j]] if state in OPENS else _NEVER for j, state in enumerate(STATES)]
    back: list[list[int]] = []
    steps = list_steps()
    for own in scores[1:]:
        here, came = [], []
        for j, befores in enumerate(steps):
            top, at = -math.inf, 0
            for i, weight in befores:
                if best[i] + weight > top:
                    top, at = best[i] + weight, i
            here.append(top + own[EMITS[j]])
            came.append(at)
        best = here
        back.append(came)
    at = best.index(max(best))
    path = [at]
    for came in reversed(back):
        at = came[at]
        path.append(at)
    return [STATES[i][0] for i in reversed(path)]


def find_article_starts(labels: Sequence[Label]) -> list[int]:
    """Return where articles begin: at the first piece, and at each kicker or title not below a kicker."""
    return [i for i, label in enumerate(labels) if not i or (label in (K, T) and labels[i - 1] != K)]


def explain_label(evidence: Evidence, label: Label, count: int = 3) -> str:
    """Return, as words, the evidence that most favours `label` over the mean of the other labels."""
    gains = _compute_advantages()[label]
    spoke = [(gain, name) for name, strength in evidence if (gain := strength * gains.get(name, 0.0)) > 0]
    return "; ".join([name for _, name in sorted(spoke, reverse=True)[:count]])


@cache
def _compute_advantages() -> dict[Label, dict[str, float]]:
    """Label → evidence → its weight less the mean of all labels'."""
    table, _ = load_weights()
    return {
        label: {name: row[i] - sum(row) / len(row) for name, row in table.items() if name != "any"}
        for i, label in enumerate(LABELS)
    }
