"""Compute how certain an article's boundaries are, from all paths through the page and not only the best
one.

The path's model gives each sequence of labels a probability. An article's certainty is the total
probability of the sequences that begin an article where it begins, begin none inside it, and begin the next
one where it ends (forward-backward; Rabiner 1989). On other papers' pages the model is too confident.
`calibrate` therefore maps that share to how often such articles were right on pages outside the fit (Platt
1999). tests/benchmarks/pages/calibrate.py finds its constants.
"""

import math
from collections.abc import Sequence
from functools import cache

from bot.newspaper.labels import EMITS, OPENS, STATES, Label, list_steps

_SLOPE, _OFFSET = 0.42, 0.93  # of the log-odds; found by tests/benchmarks/pages/calibrate.py
_LEAST = 1e-6  # shares are kept at least this far from 0 and 1
_NEVER = (
    -14.0
)  # below the best label's score at a piece, from which a label counts as impossible: a millionth
_Vector = list[float]


def measure_certainties(scores: Sequence[Sequence[float]], starts: Sequence[int]) -> list[float]:
    """Return, for each article, the calibrated probability that its boundaries are right.

    `scores` are the results of `score_labels` for each piece. `starts` are the numbers of the pieces that
    begin articles, in ascending order; the first is 0.
    """
    return [calibrate(share) for share in measure_shares(scores, starts)]


def calibrate(share: float) -> float:
    """Return how often articles are right when `share` of all paths give them the same boundaries."""
    share = min(max(share, _LEAST), 1 - _LEAST)
    return 1 / (1 + math.exp(-(_OFFSET + _SLOPE * math.log(share / (1 - share)))))


def measure_shares(scores: Sequence[Sequence[float]], starts: Sequence[int]) -> list[float]:
    """Return the share of all paths, weighted by probability, that bound each article as `starts` do."""
    if not scores:
        return []
    emissions = [_exponentiate(own) for own in scores]
    inside, across = _split_steps()
    forward, scales = _pass_forward(emissions, inside, across)
    backward = _pass_backward(emissions, scales)
    ends = [*starts[1:], len(scores)]
    shares = []
    for start, end in zip(starts, ends, strict=True):
        before = forward[start - 1] if start else None
        own = _step(before, across, emissions[start], scales[start]) if before else forward[0]
        for i in range(start + 1, end):
            own = _step(own, inside, emissions[i], scales[i])
        if end < len(scores):
            own = _step(own, across, emissions[end], scales[end])
            share = sum(map(float.__mul__, own, backward[end]))
        else:
            share = sum(own)
        shares.append(min(share, 1.0))
    return shares


@cache
def _split_steps() -> tuple[list[list[tuple[int, float]]], list[list[tuple[int, float]]]]:
    """Return, for each state, its possible predecessors with factors: within an article and between
    articles.
    """
    inside: list[list[tuple[int, float]]] = []
    across: list[list[tuple[int, float]]] = []
    for state, steps in zip(STATES, list_steps(), strict=True):
        factors = [(i, math.exp(weight)) for i, weight in steps]
        starts = state[0] in (Label.KICKER, Label.TITLE)
        across.append([(i, factor) for i, factor in factors if starts and STATES[i][0] != Label.KICKER])
        inside.append([(i, factor) for i, factor in factors if not starts or STATES[i][0] == Label.KICKER])
    return inside, across


def _exponentiate(scores: Sequence[float]) -> _Vector:
    """Return each state's factor at a piece, scaled so that the largest is 1."""
    top = max(scores)
    factors = [math.exp(score - top) if score - top > _NEVER else 0.0 for score in scores]
    return [factors[emitted] for emitted in EMITS]


def _step(before: _Vector, steps: list[list[tuple[int, float]]], factors: _Vector, scale: float) -> _Vector:
    return [
        factor * sum([before[i] * weight for i, weight in came]) / scale if factor and came else 0.0
        for came, factor in zip(steps, factors, strict=True)
    ]


def _pass_forward(
    emissions: Sequence[_Vector], inside: list[list[tuple[int, float]]], across: list[list[tuple[int, float]]]
) -> tuple[list[_Vector], _Vector]:
    """Return, for each piece, the weight of all paths up to each state, with sum 1, and the scales."""
    both = [[*own, *other] for own, other in zip(inside, across, strict=True)]
    first = [factor if state in OPENS else 0.0 for state, factor in zip(STATES, emissions[0], strict=True)]
    scales = [sum(first) or 1.0]
    passed = [[weight / scales[0] for weight in first]]
    for factors in emissions[1:]:
        here = _step(passed[-1], both, factors, 1.0)
        scales.append(sum(here) or 1.0)
        passed.append([weight / scales[-1] for weight in here])
    return passed, scales


def _pass_backward(emissions: Sequence[_Vector], scales: _Vector) -> list[_Vector]:
    """Return, for each piece, the weight of all paths after each state, on the scales of `_pass_forward`."""
    inside, across = _split_steps()
    steps = [[*own, *other] for own, other in zip(inside, across, strict=True)]
    passed = [[1.0] * len(STATES)]
    for factors, scale in zip(emissions[:0:-1], scales[:0:-1], strict=True):
        later = passed[-1]
        here = [0.0] * len(STATES)
        for came, factor, weight in zip(steps, factors, later, strict=True):
            if factor * weight:
                for i, step in came:
                    here[i] += step * factor * weight
        passed.append([weight / scale for weight in here])
    return passed[::-1]
