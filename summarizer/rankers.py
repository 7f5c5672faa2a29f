"""The graph and other data of the sentences → the points of each sentence.

Each method is one function and one row of RANKERS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from summarizer.draft import SummaryDraft
from summarizer.sentence_graph import Floats, SentenceGraph

DAMPING = 0.85  # probability that the walk follows a link (Brin & Page 1998; Mihalcea & Tarau 2004)
STEPS = 50  # at most; the walk over the sentences of a text converges in about ten
_SETTLED = 3e-3  # share of the walk's mass that moves in a step at convergence

# The points of the guided ranker. Only their ratios matter. Found by coordinate search over development
# articles of five kinds and three languages (tests/benchmarks/summaries/tune.py). After a change, run
# that again, and ablate.py for the effect of each (docs/explanation/summarizer.md has the table).
WALK = 0.6  # of a standard deviation of the random walk
# of a standard deviation of the difference between similarity to later and to earlier sentences
AHEAD = 1.0
DOUBT = 30.0  # sentences at which centrality counts half, because a short walk says little
LEAD = 1.5  # of the first sentence
LEAD_FADES = 4.0  # sentences after which the points fall by the factor e
FEATURE = 0.5  # of the lead's points if there are subheadings: a feature has its main point later
OPENING = 1.0  # extra points for the first sentence of a text without a title
POINT = 2.4  # of the last sentence before the first subheading, often the main point of a feature
POINT_FADES = 3.0  # sentences before it after which the points fall by the factor e
HOOK = 1.25  # of the last sentence of a first paragraph of two; fewer in longer paragraphs
TITLE = 7.0  # of a cosine of 1 to the title
HEADINGS = 1.5  # of a cosine of 1 to a subheading, divided by the square root of their number
SHORT, SHORTEST = 2.0, 0.4  # penalty at length zero; usual lengths from which there is no penalty
LONG, LONGEST = 0.75, 1.2  # penalty for each usual length above LONGEST usual lengths
REPORTED = 0.4  # penalty for a sentence that reports speech instead of events
SCENE = 2.0  # penalty for a sentence that only gives a date or describes a scene
SPOKEN = 0.3  # penalty for a sentence in the first or second person
# The next four are for readers and hardly change ROUGE: facts before slogans, the heads of a list.
SLOGAN = 1.2  # penalty for a sentence that could be in any article of its kind
HOLLOW = 0.5  # penalty for each of at most two words of praise in a sentence without a figure
FIGURES, ENOUGH = 0.1, 2.0  # of a sentence with at least ENOUGH figures
LISTED = 2.0  # of the head of an item if the text has a list


@dataclass(frozen=True, kw_only=True, slots=True)
class _RankingPoints:
    """The points of n sentences. Arrays have shape (n,)."""

    centrality: Floats
    position: Floats
    title: Floats
    length: Floats
    manner: Floats

    @property
    def total(self) -> Floats:
        return self.centrality + self.position + self.title + self.length + self.manner

    def list_parts(self, row: int) -> tuple[tuple[str, float], ...]:
        """Return the named parts of the points of one sentence."""
        return tuple((name, float(getattr(self, name)[row])) for name in PARTS)


PARTS = ("centrality", "position", "title", "length", "manner")
_Ranker = Callable[[SummaryDraft], _RankingPoints]


def _rank_by_lead(draft: SummaryDraft) -> _RankingPoints:
    """Rank by position alone: the first sentence is best. This baseline is hard to beat for newspapers."""
    none = np.zeros(draft.graph.size)
    order = -np.arange(draft.graph.size, dtype=np.float64)
    return _RankingPoints(centrality=none, position=order, title=none, length=none, manner=none)


def _rank_by_textrank(draft: SummaryDraft) -> _RankingPoints:
    """Rank as published (Mihalcea & Tarau 2004): only the random walk over shared words."""
    none = np.zeros(draft.graph.size)
    central = walk_graph(OverlapGraph(draft.graph)) * draft.graph.size
    return _RankingPoints(centrality=central, position=none, title=none, length=none, manner=none)


def _rank_guided(draft: SummaryDraft) -> _RankingPoints:
    """Rank by TextRank with place, title, length and style.

    PacSum's direction (Zheng & Lapata 2019) is the second part of centrality: similarity to later sentences
    adds points, and similarity to earlier sentences removes points.
    """
    size = draft.graph.size
    earlier, later = draft.graph.sum_directed()
    listed = np.zeros(size)
    listed[[row for rows in draft.lists for row in rows]] = 1.0
    trust = size / (size + DOUBT)
    return _RankingPoints(
        centrality=trust
        * (
            WALK * scale_to_deviations(walk_graph(draft.graph)) + AHEAD * scale_to_deviations(later - earlier)
        ),
        position=_score_place(draft),
        title=TITLE * draft.titled + HEADINGS * draft.headed,
        length=_score_length(draft),
        manner=LISTED * listed
        + _score_facts(draft)
        - REPORTED * draft.reported
        - SPOKEN * draft.spoken
        - SCENE * draft.scene
        - HOLLOW * np.minimum(draft.hollow, 2)
        - SLOGAN * draft.slogan,
    )


def _score_place(draft: SummaryDraft) -> Floats:
    """Return the points for position. News begins with the main point; features have it later."""
    order = np.arange(draft.graph.size, dtype=np.float64)
    first = LEAD * (FEATURE if draft.introduction else 1.0)
    points: Floats = first * np.exp(-order / LEAD_FADES)
    if not draft.has_title:
        points[:1] += OPENING
    together = int((draft.paragraphs == draft.paragraphs[0]).sum())
    if together > 1:
        points[together - 1] += HOOK * 2 / together
    introduction = order[: draft.introduction]
    points[: draft.introduction] += POINT * np.exp((introduction - draft.introduction + 1) / POINT_FADES)
    return points


def _score_facts(draft: SummaryDraft) -> Floats:
    """Return the points for the figures of each sentence."""
    return FIGURES * np.minimum(draft.figures / ENOUGH, 1)


def _score_length(draft: SummaryDraft) -> Floats:
    """Return the penalty for very short or long sentences."""
    short: Floats = SHORT * np.maximum(0, 1 - draft.lengths / SHORTEST)
    return -short - LONG * np.maximum(0, draft.lengths - LONGEST)


RANKERS: dict[str, _Ranker] = {"guided": _rank_guided, "textrank": _rank_by_textrank, "lead": _rank_by_lead}


class Links(Protocol):
    """Similarities W of shape (n, n) with a zero diagonal, applied to a mass of shape (n,)."""

    @property
    def size(self) -> int: ...

    def spread_mass(self, mass: Floats) -> Floats: ...


class OverlapGraph:
    """Mihalcea's similarity: the number of common terms divided by the sum of the logarithms of the lengths
    in terms.

    The divisor depends only on the two lengths, so sums are computed per term and class of length. Lengths
    are exact up to 20 terms and grouped in steps of 5 % above that. A book has about sixty classes.
    """

    def __init__(self, graph: SentenceGraph) -> None:
        self.graph = graph
        self.size = graph.size
        logs: Floats = np.log(np.maximum(graph.distinct, 1))
        logs = np.where(graph.distinct > 20, np.round(logs * 20) / 20, logs)
        kinds, self.kind = np.unique(logs, return_inverse=True)
        sums = kinds[:, None] + kinds[None, :]
        self.share = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)  # shape (kinds, kinds)

    def spread_mass(self, mass: Floats) -> Floats:
        graph, kind = self.graph, self.kind[self.graph.rows]
        if not len(kind):
            return np.zeros(self.size)
        width = len(graph.names)
        held = np.bincount(
            kind * width + graph.terms, weights=mass[graph.rows], minlength=len(self.share) * width
        )
        given = np.einsum("ab,bt->at", self.share, held.reshape(-1, width))
        own = self.share[kind, kind] * mass[graph.rows]
        sums = np.bincount(graph.rows, weights=given[kind, graph.terms] - own, minlength=self.size)
        return sums.astype(np.float64)


def walk_graph(graph: Links) -> Floats:
    """Return the stationary distribution of a random walk over the similarities, shape (n,), sum 1.

    From a sentence without links, the walk goes to all sentences with equal probability.
    """
    size = graph.size
    if not size:
        return np.zeros(0)
    degrees = graph.spread_mass(np.ones(size))
    linked = degrees > 0
    share = np.where(linked, 1 / np.where(linked, degrees, 1.0), 0.0)
    mass: Floats = degrees + 1e-9
    mass = mass / mass.sum()  # the result without jumps; it is close, so that few steps remain
    stranded = np.flatnonzero(~linked)
    for _ in range(STEPS):
        lost = mass[stranded].sum() if len(stranded) else 0.0
        step = DAMPING * (graph.spread_mass(mass * share) + lost / size) + (1 - DAMPING) / size
        moved = np.abs(step - mass).sum()
        mass = step
        if moved < _SETTLED:
            break
    return mass


def scale_to_deviations(values: Floats) -> Floats:
    """Return the values minus their mean, in standard deviations, or zeros if all are equal."""
    if not len(values):
        return np.zeros(0)
    apart: Floats = values - values.sum() / len(values)
    deviation = ((apart * apart).sum() / len(values)) ** 0.5
    return apart / deviation if deviation > 1e-9 else np.zeros(len(values))
