"""Print the F1 of 'this article lost its head' for several thresholds, from which articles.LOST_HEAD was
taken.

    python tests/benchmarks/pages/lost_heads.py [--seed 1] [--since 2023-09-01]

Looks at the right first paragraphs, not at those read, so that the threshold is judged by itself. Half of the
lost heads have a jump line that tells them anyway, so a threshold that adds two right ones for a wrong one
gains nothing.
"""

import argparse

from damaged_pages import pages

from bot.models import BlockKind
from bot.newspaper.assembly import classify_paragraph, score_unopened_quotes
from bot.newspaper.edges import score_start
from bot.newspaper.line_patterns import match_dateline


def first_paragraph(paragraphs: list[str]) -> str:
    """The first that runs on: no note, caption or sub-heading, as articles.finished looks at it."""
    return next(
        (text for text in paragraphs if classify_paragraph(text) == BlockKind.PARAGRAPH and len(text) >= 12),
        paragraphs[0],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--since", default="")
    options = parser.parse_args()
    firsts = [
        (
            score_start(text) + score_unopened_quotes(text),
            bool(match_dateline(text)),
            bool(article["cut_head"]),
        )
        for page in pages(options.seed)
        if page.date >= options.since
        for article in page.gold
        for text in [first_paragraph(article["paragraphs"])]
    ]
    cut = sum(is_cut for _, _, is_cut in firsts)
    for threshold in (-2.5, -2.0, -1.5, -1.2, -1.0, -0.8, -0.6, -0.4):
        taken = [is_cut for score, dated, is_cut in firsts if score < threshold and not dated]
        both = sum(taken)
        f1 = 2 * both / (len(taken) + cut)
        print(f"below {threshold:+.1f}: right {both}, wrong {len(taken) - both}, of {cut}; F1 {f1:.3f}")


if __name__ == "__main__":
    main()
