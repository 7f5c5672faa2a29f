"""Is a newspaper page taken for a page, and an article for an article?

    python -m tests.benchmarks.texts.measure_pages PAGES… --articles ARTICLES.jsonl.gz … [--half 1] [--texts
    400]

PAGES are folders of pages as text, ARTICLES lines of {id, title, text}. Each article is set once, as one line
a paragraph or hard-wrapped. The threshold was chosen on half 0, by the names of pages and the ids of
articles.
"""

import argparse
import random
import re
from pathlib import Path

from bot.sources.text_articles import parse_text_articles
from tests.benchmarks.texts.measure_unwrapping import ENDLESS, is_in_half, read_rows
from tests.benchmarks.texts.wrapping import RULES, STYLES, wrap_document

WIDTHS = (ENDLESS, ENDLESS, 16, 20, 30, 40, 72)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--articles", nargs="+", type=Path, required=True)
    parser.add_argument("--half", type=int, default=1)
    parser.add_argument("--texts", type=int, default=400)
    arguments = parser.parse_args()
    chance = random.Random(arguments.half)
    files = [file for folder in arguments.pages for file in sorted(folder.glob("*.txt"))]
    files = [file for file in files if is_in_half(file.name, arguments.half)]
    pages = chance.sample(files, min(len(files), arguments.texts))
    missed = [file for file in pages if len(parse_text_articles(file.read_text("utf-8"))) < 2]
    rows = read_rows(arguments.articles, arguments.half)
    rows = chance.sample(rows, min(len(rows), arguments.texts))
    split = []
    for row in rows:
        paragraphs = [text for text in [row["title"], *row["text"].split("\n")] if text.strip()]
        style, width, rule = chance.choice(STYLES), chance.choice(WIDTHS), chance.randrange(RULES)
        paragraphs = [re.sub(r"\s+", " ", paragraph) for paragraph in paragraphs]
        document = wrap_document(paragraphs, width, style, rule, has_title=bool(row["title"]))
        if len(parse_text_articles(document)) > 1:
            split.append((row["id"], style, width))
    print(f"pages taken for articles {len(missed)} of {len(pages)}", *(file.name for file in missed))
    print(f"articles taken for pages {len(split)} of {len(rows)}", *split)


if __name__ == "__main__":
    main()
