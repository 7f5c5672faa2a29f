"""Candidates → a matrix of named features for the model. docs/summarizer.md explains every name.

A feature is the share of a candidate's clauses with a sign, a property of its form, or a property of its
sentence.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from summarizer.candidates import Candidate, Clauses, Fault
from summarizer.clause_rules import ClauseRules
from summarizer.draft import SummaryDraft
from summarizer.languages import Language
from summarizer.rankers import scale_to_deviations, walk_graph
from summarizer.sentence_graph import Floats, Integers, find_firsts
from summarizer.surroundings import describe_cuts, describe_paragraphs

_COUNTED = frozenset(
    {"figure", "measure", "effort", "abstract", "ritual", "scene"}
)  # counted at most MOST times per clause
MOST = 3
_LONG_TEXT = 25.0  # usual lengths of a sentence from which a text is long
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")


class Matrix(NamedTuple):
    """A number for each candidate and feature, shape (candidates, features)."""

    names: tuple[str, ...]
    values: Floats


def describe_candidates(
    text: str,
    draft: SummaryDraft,
    clauses: Clauses,
    candidates: Sequence[Candidate],
    rules: ClauseRules,
    language: Language,
    room: int,
) -> Matrix:
    """Return the features of the candidates. `room` is the budget in characters."""
    runs = np.array([(run.first, run.last, run.end - run.start) for c in candidates for run in c.runs])
    first, last, printed = runs.T
    counts = np.array([len(c.runs) for c in candidates])
    owners = np.append(0, np.cumsum(counts)[:-1])
    faults, rows, cut_head, cut_tail = np.array(
        [(c.faults, c.row, c.runs[0].cut_head, c.runs[-1].cut_tail) for c in candidates]
    ).T
    bounds = np.array(clauses.bounds)
    lengths = (bounds[:, 1] - bounds[:, 0]).astype(np.float64)
    offsets = np.array(clauses.offsets)
    signs = _count_signs(text, bounds, offsets, rules, language)
    names, table = tuple(signs), np.array([*signs.values()]) * lengths
    sizes = np.add.reduceat(_sum_runs(lengths, first, last), owners)
    shares = np.add.reduceat(printed, owners) / room
    densities = np.add.reduceat(_sum_runs(table, first, last), owners, axis=1) / sizes
    features = dict(zip(names, densities, strict=True))
    form = {
        "cut_head": cut_head,
        "cut_tail": cut_tail,
        "clauses": np.minimum(np.add.reduceat(last - first, owners), 6),
        "length": shares,
        "length_squared": shares * shares,
        "short": shares < 0.15,
        "long": shares > 0.6,
        "figures": np.minimum(np.add.reduceat(_sum_runs(signs["figure"], first, last), owners), 4),
        "several_sentences": counts > 1,
        "not_first": faults & Fault.LATER > 0,
        "empty": faults & Fault.EMPTY > 0,
        "begins_quoted": np.array([text[c.start] in '“「"' for c in candidates]),
    }
    features |= {name: values.astype(np.float64) for name, values in form.items()}
    for name, values in _describe_sentences(text, draft, language).items():
        features[name] = values[rows]
    features |= describe_cuts(text, clauses, candidates, signs, rules, language)
    features |= describe_paragraphs(clauses, draft.paragraphs, rows, signs)
    return Matrix(tuple(features), np.array(list(features.values()), dtype=np.float64).T)


def _sum_runs(values: Floats, first: Integers, last: Integers) -> Floats:
    """Return the sums of the values first … last (inclusive) along the last axis."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    totals: Floats = sums[..., last + 1] - sums[..., first]
    return totals


def _count_signs(
    text: str, bounds: Integers, offsets: Integers, rules: ClauseRules, language: Language
) -> dict[str, Floats]:
    """Return the counts of every sign in each clause, shape (clauses,)."""
    starts, ends = bounds.T
    count = len(starts)
    times = {match.start() for match in rules.clock.finditer(text)}
    places = {
        name: [match.start() for match in pattern.finditer(text)] for name, pattern in rules.signs.items()
    }
    places["figure"] = [place for place in places["figure"] if place not in times]
    _find_words(text, rules, language, places)
    tallies = _tally(places, starts, ends)
    signs = {name: np.minimum(tallies[n], MOST if name in _COUNTED else 1) for n, name in enumerate(places)}
    place = np.arange(count) - offsets[:-1].repeat(np.diff(offsets))
    signs["first_clause"] = (place == 0).astype(np.float64)
    signs["clause_place"] = np.minimum(place, 4).astype(np.float64)
    return signs


def _tally(places: dict[str, list[int]], starts: Integers, ends: Integers) -> Floats:
    """Return how many places of each name are in each clause, shape (names, clauses)."""
    at = np.array(list(chain.from_iterable(places.values())), dtype=np.int64)
    name = np.arange(len(places)).repeat([len(found) for found in places.values()])
    owner = starts.searchsorted(at, side="right") - 1
    inside = ((owner >= 0) & (at < ends[owner])).nonzero()[0]
    keys = name.take(inside) * len(starts) + owner.take(inside)
    return np.bincount(keys, minlength=len(places) * len(starts)).reshape(len(places), -1).astype(np.float64)


@cache
def _list_owners(rules: ClauseRules) -> dict[str, list[str]]:
    """Return for each word the lists that contain it."""
    owners: dict[str, list[str]] = {}
    for name, words in rules.words.items():
        for word in words:
            owners.setdefault(word, []).append(name)
    return owners


def _find_words(text: str, rules: ClauseRules, language: Language, places: dict[str, list[int]]) -> None:
    """Add the positions of the words of each list to `places`. A Chinese word has two characters."""
    owners = _list_owners(rules)
    for name in rules.words:
        places[name] = []
    if language.units == "pairs":
        occurrences = [(n, text[n : n + 2]) for n in range(len(text)) if text[n : n + 2] in owners]
    else:
        occurrences = [
            (match.start(), word)
            for match in _WORD.finditer(text)
            if (word := match.group().lower()) in owners
        ]
    for place, word in occurrences:
        for name in owners[word]:
            places[name].append(place)


def _describe_sentences(text: str, draft: SummaryDraft, language: Language) -> dict[str, Floats]:
    """Return the features of whole sentences, shape (sentences,)."""
    count = draft.graph.size
    order = np.arange(count, dtype=np.float64)
    earlier, later = draft.graph.sum_directed()
    firsts = find_firsts(draft.paragraphs)
    begins, ends = np.zeros(count), np.zeros(count)
    begins[firsts] = ends[np.append(firsts[1:] - 1, count - 1)] = 1.0
    inside = order - firsts.repeat(np.diff(np.append(firsts, count)))
    features = {
        "sentence_1": (order == 0).astype(np.float64),
        "sentence_2": (order == 1).astype(np.float64),
        "paragraph_1": (draft.paragraphs == draft.paragraphs[0]).astype(np.float64),
        "early": np.exp(-order / 2),
        "rather_early": np.exp(-order / 6),
        "depth": order / count,
        "at_the_end": (order > 0.85 * max(1, count - 1)).astype(np.float64),
        "begins_paragraph": begins,
        "ends_paragraph": ends,
        "alone_in_paragraph": begins * ends,
        "place_in_paragraph": np.minimum(inside, 3),
        "introduction": (order < draft.introduction).astype(np.float64),
        "ends_introduction": (order == draft.introduction - 1).astype(np.float64),
        "walk": scale_to_deviations(walk_graph(draft.graph)),
        "direction": scale_to_deviations(later - earlier),
        "like_title": draft.titled,
        "like_headings": draft.headed,
        "first_without_title": (order == 0) * (0.0 if draft.has_title else 1.0),
        "sentence_length": np.log(np.maximum(draft.lengths, 0.05)),
    }
    is_long = float(len(text) > _LONG_TEXT * language.usual_length)
    for name in (
        "sentence_1",
        "early",
        "rather_early",
        "depth",
        "like_title",
        "walk",
        "begins_paragraph",
        "ends_introduction",
    ):
        features[f"{name}_of_long_text"] = features[name] * is_long
    for name in ("sentence_1", "rather_early"):
        features[f"{name}_of_parts"] = features[name] * float(draft.introduction > 0)
    return features
