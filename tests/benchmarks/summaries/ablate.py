"""What each ingredient of the guided ranker buys: the score without it, and whether the difference is more
than luck.

    PYTHONPATH=. python tests/benchmarks/summaries/ablate.py

For every ingredient and set: full minus without, in points of ROUGE (mean of 1, 2 and L), and the bounds
within which 95 % of 5,000 paired bootstrap samples of the articles fall. Also the other rankers, and rmrb
within 125 characters.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from articles import SETS, articles, by_set, rouge, scorer

from summarizer import ranked_selection, rankers

WITHOUT = {
    "the random walk": {"WALK": 0.0},
    "direction": {"AHEAD": 0.0},
    "both (all centrality)": {"WALK": 0.0, "AHEAD": 0.0},
    "doubt in short texts": {"DOUBT": 0.0001, "WALK": 0.3, "AHEAD": 0.5},
    "the lead": {"LEAD": 0.0, "OPENING": 0.0},
    "the point before the first subheading": {"POINT": 0.0},
    "less lead in features": {"FEATURE": 1.0},
    "the end of the first paragraph": {"HOOK": 0.0},
    "the title": {"TITLE": 0.0},
    "the subheadings": {"HEADINGS": 0.0},
    "length": {"SHORT": 0.0, "LONG": 0.0},
    "reported and spoken words": {"REPORTED": 0.0, "SPOKEN": 0.0},
    "slogans, figures, lists, scenes": {
        "SLOGAN": 0.0,
        "HOLLOW": 0.0,
        "FIGURES": 0.0,
        "LISTED": 0.0,
        "SCENE": 0.0,
    },
    "no repetition": {"REPETITION": 0.0},
    "nothing that looks back alone": {"ALONE": 0.0},
}
BUDGETS = (100, 125, 150)  # characters
BUDGETED: dict[str, dict[str, float]] = {
    "facts no more than elsewhere": {"FACTS": 0.1, "PLENTY": 2.0},
    "no share for other sentences": {"SHARE": 1.0},
    "no figures among clauses": {"FACT": 0.0},
    "looking back alone": {"ALONE": 0.0},
}
SAMPLES = 5_000


@contextmanager
def constants(changed: dict[str, float]) -> Iterator[None]:
    homes = {name: ranked_selection if hasattr(ranked_selection, name) else rankers for name in changed}
    kept = {name: getattr(homes[name], name) for name in changed}
    for name, value in changed.items():
        setattr(homes[name], name, value)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(homes[name], name, value)


def interval(difference: np.ndarray) -> str:
    """Return the mean and its 95 % bounds as `+1.2 [0.4, 2.0]`, with a star where 0 lies outside."""
    dice = np.random.default_rng(0).integers(len(difference), size=(SAMPLES, len(difference)))
    low, high = np.percentile(difference[dice].mean(axis=1), [2.5, 97.5])
    return f"{difference.mean():+.1f} [{low:.1f}, {high:.1f}]{'*' if low > 0 or high < 0 else ''}"


def main() -> None:
    score, found = scorer(), articles()
    full = by_set(found, score)
    print("| | " + " | ".join(SETS) + " |\n|---|" + "---|" * len(SETS))
    print("| **guided** | " + " | ".join(f"**{full[name].mean():.1f}**" for name in SETS) + " |")
    for ranker in ("lead", "textrank"):
        other = by_set(found, score, ranker)
        print(f"| {ranker} | " + " | ".join(f"{other[name].mean():.1f}" for name in SETS) + " |")
        print(
            f"| guided − {ranker} | " + " | ".join(interval(full[name] - other[name]) for name in SETS) + " |"
        )
    for label, changed in WITHOUT.items():
        with constants(changed):
            less = by_set(found, score)
        print(
            f"| {label} | " + " | ".join(interval(full[name] - less[name]) for name in SETS) + " |",
            flush=True,
        )
    news = [article for article in found if article.row["set"] == "rmrb"]
    for label, changed in {"guided": {}, **BUDGETED}.items():
        with constants(changed):
            scores = [np.mean([rouge(a, score, "guided", most) for a in news]) for most in BUDGETS]
        print(
            f"rmrb within {BUDGETS} characters, {label}:",
            " ".join(f"{score:.1f}" for score in scores),
            flush=True,
        )
    scores = [np.mean([rouge(a, score, "lead", most) for a in news]) for most in BUDGETS]
    print(f"rmrb within {BUDGETS} characters, lead:", " ".join(f"{score:.1f}" for score in scores))


if __name__ == "__main__":
    main()
