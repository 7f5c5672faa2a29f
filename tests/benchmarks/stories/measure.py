"""Do articles that tell the same event come together, and no others? Over a table of pairs that were read and
answered.

    ZHAIBAO_SHARED=../shared python tests/benchmarks/stories/measure.py [--wrong]

The table (pairs.tsv) holds ids alone; the texts are other people's and lie in the shared folder. `answer` is
same, other, or about: the one explains, comments or continues what the other tells, which an editor might
print together or apart; those are counted, not judged. `kind` is verbatim (the same text on two pages), read
(answered by reading both) or retold (an article and the summary that a person wrote of it, "#reference"; the
same by construction). Pairs that share an article, or a chain of them, stand in one half. Each pair is
compared among the articles within WINDOW days of it, as in an edition; undated ones among all of their
language.
"""

import argparse
import csv
import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.editorial.stories.grouping import group_stories
from bot.editorial.stories.similarity import build_corpus, measure_similarity
from bot.editorial.stories.traits import Traits, extract_traits
from bot.models import Article

TABLE = Path(__file__).with_name("pairs.tsv")
WINDOW = timedelta(days=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    one: str
    other: str
    answer: str
    half: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    pair: Pair
    likeness: float
    is_joined: bool


def table() -> list[Pair]:
    with TABLE.open(encoding="utf-8") as lines:
        return [Pair(**row) for row in csv.DictReader(lines, delimiter="\t")]


def rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def day_of(name: str) -> datetime | None:
    """The day in an id like rmrb-20230717-01-02."""
    part = name.split("-")[1]
    return (
        datetime.strptime(part, "%Y%m%d").replace(tzinfo=UTC) if part.isdecimal() and len(part) == 8 else None
    )


def articles(shared: Path, wanted: Iterable[str]) -> dict[str, Article]:
    """The evaluation's articles by id, and the references that are wanted as articles of their own."""
    references = {name for name in wanted if name.endswith("#reference")}
    found = {}
    for row in rows(shared / "evaluation/pages/articles.jsonl.gz"):
        found[row["id"]] = Article(
            title=row["title"],
            kicker=row["pretitle"],
            deck=row["subtitle"],
            text=row["text"],
            language="zh",
            published_at=day_of(row["id"]),
        )
    for row in rows(shared / "evaluation/summaries/articles.jsonl.gz"):
        name, dated = row["id"], day_of(row["id"])
        article = Article(title=row["title"], text=row["text"], language=row["language"], published_at=dated)
        found.setdefault(name, article)
        if f"{name}#reference" in references:
            text = row["reference"]
            found[f"{name}#reference"] = Article(
                title="", text=text, language=row["language"], published_at=dated
            )
    return found


def judged(pairs: Iterable[Pair], found: dict[str, Article]) -> list[Judged]:
    read = {name: extract_traits(article) for name, article in found.items()}
    groups: dict[tuple[str, ...], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[neighbours(pair, found)].append(pair)
    return [
        each
        for names, group in groups.items()
        for each in compared(group, {name: read[name] for name in names})
    ]


def neighbours(pair: Pair, found: dict[str, Article]) -> tuple[str, ...]:
    moments = [found[name].published_at for name in (pair.one, pair.other)]
    dated = [moment for moment in moments if moment]
    if not dated:
        language = found[pair.one].language
        return tuple(n for n, a in found.items() if a.published_at is None and a.language == language)
    first, last = min(dated) - WINDOW, max(dated) + WINDOW
    return tuple(n for n, a in found.items() if a.published_at and first <= a.published_at <= last)


def compared(pairs: Iterable[Pair], read: dict[str, Traits]) -> Iterator[Judged]:
    among, story = build_corpus(list(read.values())), group_stories(list(read.values()))
    place = {name: number for number, name in enumerate(read)}
    for pair in pairs:
        i, j = place[pair.one], place[pair.other]
        yield Judged(pair=pair, likeness=measure_similarity(among, i, j), is_joined=story[i] == story[j])


def figures(every: Iterable[Judged]) -> str:
    rows = [each for each in every if each.pair.answer != "about"]
    joined = [each for each in rows if each.is_joined]
    right = sum(each.pair.answer == "same" for each in joined)
    precision = right / len(joined) if joined else 0.0
    recall = right / max(1, sum(each.pair.answer == "same" for each in rows))
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return f"pairs {len(rows):4}  precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"


def report(every: list[Judged]) -> None:
    for half in ("development", "check"):
        print(f"{half:12} {figures(each for each in every if each.pair.half == half)}")
    for answer in ("same", "other", "about"):
        for kind in ("verbatim", "read", "retold"):
            chosen = [each for each in every if (each.pair.answer, each.pair.kind) == (answer, kind)]
            if chosen:
                print(
                    f"{answer:6} {kind:9} {sum(each.is_joined for each in chosen):3} of "
                    f"{len(chosen):3} joined"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--wrong", action="store_true", help="list the pairs that are judged wrongly")
    chosen = parser.parse_args()
    shared = Path(os.environ.get("ZHAIBAO_SHARED") or Path(__file__).parents[4] / "shared")
    pairs = table()
    every = judged(pairs, articles(shared, [name for pair in pairs for name in (pair.one, pair.other)]))
    report(every)
    for each in sorted(every, key=lambda each: each.likeness) if chosen.wrong else ():
        pair = each.pair
        if pair.answer != "about" and each.is_joined != (pair.answer == "same"):
            print(f"{each.likeness:.2f}  {pair.answer:5} {pair.half:11} {pair.one}  {pair.other}")


if __name__ == "__main__":
    main()
