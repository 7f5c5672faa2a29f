"""Fit with papers left out and print how well the pages of those papers are read.

    python tests/benchmarks/pages/leave_out.py [--papers 1500] [--save FOLDER]

One fit knows neither the evening paper nor People's Daily from a day on, another none of the project's own
samples.
--save keeps what each fit answered for the pages it had not seen, for tests/benchmarks/pages/calibrate.py.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from damaged_pages import EVENING, DamagedPage, own_pages, pages, scorer
from fit import add_options, fit, make_lesson, use
from measure import measure

from bot.newspaper import certainty, split_page

RIGHT_BODY = 0.9  # of what a body shares with the printed one, as score_pages.py counts boundaries
HELD_OUT = "2023-09-01"
ENGLISH = frozenset({"mercury", "2026-11-21-05"})
FITS: dict[str, dict[str, Any]] = {  # what each leaves out
    "printed": {"until": HELD_OUT, "without": frozenset({"evening"})},
    "own": {"without": frozenset({"own"})},
}


def list_papers(fit_name: str) -> dict[str, list[list[DamagedPage]]]:
    """Return the papers that a fit has not seen, with their pages, a list for each seed."""
    if fit_name == "printed":
        return {
            "People's Daily, by date": [
                [page for page in pages(seed) if page.date >= HELD_OUT] for seed in (1, 2)
            ],
            "the evening paper": [pages(seed, paper=EVENING) for seed in range(1, 11)],
        }
    own = own_pages()
    return {
        "own samples": [[page for page in own if page.name not in ENGLISH]],
        "English samples": [[page for page in own if page.name in ENGLISH]],
    }


def list_shares(page: DamagedPage) -> list[tuple[float, bool]]:
    """For each article: the share of paths with its boundaries, and whether its body is a printed one."""
    certainties = certainty.calibrate
    certainty.calibrate = lambda share: share
    articles = split_page(page.text).articles
    certainty.calibrate = certainties
    read = [{"title": a.title, "paragraphs": a.paragraphs, "share": a.certainty} for a in articles]
    right = {id(found) for score, _, found in scorer().match(page.gold, read) if score >= RIGHT_BODY}
    return [(found["share"], id(found) in right) for found in read]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--fits", nargs="*", default=list(FITS), choices=list(FITS))
    options = parser.parse_args()
    print(
        "| left out | articles | article F1 | boundary F1 | title | paragraph F1 | cut "
        "|\n|---|---|---|---|---|---|---|"
    )
    for name in options.fits:
        use(fit(make_lesson(options, **FITS[name])))
        for paper, trials in list_papers(name).items():
            print_figures(paper, trials)
            if options.save:
                options.save.mkdir(parents=True, exist_ok=True)
                rows = [row for trial in trials for page in trial for row in list_shares(page)]
                (options.save / f"{paper}.json").write_text(json.dumps(rows), encoding="utf-8")


def print_figures(paper: str, trials: list[list[DamagedPage]]) -> None:
    figures = np.array([measure(trial) for trial in trials]).mean(0)
    count = sum(len(page.gold) for trial in trials for page in trial)
    print(f"| {paper} | {count} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |", flush=True)


if __name__ == "__main__":
    main()
