"""Find the constants of bot/newspaper/certainty.py and print how well they hold.

    python tests/benchmarks/pages/leave_out.py --save FOLDER
    python tests/benchmarks/pages/calibrate.py FOLDER

FOLDER has a file of rows for each paper left out of a fit: the share of all paths that bounds an article as
the best path does, and whether its body was the printed one. Each paper is checked with constants found on
the others.
"""

import argparse
import json
import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

Rows = Sequence[tuple[float, bool]]
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
LEAST = 1e-6
TURNS = 50


def fit_sigmoid(rows: Rows) -> tuple[float, float]:
    """Slope and offset of the log-odds that make the rows most likely, by Newton's method; papers weigh
    alike.
    """
    odds = np.array([math.log((s := min(max(share, LEAST), 1 - LEAST)) / (1 - s)) for share, _ in rows])
    right = np.array([float(is_right) for _, is_right in rows])
    design = np.stack([odds, np.ones_like(odds)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(TURNS):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (right - chance)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design
        weights = weights + np.linalg.solve(curve, slope)
    return float(weights[0]), float(weights[1])


def apply(rows: Rows, slope: float, offset: float) -> list[tuple[float, bool]]:
    odds = [math.log((s := min(max(share, LEAST), 1 - LEAST)) / (1 - s)) for share, _ in rows]
    return [
        (1 / (1 + math.exp(-(offset + slope * o))), right) for o, (_, right) in zip(odds, rows, strict=True)
    ]


def print_bands(paper: str, rows: Rows) -> None:
    for low, high in pairwise(BANDS):
        inside = [(chance, right) for chance, right in rows if low <= chance < high]
        if inside:
            mean = sum(chance for chance, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            print(f"| {paper} | {low:.2f} to {high:.2f} | {len(inside)} | {mean:.3f} | {share:.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    papers = {
        path.stem: [tuple(row) for row in json.loads(path.read_text())]
        for path in options.folder.glob("*.json")
    }
    print("| paper left out | said | articles | mean said | right |\n|---|---|---|---|---|")
    for paper, rows in papers.items():
        others = [row for name, found in papers.items() if name != paper for row in found]
        print_bands(paper, apply(rows, *fit_sigmoid(others)))
    slope, offset = fit_sigmoid([row for rows in papers.values() for row in rows])
    print(f"all papers: slope {slope:.2f}, offset {offset:.2f}")


if __name__ == "__main__":
    main()
