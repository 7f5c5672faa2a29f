"""The row of the table of languages."""

import re
from dataclasses import dataclass

from summarizer.clause_rules import NO_RULES, ClauseRules

NEVER = re.compile(r"(?!)")


def split_words(listed: str) -> frozenset[str]:
    """Return the words of a list that is written as running text."""
    return frozenset(listed.split())


def compile_alternatives(alternatives: str) -> re.Pattern[str]:
    """Return a pattern of alternatives that each begin with a plain character or a character class.

    A lookahead checks the first character, because re would try fifty alternatives one by one, mostly without
    a match.
    """
    first = re.findall(
        r"(?:^|\|)(\[[^\]]*\]|.)", alternatives
    )  # also | inside groups: extra characters do no harm
    heads = "".join(head.strip("[]") for head in first)
    return re.compile(f"(?=[{re.escape(heads)}])(?:{alternatives})")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WordSign:
    """A pattern to search for in a text, and the first one, two or three characters of its matches."""

    pattern: re.Pattern[str] = NEVER
    heads: frozenset[str] = frozenset()


def build_sign(listed: str, *, then: str = "") -> WordSign:
    """Return a sign that finds any word of a list, directly followed by the pattern `then`.

    Each alternative begins with a plain character. This lets re skip to possible matches, which is five times
    faster.
    """
    words = listed.split()
    pattern = re.compile("|".join(re.escape(word) + then for word in words))
    return WordSign(pattern=pattern, heads=frozenset(word[: 3 if word.isascii() else 2] for word in words))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Language:
    """The properties of a language for the summarizer. All fields except the first three may be empty."""

    tag: str  # BCP 47 primary tag, or "" for an unknown language
    units: str  # the units of comparison: "pairs" (of characters) or "words"
    joiner: str  # the text between two adjacent sentences
    stop: frozenset[str] = frozenset()  # words (or characters, for pairs) without a subject
    # sentencex splits the sentences instead of the rules of sentence_splitting
    is_cut_by_library: bool = False
    abbreviations: frozenset[str] = frozenset()  # lower case, without the final full stop
    usual_length: int = 125  # characters of an average newspaper sentence
    dateline: re.Pattern[str] = NEVER  # matched at the start of a paragraph: place, day, agency, reporter
    caption: re.Pattern[str] = NEVER  # matched at the start of a picture caption
    signature: re.Pattern[str] = NEVER  # fullmatched by a paragraph that names the author
    attribution: re.Pattern[str] = NEVER  # matched directly after a quotation whose speaker follows
    reported: WordSign = WordSign()  # found in sentences that report speech
    spoken: WordSign = WordSign()  # found in sentences in the first person
    scene: re.Pattern[str] = NEVER  # matched by a sentence that only gives a date or describes a scene
    slogan: WordSign = WordSign()  # found in sentences that could be in any article
    list_head: re.Pattern[str] = NEVER  # matched by the first words of one item of a list
    clause_end: re.Pattern[str] = NEVER  # found between two clauses
    hollow: WordSign = WordSign()  # found in sentences that praise or exhort; a fact compensates for it
    looking_back: re.Pattern[str] = NEVER  # matched by a sentence that needs the previous one
    rules: ClauseRules = NO_RULES  # the rules for clauses, and their signs
