"""Fit the weights of the page reader and write bot/newspaper/weights.json.

    python tests/benchmarks/pages/fit.py [--until 2023-09-01] [--seeds 11 12 13 14] [--rounds 30]

A conditional random field over the pieces of a page, by gradient ascent (Adam) on the likelihood of the right labels
less a quadratic penalty. Everything is seeded: the same command gives the same table.
"""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from damaged_pages import DamagedPage, own_pages, pages, unmarked

from bot.newspaper.evidence import Evidence
from bot.newspaper.labels import EMITS, LABELS, NO_HEADING, OPENS, STATES, Label, may_follow, named, states
from bot.newspaper.layout import pieces
from bot.newspaper.page import asides, observed

OUT = Path(__file__).parents[3] / "bot" / "newspaper" / "weights.json"
# On the sum of squared weights. Held out, 1.0 and 0.3 are within 0.01 of each other in every figure.
PENALTY = 1.0
RATE = 0.05  # Adam's step at the start; it falls to nothing over the rounds
OWN = (
    12  # how often each of the project's own samples counts: there are few, and none of the evaluation's is of a county
)
NEVER = -1e9
Array = np.ndarray


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A page's evidence, a piece each, and the numbers of the right states."""

    evidence: list[Evidence]
    states: list[int]


def example(page: DamagedPage) -> Example | None:
    """The pieces our own layout finds, labelled by the printed line each begins in; None where they do not agree."""
    found = pieces(page.text)
    whys = asides(found)
    text = [i for i, why in enumerate(whys) if not why]
    begins: dict[int, Label | None] = {}
    at = 0
    for label, line in page.lines:
        begins[at] = label
        at += len(unmarked(line))
    labels, at = {}, 0
    for i, piece in enumerate(found):
        label = begins.get(at, Label.REST)
        labels[i] = Label.PARAGRAPH if label is None else label
        at += len(unmarked(piece.text))
    path = states(with_leads([labels[i] for i in text]))
    return Example(evidence=observed(found, text, whys), states=[STATES.index(s) for s in path]) if path else None


def with_leads(labels: Sequence[Label]) -> list[Label]:
    """`labels` with each article's first paragraph told from the others."""
    opening = {Label.TITLE, Label.DECK, Label.KICKER}
    return [
        Label.LEAD if label == Label.PARAGRAPH and (not i or labels[i - 1] in opening) else label
        for i, label in enumerate(labels)
    ]


def fit(examples: Sequence[Example], rounds: int) -> tuple[dict[str, list[float]], Array]:
    names = sorted({name for e in examples for found in e.evidence for name, _ in found} - {NO_HEADING})
    index = {name: i for i, name in enumerate(names)}
    batches = [padded(list(group), index) for group in by_length(examples)]
    emit, move = np.zeros((len(names), len(LABELS))), np.zeros((len(STATES), len(STATES)))
    allowed = np.array([[may_follow(a, b) for b in STATES] for a in STATES])
    state = [np.zeros_like(x) for x in (emit, emit, move, move)]
    order = np.random.default_rng(1)
    step, steps = 0, rounds * len(batches)
    for turn in range(1, rounds + 1):
        likelihood = 0.0
        for at in order.permutation(len(batches)):
            step += 1
            d_emit, d_move, gain = gradient(batches[at], emit, np.where(allowed, move, NEVER))
            likelihood += gain
            d_emit, d_move = d_emit - PENALTY / len(batches) * emit, d_move - PENALTY / len(batches) * move
            for x, d, k in ((emit, d_emit, 0), (move, np.where(allowed, d_move, 0), 2)):
                state[k] = 0.9 * state[k] + 0.1 * d
                state[k + 1] = 0.99 * state[k + 1] + 0.01 * d**2
                size = (state[k] / (1 - 0.9**step)) / (np.sqrt(state[k + 1] / (1 - 0.99**step)) + 1e-8)
                x += RATE * (1 - step / (steps + 1)) * size
        if turn % 10 == 0:
            print(
                f"round {turn}: log-likelihood a piece {likelihood / sum(len(e.states) for e in examples):.4f}",
                flush=True,
            )
    return {name: emit[i].tolist() for name, i in index.items()}, move


def by_length(examples: Sequence[Example], size: int = 40) -> list[list[Example]]:
    ordered = sorted(examples, key=lambda e: len(e.states))
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Pages side by side: strengths (pages, pieces, evidence), states and whether there is a piece (pages, pieces)."""

    strengths: Array
    states: Array
    there: Array


def padded(group: list[Example], index: dict[str, int]) -> Batch:
    longest = max(len(e.states) for e in group)
    strengths = np.zeros((len(group), longest, len(index)), dtype=np.float32)
    path = np.zeros((len(group), longest), dtype=int)
    there = np.zeros((len(group), longest), dtype=bool)
    for p, e in enumerate(group):
        there[p, : len(e.states)] = True
        path[p, : len(e.states)] = e.states
        for i, found in enumerate(e.evidence):
            for name, strength in found:
                if name in index:
                    strengths[p, i, index[name]] += strength
    return Batch(strengths=strengths, states=path, there=there)


def log_sum(x: Array, axis: int) -> Array:
    top = x.max(axis=axis, keepdims=True)
    return np.squeeze(top, axis) + np.log(np.exp(x - top).sum(axis=axis))


def gradient(batch: Batch, emit: Array, move: Array) -> tuple[Array, Array, float]:
    """Gradient of the log-likelihood with respect to both tables, by forward-backward; and the log-likelihood."""
    scores = batch.strengths @ emit.astype(np.float32)
    scores = scores.astype(float)[:, :, list(EMITS)]
    opens = np.array([0.0 if state in OPENS else NEVER for state in STATES])
    scores[:, 0] += opens
    _count, longest, k = scores.shape
    forward, backward = np.zeros_like(scores), np.zeros_like(scores)
    forward[:, 0] = scores[:, 0]
    for t in range(1, longest):
        step = log_sum(forward[:, t - 1, :, None] + move[None], 1) + scores[:, t]
        forward[:, t] = np.where(batch.there[:, t, None], step, forward[:, t - 1])
    total = log_sum(forward[:, -1], 1)
    d_move = np.zeros((k, k))
    for t in range(longest - 1, 0, -1):
        pair = forward[:, t - 1, :, None] + move[None] + (scores[:, t] + backward[:, t])[:, None, :]
        d_move -= (np.exp(pair - total[:, None, None]) * batch.there[:, t, None, None]).sum(0)
        back = log_sum(move[None] + (scores[:, t] + backward[:, t])[:, None, :], 2)
        backward[:, t - 1] = np.where(batch.there[:, t, None], back, backward[:, t])
    chance = np.exp(forward + backward - total[:, None, None]) * batch.there[:, :, None]
    right = np.eye(k)[batch.states] * batch.there[:, :, None]
    both = batch.there[:, 1:]
    np.add.at(d_move, (batch.states[:, :-1][both], batch.states[:, 1:][both]), 1)
    missing = (right - chance).astype(np.float32).reshape(-1, k)
    by_state = batch.strengths.reshape(len(missing), -1).T @ missing
    d_emit = by_state @ np.eye(len(LABELS), dtype=np.float32)[list(EMITS)]
    gold = (scores * right).sum() + move[batch.states[:, :-1][both], batch.states[:, 1:][both]].sum()
    return d_emit, d_move, float(gold - total.sum())


def write(emit: dict[str, list[float]], move: Array) -> None:
    table = {
        "labels": list(LABELS),
        "evidence": {name: [round(w, 2) for w in row] for name, row in emit.items()},
        "steps": {
            named(one): {
                named(other): round(float(move[i, j]), 2) for j, other in enumerate(STATES) if may_follow(one, other)
            }
            for i, one in enumerate(STATES)
        },
    }
    lines = json.dumps(table, ensure_ascii=False, indent=1)
    lines = re.sub(r"\[\s+([^\]]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", lines)
    OUT.write_text(lines + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", default="9999", help="learn from pages dated earlier only")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14])
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    made = [
        page for seed in options.seeds for page in pages(seed, torn_at_marks=seed % 2 == 0) if page.date < options.until
    ]
    made += own_pages() * OWN
    examples = [e for page in made if (e := example(page))]
    print(f"{len(examples)} of {len(made)} pages can be learned from")
    write(*fit(examples, options.rounds))


if __name__ == "__main__":
    main()
