"""Count how paragraphs begin and headings end, against text in mid-sentence: the table edges.json.

tests/benchmarks/pages/fit.py runs it, with the articles that may be learned from.
"""

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from damaged_pages import evaluation, paragraph_label

from bot.newspaper.labels import Label

OUT = Path(__file__).parents[3] / "bot" / "newspaper" / "edges.json"
SMOOTHING = 3.0  # pseudo-counts given to either side, in the other's proportion
LEAST = 6  # occurrences, both sides together, below which a pair is left to its first character
MARKS = re.compile(r"[\s。！？…”』）；：，、—“《（]")


# Where a sentence begins inside a text: torn paragraphs begin elsewhere, and one paper begins paragraphs in
# few ways.
SENTENCE = re.compile(r"[。！？]”?([^\s。！？…”』）；：，、—“《（].)")


def broadcasts() -> Iterator[str]:
    """Items of television news, from the evaluation's summaries: they begin as no newspaper's do."""
    for name in ("articles", "more"):
        with gzip.open(
            evaluation().parent / "summaries" / f"{name}.jsonl.gz", "rt", encoding="utf-8"
        ) as lines:
            yield from (squeezed(item["text"]) for item in map(json.loads, lines) if item["set"] == "xwlb")


def paragraphs(article: dict[str, str]) -> list[str]:
    return [line for line in map(squeezed, article["text"].split("\n")) if line]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u3000", " ")).strip()


def headings(article: dict[str, str]) -> list[str]:
    """The article's headings, sub-headings included, without a column's name in brackets."""
    found = [squeezed(article[key]) for key in ("pretitle", "title", "subtitle")]
    found += [text for text in paragraphs(article)[:-1] if paragraph_label(text) == Label.SUBHEADING]
    return [bare for text in found if (bare := re.sub(r"（[^（）]*）$", "", text))]


def tables(group: list[dict[str, str]]) -> dict[str, dict[str, float]]:
    long = [text for article in group for text in paragraphs(article) if len(text) > 40]
    long += list(broadcasts())
    starts = Counter(
        edge for text in long for begun in (text, *SENTENCE.findall(text)) for edge in (begun[0], begun[:2])
    )
    ends = Counter(edge for article in group for text in headings(article) for edge in (text[-1], text[-2:]))
    goes_on: Counter[str] = Counter()
    went_on: Counter[str] = Counter()
    for text in long:
        for i in range(12, len(text) - 12):
            if not MARKS.search(text[i - 1 : i + 1]):
                goes_on.update((text[i], text[i : i + 2]))
                went_on.update((text[i - 1], text[i - 2 : i]))
    return {"starts": log_odds(starts, goes_on), "ends": log_odds(ends, went_on, last=True)}


def log_odds(begins: Counter[str], goes_on: Counter[str], last: bool = False) -> dict[str, float]:
    all_begins = sum(n for t, n in begins.items() if len(t) == 1)
    ratio = all_begins / sum(n for t, n in goes_on.items() if len(t) == 1)
    table: dict[str, float] = {}
    for term in sorted(set(begins) | set(goes_on), key=lambda t: (len(t), t)):
        inside = goes_on[term] * ratio
        prior = table.get(term[-1 if last else 0], 0.0) if len(term) == 2 else 0.0
        score = math.log(
            (begins[term] + SMOOTHING * math.exp(prior / 2)) / (inside + SMOOTHING * math.exp(-prior / 2))
        )
        if begins[term] + inside >= LEAST and abs(score - prior) > 0.3:
            table[term] = round(score, 1)
    return table


def write(tables: dict[str, dict[str, float]]) -> None:
    OUT.write_text(json.dumps(tables, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
