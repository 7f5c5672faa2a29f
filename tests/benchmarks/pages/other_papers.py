"""Pages as other papers print them, out of the evaluation's articles: each page is another paper's.

    python tests/benchmarks/pages/other_papers.py [--seed 1] [--pages 3]      # prints some

Which articles share a page differs too: those that stood on one page, any, or those that are most alike, as
they are in a flood, an epidemic or a congress.
"""

import argparse
import math
import random
import re
from collections import Counter, defaultdict
from typing import Any

from damaged_pages import DamagedPage, articles, labelled, maker, parted
from paper_habits import PaperHabits, draw_habits, is_subheading, print_article, split_alike

from bot.newspaper.layout import Piece
from bot.newspaper.piece_traits import describe_piece

PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")
COMPARED = 800  # characters of an article that its likeness to others is taken from
LONGEST_SUBHEADING = 16
ESSAY = 500  # characters an essay has at least
BLANK_LINES = 0.4  # share of pages whose articles blank lines part
TORN_AT_MARKS = 0.5

Articles = list[dict[str, Any]]


class Corpus:
    """The articles that pages are made of, with what they share and the sub-headings in them."""

    def __init__(self, group: Articles) -> None:
        self.articles = group
        self.pages = defaultdict(list)
        for article in group:
            self.pages[article["date"], article["page"]].append(article)
        self.keys = [key for key in sorted(self.pages) if 2 <= len(self.pages[key]) <= 9]
        self.essays = [article for article in group if len(article["text"]) > ESSAY]
        self.bags = [set(PAIR.findall(a["title"] + a["text"][:COMPARED])) for a in group]
        spread = Counter(term for bag in self.bags for term in bag)
        self.weight = {term: math.log(len(group) / n) for term, n in spread.items()}
        self.sizes = [math.sqrt(1 + sum(self.weight[term] for term in bag)) for bag in self.bags]
        self.subheadings = [text for article in group for text in list_subheadings(article)]

    def draw_alike(self, rng: random.Random, count: int) -> Articles:
        """One article and those most like it, in any order."""
        first = rng.randrange(len(self.articles))

        def likeness(other: int) -> float:
            return sum(self.weight[term] for term in self.bags[first] & self.bags[other]) / self.sizes[other]

        ranked = sorted((i for i in range(len(self.articles)) if i != first), key=likeness, reverse=True)
        group = [self.articles[i] for i in (first, *ranked[: count - 1])]
        rng.shuffle(group)
        return group

    def draw_page(self, rng: random.Random, habits: PaperHabits) -> Articles:
        """Articles that share a page of a paper with these habits."""
        count, chance = rng.randint(3, 7), rng.random()
        if habits.supplement:
            return (
                rng.sample(self.essays, min(count, 6))
                if chance < 0.5
                else self.draw_alike(rng, min(count, 6))
            )
        if chance < 0.35:
            return self.pages[rng.choice(self.keys)]
        if chance < 0.65:
            return rng.sample(self.articles, count)
        if chance < 0.7 and habits.marks_articles:
            parts = [part for article in rng.sample(self.articles, 12) for part in split_alike(rng, article)]
            return parts[: max(2, count)]
        return self.draw_alike(rng, count)


def list_subheadings(article: dict[str, Any]) -> list[str]:
    lines = [line.strip() for line in article["text"].replace("\u3000", " ").split("\n") if line.strip()]
    return [
        text
        for text in lines[1:-1]
        if is_subheading(text)
        and len(text) <= LONGEST_SUBHEADING
        and not describe_piece(Piece(text=text)).is_byline
    ]


def other_pages(seed: int, count: int, until: str = "9999", since: str = "") -> list[DamagedPage]:
    """`count` pages of as many papers, out of articles dated before `until` and not before `since`."""
    module, rng = maker(), random.Random(seed)
    watched: list[list[tuple[str, str]]] = []
    lay_out = module.lay_out

    def watching(rng_of_page: random.Random, layout: str, width: int, lines: list[tuple[str, str]]) -> str:
        watched.append(list(lines))
        groups = [lines]
        if layout != "blocks" and rng.random() < BLANK_LINES:
            groups = parted(lines, below_headings=rng.random() < 0.5)
        return "\n".join(lay_out(rng_of_page, layout, width, group) for group in groups)

    module.lay_out = watching  # type: ignore[attr-defined]
    corpus = Corpus([article for article in articles() if since <= article["date"] < until])
    made = []
    for number in range(count):
        module.ENDS = "。！？…”』）：—" if rng.random() < TORN_AT_MARKS else "。！？…”』）；：，、—"  # type: ignore[attr-defined]
        habits = draw_habits(rng)
        printed = [
            print_article(rng, article, habits, corpus.subheadings)
            for article in corpus.draw_page(rng, habits)
        ]
        group = [article for article in printed if article["text"]]
        layout, text, gold = module.build(rng, group)
        lines = labelled(watched[-1], group, module)
        made.append(
            DamagedPage(
                name=f"{seed}-{number}",
                date=group[0]["date"],
                layout=layout,
                text=text,
                lines=lines,
                gold=gold,
            )
        )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=3)
    options = parser.parse_args()
    for page in other_pages(options.seed, options.pages):
        print(f"===== {page.name} ({page.layout})\n{page.text}")


if __name__ == "__main__":
    main()
