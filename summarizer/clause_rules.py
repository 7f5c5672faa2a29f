"""What a language knows about its clauses: which stand alone, which lean on others, which say nothing.

A row of patterns for each language, and the signs by which the features of a candidate are counted. A pattern
of `signs` begins every alternative with a plain character or a class of them: so re skips to where one can
begin.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NEVER = re.compile(r"(?!)")


def _default_signs() -> dict[str, re.Pattern[str]]:
    """Return what is counted in a language nothing is known of."""
    return {
        "figure": re.compile(r"\d[\d.,]*"),
        "quotation": re.compile('[“「"«„]'),
        "exclamation": re.compile("[！!]"),
    }


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ClauseRules:
    """The rules of one language. `match` patterns are tried at the start of a clause or of a sentence."""

    # fullmatch: a clause that only opens what follows; a piece may begin behind it
    opener: re.Pattern[str] = _NEVER
    unfinished: re.Pattern[str] = _NEVER  # search: a clause nothing may end with
    leaning_clause: re.Pattern[str] = _NEVER  # match: a clause that needs the one before it
    leaning_sentence: re.Pattern[str] = _NEVER  # match: a sentence that needs the one before it
    aspect: re.Pattern[str] = _NEVER  # search: a clause that is no mere subject
    modified: re.Pattern[str] = _NEVER  # search: a clause that is one long name of something
    impersonal: re.Pattern[str] = _NEVER  # match: a sentence that only looks as if it leaned
    clinging: re.Pattern[str] = _NEVER  # match: a clause whose subject may be the whole clause before it
    later_sentence: re.Pattern[str] = _NEVER  # match: a sentence that may not be the first one printed
    speaker: re.Pattern[str] = _NEVER  # search: a clause that names who says what follows or what went before
    predicate: re.Pattern[str] = _NEVER  # search: a clause that tells something
    no_predicate: re.Pattern[str] = _NEVER  # fullmatch: a clause that does not, whatever it holds
    heap: re.Pattern[str] = _NEVER  # search: a sentence that is no sentence where it has no predicate either
    subjectless: re.Pattern[str] = _NEVER  # match: a verb that may begin a sentence without a subject
    # Connectives that stay or go together; True: the first half needs the second, wherever that stands.
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = ()
    point: re.Pattern[str] = _NEVER  # match: a point of a list
    bare: re.Pattern[str] = _NEVER  # search: what no summary prints: questions, reporter's frames, debris
    slogan: re.Pattern[str] = _NEVER  # search: one such clause spoils whatever it stands in
    moment: re.Pattern[str] = _NEVER  # match: a sentence that begins to tell a case by its day and hour
    ritual: re.Pattern[str] = _NEVER  # search: a clause that could stand in any article of its kind
    opinion: re.Pattern[str] = _NEVER  # match: a sentence that somebody thinks, and is nothing without who
    # match: a clause that asks for something without saying what happens
    exhortation: re.Pattern[str] = _NEVER
    concrete: re.Pattern[str] = _NEVER  # search: what makes up for it: figures, names, titles of documents
    clock: re.Pattern[str] = _NEVER  # figures that tell a day or an hour
    # finds full names: group 1 is what a later sentence may call them by
    introduced: re.Pattern[str] = _NEVER
    called: re.Pattern[str] = _NEVER  # match: a sentence that begins with such a name alone
    signs: Mapping[str, re.Pattern[str]] = field(
        default_factory=_default_signs
    )  # name of a feature → what it counts
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the same by lists of words

    def find_unknown_name(self, text: str, title: str, start: int, printed: str) -> str:
        """Return the bare name the sentence at `start` begins with, where neither title nor `printed`
        introduces it.
        """
        if not (called := self.called.match(text, start)):
            return ""
        name = called.group(1)
        if (
            name in title
            or name in printed
            or not any(match.group(1) == name for match in self.introduced.finditer(text, 0, start))
        ):
            return ""
        return name


NO_RULES = ClauseRules()  # of a language nothing is known of
