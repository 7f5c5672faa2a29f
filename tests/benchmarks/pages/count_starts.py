"""Count how paragraphs begin, against how texts go on in mid-sentence, and write bot/newspaper/starts.json.

    python tests/benchmarks/pages/count_starts.py [--until 2023-09-01]

--until leaves later articles out, for held-out figures.
"""

import argparse
import json
import math
import re
from collections import Counter
from pathlib import Path

from damaged_pages import articles

OUT = Path(__file__).parents[3] / "bot" / "newspaper" / "starts.json"
SMOOTHING = 3.0  # pseudo-counts given to either side, in the other's proportion
LEAST = 6  # occurrences, both sides together, below which a pair is left to its first character
MARKS = re.compile(r"[\s。！？…”』）；：，、—“《（]")


def count(texts: list[str]) -> dict[str, float]:
    begins: Counter[str] = Counter()
    goes_on: Counter[str] = Counter()
    for text in texts:
        for paragraph in (re.sub(r"\s+", " ", line.replace("\u3000", " ")).strip() for line in text.split("\n")):
            if len(paragraph) <= 40:
                continue
            begins.update([paragraph[0], paragraph[:2]])
            for i in range(12, len(paragraph) - 12):
                if not MARKS.search(paragraph[i - 1 : i + 1]):
                    goes_on.update([paragraph[i], paragraph[i : i + 2]])
    return log_odds(begins, goes_on)


def log_odds(begins: Counter[str], goes_on: Counter[str]) -> dict[str, float]:
    all_begins = sum(n for t, n in begins.items() if len(t) == 1)
    ratio = all_begins / sum(n for t, n in goes_on.items() if len(t) == 1)
    table: dict[str, float] = {}
    for term in sorted(set(begins) | set(goes_on), key=lambda t: (len(t), t)):
        inside = goes_on[term] * ratio
        prior = table.get(term[0], 0.0) if len(term) == 2 else 0.0
        score = math.log((begins[term] + SMOOTHING * math.exp(prior / 2)) / (inside + SMOOTHING * math.exp(-prior / 2)))
        if begins[term] + inside >= LEAST and abs(score - prior) > 0.3:
            table[term] = round(score, 1)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", default="9999")
    options = parser.parse_args()
    table = count([a["text"] for a in articles() if a["date"] < options.until])
    OUT.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(table)} beginnings, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
