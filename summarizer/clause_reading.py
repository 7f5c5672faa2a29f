"""Clause → its properties by the rules of its language. Each clause is read once for all its candidates."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from summarizer.languages import Language

_QUOTED = re.compile('“[^”]*”|「[^」]*」|《[^》]*》|"[^"]*"')
_SUBJECTLESS_LISTS = (
    "verb",
    "effort",
    "method",
    "result",
)  # words that do not begin a Chinese sentence with a subject
_FACT_LISTS = ("verb", "decision", "event", "result")
_OPENING, _CLOSING = (
    re.compile(r"(?:^|(?<=\s))\?\w"),
    re.compile(r"\w[.,!]?\?(?=\s|$)"),
)  # ? as a quotation mark
_FINAL = "。！？!?.…， "


class ClauseFacts(NamedTuple):
    """A clause and its properties."""

    text: str
    plain: str  # the text without quotations and titles of books
    opens: bool  # it only introduces the next clause
    binds: bool  # it introduces the next clause by its time or place
    leans: bool  # it needs the previous clause
    speaks: bool  # it names the speaker of a neighbouring clause
    tells: bool  # it has a predicate
    lacks_subject: bool
    is_concrete: bool  # it contains a figure, a name or a document
    has_figure: bool  # it contains a figure that is not a day or an hour
    is_empty: bool  # it could be in any article of its kind
    is_slogan: bool  # it is empty and makes the whole candidate unusable
    is_bare: bool  # it is not a statement: a question, a link, words of the reporter
    is_personal: bool  # it is in the first person


class _ClauseReader:
    """Reads clauses by the rules of one language."""

    def __init__(self, language: Language) -> None:
        self.rules = language.rules
        self.is_dense = language.units == "pairs"
        self.has_grammar = bool(self.rules.words)
        firsts = "|".join(f"(?:{first.pattern})" for first, _, _ in self.rules.pairs)
        self.pairs = re.compile(firsts) if firsts else None
        self.verbs = self._join_lists(*_SUBJECTLESS_LISTS) if self.is_dense else frozenset()
        self.predicates = self._join_lists(*_FACT_LISTS) if self.is_dense else frozenset()

    def _join_lists(self, *names: str) -> frozenset[str]:
        return frozenset[str]().union(*(self.rules.words.get(name, frozenset()) for name in names))

    def read(self, text: str) -> ClauseFacts:
        rules = self.rules
        plain = _QUOTED.sub("", text)
        opens = rules.opener.fullmatch(text) is not None
        is_concrete = rules.concrete.search(text) is not None
        return ClauseFacts(
            text=text,
            plain=plain,
            opens=opens,
            binds=opens and rules.binding.match(text) is not None,
            leans=rules.leaning_clause.match(text) is not None,
            speaks=not opens and rules.speaker.search(text) is not None,
            tells=not opens and self.has_predicate(text),
            lacks_subject=rules.headless.match(text) is not None
            or (text[:2] in self.verbs and rules.subjectless.match(text) is None),
            is_concrete=is_concrete,
            has_figure=is_concrete and rules.concrete.search(rules.clock.sub("", text)) is not None,
            is_empty=rules.ritual.search(text) is not None
            or (not is_concrete and rules.exhortation.match(text) is not None),
            is_slogan=rules.slogan.search(text) is not None,
            is_bare=rules.bare.search(text) is not None,
            is_personal=self.has_grammar and rules.signs["self"].search(plain) is not None,
        )

    def has_predicate(self, text: str) -> bool:
        """Return True if the clause has a predicate.

        A verb directly before 的 is an attribute.
        """
        rules = self.rules
        if not self.has_grammar:
            return True
        if rules.no_predicate.fullmatch(text):
            return False
        if rules.predicate.search(text):
            return True
        return self.is_dense and any(
            text[n : n + 2] in self.predicates and text[n + 2 : n + 3] != "的" for n in range(len(text) - 1)
        )

    def may_hold_pair(self, text: str) -> bool:
        """Return True if the text contains the first half of paired connectives."""
        return self.pairs is not None and self.pairs.search(text) is not None


@cache
def load_reader(language: Language) -> _ClauseReader:
    return _ClauseReader(language)


def is_mere_quotation(sentence: str) -> bool:
    """Return True if the whole sentence is a quotation without a named speaker."""
    if sentence[0] not in '“「"' or sentence.rstrip(_FINAL)[-1:] not in ("”", "」", '"'):
        return False
    return not _QUOTED.sub("", sentence).strip(_FINAL)


def splits_quotation(clauses: Sequence[str]) -> bool:
    """Return True if a quotation opens but does not close; some texts use ? as a quotation mark."""
    if not any('"' in clause or "?" in clause for clause in clauses):
        return False
    text = " ".join(clauses)
    return text.count('"') % 2 == 1 or len(_OPENING.findall(text)) > len(_CLOSING.findall(text))
