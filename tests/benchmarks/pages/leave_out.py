"""Fit with one paper left out at a time and print how well that paper's pages are read.

    python tests/benchmarks/pages/leave_out.py [--papers 1500] [--save FOLDER]

People's Daily is left out by date, the evening paper and the project's own samples whole, the English ones
apart.
--save keeps what each fit answered for the pages it had not seen, for tests/benchmarks/pages/calibrate.py.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from damaged_pages import EVENING, DamagedPage, own_pages, pages, scorer
from fit import add_options, fit, make_lesson, use
from measure import measure

from bot.newspaper import certainty, split_page

RIGHT_BODY = 0.9  # of what a body shares with the printed one, as score_pages.py counts boundaries
HELD_OUT = "2023-09-01"
ENGLISH = frozenset({"mercury", "2026-11-21-05"})


def list_trials() -> dict[str, tuple[dict[str, object], list[list[DamagedPage]]]]:
    """A paper → what its fit leaves out, and its pages, a list a seed."""
    own = own_pages()
    return {
        "People's Daily, by date": (
            {"until": HELD_OUT},
            [[page for page in pages(seed) if page.date >= HELD_OUT] for seed in (1, 2)],
        ),
        "the evening paper": (
            {"without": frozenset({"evening"})},
            [pages(seed, paper=EVENING) for seed in range(1, 11)],
        ),
        "own samples": (
            {"without": frozenset({"own"})},
            [[page for page in own if page.name not in ENGLISH]],
        ),
        "English samples": ({"without": ENGLISH}, [[page for page in own if page.name in ENGLISH]]),
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
    options = parser.parse_args()
    lesson = make_lesson(options.seeds, options.others, options.papers)
    print(
        "| left out | articles | article F1 | boundary F1 | title | paragraph F1 | cut "
        "|\n|---|---|---|---|---|---|---|"
    )
    for paper, (left_out, trials) in list_trials().items():
        use(*fit(lesson.examples(**left_out)))  # type: ignore[arg-type]
        if options.save:
            options.save.mkdir(parents=True, exist_ok=True)
            rows = [row for trial in trials for page in trial for row in list_shares(page)]
            (options.save / f"{paper}.json").write_text(json.dumps(rows), encoding="utf-8")
        figures = np.array([measure(trial) for trial in trials])
        count = sum(len(page.gold) for trial in trials for page in trial)
        print(
            f"| {paper} | {count} | " + " | ".join(f"{figure:.3f}" for figure in figures.mean(0)) + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
