"""Sentences → candidates: whole sentences and runs of their clauses that may be printed by themselves.

    为方便群众，县里修了大桥，投资3.6亿元，但工期较长。   →   县里修了大桥，投资3.6亿元  and others

A candidate begins where its sentence does, or behind clauses that only open it; it ends where a clause does. It has a
subject and a predicate, keeps its speaker and both halves of paired connectives, and splits no quotation. A sentence
that leans on the one before it comes with that one. What a candidate lacks all the same is told by its `faults`.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntFlag
from typing import NamedTuple

from summarizer.clauses import split_clauses, splits_a_pair
from summarizer.languages import Language
from summarizer.sentence_splitting import Span

_MOST_CANDIDATES = 24  # of one sentence: those of a sentence of forty clauses would grow with their square
_SHORTEST = 0.17  # usual lengths of a sentence; what is shorter tells nothing
_BARE_HEAD = 7  # characters up to which a point without a predicate is a bare head: （一）指导思想。
_LONG_ENOUGH = 8  # characters of a clause of figures that needs no verb (其中本土病例193例)
_EMPTY_SHARE = 0.6  # of a candidate's characters in clauses that say nothing, from which on it is empty
_QUOTED = re.compile('“[^”]*”|「[^」]*」|《[^》]*》|"[^"]*"')
_COLONS = "：:"


class Fault(IntFlag):
    """What speaks against printing a candidate; the first ones are forgiven first where a text has nothing better."""

    NONE = 0
    LATER = 1  # it needs something printed before it
    EMPTY = 2  # it could stand in any article of its kind
    FRAGMENT = 4  # it lacks a subject, a predicate or its speaker
    LEANING = 8  # it needs the sentence before it
    BARE = 16  # a question, the reporter's own words, a link, a lonely point of a list


class Run(NamedTuple):
    """Clauses `first` to `last` of sentence `row`, counted through the whole text: text[start:end]."""

    row: int
    first: int
    last: int
    start: int
    end: int
    cut_head: bool  # clauses of the sentence stand before it
    cut_tail: bool  # … behind it


class Candidate(NamedTuple):
    """What is printed together or not at all: a run of clauses, one with the sentence before it, or heads of a list."""

    runs: tuple[Run, ...]  # in order, each of another sentence
    faults: Fault

    @property
    def start(self) -> int:
        return self.runs[0].start

    @property
    def end(self) -> int:
        return self.runs[-1].end

    @property
    def row(self) -> int:
        return self.runs[0].row

    @property
    def last_row(self) -> int:
        return self.runs[-1].row

    def measure(self, gap: int) -> int:
        """Return how many characters it prints at most, with `gap` between two sentences."""
        return sum(run.end - run.start + run.cut_head + run.cut_tail + gap for run in self.runs) - gap


class Clauses(NamedTuple):
    """The clauses of all sentences, in reading order."""

    bounds: list[tuple[int, int]]
    offsets: list[int]  # number of the first clause of each sentence; one more at the end


def split_all(text: str, spans: Sequence[Span], language: Language) -> Clauses:
    """Split every sentence into clauses; the last of each keeps the final mark."""
    bounds: list[tuple[int, int]] = []
    offsets = [0]
    for span in spans:
        found = split_clauses(text, span.start, span.end, language) or [(span.start, span.end)]
        found[-1] = (found[-1][0], span.end)
        bounds += found
        offsets.append(len(bounds))
    return Clauses(bounds, offsets)


def find_candidates(
    text: str,
    spans: Sequence[Span],
    clauses: Clauses,
    language: Language,
    room: int,
    lists: Sequence[Sequence[int]] = (),
) -> list[Candidate]:
    """Return the candidates of at most `room` characters; `lists` holds the sentences that head points."""
    finder = _Finder(text, spans, clauses, language, room)
    candidates = [candidate for row in range(len(spans)) for candidate in finder.find_in(row)]
    return candidates + [candidate for rows in lists for candidate in finder.find_heads(rows)]


class _Finder:
    """Finds the candidates of one text."""

    def __init__(self, text: str, spans: Sequence[Span], clauses: Clauses, language: Language, room: int) -> None:
        self.text, self.spans, self.clauses, self.rules = text, spans, clauses, language.rules
        self.language, self.room = language, room
        self.shortest = min(int(_SHORTEST * language.usual_length), room)
        self.has_grammar = bool(self.rules.words)
        self.predicates = self._join_lists("verb", "decision", "event", "result")
        lists = ("verb", "effort", "method", "result") if language.units == "pairs" else ()
        self.verbs = self._join_lists(*lists)

    def _join_lists(self, *names: str) -> frozenset[str]:
        return frozenset[str]().union(*(self.rules.words.get(name, frozenset()) for name in names))

    def find_in(self, row: int) -> Iterator[Candidate]:
        """Yield the candidates that begin in this sentence."""
        span = self.spans[row]
        first, end = self.clauses.offsets[row], self.clauses.offsets[row + 1]
        words = self._list_words(row)
        whole = self._judge_sentence(row)
        runs = list(self._find_runs(words, self.clauses.bounds[first:end]))
        for begin, last in runs[:_MOST_CANDIDATES]:
            start, stop = self.clauses.bounds[first + begin][0], self.clauses.bounds[first + last][1]
            if self.shortest <= stop - start <= self.room:
                yield Candidate((self._cut_run(row, begin, last),), self._judge_run(words, begin, last, whole))
        if row + 1 < len(self.spans) and self.spans[row + 1].paragraph == span.paragraph:
            yield from self._find_blocks(row, words, whole)

    def _find_blocks(self, row: int, words: list[str], whole: Fault) -> Iterator[Candidate]:
        """Yield this sentence together with the next one, where that leans on this one."""
        text, rules = self.text, self.rules
        follower = self.spans[row + 1]
        if not rules.leaning_sentence.match(text, follower.start, follower.end):
            return
        first, middle, end = self.clauses.offsets[row : row + 3]
        later = self._list_words(row + 1)
        bounds = self.clauses.bounds
        begins = sorted(
            {begin for begin, last in self._find_runs(words, bounds[first:middle]) if last == len(words) - 1}
        )
        judged = self._judge_sentence(row + 1) & ~(Fault.LEANING | Fault.LATER)
        for last in {last for begin, last in self._find_runs(later, bounds[middle:end]) if not begin}:
            for begin in begins[:2]:
                runs = self._cut_run(row, begin, len(words) - 1), self._cut_run(row + 1, 0, last)
                if runs[1].end - runs[0].start <= self.room:
                    faults = self._judge_run(words, begin, len(words) - 1, whole)
                    yield Candidate(runs, faults | self._judge_run(later, 0, last, judged))

    def find_heads(self, rows: Sequence[int]) -> Iterator[Candidate]:
        """Yield the heads of a list from the first on, two or more: a lonely point tells nothing."""
        heads: list[Run] = []
        faults = Fault.NONE
        for row in rows:
            words, first = self._list_words(row), self.clauses.offsets[row]
            bounds = self.clauses.bounds[first : first + len(words)]
            fitting = [last for begin, last in self._find_runs(words, bounds) if not begin]
            heads.append(self._cut_run(row, 0, min(fitting)))
            words[0] = self.rules.point.sub("", words[0], 1)
            judged = self._judge_sentence(row) & ~(Fault.BARE | Fault.LATER)
            faults |= self._judge_run(words, 0, min(fitting), judged) & ~Fault.EMPTY
            if len(words[0]) <= _BARE_HEAD and not self._has_predicate(words[0]):
                faults |= Fault.FRAGMENT
            candidate = Candidate(tuple(heads), faults)
            if candidate.measure(0) > self.room:
                return
            if len(heads) > 1:
                yield candidate

    def _list_words(self, row: int) -> list[str]:
        """Return the clauses of a sentence."""
        first, end = self.clauses.offsets[row], self.clauses.offsets[row + 1]
        return [self.text[start:stop] for start, stop in self.clauses.bounds[first:end]]

    def _cut_run(self, row: int, begin: int, last: int) -> Run:
        first, end = self.clauses.offsets[row], self.clauses.offsets[row + 1]
        start, stop = self.clauses.bounds[first + begin][0], self.clauses.bounds[first + last][1]
        return Run(row, first + begin, first + last, start, stop, begin > 0, first + last < end - 1)

    def _find_runs(self, words: list[str], bounds: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield (first, last) clause of each run that is a clause by its form; the whole sentence first."""
        rules, text, count = self.rules, self.text, len(words)
        yield 0, count - 1
        whole = next((n for n, part in enumerate(bounds) if splits_a_pair(text, part)), count)
        speakers = [n for n in range(count) if self._names_speaker(words[n])]
        opens = [rules.opener.fullmatch(word) is not None for word in words]
        for begin in range(whole):
            if begin and not self._may_begin(words, opens, speakers, begin):
                if not all(opens[: begin + 1]):
                    break
                continue
            for last in range(begin, min(count, whole)):
                if (begin, last) == (0, count - 1):
                    continue
                if self._may_end(words, bounds, opens, speakers, begin, last):
                    yield begin, last

    def _names_speaker(self, word: str) -> bool:
        return self.rules.speaker.search(word) is not None

    def _may_begin(self, words: list[str], opens: list[bool], speakers: list[int], begin: int) -> bool:
        """Return True where a run may begin with this clause, those before it left out."""
        rules, word = self.rules, words[begin]
        if not all(opens[:begin]) or opens[begin]:
            return False
        if any(k < begin and not opens[k] for k in speakers):
            return False
        return not (rules.leaning_clause.match(word) or word[:2] in self.verbs)

    def _may_end(
        self,
        words: list[str],
        bounds: list[tuple[int, int]],
        opens: list[bool],
        speakers: list[int],
        begin: int,
        last: int,
    ) -> bool:
        """Return True where a run may end with this clause."""
        rules, word, count = self.rules, words[last], len(words)
        if last == count - 1:
            return True
        if opens[last] or self.text[bounds[last][1] : bounds[last][1] + 1] in _COLONS or rules.unfinished.search(word):
            return False
        if last in speakers and "”" not in word and '"' not in word and self.language.tag == "zh":
            return False
        later = [k for k in speakers if k > last]
        if later and later[-1] == count - 1 and not any(begin <= k <= last for k in speakers):
            return False  # who says it stands at the end
        if self.language.tag != "zh" and later and not any(begin <= k <= last for k in speakers):
            return False
        if all(opens[begin:last]) and not rules.aspect.search(word):
            following = words[last + 1]
            if rules.clinging.match(following) or following[:2] in self.verbs:
                return False  # all of it is the subject of what follows
        return self._has_predicate(word) or bool(
            len(word) >= _LONG_ENOUGH and rules.concrete.search(word) and self.language.tag == "zh" and last > begin
        )

    def _has_predicate(self, word: str) -> bool:
        """Return True where the clause tells something. A verb right before 的 only tells which one is meant."""
        rules = self.rules
        if not self.has_grammar:
            return True
        if rules.no_predicate.fullmatch(word) or rules.opener.fullmatch(word):
            return False
        if self.language.units == "pairs" and any(
            word[n : n + 2] in self.predicates and word[n + 2 : n + 3] != "的" for n in range(len(word) - 1)
        ):
            return True
        return rules.predicate.search(word) is not None

    def _judge_sentence(self, row: int) -> Fault:
        """Return what speaks against this sentence whatever of it is printed."""
        rules, text, span = self.rules, self.text, self.spans[row]
        whole = text[span.start : span.end]
        faults = Fault.NONE
        if row and rules.leaning_sentence.match(whole):
            faults |= Fault.LEANING
        elif row and rules.later_sentence.match(whole):
            faults |= Fault.LATER
        if rules.point.match(whole):
            faults |= Fault.BARE
        if self.language.scene.match(whole) and not rules.concrete.search(whole):
            faults |= Fault.EMPTY
        if rules.opinion.match(whole) and self._has_speaker_before(row):
            faults |= Fault.EMPTY
        if _is_mere_quotation(whole):
            faults |= Fault.FRAGMENT
        if (
            row
            and self.spans[row - 1].paragraph == span.paragraph
            and rules.point.match(text, self.spans[row - 1].start)
        ):
            faults |= Fault.LEANING  # it goes on about the point
        return faults

    def _has_speaker_before(self, row: int) -> bool:
        """Return True where the paragraph has named a speaker, and this sentence may still be what he says."""
        paragraph = self.spans[row].paragraph
        while row and self.spans[row - 1].paragraph == paragraph:
            row -= 1
            first, end = self.clauses.offsets[row], self.clauses.offsets[row + 1]
            if any(self._names_speaker(self.text[start:stop]) for start, stop in self.clauses.bounds[first:end]):
                return True
        return False

    def _judge_run(self, words: list[str], begin: int, last: int, whole: Fault) -> Fault:
        """Return what speaks against this run of clauses."""
        rules = self.rules
        run = words[begin : last + 1]
        joined = "，".join(run) if self.language.tag == "zh" else ", ".join(run)
        faults = whole if not begin else whole & ~(Fault.LEANING | Fault.LATER)
        is_cut = begin > 0 or last < len(words) - 1
        if not any(map(self._has_predicate, run)) and (is_cut or rules.heap.search(joined)):
            faults |= Fault.FRAGMENT
        if run[0][:2] in self.verbs and not rules.subjectless.match(run[0]):
            faults |= Fault.FRAGMENT
        plain = _QUOTED.sub("", joined)
        if rules.bare.search(joined) or (
            self.has_grammar and rules.signs["self"].search(plain) and not any(map(self._names_speaker, run))
        ):
            faults |= Fault.BARE
        behind = " ".join(words[last + 1 :])
        for one, other in rules.pairs:
            if (
                (opened := one.search(plain))
                and not other.search(plain, opened.end())
                and (other.search(behind) or one.pattern in ("一方面", "首先", "一是"))
            ):
                faults |= Fault.FRAGMENT
        facts = [n for n, word in enumerate(words) if n and rules.concrete.search(rules.clock.sub("", word))]
        if len(facts) > 1 and rules.moment.match(words[0] + "，") and not any(begin <= n <= last for n in facts):
            faults |= Fault.FRAGMENT  # a case of which only the beginning is told
        if any(rules.slogan.search(word) for word in run):
            faults |= Fault.EMPTY
        empty = sum(len(word) for word in run if self._is_empty(word))
        if empty > _EMPTY_SHARE * sum(map(len, run)):
            faults |= Fault.EMPTY
        return faults

    def _is_empty(self, word: str) -> bool:
        rules = self.rules
        if rules.ritual.search(word):
            return True
        return bool(rules.exhortation.match(word)) and not rules.concrete.search(word)


def _is_mere_quotation(sentence: str) -> bool:
    """Return True where somebody unnamed speaks: the sentence is a quotation from end to end."""
    return (
        sentence[0] in '“「"'
        and sentence.rstrip("。！？!?.…")[-1:] in ('”」"')
        and not _QUOTED.sub("", sentence).strip("。！？!?.…， ")
    )
