"""Candidates → a matrix of named numbers, by which the model weighs them. docs/summarizer.md explains every name.

A number is either the share of a candidate's clauses that hold a sign, a property of its form, or one of its sentence.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from summarizer.candidates import Candidate, Clauses, Fault
from summarizer.clause_rules import RARE, ClauseRules
from summarizer.draft import SummaryDraft
from summarizer.languages import Language
from summarizer.rankers import scale_to_deviations, walk_graph
from summarizer.scripts import HAN
from summarizer.sentence_graph import Floats, Integers, find_firsts

COUNTED = frozenset({"figure", "measure", "effort", "abstract", "ritual", "scene"})  # up to MOST times a clause
MOST = 3
COMMON, UNCOMMON = 0.3, 0.8  # commonness of a word below and above which it counts as common and as rare
LONG_TEXT = 25.0  # usual lengths of a sentence, from which on a text is a long one
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_HAN = re.compile(f"[{HAN}]")


class Matrix(NamedTuple):
    """A number for each candidate and feature, shape (candidates, features)."""

    names: tuple[str, ...]
    values: Floats


def describe_candidates(
    text: str,
    title: str,
    draft: SummaryDraft,
    clauses: Clauses,
    candidates: Sequence[Candidate],
    rules: ClauseRules,
    language: Language,
    room: int,
) -> Matrix:
    """Return the features of the candidates; `room` is the budget in characters they compete for."""
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
    signs = _count_signs(text, title, bounds, offsets, rules, language)
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
    return Matrix(tuple(features), np.array(list(features.values()), dtype=np.float64).T)


def _sum_runs(values: Floats, first: Integers, last: Integers) -> Floats:
    """Return the sums of the values first … last, both included, along the last axis."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    found: Floats = sums[..., last + 1] - sums[..., first]
    return found


def _count_signs(
    text: str, title: str, bounds: Integers, offsets: Integers, rules: ClauseRules, language: Language
) -> dict[str, Floats]:
    """Return for each clause what it holds of every sign, shape (clauses,)."""
    starts, ends = bounds.T
    count = len(starts)
    times = {match.start() for match in rules.clock.finditer(text)}
    places = {name: [match.start() for match in pattern.finditer(text)] for name, pattern in rules.signs.items()}
    places["figure"] = [place for place in places["figure"] if place not in times]
    read = _read_pairs if language.units == "pairs" else _read_words
    signs = read(text, title, starts, ends, rules, places)
    tallies = _tally(places, starts, ends)
    signs |= {name: np.minimum(tallies[n], MOST if name in COUNTED else 1) for n, name in enumerate(places)}
    place = np.arange(count) - offsets[:-1].repeat(np.diff(offsets))
    signs["first_clause"] = (place == 0).astype(np.float64)
    signs["clause_place"] = np.minimum(place, 4).astype(np.float64)
    return signs


def _tally(places: dict[str, list[int]], starts: Integers, ends: Integers) -> Floats:
    """Return how many of the places of each name stand in each clause, shape (names, clauses)."""
    at = np.array(list(chain.from_iterable(places.values())), dtype=np.int64)
    name = np.arange(len(places)).repeat([len(found) for found in places.values()])
    owner = starts.searchsorted(at, side="right") - 1
    inside = ((owner >= 0) & (at < ends[owner])).nonzero()[0]
    keys = name.take(inside) * len(starts) + owner.take(inside)
    return np.bincount(keys, minlength=len(places) * len(starts)).reshape(len(places), -1).astype(np.float64)


@cache
def _list_owners(rules: ClauseRules) -> dict[str, list[str]]:
    """Return for each word of the lists the lists that hold it."""
    owners: dict[str, list[str]] = {}
    for name, words in rules.words.items():
        for word in words:
            owners.setdefault(word, []).append(name)
    return owners


def _find_words(found: Iterable[tuple[int, str]], rules: ClauseRules, places: dict[str, list[int]]) -> None:
    """Add to `places` where the words of each list stand."""
    owners = _list_owners(rules)
    for name in rules.words:
        places[name] = []
    for place, word in [item for item in found if item[1] in owners]:
        for name in owners[word]:
            places[name].append(place)


def _read_pairs(
    text: str, title: str, starts: Integers, ends: Integers, rules: ClauseRules, places: dict[str, list[int]]
) -> dict[str, Floats]:
    """Count words of two characters, and how common, how new and how near to the title the pairs of a clause are."""
    pairs = [text[n : n + 2] for n in range(len(text))]
    _find_words(enumerate(pairs), rules, places)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_word = (codes >= ord(HAN[0])) & (codes <= ord(HAN[-1]))
    for character in rules.silent:
        is_word &= codes != ord(character)
    together = is_word & np.append(is_word[1:], False)
    rarity = rules.commonness.get
    common = np.array([rarity(pair, RARE) for pair in pairs])
    times = Counter(pairs)
    repeated = np.log(np.array(list(map(times.__getitem__, pairs)), dtype=np.float64))
    titled = {title[n : n + 2] for n in range(len(title) - 1)}
    in_title = np.array([pair in titled for pair in pairs], dtype=np.float64)
    last = np.maximum(ends - 2, starts)  # the first character of the last pair
    size = np.maximum(last - starts + 1, 1)
    words = np.maximum(_sum_runs(together.astype(np.float64), starts, last), 1)
    return {
        "specific": _sum_runs(common * together, starts, last) / words,
        "common": _sum_runs((common < COMMON) * together, starts, last) / words,
        "rare": _sum_runs((common > UNCOMMON) * together, starts, last) / words,
        "titled_words": _sum_runs(in_title, starts, last) / size,
        "repeated_words": _sum_runs(repeated, starts, last) / size,
    }


def _read_words(
    text: str, title: str, starts: Integers, ends: Integers, rules: ClauseRules, places: dict[str, list[int]]
) -> dict[str, Floats]:
    """Count words, and how common, how new and how near to the title the words of a clause are."""
    found = [(match.start(), match.group().lower()) for match in _WORD.finditer(text)]
    _find_words(found, rules, places)
    at = np.fromiter((place for place, _ in found), dtype=np.int64, count=len(found))
    owner = starts.searchsorted(at, side="right") - 1
    inside = ((owner >= 0) & (at < ends[owner])).nonzero()[0]
    owner = owner[inside]
    words = [found[n][1] for n in inside.tolist()]
    number = np.maximum(np.bincount(owner, minlength=len(starts)), 1)

    def average(values: Iterable[float]) -> Floats:
        weights = np.fromiter(values, dtype=np.float64, count=len(words))
        return np.bincount(owner, weights, len(starts)).astype(np.float64) / number

    common = [rules.commonness.get(word, RARE) if len(word) > 1 else 0.2 for word in words]
    times = Counter(words)
    logs = np.log(np.arange(1, max(times.values(), default=1) + 1))
    titled = {word for word in _WORD.findall(title.lower()) if len(word) > 2}
    return {
        "specific": average(common),
        "common": average(value < COMMON for value in common),
        "rare": average(value > UNCOMMON for value in common),
        "titled_words": average(word in titled for word in words),
        "repeated_words": average(logs[times[word] - 1] if len(word) > 2 else 0.0 for word in words),
    }


def _describe_sentences(text: str, draft: SummaryDraft, language: Language) -> dict[str, Floats]:
    """Return what is told of each sentence as a whole, shape (sentences,)."""
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
    is_long = float(len(text) > LONG_TEXT * language.usual_length)
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
