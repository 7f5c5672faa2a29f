"""The row of the table of languages."""

import re
from dataclasses import dataclass

from summarizer.clause_rules import NO_RULES, ClauseRules

NEVER = re.compile(r"(?!)")


def split_words(listed: str) -> frozenset[str]:
    """Return the words of a list set as running text, the way one reads it."""
    return frozenset(listed.split())


def compile_alternatives(alternatives: str) -> re.Pattern[str]:
    """Return a pattern of alternatives, each of which begins with a plain character or a class of them.

    What may begin one is looked at before any: re tries fifty alternatives one by one, and nearly always in
    vain.
    """
    first = re.findall(
        r"(?:^|\|)(\[[^\]]*\]|.)", alternatives
    )  # | inside of groups too: what is too many does no harm
    heads = "".join(head.strip("[]") for head in first)
    return re.compile(f"(?=[{re.escape(heads)}])(?:{alternatives})")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WordSign:
    """A pattern to be found anywhere in a text, and with what one, two or three characters what it matches
    begins.
    """

    pattern: re.Pattern[str] = NEVER
    heads: frozenset[str] = frozenset()


def build_sign(listed: str, *, then: str = "") -> WordSign:
    """Return what finds any of the words of a list, with `then` (a pattern) right behind it.

    Each alternative begins with a plain character: so re skips at once to where one can begin, five times
    faster.
    """
    found = listed.split()
    pattern = re.compile("|".join(re.escape(word) + then for word in found))
    return WordSign(pattern=pattern, heads=frozenset(word[: 3 if word.isascii() else 2] for word in found))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Language:
    """What the summarizer must know of a language; every field but the first three may stay empty."""

    tag: str  # BCP 47 primary tag; "" where the language is not known
    units: str  # what sentences are compared by: "pairs" (of characters) or "words"
    joiner: str  # stands between two sentences set one after another
    stop: frozenset[str] = frozenset()  # words (or characters, for pairs) that say nothing about a subject
    # sentences end where sentencex says, not by the rules of sentence_splitting
    is_cut_by_library: bool = False
    abbreviations: frozenset[str] = frozenset()  # lower case, without the last point
    usual_length: int = 125  # characters of a middling newspaper sentence
    dateline: re.Pattern[str] = NEVER  # matched at the start of a paragraph: place, day, agency, reporter
    caption: re.Pattern[str] = NEVER  # matched at the start of a paragraph that explains a picture
    signature: re.Pattern[str] = NEVER  # fullmatched by a paragraph that says who wrote
    attribution: re.Pattern[str] = NEVER  # matched right after a quotation whose speaker follows
    reported: WordSign = WordSign()  # found in sentences that tell what somebody said
    spoken: WordSign = WordSign()  # found in sentences in the first person
    scene: re.Pattern[str] = NEVER  # matched by a sentence that only says what day it is, or paints a scene
    slogan: WordSign = WordSign()  # found in sentences that could stand in any article
    list_head: re.Pattern[str] = NEVER  # matched by the first words of one item of a list
    clause_end: re.Pattern[str] = NEVER  # found where a clause ends and another one begins
    hollow: WordSign = (
        WordSign()
    )  # found in sentences that praise or exhort; a fact beside it makes up for it
    looking_back: re.Pattern[str] = NEVER  # matched by a sentence that is nothing without the one before it
    rules: ClauseRules = NO_RULES  # which clauses stand alone, and what their signs are
