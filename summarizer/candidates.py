"""Sentences → candidates: whole sentences and runs of their clauses that can be printed alone.

    为方便群众，县里修了大桥，投资3.6亿元，但工期较长。   →   县里修了大桥，投资3.6亿元  and others

A candidate begins at the start of its sentence, or after clauses that only introduce it. It ends at the end
of a clause. It has a subject and a predicate, keeps its speaker and both halves of paired connectives, and
does not split quotations. A sentence that depends on the previous one is combined with it. `faults` records
what a candidate still lacks.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.clause_reading import ClauseFacts, is_mere_quotation, load_reader, splits_quotation
from summarizer.clauses import Bounds, split_clauses, splits_a_pair
from summarizer.languages import Language
from summarizer.sentence_splitting import Span

_MOST_CANDIDATES = 24  # per sentence, because their number grows with the square of its clauses
_SHORTEST = 0.17  # usual lengths of a sentence; shorter candidates say nothing
_SHORTEST_CUT = 0.3  # the same for a run that lacks a part of its sentence
_BARE_HEAD = 7  # maximum characters of a bare list head without a predicate: （一）指导思想。
_LONG_ENOUGH = 8  # minimum characters of a clause with figures and no verb: 其中本土病例193例
_SHORT_NAME = 6  # characters from 的 on up to which a verb at the end of a clause is a noun: 的出版发行
_EMPTY_SHARE = 0.6  # share of characters in clauses without content from which a candidate is empty
_COLONS = "：:"
_FIRST_BEGINS = 2  # starts of a sentence that are combined with the next sentence


class Fault:
    """The reasons against printing a candidate, as bits. If there is nothing better, the first bits are
    ignored first.

    These are plain integers because enum.IntFlag takes a microsecond for each & and |, and a text needs
    thousands.
    """

    NONE = 0
    LATER = 1  # another sentence must be printed before it
    EMPTY = 2  # it could be in any article of its kind
    FRAGMENT = 4  # it lacks a subject, a predicate or its speaker
    LEANING = 8  # it needs the sentence before it
    BARE = 16  # a question, the reporter's own words, a link, a single item of a list


class Run(NamedTuple):
    """Clauses `first` to `last` of sentence `row`, text[start:end]. Numbers count through the whole text."""

    row: int
    first: int
    last: int
    start: int
    end: int
    cut_head: bool  # the sentence has clauses before it
    cut_tail: bool  # the sentence has clauses after it


class Candidate(NamedTuple):
    """A unit that is printed as a whole: a run of clauses, a run with its previous sentence, or the heads of
    a list.
    """

    runs: tuple[Run, ...]  # in order, each from a different sentence
    faults: int
    is_list: bool = False  # it consists of the heads of a list

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
        """Return the maximum number of printed characters, with `gap` between two sentences."""
        return sum(run.end - run.start + run.cut_head + run.cut_tail + gap for run in self.runs) - gap


class Clauses(NamedTuple):
    """The clauses of all sentences, in reading order."""

    bounds: list[tuple[int, int]]
    offsets: list[int]  # number of the first clause of each sentence, and the total at the end


def split_all(text: str, spans: Sequence[Span], language: Language) -> Clauses:
    """Split every sentence into clauses, which hold its first character and its final mark, too."""
    bounds: list[tuple[int, int]] = []
    offsets = [0]
    for span in spans:
        clauses = split_clauses(text, span.start, span.end, language) or [(span.start, span.end)]
        clauses[0] = (span.start, clauses[0][1])
        clauses[-1] = (clauses[-1][0], span.end)
        bounds += clauses
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
    """Return the candidates of at most `room` characters. `lists` has the sentences that head list items."""
    finder = _Finder(text, spans, clauses, language, room)
    candidates = [candidate for row in range(len(spans)) for candidate in finder.find_in(row)]
    return candidates + [candidate for rows in lists for candidate in finder.find_heads(rows)]


class _Sentence(NamedTuple):
    """A sentence with its clauses, analysed once."""

    row: int
    text: str
    first: int  # number of its first clause
    bounds: Sequence[Bounds]
    clauses: Sequence[ClauseFacts]
    runs: Sequence[tuple[int, int]]  # (first, last) clauses of the runs whose form lets them stand alone
    faults: int  # of every part of the sentence
    may_hold_pair: bool  # it may contain paired connectives
    may_point: bool  # it may refer to something said before it

    def cut(self, begin: int, last: int) -> Run:
        start, end, count = self.bounds[begin][0], self.bounds[last][1], len(self.clauses)
        return Run(self.row, self.first + begin, self.first + last, start, end, begin > 0, last < count - 1)


class _Finder:
    """Finds the candidates of one text."""

    def __init__(
        self, text: str, spans: Sequence[Span], clauses: Clauses, language: Language, room: int
    ) -> None:
        self.text, self.spans, self.clauses, self.rules = text, spans, clauses, language.rules
        self.language, self.room = language, room
        self.shortest = min(int(_SHORTEST * language.usual_length), room)
        self.shortest_cut = min(int(_SHORTEST_CUT * language.usual_length), room // 2)
        self.reader = load_reader(language)
        self.sentences = [self._read_sentence(row) for row in range(len(spans))]

    def find_in(self, row: int) -> Iterator[Candidate]:
        """Yield the candidates that begin in this sentence."""
        sentence = self.sentences[row]
        for begin, last in sentence.runs[:_MOST_CANDIDATES]:
            least = self.shortest if last - begin == len(sentence.clauses) - 1 else self.shortest_cut
            if least <= sentence.bounds[last][1] - sentence.bounds[begin][0] <= self.room:
                yield Candidate((sentence.cut(begin, last),), self._judge_run(sentence, begin, last))
        if row + 1 < len(self.spans) and self.sentences[row + 1].faults & Fault.LEANING:
            yield from self._find_with_next(row)

    def find_heads(self, rows: Sequence[int]) -> Iterator[Candidate]:
        """Yield two or more heads of a list, starting with the first. A single item says nothing."""
        heads: list[Run] = []
        faults = Fault.NONE
        for row in rows:
            sentence = self.sentences[row]
            last = min(last for begin, last in sentence.runs if not begin)
            heads.append(sentence.cut(0, last))
            faults |= self._judge_run(sentence, 0, last, is_head=True) & ~(
                Fault.BARE | Fault.LATER | Fault.EMPTY
            )
            bare = self.rules.point.sub("", sentence.clauses[0].text, 1).rstrip("。.")
            if len(bare) <= _BARE_HEAD and not self.reader.has_predicate(bare):
                faults |= Fault.FRAGMENT
            candidate = Candidate(tuple(heads), faults, is_list=True)
            if candidate.measure(0) > self.room:
                return
            if len(heads) > 1:
                yield candidate

    def _find_with_next(self, row: int) -> Iterator[Candidate]:
        """Yield this sentence together with the next one if the next one depends on it."""
        sentence, follower = self.sentences[row], self.sentences[row + 1]
        if self.spans[row].paragraph != self.spans[row + 1].paragraph:
            return
        end = len(sentence.clauses) - 1
        begins = sorted({begin for begin, last in sentence.runs if last == end})
        for last in sorted({last for begin, last in follower.runs if not begin}):
            for begin in begins[:_FIRST_BEGINS]:
                runs = sentence.cut(begin, end), follower.cut(0, last)
                if runs[1].end - runs[0].start <= self.room:
                    leaning = self._judge_run(follower, 0, last) & ~(Fault.LEANING | Fault.LATER)
                    yield Candidate(runs, self._judge_run(sentence, begin, end) | leaning)

    def _read_sentence(self, row: int) -> _Sentence:
        first, end = self.clauses.offsets[row], self.clauses.offsets[row + 1]
        bounds = self.clauses.bounds[first:end]
        clauses = [self.reader.read(self.text[start:stop]) for start, stop in bounds]
        span = self.spans[row]
        whole = self.text[span.start : span.end]
        runs = list(self._find_runs(clauses, bounds))
        may_hold_pair = self.reader.may_hold_pair(whole)
        faults = self._judge_sentence(row, whole, clauses)
        may_point = row > 0 and self.rules.demonstrative.search(whole) is not None
        return _Sentence(row, whole, first, bounds, clauses, runs, faults, may_hold_pair, may_point)

    def _find_runs(
        self, clauses: Sequence[ClauseFacts], bounds: Sequence[Bounds]
    ) -> Iterator[tuple[int, int]]:
        """Yield the (first, last) clause of each run with the form of a clause. The whole sentence comes
        first.
        """
        count = len(clauses)
        yield 0, count - 1
        whole = next((n for n, clause in enumerate(bounds) if splits_a_pair(self.text, clause)), count)
        for begin in range(whole):
            if begin and (not clauses[begin - 1].opens or clauses[begin - 1].binds):
                return
            if begin and not self._may_begin(clauses, begin):
                continue
            for last in range(begin, whole):
                if (begin, last) != (0, count - 1) and self._may_end(clauses, bounds, begin, last):
                    yield begin, last

    def _may_begin(self, clauses: Sequence[ClauseFacts], begin: int) -> bool:
        """Return True if a run may begin with this clause, without the introductory clauses before it."""
        clause = clauses[begin]
        return not (clause.opens or clause.leans or clause.lacks_subject)

    def _may_end(
        self, clauses: Sequence[ClauseFacts], bounds: Sequence[Bounds], begin: int, last: int
    ) -> bool:
        """Return True if a run may end with this clause."""
        rules, clause, count = self.rules, clauses[last], len(clauses)
        if last == count - 1:
            return True
        mark = self.text[bounds[last][1] : bounds[last][1] + 1]
        if clause.opens or mark in _COLONS or rules.unfinished.search(clause.text):
            return False
        introduces = (
            self.language.units == "pairs"
        )  # in Chinese the speaker comes first, in English often last
        if clause.speaks and introduces and "”" not in clause.text and '"' not in clause.text:
            return False
        named = any(clauses[n].speaks for n in range(begin, last + 1))
        if not named and (
            clauses[-1].speaks or (not introduces and any(c.speaks for c in clauses[last + 1 :]))
        ):
            return False
        if not rules.aspect.search(clause.text):
            if not introduces:
                return False
            follows = clauses[last + 1].text
            is_alone = all(clauses[n].opens or clauses[n].speaks for n in range(begin, last))
            clings = rules.clinging.match(follows) or follows[:2] in self.reader.verbs
            if is_alone and clings and not rules.states.match(clause.text):
                return False  # the whole clause is the subject of the next clause
            name = rules.modified.search(clause.text)
            is_name = name and (
                len(name.group()) <= _SHORT_NAME or not self.reader.has_predicate(name.group())
            )
            if name and (is_name or rules.clinging.match(follows)):
                return False
        return clause.tells or (
            introduces and last > begin and clause.is_concrete and len(clause.text) >= _LONG_ENOUGH
        )

    def _judge_sentence(self, row: int, whole: str, clauses: Sequence[ClauseFacts]) -> int:
        """Return the faults that apply to every part of this sentence."""
        rules, span = self.rules, self.spans[row]
        opening = next((clause.text for clause in clauses if not clause.opens), "")
        follows = bool(row) and self.spans[row - 1].paragraph == span.paragraph
        faults = Fault.NONE
        leans = any(rules.leaning_sentence.match(begins) for begins in (whole, opening))
        if (row and leans) or (follows and rules.point.match(self.text, self.spans[row - 1].start)):
            faults |= Fault.LEANING
        elif (row and rules.later_sentence.match(whole)) or (leans and not rules.impersonal.match(whole)):
            faults |= Fault.LATER
        if rules.point.match(whole):
            faults |= Fault.BARE
        if any(rules.scenery.match(begins) for begins in (whole, opening)) or (
            self.language.scene.match(whole) and not rules.concrete.search(whole)
        ):
            faults |= Fault.EMPTY
        if follows and rules.opinion.match(whole) and self._has_speaker_before(row):
            faults |= Fault.EMPTY
        if is_mere_quotation(whole):
            faults |= Fault.FRAGMENT
        return faults

    def _has_speaker_before(self, row: int) -> bool:
        """Return True if the paragraph has named a speaker who may also say this sentence."""
        paragraph = self.spans[row].paragraph
        while row and self.spans[row - 1].paragraph == paragraph:
            row -= 1
            first, end = self.clauses.offsets[row], self.clauses.offsets[row + 1]
            if any(
                self.rules.speaker.search(self.text[start:stop])
                for start, stop in self.clauses.bounds[first:end]
            ):
                return True
        return False

    def _judge_run(self, sentence: _Sentence, begin: int, last: int, *, is_head: bool = False) -> int:
        """Return the faults of this run of clauses."""
        clauses = sentence.clauses[begin : last + 1]
        faults = sentence.faults if not begin else sentence.faults & ~(Fault.LEANING | Fault.LATER)
        tells = speaks = bare = personal = slogan = False
        empty = size = 0
        for clause in clauses:
            tells, speaks = tells or clause.tells, speaks or clause.speaks
            bare, personal, slogan = (
                bare or clause.is_bare,
                personal or clause.is_personal,
                slogan or clause.is_slogan,
            )
            size += len(clause.text)
            empty += len(clause.text) * clause.is_empty
        is_cut = len(clauses) < len(sentence.clauses)
        if not tells and (is_cut or self.rules.heap.search(sentence.text)):
            faults |= Fault.FRAGMENT
        if splits_quotation([clause.text for clause in clauses]):
            faults |= Fault.FRAGMENT
        opening = next((clause.plain for clause in clauses if not clause.opens), "")
        if sentence.row and (
            self.rules.pointer.search(clauses[0].plain) or self.rules.later_sentence.match(opening)
        ):
            faults |= Fault.LATER
        if sentence.may_point and self._points_outside(clauses):
            faults |= Fault.LEANING
        if clauses[0].lacks_subject or self._hides_the_outcome(sentence, begin, last):
            faults |= Fault.FRAGMENT
        if not is_head and self._tears_a_pair(sentence, begin, last):
            faults |= Fault.FRAGMENT
        if bare or (personal and not (speaks and self.language.units == "pairs")):
            faults |= Fault.BARE
        asks = next((clause.is_empty for clause in clauses if not (clause.opens or clause.speaks)), False)
        if (
            slogan
            or empty > _EMPTY_SHARE * size
            or (asks and not any(clause.is_concrete for clause in clauses))
        ):
            faults |= Fault.EMPTY
        return faults

    def _points_outside(self, clauses: Sequence[ClauseFacts]) -> bool:
        """Return True if 该 or 这个 refers to something these clauses have not named before."""
        text = "，".join(clause.plain for clause in clauses)
        return any(
            match.group(1) not in text[: match.start()] for match in self.rules.demonstrative.finditer(text)
        )

    def _tears_a_pair(self, sentence: _Sentence, begin: int, last: int) -> bool:
        """Return True if one half of paired connectives (不仅 … 而且) is printed without the other."""
        if not sentence.may_hold_pair:
            return False
        inside = "，".join(clause.plain for clause in sentence.clauses[begin : last + 1])
        behind = "，".join(clause.plain for clause in sentence.clauses[last + 1 :])
        return any(
            (opened := first.search(inside))
            and not second.search(inside, opened.end())
            and (is_strict or second.search(behind))
            for first, second, is_strict in self.rules.pairs
        )

    def _hides_the_outcome(self, sentence: _Sentence, begin: int, last: int) -> bool:
        """Return True if the run begins a case (11月6日晚，…) that ends in figures but omits the figures."""
        if not self.rules.moment.match(sentence.text):
            return False
        facts = [n for n, clause in enumerate(sentence.clauses) if n and clause.has_figure]
        return len(facts) > 1 and not any(begin <= n <= last for n in facts)
