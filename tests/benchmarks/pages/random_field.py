"""Fit a linear-chain conditional random field: the weights that make the right labels of pages most likely.

The likelihood less a quadratic penalty has one maximum. L-BFGS (Liu, Nocedal, *On the limited memory BFGS
method*, 1989) climbs towards it from zero and stops where the slope is small, short of the top: weights of
seldom evidence stay small, and pages of other papers are read better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from bot.newspaper import labels
from bot.newspaper.evidence import Evidence
from bot.newspaper.labels import LABELS, OPENS, STATES, may_follow

# Length of the slope, for each piece learned from, at which the search ends.
CONVERGED = 1.5e-3
MOST_STEPS = 400
MEMORY = 12  # steps that L-BFGS remembers
NEVER = -1e9
EMITS = list(labels.EMITS)
Array = np.ndarray
ALLOWED = np.array([[may_follow(a, b) for b in STATES] for a in STATES])
OPENING = np.array([0.0 if state in OPENS else NEVER for state in STATES], dtype=np.float32)


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A page's evidence, a piece each, and the numbers of the right states."""

    texts: list[str]
    evidence: list[Evidence]
    states: list[int]
    weight: float = 1.0  # how many pages it counts as


class RandomField:
    """Pages to learn from. `names` are the observations that get weights; each piece must have some of
    them.
    """

    def __init__(self, examples: Sequence[Example], names: Sequence[str]) -> None:
        index = {name: i for i, name in enumerate(names)}
        pages = sorted(examples, key=lambda example: -len(example.states))
        # The first pieces of all pages, then the second ones, and so on: pages that are longer stand first.
        self.widths = [
            sum(len(page.states) > place for page in pages) for place in range(len(pages[0].states))
        ]
        order = [(page, place) for place, width in enumerate(self.widths) for page in pages[:width]]
        self.starts = np.cumsum([0, *self.widths])
        self.states = np.array([page.states[place] for page, place in order])
        self.weights = np.array([page.weight for page, _ in order], dtype=np.float32)
        self.before = np.concatenate(
            [np.arange(width) + start for width, start in zip(self.widths[1:], self.starts, strict=False)]
        )
        evidence = [page.evidence[place] for page, place in order]
        cells = [(r, index[n], s) for r, piece in enumerate(evidence) for n, s in piece if n in index]
        rows, columns, strengths = (np.array(x) for x in zip(*cells, strict=True))
        shape = (len(evidence), len(names))
        self.strengths = sparse.csr_matrix((strengths.astype(np.float32), (rows, columns)), shape=shape)
        self.transposed = self.strengths.T.tocsr()
        self.often = np.asarray(
            self.strengths.astype(bool).T @ self.weights
        )  # weighted pieces with each name

    def fit(self, penalty: Array, emit: Array, move: Array) -> tuple[Array, Array]:
        """Return both tables where the likelihood less the penalty is largest, searched from `emit` and
        `move` on.

        `penalty` has a number for each name and label; a weight whose penalty is infinite stays 0. Steps
        have the smallest penalty of all.
        """
        penalties = np.concatenate([penalty.ravel(), np.full(ALLOWED.size, penalty.min())])
        free = np.concatenate([np.isfinite(penalty.ravel()), ALLOWED.ravel()])
        split = penalty.size

        slopes = [np.inf]

        def restore(free_weights: Array) -> tuple[Array, Array]:
            x = np.zeros(len(free))
            x[free] = free_weights
            return x[:split].reshape(penalty.shape), x[split:].reshape(ALLOWED.shape)

        def measure_loss(x: Array) -> tuple[float, Array]:
            likelihood, d_emit, d_move = self.measure_likelihood(*restore(x))
            slope = penalties[free] * x - np.concatenate([d_emit.ravel(), d_move.ravel()])[free]
            slopes.append(float(np.linalg.norm(slope)))
            return float(penalties[free] @ x**2) / 2 - likelihood, slope

        def stop_early(_: Array) -> None:
            if slopes[-1] < CONVERGED * self.weights.sum():
                raise StopIteration

        start = np.concatenate([emit.ravel(), move.ravel()])[free]
        options = {"maxiter": MOST_STEPS, "maxfun": 2 * MOST_STEPS, "maxcor": MEMORY, "ftol": 0, "gtol": 0}
        least = optimize.minimize(
            measure_loss, start, jac=True, method="L-BFGS-B", callback=stop_early, options=options
        )
        print(f"{least.nit} steps: loss {least.fun:.1f}, slope {slopes[-1]:.1f}", flush=True)
        return restore(least.x)

    def measure_likelihood(self, emit: Array, move: Array) -> tuple[float, Array, Array]:
        """Return the log-likelihood of the right labels, and its gradient by both tables.

        Forward and backward are kept as shares that sum to 1 at each piece, their sizes apart (Rabiner 1989).
        """
        scores = np.asarray(self.strengths @ emit.astype(np.float32))[:, EMITS]
        scores[: self.widths[0]] += OPENING
        top = scores.max(axis=1, keepdims=True)
        shares, step = np.exp(scores - top), np.exp(np.where(ALLOWED, move, NEVER)).astype(np.float32)
        forward, backward, sizes = shares.copy(), np.ones_like(shares), np.ones_like(top)
        for place, (start, width) in enumerate(zip(self.starts, self.widths, strict=False)):
            here = forward[start : start + width]
            if place:
                previous = self.starts[place - 1]
                here *= forward[previous : previous + width] @ step
            sizes[start : start + width] = here.sum(1, keepdims=True)
            here /= sizes[start : start + width]
        later = shares / sizes * self.weights[:, None]
        for place in range(len(self.widths) - 1, 0, -1):
            start, previous, width = self.starts[place], self.starts[place - 1], self.widths[place]
            back = later[start : start + width]
            back *= backward[start : start + width]
            weighted = self.weights[previous : previous + width, None]
            backward[previous : previous + width] = back @ step.T / weighted
        first = self.widths[0]
        d_move = -step * (forward[self.before].T @ later[first:])
        taken = self.states[self.before] * len(STATES) + self.states[first:]
        d_move += np.bincount(taken, self.weights[first:], len(STATES) ** 2).reshape(step.shape)
        missing = -forward * backward
        pieces = np.arange(len(self.states))
        missing[pieces, self.states] += 1
        missing *= self.weights[:, None]
        own = missing @ np.eye(len(LABELS), dtype=np.float32)[EMITS]
        gold = self.weights @ scores[pieces, self.states] + self.weights[first:] @ move.ravel()[taken]
        total = self.weights @ (np.log(sizes, dtype=float) + top)[:, 0]
        return float(gold - total), np.asarray(self.transposed @ own, dtype=float), d_move.astype(float)
