"""Fit the weights by which a page's lines are judged (bot/sources/html/body_lines.py), and measure them held
out.

    python tests/benchmarks/web/fit_body_lines.py FOLDER

FOLDER holds pages (SET/FILE.html) and gold.jsonl, a line a page: {"set", "file", "expected"} with the text
that is expected, or {"set", "file", "with", "without"} with pieces that belong to the article and pieces that
do not. The pages are divided in two by a hash of their names; the weights fitted on one half are measured on
the other. What is printed last are the weights of all pages, to be written into WEIGHTS.
"""

import hashlib
import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import SourceError
from bot.sources.html.article_page import decode_page, parse_page
from bot.sources.html.body_lines import WEIGHTS, collect_votes, make_key, measure_lines
from bot.sources.html.prose import ProseLine, build_prose, walk_lines

NAMES = list(WEIGHTS)
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)
MIN_KEY = 8  # letters of a line that is looked for in an expected text
RIDGE = 0.3
PIECE_WEIGHT = 1 / 6  # of a piece; the pieces of a page weigh together what a page with its whole text does


class MeasuredPage:
    """A page's lines, their features, and which of them belong to the article."""

    def __init__(self, gold: dict[str, Any], folder: Path) -> None:
        self.gold = gold
        self.half = hashlib.sha256(gold["file"].encode()).digest()[0] % 2
        path = folder / gold["set"] / gold["file"]
        self.lines: list[ProseLine] = []
        rows: list[dict[str, float]] = []
        try:
            tree = parse_page(decode_page(path.read_bytes(), str(path)), str(path))
            self.lines = [line for line in walk_lines(tree, is_page=True) if line.text]
            rows = measure_lines(self.lines, collect_votes(tree, self.lines))
        except SourceError as error:
            print(error)
        self.features = np.array([[row[name] for name in NAMES] for row in rows]).reshape(
            len(rows), len(NAMES)
        )
        self.labels = [self._label(line) for line in self.lines]

    def _label(self, line: ProseLine) -> bool | None:
        """Return whether a line belongs to the article, None where the gold does not say."""
        if self.gold.get("expected"):
            key = make_key(line.text)
            return key in make_key(self.gold["expected"]) if len(key) >= MIN_KEY else None
        for name, label in (("with", True), ("without", False)):
            for piece in map(squeeze, self.gold.get(name, ())):
                if piece in line.text or (len(line.text) > 20 and line.text in piece):
                    return label
        return None

    @property
    def rows(self) -> tuple[Any, Any, Any]:
        """The features of the labelled lines, their labels, and how much each of them weighs."""
        chosen = [place for place, label in enumerate(self.labels) if label is not None]
        labels = np.array([self.labels[place] for place in chosen], float)
        if "with" in self.gold:
            weights = np.full(len(chosen), PIECE_WEIGHT)
        else:
            lengths = np.array([len(make_key(self.lines[place].text)) for place in chosen], float)
            weights = np.minimum(lengths / max(1.0, float((lengths * labels).sum())), 1)
        return self.features[chosen], labels, weights

    def read(self, weights: Any) -> str:
        if not self.lines:
            return ""
        scores = self.features @ weights
        return build_prose(line for line, score in zip(self.lines, scores, strict=True) if score > 0).text


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def fit_weights(pages: Iterable[MeasuredPage]) -> Any:
    """Return the weights of a logistic regression with a ridge, by Newton's method."""
    parts = [page.rows for page in pages]
    features, labels, weights = (np.concatenate(each) for each in zip(*parts, strict=True))
    result = np.zeros(len(NAMES))
    for _ in range(60):
        chances = 1 / (1 + np.exp(-features @ result))
        slope = features.T @ (weights * (chances - labels)) + RIDGE * result
        curve = (features * (weights * chances * (1 - chances))[:, None]).T @ features + RIDGE * np.eye(
            len(NAMES)
        )
        result -= np.linalg.solve(curve, slope)
    return result


def print_scores(name: str, pages: Iterable[MeasuredPage], choose: Any) -> None:
    """Print F1 over tokens where a whole text is expected, and over pieces elsewhere."""
    whole: dict[str, list[float]] = {}
    pieces: Counter[str] = Counter()
    for page in pages:
        text = page.read(choose(page))
        if "with" in page.gold:
            found = [squeeze(piece) in squeeze(text) for piece in page.gold["with"]]
            wrong = [squeeze(piece) in squeeze(text) for piece in page.gold["without"]]
            pieces.update(right=sum(found), missed=len(found) - sum(found), wrong=sum(wrong))
        elif page.gold["expected"]:
            whole.setdefault(page.gold["set"], []).append(measure_tokens(text, page.gold["expected"]))
    for label, values in whole.items():
        mean, median = statistics.mean(values), statistics.median(values)
        print(f"{name:10} {label:8} n {len(values):3} mean {mean:.3f} median {median:.3f}")
    precision = pieces["right"] / max(1, pieces["right"] + pieces["wrong"])
    recall = pieces["right"] / max(1, pieces["right"] + pieces["missed"])
    both = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{name:10} pieces   P {precision:.3f} R {recall:.3f} F1 {both:.4f}")


def measure_tokens(text: str, expected: str) -> float:
    ours, theirs = Counter(TOKEN.findall(text.casefold())), Counter(TOKEN.findall(expected.casefold()))
    both = (ours & theirs).total()
    return 2 * both / (ours.total() + theirs.total()) if both else 0.0


def main() -> None:
    folder = Path(sys.argv[1])
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    pages = [MeasuredPage(row, folder) for row in rows]
    halves = [fit_weights(page for page in pages if page.half != half) for half in (0, 1)]
    for half in (0, 1):
        print_scores(
            f"held out {'AB'[half]}",
            [page for page in pages if page.half == half],
            lambda page: halves[page.half],
        )
    print_scores("held out", pages, lambda page: halves[page.half])
    weights = fit_weights(pages)
    print_scores("fitted on", pages, lambda _: weights)
    present = np.array([WEIGHTS[name] for name in NAMES])
    print_scores("WEIGHTS", pages, lambda _: present)
    for name, *values in zip(NAMES, weights, *halves, strict=True):
        print(f'    "{name}": {values[0]:.2f},  # {values[1]:.2f}, {values[2]:.2f} on the halves')


if __name__ == "__main__":
    main()
