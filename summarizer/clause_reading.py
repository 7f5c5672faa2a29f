"""Clause → what is known of it by the rules of its language, read once for all candidates it is part of."""

import re
from functools import cache
from typing import NamedTuple

from summarizer.languages import Language

_QUOTED = re.compile('“[^”]*”|「[^」]*」|《[^》]*》|"[^"]*"')
_SUBJECTLESS_LISTS = (
    "verb",
    "effort",
    "method",
    "result",
)  # words no Chinese sentence with a subject begins with
_FACT_LISTS = ("verb", "decision", "event", "result")
_FINAL = "。！？!?.…， "


class ClauseFacts(NamedTuple):
    """A clause and what is known of it."""

    text: str
    plain: str  # the same without what is quoted in it, and without titles of books
    opens: bool  # it only opens what follows
    leans: bool  # it needs the clause before it
    speaks: bool  # it names who says what stands beside it
    tells: bool  # it has a predicate
    lacks_subject: bool
    is_concrete: bool  # it holds a figure, a name or a document
    has_figure: bool  # … one of no day or hour
    is_empty: bool  # it could stand in any article of its kind
    is_slogan: bool  # … and spoils whatever it stands in
    is_bare: bool  # it is no statement: a question, a link, a word of the reporter
    is_personal: bool  # somebody says I


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
            leans=rules.leaning_clause.match(text) is not None,
            speaks=not opens and rules.speaker.search(text) is not None,
            tells=not opens and self.has_predicate(text),
            lacks_subject=text[:2] in self.verbs and rules.subjectless.match(text) is None,
            is_concrete=is_concrete,
            has_figure=is_concrete and rules.concrete.search(rules.clock.sub("", text)) is not None,
            is_empty=rules.ritual.search(text) is not None
            or (not is_concrete and rules.exhortation.match(text) is not None),
            is_slogan=rules.slogan.search(text) is not None,
            is_bare=rules.bare.search(text) is not None,
            is_personal=self.has_grammar and rules.signs["self"].search(plain) is not None,
        )

    def has_predicate(self, text: str) -> bool:
        """Return True where the clause tells something.

        A verb right before 的 only tells which one is meant.
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
        """Return True where the first half of paired connectives stands in the text."""
        return self.pairs is not None and self.pairs.search(text) is not None


@cache
def load_reader(language: Language) -> _ClauseReader:
    return _ClauseReader(language)


def is_mere_quotation(sentence: str) -> bool:
    """Return True where somebody unnamed speaks: the sentence is a quotation from end to end."""
    if sentence[0] not in '“「"' or sentence.rstrip(_FINAL)[-1:] not in ("”", "」", '"'):
        return False
    return not _QUOTED.sub("", sentence).strip(_FINAL)
