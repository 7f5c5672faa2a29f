"""Fit the weights of the chooser on reference extracts, and tell what they are worth on other articles.

    PYTHONPATH=. python tests/benchmarks/summaries/fit.py [--folds 10] [--write] [--strongest 12]

The model is a conditional logit: among the candidates of one article, the chance of a character to stand in
the reference extract is proportional to exp(Σ weight · feature). Newton's method, with a ridge on
standardized features. Each article is scored by weights fitted without it; F1 is counted over characters
without white space, as evaluation/extracts/score_extracts.py does. --write stores the weights of all articles
in summarizer/weights.py; --strongest prints the table of docs/explanation/summarizer.md from what is
stored.
"""

import argparse
import json
import statistics
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from articles import scorer, shared

from summarizer.candidates import Fault
from summarizer.clause_rules import NO_RULES
from summarizer.draft import build_draft
from summarizer.extraction import Contest, choose_pieces, open_contest
from summarizer.languages import Language, get_language
from summarizer.sentence_graph import Floats
from summarizer.sentence_splitting import split_sentences
from summarizer.weights import WEIGHTS

ROOMS = {"zh": 120, "en": 300}
RIDGE = 40.0  # found among 20, 40, 80 by the likelihood of articles left out
STEPS = 15
OWN = Path(__file__).parent / "extracts" / "own.json"
STORED = Path(__file__).parents[3] / "summarizer" / "weights.py"
FORGIVEN = ~Fault.NONE  # all candidates take part in the fit: those with faults are told by their features


@dataclass(kw_only=True)
class Case:
    """An article with its candidates and its reference extract."""

    row: dict[str, Any]
    spans: list[list[int]]
    language: Language
    contest: Contest
    hits: Floats  # characters of each candidate that stand in the reference extract
    sizes: Floats  # characters of each candidate, white space left out
    wanted: int
    usable: np.ndarray
    is_own: bool

    @property
    def room(self) -> int:
        return ROOMS[self.language.tag]


def read_cases() -> list[Case]:
    """Return the articles of evaluation/extracts, and those with an extract of our own."""
    folder, read = shared() / "evaluation", scorer().lines
    rows = {row["id"]: row for row in read(str(folder / "extracts" / "articles.jsonl.gz"))}
    cases = [
        build_case(rows[name], spans)
        for name, spans in json.loads((folder / "extracts" / "extracts.json").read_text()).items()
    ]
    own = json.loads(OWN.read_text("utf-8"))
    others = [
        row for name in ("articles", "more") for row in read(str(folder / "summaries" / f"{name}.jsonl.gz"))
    ]
    for page in read(str(folder / "pages" / "articles.jsonl.gz")):
        place = "rmrb" if len(page["text"]) > 1300 else "paper"
        others.append({**page, "id": f"page-{page['id']}", "set": place, "language": "zh"})
    return cases + [build_case(row, own[row["id"]], is_own=True) for row in others if row["id"] in own]


def build_case(
    row: dict[str, Any], spans: list[list[int]], *, is_own: bool = False, language: Language | None = None
) -> Case:
    language, text = language or get_language(row["language"]), row["text"]
    draft = build_draft(text, split_sentences(text, language), row["title"], language)
    contest = open_contest(text, draft, language, ROOMS[language.tag])
    ink = np.array([not character.isspace() for character in text])
    wanted = np.zeros(len(text), dtype=bool)
    for start, end in spans:
        wanted[start:end] = ink[start:end]
    sums = [np.concatenate([[0], np.cumsum(mask)]) for mask in (wanted, ink)]
    hits, sizes = (
        np.array(
            [sum(total[run.end] - total[run.start] for run in c.runs) for c in contest.candidates],
            dtype=float,
        )
        for total in sums
    )
    clean = np.array([not c.faults & ~FORGIVEN for c in contest.candidates], dtype=bool)
    usable = clean if clean.any() else np.ones(len(clean), dtype=bool)
    return Case(
        row=row,
        spans=spans,
        language=language,
        contest=contest,
        hits=hits,
        sizes=sizes,
        wanted=int(wanted.sum()),
        usable=usable,
        is_own=is_own,
    )


def fit_weights(cases: list[Case], ridge: float = RIDGE) -> dict[str, tuple[float, float]]:
    """Return weight and usual value of each feature that all these articles have."""
    names = [
        n for n in cases[0].contest.matrix.names if all(n in case.contest.matrix.names for case in cases)
    ]
    tables = [select_columns(case, names)[case.usable] for case in cases]
    whole = np.vstack(tables)
    usual, spread = whole.mean(axis=0), whole.std(axis=0) + 1e-9
    groups = []
    for case, table in zip(cases, tables, strict=True):
        hits = case.hits[case.usable]
        if hits.sum():
            groups.append(
                ((table - usual) / spread, np.log(np.maximum(case.sizes[case.usable], 1)), hits / hits.sum())
            )
    weights = maximize_likelihood(groups, ridge) / spread
    return {name: (float(weights[n]), float(usual[n])) for n, name in enumerate(names)}


def select_columns(case: Case, names: list[str]) -> Floats:
    return case.contest.matrix.values[:, [case.contest.matrix.names.index(name) for name in names]]


def maximize_likelihood(groups: list[tuple[Floats, Floats, Floats]], ridge: float) -> Floats:
    """Return the weights that explain the shares best; a group holds features, offsets and shares of its
    candidates.
    """
    size = groups[0][0].shape[1]
    weights = np.zeros(size)

    def measure(weights: Floats) -> float:
        total = -ridge / 2 * float(weights @ weights)
        for features, offsets, shares in groups:
            sums = features @ weights + offsets
            total += float(shares @ (sums - sums.max() - np.log(np.exp(sums - sums.max()).sum())))
        return total

    current = measure(weights)
    for _ in range(STEPS):
        gradient, curvature = -ridge * weights, ridge * np.eye(size)
        for features, offsets, shares in groups:
            sums = features @ weights + offsets
            chances = np.exp(sums - sums.max())
            chances /= chances.sum()
            gradient += features.T @ (shares - chances)
            mean = chances @ features
            curvature += (features * chances[:, None]).T @ features - np.outer(mean, mean)
        step, length = np.linalg.solve(curvature, gradient), 1.0
        while (better := measure(weights + length * step)) <= current and length > 1e-3:
            length /= 2
        if better - current < 1e-3:
            break
        weights, current = weights + length * step, better
    return weights


def choose(case: Case, weights: dict[str, tuple[float, float]]) -> list[int]:
    """Return the candidates the chooser takes with these weights."""
    names = list(weights)
    values = np.array([weights[name] for name in names])
    worth = (select_columns(case, names) - values[:, 1]) @ values[:, 0]
    row = case.row
    return choose_pieces(row["text"], row["title"], case.contest, worth, case.language, None, case.room)


def measure_f1(case: Case, chosen: list[int]) -> float:
    hits, size = sum(case.hits[n] for n in chosen), sum(case.sizes[n] for n in chosen)
    return float(2 * hits / (size + case.wanted)) if hits else 0.0


def cross_validate(cases: list[Case], folds: int, ridge: float = RIDGE) -> dict[str, list[int]]:
    """Return what is chosen of each article by weights fitted on the other folds."""
    fold = {
        case.row["id"]: n % folds
        for n, case in enumerate(sorted(cases, key=lambda case: crc32(case.row["id"].encode())))
    }
    chosen = {}
    for number in range(folds):
        for tag in ROOMS:
            rest = [c for c in cases if c.language.tag == tag and fold[c.row["id"]] != number]
            weights = fit_weights(rest, ridge)
            for case in cases:
                if case.language.tag == tag and fold[case.row["id"]] == number:
                    chosen[case.row["id"]] = choose(case, weights)
    return chosen


def report(cases: list[Case], chosen: dict[str, list[int]], label: str) -> None:
    scores = defaultdict(list)
    for case in cases:
        if case.row["id"] in chosen:
            value = measure_f1(case, chosen[case.row["id"]])
            for name in (case.row["set"], "all"):
                scores[name].append(value)
    print(
        label,
        "  ".join(
            f"{name} {statistics.mean(scores[name]):.3f} ({len(scores[name])})" for name in sorted(scores)
        ),
        flush=True,
    )


def store_weights(cases: list[Case]) -> None:
    """Write summarizer/weights.py."""
    columns = {tag: fit_weights([c for c in cases if c.language.tag == tag]) for tag in ROOMS}
    columns[""] = fit_neutral(cases)
    lines = [
        '"""How much each feature speaks for a candidate: language → feature → (weight, usual value).',
        "",
        "Written by tests/benchmarks/summaries/fit.py --write; do not edit. A candidate's worth is "
        "the sum of weight",
        'times what its feature exceeds the usual value by. "" is any other language.',
        '"""',
        "",
        "Weight = tuple[float, float]",
        "",
        "WEIGHTS: dict[str, dict[str, Weight]] = {",
    ]
    for tag, weights in columns.items():
        lines.append(f'    "{tag}": {{')
        lines += [
            f'        "{name}": ({weight:.4f}, {usual:.4f}),' for name, (weight, usual) in weights.items()
        ]
        lines.append("    },")
    STORED.write_text("\n".join([*lines, "}", ""]), "utf-8")


def fit_neutral(cases: list[Case]) -> dict[str, tuple[float, float]]:
    """Return weights for a language of which nothing is known: the same articles, read without any rules."""
    bare = [
        build_case(case.row, case.spans, language=replace(case.language, rules=NO_RULES)) for case in cases
    ]
    return fit_weights(bare)


def print_strongest(cases: list[Case], count: int) -> None:
    """Print the features that move most: the stored weight times the feature's standard deviation."""
    for tag in ROOMS:
        tables = [case.contest.matrix for case in cases if case.language.tag == tag]
        spread = dict(
            zip(tables[0].names, np.vstack([table.values for table in tables]).std(axis=0), strict=True)
        )
        moves = {name: weight * spread[name] for name, (weight, _) in WEIGHTS[tag].items()}
        order = sorted(moves, key=lambda name: -abs(moves[name]))[:count]
        for label, sign in (("for", 1), ("against", -1)):
            named = ", ".join(f"`{name}` {moves[name]:+.2f}" for name in order if moves[name] * sign > 0)
            print(f"| {tag}, {label} | {named} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strongest", type=int, metavar="COUNT")
    options = parser.parse_args()
    cases = read_cases()
    if options.strongest:
        print_strongest(cases, options.strongest)
        return
    given = [case for case in cases if not case.is_own]
    chosen = cross_validate(cases, options.folds)
    report(given, chosen, "given extracts  ")
    report([case for case in cases if case.is_own], chosen, "own extracts    ")
    if options.write:
        store_weights(cases)


if __name__ == "__main__":
    main()
