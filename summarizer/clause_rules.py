"""The rules of a language for clauses: which can stand alone, which depend on others, which say nothing.

Each language has a row of patterns, and the signs from which the features of a candidate are counted. In a
pattern of `signs`, every alternative begins with a plain character or a character class. This lets re skip to
possible matches.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NEVER = re.compile(r"(?!)")


def _default_signs() -> dict[str, re.Pattern[str]]:
    """Return the signs that are counted in a language without rules."""
    return {
        "figure": re.compile(r"\d[\d.,]*"),
        "quotation": re.compile('[“「"«„]'),
        "exclamation": re.compile("[！!]"),
    }


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ClauseRules:
    """The rules of one language. `match` patterns are tried at the start of a clause or of a sentence."""

    # fullmatch: a clause that only introduces the next one; a piece may begin after it
    opener: re.Pattern[str] = _NEVER
    binding: re.Pattern[str] = _NEVER  # match: an opener that gives the time or the place; it stays
    unfinished: re.Pattern[str] = _NEVER  # search: a clause that cannot be the last one
    leaning_clause: re.Pattern[str] = _NEVER  # match: a clause that needs the previous one
    leaning_sentence: re.Pattern[str] = _NEVER  # match: a sentence that needs the previous one
    aspect: re.Pattern[str] = _NEVER  # search: a clause that is more than a subject
    states: re.Pattern[str] = _NEVER  # match: a clause with a subject, a verb and an object
    modified: re.Pattern[str] = _NEVER  # search: a clause that is one long noun phrase
    impersonal: re.Pattern[str] = _NEVER  # match: a sentence that only seems to need the previous one
    clinging: re.Pattern[str] = _NEVER  # match: a clause whose subject may be the whole previous clause
    later_sentence: re.Pattern[str] = _NEVER  # match: a sentence that may not be printed first
    speaker: re.Pattern[str] = _NEVER  # search: a clause that names the speaker of another clause
    predicate: re.Pattern[str] = _NEVER  # search: a clause with a predicate
    no_predicate: re.Pattern[str] = _NEVER  # fullmatch: a clause without a predicate, despite other matches
    heap: re.Pattern[str] = _NEVER  # search: a text that is not a sentence if it has no predicate
    subjectless: re.Pattern[str] = _NEVER  # match: a verb that may begin a sentence without a subject
    # Connectives that must stay together. True: the first half needs the second in any position.
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = ()
    point: re.Pattern[str] = _NEVER  # match: a point of a list
    bare: re.Pattern[str] = _NEVER  # search: never printed: questions, reporter's frames, fragments
    slogan: re.Pattern[str] = _NEVER  # search: one such clause makes the whole candidate unusable
    scenery: re.Pattern[str] = _NEVER  # match: a sentence that begins with a scene
    moment: re.Pattern[str] = _NEVER  # match: a sentence that begins a case with its day and hour
    ritual: re.Pattern[str] = _NEVER  # search: a clause that could be in any article of its kind
    opinion: re.Pattern[str] = _NEVER  # match: an opinion that is useless without its speaker
    # match: a clause that asks for something without saying what happens
    exhortation: re.Pattern[str] = _NEVER
    concrete: re.Pattern[str] = _NEVER  # search: details that compensate for this
    headless: re.Pattern[str] = _NEVER  # match: a day and a result without its subject
    clock: re.Pattern[str] = _NEVER  # figures of a day or an hour
    # finds 该 or 这个; group 1 is the noun it refers to
    demonstrative: re.Pattern[str] = _NEVER
    pointer: re.Pattern[str] = _NEVER  # search: a first clause that refers to an earlier sentence
    introduced: re.Pattern[str] = _NEVER  # finds full names; group 1 is the short name in later sentences
    called: re.Pattern[str] = _NEVER  # match: a sentence that begins with such a short name
    alias: re.Pattern[str] = _NEVER  # finds where a short name is introduced; a group holds it
    signs: Mapping[str, re.Pattern[str]] = field(
        default_factory=_default_signs
    )  # name of a feature → the pattern that it counts
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # name of a feature → its words

    def uses_unknown_alias(self, text: str, title: str, start: int, end: int, printed: str) -> bool:
        """Return True if text[start:end] uses a short name that only an omitted sentence explains."""
        for match in self.alias.finditer(text, 0, start):
            name = match.group(match.lastindex or 0)
            if name in text[start:end] and name not in title and match.group() not in printed:
                return True
        return False

    def find_unknown_name(self, text: str, title: str, start: int, printed: str) -> str:
        """Return the short name at the beginning of the sentence at `start` if title and `printed` do not
        introduce it.
        """
        if not (called := self.called.match(text, start)):
            return ""
        name = called.group(1)
        if name in title or name in printed:
            return ""
        if self.introduced is _NEVER:  # names look like other words: an earlier occurrence is enough
            is_introduced = text.find(name, 0, start) >= 0
        else:
            is_introduced = any(match.group(1) == name for match in self.introduced.finditer(text, 0, start))
        return name if is_introduced else ""


NO_RULES = ClauseRules()  # of languages without rules
