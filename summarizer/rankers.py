"""A graph and what else is known of the sentences → what speaks for each.

One function, one row of RANKERS a method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from summarizer.draft import SummaryDraft
from summarizer.sentence_graph import Floats, SentenceGraph

DAMPING = 0.85  # probability that the walk follows a link (Brin & Page 1998; Mihalcea & Tarau 2004)
STEPS = 50  # at most; the walk over sentences of one text settles in some ten
_SETTLED = 3e-3  # of the walk's whole mass moved in a step

# The points of the guided ranker. Only their ratios matter. Found by coordinate search over development
# articles of five kinds and three languages (tests/benchmarks/summaries/tune.py); after changing one re-run
# that, and ablate.py for what each buys (docs/explanation/summarizer.md has the table).
WALK = 0.6  # of a standard deviation of the random walk
# of a standard deviation of how much more the sentence shares with what follows than with what went before
AHEAD = 1.0
DOUBT = 30.0  # sentences at which centrality counts half: a walk over ten sentences says little
LEAD = 1.5  # of the first sentence
LEAD_FADES = 4.0  # sentences after which e times fewer
FEATURE = 0.5  # of the lead's points, where there are subheadings: a feature comes to its point later
OPENING = 1.0  # more, of the first sentence of a text without a title, which has to do a title's work
# of the last sentence before the first subheading, where a feature's introduction comes to the point
POINT = 2.4
POINT_FADES = 3.0  # sentences before it after which e times fewer
# of the last sentence of a first paragraph of two; of more, as much fewer: the others lead up to it
HOOK = 1.25
TITLE = 7.0  # of a cosine of 1 to the title
HEADINGS = 1.5  # of a cosine of 1 to a subheading, divided by the square root of their number
SHORT, SHORTEST = 2.0, 0.4  # lost by a sentence of no length; usual lengths from which on nothing is lost
LONG, LONGEST = 0.75, 1.2  # lost by each usual length above LONGEST usual lengths
REPORTED = 0.4  # lost by a sentence that tells who said something rather than what happened
SCENE = 2.0  # lost by a sentence that only says what day it is, or paints a scene
SPOKEN = 0.3  # lost by a sentence in the first or second person
# The next four are for the reader; ROUGE hardly notices them: facts before slogans, a list by its heads.
SLOGAN = 1.2  # lost by a sentence that could stand in any article of its kind
HOLLOW = 0.5  # lost for each of at most two words of praise or exhortation in a sentence without a figure
FIGURES, ENOUGH = 0.1, 2.0  # of a sentence with that many figures or more
LISTED = 2.0  # of the head of an item, where the text has a list


@dataclass(frozen=True, kw_only=True, slots=True)
class _RankingPoints:
    """What speaks for each of n sentences, in points; arrays of shape (n,)."""

    centrality: Floats
    position: Floats
    title: Floats
    length: Floats
    manner: Floats

    @property
    def total(self) -> Floats:
        return self.centrality + self.position + self.title + self.length + self.manner

    def list_parts(self, row: int) -> tuple[tuple[str, float], ...]:
        """Return the points of one sentence by the names of their parts."""
        return tuple((name, float(getattr(self, name)[row])) for name in PARTS)


PARTS = ("centrality", "position", "title", "length", "manner")
_Ranker = Callable[[SummaryDraft], _RankingPoints]


def _rank_by_lead(draft: SummaryDraft) -> _RankingPoints:
    """Rank by position alone: what stands first is best. The baseline newspapers make hard to beat."""
    none = np.zeros(draft.graph.size)
    order = -np.arange(draft.graph.size, dtype=np.float64)
    return _RankingPoints(centrality=none, position=order, title=none, length=none, manner=none)


def _rank_by_textrank(draft: SummaryDraft) -> _RankingPoints:
    """Rank as published (Mihalcea & Tarau 2004): the random walk over shared words alone, no priors."""
    none = np.zeros(draft.graph.size)
    central = walk_graph(OverlapGraph(draft.graph)) * draft.graph.size
    return _RankingPoints(centrality=central, position=none, title=none, length=none, manner=none)


def _rank_guided(draft: SummaryDraft) -> _RankingPoints:
    """Rank by TextRank guided by place, title, length and manner.

    PacSum's direction (Zheng & Lapata 2019) is the second half of centrality: a sentence that what follows
    takes up again leads, one that takes up what went before follows.
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
    """Return the points for where each sentence stands: news begin with the point, features come to it."""
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
    """Return what the figures of each sentence are worth."""
    return FIGURES * np.minimum(draft.figures / ENOUGH, 1)


def _score_length(draft: SummaryDraft) -> Floats:
    """Return what being far too short or too long costs each sentence."""
    short: Floats = SHORT * np.maximum(0, 1 - draft.lengths / SHORTEST)
    return -short - LONG * np.maximum(0, draft.lengths - LONGEST)


RANKERS: dict[str, _Ranker] = {"guided": _rank_guided, "textrank": _rank_by_textrank, "lead": _rank_by_lead}


class Links(Protocol):
    """Similarities W of shape (n, n) with a zero diagonal, known by what they do to a mass of shape (n,)."""

    @property
    def size(self) -> int: ...

    def spread_mass(self, mass: Floats) -> Floats: ...


class OverlapGraph:
    """Mihalcea's similarity: terms in common, divided by the sum of the logarithms of how many each sentence
    has.

    The divisor depends on the two lengths only, so sums are taken a term and a class of length at a time.
    Lengths are exact up to 20 terms and fall into steps of 5 % above: some sixty classes for any book.
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
    """Return where a reader who follows likeness at random spends the time, shape (n,), sum 1.

    A sentence linked to nothing sends the reader anywhere with equal chance.
    """
    size = graph.size
    if not size:
        return np.zeros(0)
    degrees = graph.spread_mass(np.ones(size))
    linked = degrees > 0
    share = np.where(linked, 1 / np.where(linked, degrees, 1.0), 0.0)
    mass: Floats = degrees + 1e-9
    mass = mass / mass.sum()  # where it would end without jumps: close, so few steps remain
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
    """Return the values less their mean, in standard deviations; zeros where all are equal."""
    if not len(values):
        return np.zeros(0)
    apart: Floats = values - values.sum() / len(values)
    deviation = ((apart * apart).sum() / len(values)) ** 0.5
    return apart / deviation if deviation > 1e-9 else np.zeros(len(values))
