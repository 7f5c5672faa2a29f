"""A graph and what else is known of the sentences → what speaks for each. One function, one row of RANKERS a method."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from summarizer.graph import Floats, Graph

DAMPING = 0.85  # probability that the walk follows a link (Brin & Page 1998; Mihalcea & Tarau 2004)
STEPS = 50  # at most; the walk over sentences of one text settles in some ten
SETTLED = 1e-6  # of the walk's whole mass moved in a step

CENTRALITY = 0.5  # points a standard deviation of the random walk is worth
DIRECTION = 0.5  # points a standard deviation of what comes later and says the same is worth
LEAD = 1.5  # points of the first sentence
LEAD_FADES = 3.0  # sentences after which e times fewer
TITLE = 8.0  # points of a sentence that says the title and nothing else
LENGTH = 2.0  # points lost by a sentence of no length, or twice the longest good one
SHORTEST, LONGEST = 0.3, 3.0  # usual lengths between which length costs nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What the rankers know of n sentences that may be quoted, in reading order; arrays of shape (n,)."""

    graph: Graph
    titled: Floats  # cosine to the title
    costs: Floats  # characters
    lengths: Floats  # in usual lengths of a sentence of the language


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """What speaks for each of n sentences, in points; arrays of shape (n,)."""

    centrality: Floats
    position: Floats
    title: Floats
    length: Floats
    manner: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def total(self) -> Floats:
        return self.centrality + self.position + self.title + self.length


Ranker = Callable[[Draft], Points]


def lead(draft: Draft) -> Points:
    """Rank by position alone: what stands first is best. The baseline newspapers make hard to beat."""
    none = np.zeros(draft.graph.size)
    return Points(centrality=none, position=-np.arange(draft.graph.size, dtype=np.float64), title=none, length=none)


def textrank(draft: Draft) -> Points:
    """Rank by the random walk alone (Mihalcea & Tarau 2004), links weighted by the cosine; no priors."""
    none = np.zeros(draft.graph.size)
    return Points(centrality=walk(draft.graph) * draft.graph.size, position=none, title=none, length=none)


def guided(draft: Draft) -> Points:
    """Rank by TextRank guided by where a sentence stands, what the title says, and its length."""
    size = draft.graph.size
    earlier, later = draft.graph.directed()
    short = np.maximum(0, 1 - draft.lengths / SHORTEST)
    long = np.maximum(0, draft.lengths / LONGEST - 1)
    return Points(
        centrality=CENTRALITY * standard(walk(draft.graph)) + DIRECTION * standard(later - earlier),
        position=LEAD * np.exp(-np.arange(size) / LEAD_FADES),
        title=TITLE * draft.titled,
        length=-LENGTH * (short + long),
    )


RANKERS: dict[str, Ranker] = {"guided": guided, "textrank": textrank, "lead": lead}


def walk(graph: Graph) -> Floats:
    """Return where a reader who follows likeness at random spends the time, shape (n,), sum 1.

    A sentence linked to nothing sends the reader anywhere with equal chance.
    """
    size = graph.size
    if not size:
        return np.zeros(0)
    degrees = graph.spread(np.ones(size))
    linked = degrees > 0
    share = np.where(linked, 1 / np.where(linked, degrees, 1.0), 0.0)
    mass = np.full(size, 1 / size)
    for _ in range(STEPS):
        lost = mass[~linked].sum()
        step = DAMPING * (graph.spread(mass * share) + lost / size) + (1 - DAMPING) / size
        moved = np.abs(step - mass).sum()
        mass = step
        if moved < SETTLED:
            break
    return mass


def standard(values: Floats) -> Floats:
    """Return the values less their mean, in standard deviations; zeros where all are equal."""
    deviation = values.std() if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros(len(values))
