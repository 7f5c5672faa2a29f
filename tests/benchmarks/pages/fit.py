"""Fit the weights of the page reader: write edges.json, weights.json and words.json of bot/newspaper.

    python tests/benchmarks/pages/fit.py [--until 2023-09-01] [--without evening] [--papers 1500]

Counts the edges first (count_edges), then looks at every page and fits a conditional random field
(random_field).
All chance is seeded, and nothing is taken from the tables that are replaced, so the command gives the same
tables again.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import count_edges
import numpy as np
from damaged_pages import EVENING, DamagedPage, articles, own_pages, pages, unmarked
from other_papers import other_pages
from random_field import Array, Example, RandomField

from bot.newspaper import certainty, edges, heading_words, labels
from bot.newspaper.evidence import Evidence
from bot.newspaper.heading_words import SIDES, list_sayings
from bot.newspaper.labels import (
    LABELS,
    NO_HEADING,
    RULED,
    STATES,
    Label,
    find_states,
    may_follow,
    name_state,
)
from bot.newspaper.line_patterns import match_dateline, match_signature
from bot.newspaper.piece_traits import PieceTraits, describe_piece
from bot.newspaper.splitting import find_asides, observe_pieces, read_pieces

OUT = Path(__file__).parents[3] / "bot" / "newspaper" / "weights.json"
WORDS = OUT.with_name("words.json")
# On the sum of squared weights. Held out, 1.0 and 0.3 are within 0.01 of each other in every figure.
PENALTY = 1.0
WORD_PENALTY = 10.0  # the same for a word's weights: there are many, each seldom seen
WORD_WEIGHTS = 1000  # numbers of the words' table that may be other than 0
# Different headings, torn ones counted each, that must have a word. Words of ten different days alone, and
# none of our own pages', read held-out pages worse: article F1 0.860 instead of 0.877.
LEAST_HEADINGS = 8
# How often each of the project's own samples counts: there are few, and none of the evaluation's is of a
# county.
OWN = 120
# How often each page of the evening paper counts, whose 39 articles are damaged by eight seeds.
EVENING_WEIGHT, EVENING_SEEDS = 2, range(21, 29)
OTHERS_SEED = 101
NATIONAL_WEIGHT = 2.0  # how often each page of People's Daily counts
# How the pages of some seeds are laid out: as other papers do it.
OTHERS = {"decks_below": 0.6, "blank_lines": 0.6}


def example(page: DamagedPage) -> Example | None:
    """The pieces our own layout finds, labelled by the printed line each begins in; None where they do not
    agree.
    """
    found = read_pieces(page.text)
    whys = find_asides(found)
    text = [i for i, why in enumerate(whys) if not why]
    begins: dict[int, Label | None] = {}
    at = 0
    for label, line in page.lines:
        begins[at] = label
        at += len(unmarked(line))
    labels, at = {}, 0
    for i, piece in enumerate(found):
        signed = bool(match_signature(piece.text)) and at not in begins
        label = None if signed else begins.get(at, Label.REST)
        labels[i] = Label.PARAGRAPH if label is None else label
        at += len(unmarked(piece.text))
    path = find_states(told_apart([labels[i] for i in text], [found[i].text for i in text]))
    if path is None:
        return None
    looks = [describe_piece(found[i]) for i in text]
    seen = observe_pieces(found, text, whys)
    return Example(
        texts=[piece.text for piece in looks],
        evidence=[with_sayings(seen[i], looks, i) for i in range(len(text))],
        states=[STATES.index(state) for state in path],
    )


def with_sayings(seen: Evidence, looks: Sequence[PieceTraits], i: int) -> Evidence:
    """The evidence with every observation about words, instead of those that the table now in use knows."""
    said = ((f"{side} {pair}", 1.0) for side, pair in list_sayings(looks, i))
    return (*(e for e in seen if not is_saying(e[0])), *said)


def told_apart(labels: Sequence[Label], texts: Sequence[str]) -> list[Label]:
    """`labels` with each article's first paragraph told from the others, and a standfirst from a sub-heading:
    it stands right below the headings and before text that opens with no dateline, as items of a digest do.
    """
    found: list[Label] = []
    for i, label in enumerate(labels):
        is_first = not i or found[-1] in (Label.TITLE, Label.DECK, Label.KICKER, Label.STANDFIRST)
        is_item = i + 1 < len(texts) and bool(match_dateline(texts[i + 1]))
        if label == Label.PARAGRAPH and is_first:
            found.append(Label.LEAD)
        elif label == Label.SUBHEADING and i and found[-1] in (Label.TITLE, Label.DECK) and not is_item:
            found.append(Label.STANDFIRST)
        else:
            found.append(label)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Tables:
    """All that is fitted: the weights of evidence and steps, words of headings among the evidence, and the
    edges.
    """

    evidence: dict[str, tuple[float, ...]]
    steps: dict[str, dict[str, float]]
    edges: dict[str, dict[str, float]]

    @property
    def words(self) -> dict[str, tuple[float, ...]]:
        return {name: row for name, row in self.evidence.items() if is_saying(name)}


def fit(lesson: "Lesson") -> Tables:
    """Fit the weights of evidence (a row a name, a number a label) and of steps (states by states).

    First with every word that enough headings have, then with the words' strongest weights alone.
    """
    enough = frequent(lesson.examples)
    names = sorted(
        {
            n
            for e in lesson.examples
            for observed in e.evidence
            for n, _ in observed
            if n not in {*NO_HEADING, *RULED} and (not is_saying(n) or n in enough)
        }
    )
    field = RandomField(lesson.examples, names)
    said = np.array([is_saying(name) for name in names])
    penalty = np.where(said[:, None], WORD_PENALTY, PENALTY) * np.ones(len(LABELS))
    emit, move = field.fit(penalty, np.zeros(penalty.shape), np.zeros((len(STATES), len(STATES))))
    told = np.where(said[:, None], np.abs(emit) * np.sqrt(field.often[:, None]), 0)
    weak = said[:, None] & (told < np.sort(told, axis=None)[-min(WORD_WEIGHTS, told.size)])
    emit, move = field.fit(np.where(weak, np.inf, penalty), np.where(weak, 0, emit), move)
    evidence = {
        name: tuple(round(float(w), 2) for w in row)
        for name, row in zip(names, emit, strict=True)
        if row.any()
    }
    return Tables(evidence=evidence, steps=name_steps(move), edges=lesson.edges)


def is_saying(name: str) -> bool:
    return name.startswith(tuple(side for _, side in SIDES))


def frequent(examples: Sequence[Example]) -> frozenset[str]:
    """The observations about words that were made at LEAST_HEADINGS different headings."""
    pieces = [piece for e in examples for piece in zip(e.texts, e.evidence, strict=True)]
    seen = {(name, text) for text, found in pieces for name, _ in found if is_saying(name)}
    count = Counter(name for name, _ in seen)
    return frozenset(name for name, n in count.items() if n >= LEAST_HEADINGS)


def name_steps(move: Array) -> dict[str, dict[str, float]]:
    """Return state → next state → weight."""
    return {
        name_state(one): {
            name_state(other): round(float(move[i, j]), 2)
            for j, other in enumerate(STATES)
            if may_follow(one, other)
        }
        for i, one in enumerate(STATES)
    }


def write(tables: Tables) -> None:
    table = {
        "labels": list(LABELS),
        "evidence": {name: row for name, row in tables.evidence.items() if not is_saying(name)},
        "steps": tables.steps,
    }
    OUT.write_text(as_lines(table), encoding="utf-8")
    WORDS.write_text(as_lines(tables.words), encoding="utf-8")
    count_edges.write(tables.edges)


def use(tables: Tables) -> None:
    """Read pages with these tables from now on, in this process and those that it starts."""
    use_edges(tables.edges)
    labels.load_weights = lambda: (tables.evidence, tables.steps)  # type: ignore[assignment]
    heading_words.load_table = lambda: tables.words  # type: ignore[assignment]
    for derived in (
        labels.list_steps,
        labels._build_weight_rows,
        labels._compute_advantages,
        heading_words._index_observations,
        certainty._split_steps,
    ):
        derived.cache_clear()


def use_edges(tables: dict[str, dict[str, float]]) -> None:
    edges._load_tables = lambda: (tables["starts"], tables["ends"])  # type: ignore[assignment]


def as_lines(table: dict[str, object]) -> str:
    """JSON with a row of the table a line."""
    lines = json.dumps(table, ensure_ascii=False, indent=1)
    return re.sub(r"\[\s+([^\]]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", lines) + "\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """What is learned from: the examples, and the edges they were observed with."""

    examples: list[Example]
    edges: dict[str, dict[str, float]]


def make_lesson(
    options: argparse.Namespace, *, until: str = "9999", without: frozenset[str] = frozenset()
) -> Lesson:
    """Return what is learned from, but nothing dated `until` or later and no paper of `without`.

    That names the evening paper ("evening"), all own samples ("own") or some of them by their names.
    """
    counted = count_edges.tables([article for article in articles() if article["date"] < until])
    use_edges(counted)
    layouts: list[tuple[int, dict[str, Any]]] = [(seed, {}) for seed in options.seeds]
    layouts += [(seed, OTHERS) for seed in options.others]
    national = [
        page
        for seed, layout in layouts
        for page in pages(seed, torn_at_marks=seed % 2 == 0, **layout)
        if page.date < until
    ]
    evening = [
        page
        for seed in EVENING_SEEDS
        for page in pages(seed, torn_at_marks=seed % 2 == 0, blank_lines=0.3, paper=EVENING)
        if "evening" not in without
    ]
    own = [page for page in own_pages() if not without & {page.name, "own"}]
    with ProcessPoolExecutor() as pool:

        def label_pages(made: Sequence[DamagedPage], weight: float) -> list[Example]:
            labelled = pool.map(example, made, chunksize=20)
            return [replace(e, weight=weight) for e in labelled if e]

        examples = [
            *label_pages(national, NATIONAL_WEIGHT),
            *label_pages(other_pages(OTHERS_SEED, options.papers, until=until), 1),
            *label_pages(evening, EVENING_WEIGHT),
            *label_pages(own, OWN),
        ]
    return Lesson(examples=examples, edges=counted)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14])
    parser.add_argument(
        "--others", type=int, nargs="*", default=[15, 16], help="seeds laid out as other papers do"
    )
    parser.add_argument(
        "--papers", type=int, default=1500, help="pages by the habits of as many other papers"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", default="9999", help="learn from pages dated earlier only")
    parser.add_argument("--without", nargs="*", default=[], help="evening, own, or names of own samples")
    add_options(parser)
    options = parser.parse_args()
    write(fit(make_lesson(options, until=options.until, without=frozenset(options.without))))


if __name__ == "__main__":
    main()
