"""Print newspaper pages as scans: pdf_pages.py's pages as pictures, turned, blurred, stained; and measure the
reading.

python tests/benchmarks/pages/scan_pages.py OUT [--pages 10] [--seed 1] [--own] [--dpi 300] [--skew 1.0]
[--noise 8] python tests/benchmarks/pages/scan_pages.py OUT --measure

The first command writes OUT/*.jpg and OUT/gold.jsonl, the second reads the pages with the extra `ocr`, writes
OUT/found.jsonl for the evaluation's score_pages.py, and prints for each page: characters, character error
rate, seconds, processor seconds and peak memory. `--skew` is the most degrees a page is turned, `--noise` the
standard deviation of its greys' grain (of 255).
"""

import argparse
import json
import random
import resource
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pdf_pages import FONT, Gold, Story, evaluation_pages, own_pages, page
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]

from bot.cli.reading import to_page_row
from bot.newspaper import split_sheet
from bot.sources import scan

TALLEST = 1.45  # times its width that a page is high, as A3 is
SLACK = 4  # characters a line may be off its place


def scanned(pdf: bytes, dpi: int, skew: float, noise: float, rng: random.Random) -> NDArray[np.uint8]:
    """The first page of a PDF as a scanner would give it."""
    with pypdfium2.PdfDocument(pdf) as document:
        grey = document[0].render(scale=dpi / 72, grayscale=True).to_numpy().squeeze()
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-skew, skew), 1.0)
    grey = cv2.warpAffine(np.ascontiguousarray(grey), turn, (width, height), borderValue=255)
    if noise:
        grain = np.random.default_rng(rng.randrange(2**32)).normal(0, noise, grey.shape)
        paper = (
            cv2.GaussianBlur(grey, (0, 0), 0.8).astype(np.float32) * 0.85 + 25
        )  # grey paper, ink that bleeds
        grey = (paper + grain).clip(0, 255)
    return np.asarray(grey, dtype=np.uint8)


def sheets(
    pages: Sequence[Sequence[Story]], count: int, rng: random.Random
) -> Iterator[tuple[str, bytes, list[Gold]]]:
    """Pages as (name, PDF, what is printed) of 3, 4 and 5 columns by turns, as many articles on each as it
    holds.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    chosen = rng.sample(list(pages), min(count, len(pages)))
    for number, stories in enumerate(chosen):
        columns = 3 + number % 3
        best = None
        for last in range(1, len(stories) + 1):
            data, golds = page(stories[:last], columns, rng)
            with pypdfium2.PdfDocument(data) as document:
                width, height = document[0].get_size()
            if best and height > TALLEST * width:
                break
            best = data, golds
        if best:
            yield f"scan-{number + 1:02d}-columns{columns}", *best


def write(options: argparse.Namespace) -> None:
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    rows = []
    for name, data, golds in sheets(own_pages() if options.own else evaluation_pages(), options.pages, rng):
        cv2.imwrite(
            str(options.out / f"{name}.jpg"), scanned(data, options.dpi, options.skew, options.noise, rng)
        )
        rows.append(
            json.dumps({"page": name, "layout": f"{name[-1]} col", "articles": golds}, ensure_ascii=False)
        )
    (options.out / "gold.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def measure(out: Path) -> None:
    found = []
    print("| page | pixels | characters | character errors | seconds | processor seconds | peak MB |")
    for row in map(json.loads, (out / "gold.jsonl").read_text("utf-8").splitlines()):
        path = out / f"{row['page']}.jpg"
        began, worked = time.perf_counter(), time.process_time()
        sheet = scan.read_sheet(path.read_bytes(), path.name)
        seconds, work = time.perf_counter() - began, time.process_time() - worked
        found.append(json.dumps(to_page_row(row["page"], split_sheet(sheet)), ensure_ascii=False))
        printed, wrong = errors(row["articles"], [line.text for line in sheet.lines])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        costs = f"{seconds:.1f} | {work:.1f} | {peak:.0f}"
        size = f"{sheet.width:.0f} × {sheet.height:.0f}"
        print(f"| {row['page']} | {size} | {printed} | {wrong / printed:.2%} | {costs} |")
    (out / "found.jsonl").write_text("\n".join(found) + "\n", encoding="utf-8")


def errors(articles: Sequence[Mapping[str, Any]], lines: Sequence[str]) -> tuple[int, int]:
    """How many characters the articles have, and how many of them were read wrong, not at all, or once too
    often.

    Each line is looked for where most of its pairs of characters stand; one that stands nowhere is furniture.
    """
    printed = bare("".join(a["title"] + "".join(a["paragraphs"]) for a in articles))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at in range(len(printed) - 1):
        places[printed[at : at + 2]].append(at)
    covered, wrong = bytearray(len(printed)), 0
    for line in map(bare, lines):
        votes = Counter(place - at for at in range(len(line) - 1) for place in places[line[at : at + 2]])
        start, count = max(
            votes.items(), key=lambda vote: (vote[1], not covered[max(0, vote[0])]), default=(0, 0)
        )
        if count >= max(1, len(line) // 3):
            wrong += edits(line, printed[max(0, start - SLACK) : start + len(line) + SLACK])
            for at in range(max(0, start), min(len(printed), start + len(line))):
                covered[at] = 1
    return len(printed), wrong + covered.count(0)


def edits(line: str, stretch: str) -> int:
    """The fewest changes that make `line` of a part of `stretch` (Sellers 1980)."""
    row = [0] * (len(stretch) + 1)
    for number, letter in enumerate(line, 1):
        last, row[0] = row[:], number
        for at, other in enumerate(stretch, 1):
            row[at] = min(last[at - 1] + (letter != other), last[at] + 1, row[at - 1] + 1)
    return min(row)


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--own", action="store_true", help="the project's sample pages")
    parser.add_argument("--dpi", type=int, default=300)
    parser.add_argument("--skew", type=float, default=1.0)
    parser.add_argument("--noise", type=float, default=8.0)
    parser.add_argument("--measure", action="store_true")
    options = parser.parse_args()
    if options.measure:
        measure(options.out)
    else:
        write(options)


if __name__ == "__main__":
    main()
