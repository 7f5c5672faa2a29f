"""Find the constants of the guided ranker, and what finding them is worth on articles they were not found on.

    PYTHONPATH=. python tests/benchmarks/summaries/tune.py [--rounds 2] [--folds 4]

Coordinate search: each constant in turn is tried at some multiples of itself; what raises the mean over the
sets by more than MARGIN stays. The figure that counts is the last line: constants found on all folds but one,
scored on the other. Takes some ten minutes on one core.
"""

import argparse

import numpy as np
from articles import Article, articles, by_set, scorer

from summarizer import ranked_selection, rankers

CONSTANTS = [  # SLOGAN, FIGURES and LISTED are set for the reader, not found
    *(
        "WALK",
        "AHEAD",
        "DOUBT",
        "LEAD",
        "LEAD_FADES",
        "OPENING",
        "FEATURE",
        "POINT",
        "POINT_FADES",
        "HOOK",
        "TITLE",
    ),
    *(
        "HEADINGS",
        "SHORT",
        "SHORTEST",
        "LONG",
        "LONGEST",
        "REPORTED",
        "SCENE",
        "SPOKEN",
        "REPETITION",
        "ALONE",
    ),
]
FACTORS = (0.0, 0.5, 0.75, 1.33, 2.0)
MARGIN = 0.05  # points of ROUGE; less is noise, and the plainer number stays

SCORE = scorer()


def home(name: str) -> object:
    return ranked_selection if hasattr(ranked_selection, name) else rankers


def objective(found: list[Article]) -> float:
    return float(np.mean([values.mean() for values in by_set(found, SCORE).values()]))


def search(found: list[Article], rounds: int) -> dict[str, float]:
    """Leave the best constants found in the modules and return them."""
    best = objective(found)
    for _ in range(rounds):
        for name in CONSTANTS:
            start = kept = getattr(home(name), name)
            for factor in FACTORS:
                if factor == 0 and name in {"DOUBT", "LEAD_FADES", "POINT_FADES", "SHORTEST"}:
                    continue  # divisors
                setattr(home(name), name, start * factor)
                value = objective(found)
                if value > best + MARGIN:
                    best, kept = value, start * factor
            setattr(home(name), name, kept)
    return {name: getattr(home(name), name) for name in CONSTANTS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folds", type=int, default=4)
    options = parser.parse_args()
    found = articles()
    shipped = {name: getattr(home(name), name) for name in CONSTANTS}
    print("as shipped", {name: round(float(v.mean()), 2) for name, v in by_set(found, SCORE).items()})
    held: dict[str, list[float]] = {}
    for fold in range(options.folds):
        for name, value in shipped.items():
            setattr(home(name), name, value)
        constants = search([a for i, a in enumerate(found) if i % options.folds != fold], options.rounds)
        moved = {name: round(value, 3) for name, value in constants.items() if value != shipped[name]}
        print(f"fold {fold}", moved or "unchanged", flush=True)
        for name, values in by_set(
            [a for i, a in enumerate(found) if i % options.folds == fold], SCORE
        ).items():
            held.setdefault(name, []).extend(values)
    print("held out  ", {name: round(float(np.mean(values)), 2) for name, values in held.items()})


if __name__ == "__main__":
    main()
