"""Read the evaluation's pages and print how well, as score_pages.py does, held-out pages apart if asked.

python tests/benchmarks/pages/measure.py [--seeds 1 2] [--since 2023-09-01] [--paper real/xinmin.jsonl]
[--errors 20]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from damaged_pages import EVENING, NATIONAL, DamagedPage, evaluation, pages

from bot.models import Page
from bot.newspaper import split_page

FIGURES = ("article F1", "boundary F1", "title", "paragraph F1", "cut")


def as_json(page: Page) -> list[dict[str, Any]]:
    return [
        {"title": a.title, "paragraphs": a.paragraphs, "cut_head": a.cut_head, "cut_tail": a.cut_tail}
        for a in page.articles
    ]


def score(wanted: list[DamagedPage], found: list[Page]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        gold, mine = Path(folder, "gold.jsonl"), Path(folder, "found.jsonl")
        gold.write_text(
            "".join(
                json.dumps({"page": p.name, "layout": p.layout, "articles": p.gold}) + "\n" for p in wanted
            )
        )
        mine.write_text(
            "".join(
                json.dumps({"page": p.name, "articles": as_json(page)}) + "\n"
                for p, page in zip(wanted, found, strict=True)
            )
        )
        command = [sys.executable, str(evaluation() / "score_pages.py"), str(gold), str(mine)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def show_errors(wanted: list[DamagedPage], found: list[Page], count: int) -> None:
    """Print the pages whose titles differ: what is printed (-) and what was read (+)."""
    for want, got in zip(wanted, found, strict=True):
        titles = [a["title"] for a in want.gold]
        read = [a.title for a in got.articles]
        if titles != read and count:
            count -= 1
            print(f"{want.name} ({want.layout})")
            for title in titles:
                print("  " if title in read else "- ", title)
            for a in got.articles:
                if a.title not in titles:
                    print(f"+  {a.kicker} | {a.title} | {a.deck} [{len(a.paragraphs)}] {a.text[:30]!r}")


def measure(wanted: list[DamagedPage]) -> list[float]:
    """Read the pages; article F1, boundary F1, title, paragraph F1 and cut over all of them."""
    scored = score(wanted, [split_page(page.text) for page in wanted])
    row = next(line for line in scored.splitlines() if line.startswith("all "))
    return [float(row.split(name)[1].split()[0]) for name in FIGURES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--paper", default=NATIONAL, choices=[NATIONAL, EVENING])
    parser.add_argument("--since", default="", help="only pages dated then or later")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    for seed in options.seeds:
        wanted = [page for page in pages(seed, paper=options.paper) if page.date >= options.since]
        began = time.perf_counter()
        found = [split_page(page.text) for page in wanted]
        took = time.perf_counter() - began
        show_errors(wanted, found, options.errors)
        print(score(wanted, found), end="")
        print(f"{len(wanted)} pages in {took:.2f} s")


if __name__ == "__main__":
    main()
