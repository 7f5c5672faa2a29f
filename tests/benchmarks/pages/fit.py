"""Fit the weights of the page reader and write bot/newspaper/weights.json.

    python tests/benchmarks/pages/fit.py [--until 2023-09-01] [--without evening] [--papers 1500]

A conditional random field over the pieces of a page, by L-BFGS on the likelihood of the right labels less a
quadratic penalty, until it hardly grows. All chance is seeded, but what is left of the slope lets the last
bits of a sum move weights by some 0.1 (docs/explanation/newspaper.md): a table fitted anew differs a little.
"""

import argparse
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from damaged_pages import EVENING, DamagedPage, own_pages, pages, unmarked
from other_papers import other_pages

from bot.newspaper import heading_words, labels
from bot.newspaper.evidence import Evidence
from bot.newspaper.heading_words import SIDES, list_sayings
from bot.newspaper.labels import (
    EMITS,
    LABELS,
    NO_HEADING,
    OPENS,
    RULED,
    STATES,
    Label,
    find_states,
    may_follow,
    name_state,
)
from bot.newspaper.line_patterns import match_dateline, match_signature
from bot.newspaper.piece_traits import PieceTraits, describe_piece
from bot.newspaper.splitting import find_asides, observe_pieces, read_pieces

OUT = Path(__file__).parents[3] / "bot" / "newspaper" / "weights.json"
WORDS = OUT.with_name("words.json")
# On the sum of squared weights. Held out, 1.0 and 0.3 are within 0.01 of each other in every figure.
PENALTY = 1.0
# Length of the loss's slope, for each piece learned from, at which fitting ends.
CONVERGED = 1.5e-3
MOST_TURNS = 600
MEMORY = 12  # steps that L-BFGS remembers
SMALLEST_STEP = 1e-8
WORD_PENALTY = 10.0  # the same for a word's weights: there are many, each seldom seen
WORD_WEIGHTS = 1000  # numbers of the words' table that may be other than 0
# Different headings, torn ones counted each, that must have a word. Words of ten different days alone, and
# none of our own pages', read held-out pages worse: article F1 0.860 instead of 0.877.
LEAST_HEADINGS = 8
# How often each of the project's own samples counts: there are few, and none of the evaluation's is of a
# county.
OWN = 24
# How often each page of the evening paper counts, whose 39 articles are damaged by eight seeds.
EVENING_WEIGHT, EVENING_SEEDS = 2, range(21, 29)
# Pages by other papers' habits are made of articles before this day, so that later ones stay held out.
OTHERS_SEED, OTHERS_UNTIL = 101, "2023-09-01"
# How the pages of some seeds are laid out: as other papers do it.
OTHERS = {"decks_below": 0.6, "blank_lines": 0.6}
NEVER = -1e9
Array = np.ndarray
Loss = Callable[[Array], tuple[float, Array]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A page's evidence, a piece each, and the numbers of the right states."""

    texts: list[str]
    evidence: list[Evidence]
    states: list[int]


def example(page: DamagedPage) -> Example | None:
    """The pieces our own layout finds, labelled by the printed line each begins in; None where they do not
    agree.
    """
    found = read_pieces(page.text)
    whys = find_asides(found)
    text = [i for i, why in enumerate(whys) if not why]
    begins: dict[int, Label | None] = {}
    at = 0
    for label, line in page.lines:
        begins[at] = label
        at += len(unmarked(line))
    labels, at = {}, 0
    for i, piece in enumerate(found):
        signed = bool(match_signature(piece.text)) and at not in begins
        label = None if signed else begins.get(at, Label.REST)
        labels[i] = Label.PARAGRAPH if label is None else label
        at += len(unmarked(piece.text))
    path = find_states(told_apart([labels[i] for i in text], [found[i].text for i in text]))
    if path is None:
        return None
    looks = [describe_piece(found[i]) for i in text]
    seen = observe_pieces(found, text, whys)
    return Example(
        texts=[piece.text for piece in looks],
        evidence=[with_sayings(seen[i], looks, i) for i in range(len(text))],
        states=[STATES.index(state) for state in path],
    )


def with_sayings(seen: Evidence, looks: Sequence[PieceTraits], i: int) -> Evidence:
    """The evidence with every observation about words, instead of those that the table now in use knows."""
    said = ((f"{side} {pair}", 1.0) for side, pair in list_sayings(looks, i))
    return (*(e for e in seen if not is_saying(e[0])), *said)


def told_apart(labels: Sequence[Label], texts: Sequence[str]) -> list[Label]:
    """`labels` with each article's first paragraph told from the others, and a standfirst from a sub-heading:
    it stands right below the headings and before text that opens with no dateline, as items of a digest do.
    """
    found: list[Label] = []
    for i, label in enumerate(labels):
        is_first = not i or found[-1] in (Label.TITLE, Label.DECK, Label.KICKER, Label.STANDFIRST)
        is_item = i + 1 < len(texts) and bool(match_dateline(texts[i + 1]))
        if label == Label.PARAGRAPH and is_first:
            found.append(Label.LEAD)
        elif label == Label.SUBHEADING and i and found[-1] in (Label.TITLE, Label.DECK) and not is_item:
            found.append(Label.STANDFIRST)
        else:
            found.append(label)
    return found


def fit(examples: Sequence[Example]) -> tuple[dict[str, list[float]], Array]:
    """The weights of evidence (a row a name, a number a label) and of steps (states by states).

    First with every word that enough headings have, then with the words' strongest weights alone.
    """
    enough = frequent(examples)
    names = sorted(
        {
            n
            for e in examples
            for found in e.evidence
            for n, _ in found
            if n not in NO_HEADING and n not in RULED and (not is_saying(n) or n in enough)
        }
    )
    said = np.array([is_saying(name) for name in names])
    strengths = Strengths([found for e in examples for found in e.evidence], names)
    batches = by_length(examples)
    penalty = np.where(said[:, None], WORD_PENALTY, PENALTY) * np.ones(len(LABELS))
    zeros = np.zeros(penalty.shape), np.zeros((len(STATES), len(STATES)))
    emit, move = fitted(strengths, batches, penalty, *zeros)
    told = np.where(said[:, None], np.abs(emit) * np.sqrt(strengths.often()[:, None]), 0)
    weak = said[:, None] & (told < np.sort(told, axis=None)[-min(WORD_WEIGHTS, told.size)])
    emit, move = fitted(strengths, batches, np.where(weak, np.inf, penalty), np.where(weak, 0, emit), move)
    return {name: row.tolist() for name, row in zip(names, emit, strict=True) if row.any()}, move


def fitted(
    strengths: "Strengths", batches: "Sequence[Batch]", penalty: Array, emit: Array, move: Array
) -> tuple[Array, Array]:
    """Both tables where the likelihood less the penalty is largest, looked for from `emit` and `move` on.

    A weight whose penalty is infinite stays 0.
    """
    allowed = np.array([[may_follow(a, b) for b in STATES] for a in STATES])
    shape, split = emit.shape, emit.size
    weighed = np.concatenate([penalty.ravel(), np.full(move.size, PENALTY)])
    free = np.isfinite(weighed)
    weighed[~free] = 0.0

    def loss(x: Array) -> tuple[float, Array]:
        """What is to be made small at `x`, both tables as one row, and its gradient."""
        emit, move = x[:split].reshape(shape), x[split:].reshape(allowed.shape)
        scores = strengths.scores(emit)
        missing, d_move, likelihood = np.zeros_like(scores), np.zeros(allowed.shape), 0.0
        for batch in batches:
            found = gradient(batch, scores, np.where(allowed, move, NEVER))
            missing[batch.rows[batch.there]] = found[0]
            d_move, likelihood = d_move + found[1], likelihood + found[2]
        slope = weighed * x - np.concatenate(
            [strengths.slope(missing).ravel(), np.where(allowed, d_move, 0).ravel()]
        )
        return float(weighed * x @ x) / 2 - likelihood, np.where(free, slope, 0.0)

    least = minimum(loss, np.concatenate([emit.ravel(), move.ravel()]), CONVERGED * strengths.pieces)
    return least[:split].reshape(shape), least[split:].reshape(allowed.shape)


def is_saying(name: str) -> bool:
    return name.startswith(tuple(side for _, side in SIDES))


def frequent(examples: Sequence[Example]) -> frozenset[str]:
    """The observations about words that were made at LEAST_HEADINGS different headings."""
    pieces = [piece for e in examples for piece in zip(e.texts, e.evidence, strict=True)]
    seen = {(name, text) for text, found in pieces for name, _ in found if is_saying(name)}
    count = Counter(name for name, _ in seen)
    return frozenset(name for name, n in count.items() if n >= LEAST_HEADINGS)


class Strengths:
    """The strength of each evidence at each piece, of which most are nothing: only the others are kept.

    Each piece and each name must have some.
    """

    def __init__(self, evidence: Sequence[Evidence], names: Sequence[str]) -> None:
        index = {name: i for i, name in enumerate(names)}
        found = [(r, index[name], s) for r, row in enumerate(evidence) for name, s in row if name in index]
        rows, columns, strengths = (np.array(x) for x in zip(*found, strict=True))
        strengths = strengths.astype(np.float32)
        self.pieces = len(evidence)
        self.columns, self.strengths = columns, strengths[:, None]
        self.row_starts = np.flatnonzero(np.diff(rows, prepend=-1))
        order = np.argsort(columns, kind="stable")
        self.rows_by_name, self.strengths_by_name = rows[order], strengths[order, None]
        self.name_starts = np.flatnonzero(np.diff(columns[order], prepend=-1))

    def often(self) -> Array:
        """How many pieces have each name."""
        return np.diff(self.name_starts, append=len(self.rows_by_name))

    def scores(self, emit: Array) -> Array:
        """Each piece's score a label, from a weight a name and label."""
        found = np.take(emit.astype(np.float32), self.columns, axis=0)
        found *= self.strengths
        return np.add.reduceat(found, self.row_starts).astype(float)

    def slope(self, missing: Array) -> Array:
        """What each name and label lacks, from what each piece and label lacks."""
        found = np.take(missing.astype(np.float32), self.rows_by_name, axis=0)
        found *= self.strengths_by_name
        return np.add.reduceat(found, self.name_starts).astype(float)


def minimum(loss: Loss, x: Array, enough: float) -> Array:
    """Where a convex function is least, from `x` on: L-BFGS (Liu, Nocedal 1989) with its steps halved until
    they pay.

    Ends where the slope is less than `enough`.
    """
    value, slope = loss(x)
    pairs: deque[tuple[Array, Array]] = deque(maxlen=MEMORY)
    for turn in range(1, MOST_TURNS + 1):
        way = -newton(slope, pairs)
        size = 1.0 if pairs else 1 / float(np.linalg.norm(slope))
        while True:
            new_value, new_slope = loss(x + size * way)
            if new_value <= value + 1e-4 * size * float(slope @ way) or size < SMALLEST_STEP:
                break
            size /= 2
        if float((new_slope - slope) @ way) > 0:
            pairs.append((size * way, new_slope - slope))
        x, value, slope = x + size * way, new_value, new_slope
        if turn % 20 == 0:
            print(
                f"turn {turn}: loss {value:.1f}, slope {np.linalg.norm(slope):.2f} of {enough:.2f}",
                flush=True,
            )
        if np.linalg.norm(slope) < enough:
            break
    return x


def newton(slope: Array, pairs: Sequence[tuple[Array, Array]]) -> Array:
    """The inverse of the curvature that `pairs` (step, change of slope) tell, times `slope`: the two-loop
    recursion.
    """
    q, shares = slope.copy(), []
    for s, y in reversed(pairs):
        share = (s @ q) / (s @ y)
        q -= share * y
        shares.append(share)
    if pairs:
        s, y = pairs[-1]
        q *= (s @ y) / (y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q += s * (share - (y @ q) / (s @ y))
    return q


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Pages side by side: the pieces' rows among all, their states and whether there is a piece (pages,
    pieces).
    """

    rows: Array
    states: Array
    there: Array


def by_length(examples: Sequence[Example], size: int = 100) -> list[Batch]:
    starts = np.cumsum([0, *(len(e.states) for e in examples)])
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].states))
    return [side_by_side(order[at : at + size], examples, starts) for at in range(0, len(order), size)]


def side_by_side(group: Sequence[int], examples: Sequence[Example], starts: Array) -> Batch:
    shape = (len(group), max(len(examples[i].states) for i in group))
    rows, path, there = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int), np.zeros(shape, dtype=bool)
    for p, i in enumerate(group):
        count = len(examples[i].states)
        rows[p, :count] = np.arange(starts[i], starts[i] + count)
        path[p, :count] = examples[i].states
        there[p, :count] = True
    return Batch(rows=rows, states=path, there=there)


def gradient(batch: Batch, labels: Array, move: Array) -> tuple[Array, Array, float]:
    """The log-likelihood of pages, given all pieces' scores a label, and its gradient: by the scores of the
    batch's pieces in their order, and by the steps. By forward-backward.

    Forward and backward are kept as shares that sum to 1 at each piece, their sizes apart (Rabiner 1989).
    """
    count, longest = batch.states.shape
    scores = labels[batch.rows][:, :, list(EMITS)]
    scores[:, 0] += np.array([0.0 if state in OPENS else NEVER for state in STATES])
    top = scores.max(axis=2, keepdims=True)
    shares, step = np.exp(scores - top), np.exp(move)
    forward, backward = np.zeros_like(shares), np.ones_like(shares)
    sizes = np.ones((count, longest))
    for t in range(longest):
        here = shares[:, t] * (forward[:, t - 1] @ step if t else 1.0)
        here = np.where(batch.there[:, t, None], here, forward[:, t - 1])
        sizes[:, t] = here.sum(1)
        forward[:, t] = here / sizes[:, t, None]
    for t in range(longest - 1, 0, -1):
        back = (shares[:, t] * backward[:, t]) @ step.T / sizes[:, t, None]
        backward[:, t - 1] = np.where(batch.there[:, t, None], back, backward[:, t])
    both = batch.there[:, 1:]
    later = (shares[:, 1:] * backward[:, 1:] / sizes[:, 1:, None])[both]
    d_move = -step * (forward[:, :-1][both].T @ later)
    taken, following = batch.states[:, :-1][both], batch.states[:, 1:][both]
    np.add.at(d_move, (taken, following), 1)
    right = np.eye(len(STATES))[batch.states] * batch.there[:, :, None]
    missing = (right - forward * backward)[batch.there] @ np.eye(len(LABELS))[list(EMITS)]
    gold = (scores * right).sum() + move[taken, following].sum()
    total = (np.log(sizes) + top[:, :, 0])[batch.there].sum()
    return missing, d_move, float(gold - total)


def round_tables(
    emit: dict[str, list[float]], move: Array
) -> tuple[dict[str, tuple[float, ...]], dict[str, dict[str, float]]]:
    """Both tables as they are written: evidence → a weight a label, state → next state → weight."""
    steps = {
        name_state(one): {
            name_state(other): round(float(move[i, j]), 2)
            for j, other in enumerate(STATES)
            if may_follow(one, other)
        }
        for i, one in enumerate(STATES)
    }
    return {name: tuple(round(w, 2) for w in row) for name, row in emit.items()}, steps


def write(emit: dict[str, list[float]], move: Array) -> None:
    rows, steps = round_tables(emit, move)
    table = {
        "labels": list(LABELS),
        "evidence": {name: row for name, row in rows.items() if not is_saying(name)},
        "steps": steps,
    }
    OUT.write_text(as_lines(table), encoding="utf-8")
    WORDS.write_text(as_lines({name: row for name, row in rows.items() if is_saying(name)}), encoding="utf-8")


def use(emit: dict[str, list[float]], move: Array) -> None:
    """Read pages with these tables from now on, in this process alone."""
    rows, steps = round_tables(emit, move)
    labels.load_weights = lambda: (rows, steps)  # type: ignore[assignment]
    heading_words.load_table = lambda: {name: row for name, row in rows.items() if is_saying(name)}  # type: ignore[assignment]
    for derived in (
        labels.list_steps,
        labels._build_weight_rows,
        labels._compute_advantages,
        heading_words._index_observations,
    ):
        derived.cache_clear()


def as_lines(table: dict[str, object]) -> str:
    """JSON with a row of the table a line."""
    lines = json.dumps(table, ensure_ascii=False, indent=1)
    return re.sub(r"\[\s+([^\]]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", lines) + "\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """What is learned from: examples a paper, with the day of each."""

    national: list[tuple[str, Example]]
    others: list[tuple[str, Example]]
    evening: list[tuple[str, Example]]
    own: list[tuple[str, Example]]

    def examples(self, *, until: str = "9999", without: frozenset[str] = frozenset()) -> list[Example]:
        """Those dated before `until`, but of the papers `without`; own samples by their names too."""
        own = [e for name, e in self.own if name not in without and "own" not in without]
        return [
            *(e for day, e in self.national if day < until),
            *(e for _, e in self.others),
            *(e for _, e in self.evening * EVENING_WEIGHT if "evening" not in without),
            *(own * OWN),
        ]


def make_lesson(seeds: Sequence[int], others: Sequence[int], papers: int) -> Lesson:
    national = [(seed, {}) for seed in seeds] + [(seed, OTHERS) for seed in others]
    with ProcessPoolExecutor() as pool:

        def label_pages(made: Sequence[DamagedPage]) -> list[tuple[str, Example]]:
            found = pool.map(example, made, chunksize=20)
            return [(page.date, e) for page, e in zip(made, found, strict=True) if e]

        return Lesson(
            national=label_pages(
                [
                    page
                    for seed, layout in national
                    for page in pages(seed, torn_at_marks=seed % 2 == 0, **layout)
                ]
            ),
            others=label_pages(other_pages(OTHERS_SEED, papers, until=OTHERS_UNTIL)),
            evening=label_pages(
                [
                    page
                    for seed in EVENING_SEEDS
                    for page in pages(seed, torn_at_marks=seed % 2 == 0, blank_lines=0.3, paper=EVENING)
                ]
            ),
            own=[(page.name, e) for page in own_pages() if (e := example(page))],
        )


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14])
    parser.add_argument(
        "--others", type=int, nargs="*", default=[15, 16], help="seeds laid out as other papers do"
    )
    parser.add_argument(
        "--papers", type=int, default=1500, help="pages by the habits of as many other papers"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", default="9999", help="learn from pages dated earlier only")
    parser.add_argument("--without", nargs="*", default=[], help="evening, own, or names of own samples")
    add_options(parser)
    options = parser.parse_args()
    lesson = make_lesson(options.seeds, options.others, options.papers)
    write(*fit(lesson.examples(until=options.until, without=frozenset(options.without))))


if __name__ == "__main__":
    main()
