"""Does a text keep its title, summary and key terms when its lines are hard-wrapped?

    python -m tests.benchmarks.texts.measure_unwrapping ARTICLES.jsonl.gz … [--half 1] [--texts 400] [--show
    blank]

ARTICLES are lines of {id, title, text} with one paragraph a line. Each text is wrapped once a style, at a
random width and by a random rule. The unwrapping was made on the ids of half 0, so half 1 is the one to
report.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
from collections import Counter
from pathlib import Path

import summarizer
from bot.text.plain_text import parse_plain_text
from tests.benchmarks.texts.wrapping import RULES, STYLES, wrap_document

WIDTHS = (
    16,
    17,
    18,
    20,
    22,
    24,
    26,
    28,
    30,
    32,
    36,
    40,
    48,
    56,
    60,
    65,
    66,
    70,
    72,
    76,
    78,
    80,
    90,
    100,
    120,
)
MAX_CHINESE_WIDTH = 60
ENDLESS = 1_000_000


def is_in_half(name: str, half: int) -> bool:
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % 2 == half  # noqa: S324


def read_rows(paths: list[Path], half: int) -> list[dict[str, str]]:
    rows = [json.loads(line) for path in paths for line in gzip.decompress(path.read_bytes()).splitlines()]
    return [row for row in rows if is_in_half(row["id"], half)]


def outcome_of(document: str) -> dict[str, list[str]]:
    """Return what a reader gets of a document, white space aside."""
    plain = parse_plain_text(document)
    found = summarizer.summarize(plain.text, title=plain.title)
    terms = summarizer.extract_keywords(plain.text, title=plain.title, language=found.language)
    outcome = {
        "title": [plain.title],
        "summary": [s.text for s in found.sentences],
        "terms": [term.term for term in terms],
    }
    return {name: [re.sub(r"\s", "", text) for text in texts] for name, texts in outcome.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--half", type=int, default=1)
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--show", choices=STYLES)
    arguments = parser.parse_args()
    chance = random.Random(arguments.half)
    rows = read_rows(arguments.articles, arguments.half)
    chance.shuffle(rows)
    for style in STYLES:
        kept: Counter[str] = Counter()
        for row in rows[: arguments.texts]:
            paragraphs = [text for text in [row["title"], *row["text"].split("\n")] if text.strip()]
            is_chinese = bool(re.search(r"[\u3400-\u9fff]", row["text"]))
            width = chance.choice([width for width in WIDTHS if not is_chinese or width <= MAX_CHINESE_WIDTH])
            rule = chance.randrange(RULES)
            has_title = bool(row["title"])
            whole = outcome_of(wrap_document(paragraphs, ENDLESS, style, rule, has_title=has_title))
            wrapped = outcome_of(wrap_document(paragraphs, width, style, rule, has_title=has_title))
            same = {name for name in whole if whole[name] == wrapped[name]}
            kept.update([*same, *(["all"] if len(same) == len(whole) else [])])
            if arguments.show == style and len(same) < len(whole):
                print(
                    row["id"],
                    width,
                    rule,
                    {name: (whole[name], wrapped[name]) for name in whole if name not in same},
                )
        count = min(len(rows), arguments.texts)
        print(
            f"{style:15}",
            *(f"{name} {kept[name] / count:.3f}" for name in ("all", "title", "summary", "terms")),
            count,
        )


if __name__ == "__main__":
    main()
