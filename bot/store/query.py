"""What somebody looks for → a condition on the words of articles, for either engine (pure).

    水库 library        both words           "新馆 周六"   “…” 「…」   these words in this order, as written
    +急救               the same as 急救      -广告  !广告  -"买一送一"   not this

The index holds words, and every two neighbouring Han characters with PAIR before them: where a Chinese name begins and
ends, two texts with the same name in them do not agree.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.errors import InputError
from bot.folding import folded
from summarizer import words

PAIR = "q"  # before a pair of characters; no word of the index begins so and goes on in Chinese
HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
NAME = 3  # characters from which a run of Han is looked for as it stands too
TERM = re.compile(r"""([+\-!]?)(?:"([^"]*)"?|“([^”]*)”?|「([^」]*)」?|(\S+))""")
MAX_TERMS, MAX_TERM_CHARACTERS = 30, 200
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """`sought` is folded; a phrase has to stand in the text as it is."""

    sought: str
    is_phrase: bool = False
    is_unwanted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Spelling:
    """How an engine writes a condition."""

    both: str
    either: str
    but_not: str
    quoted: Callable[[str], str]


SQLITE = Spelling(both=" AND ", either=" OR ", but_not=" NOT ", quoted=lambda word: '"' + word.replace('"', '""') + '"')
POSTGRESQL = Spelling(
    both=" & ",
    either=" | ",
    but_not=" & !",
    quoted=lambda word: "'" + word.replace("\\", "\\\\").replace("'", "''") + "'",
)


def parsed(written: str) -> tuple[Term, ...]:
    """Return the terms of a query. Raises InputError where it names nothing to look for, or too much.

    >>> [(term.sought, term.is_phrase, term.is_unwanted) for term in parsed('library -"for all"')]
    [('library', False, False), ('for all', True, True)]
    """
    found: list[Term] = []
    for sign, *phrases, word in TERM.findall(written):
        said = max(phrases, key=len)
        term = Term(
            sought=plain(said or word).strip(),
            is_phrase=bool(said),
            is_unwanted=sign in ("-", "!") if sign else False,
        )
        if len(term.sought) > MAX_TERM_CHARACTERS or len(found) >= MAX_TERMS:
            raise InputError(f"at most {MAX_TERMS} words of {MAX_TERM_CHARACTERS} characters can be looked for at once")
        if tokens(term.sought):
            found.append(term)
    if all(term.is_unwanted for term in found):
        raise InputError("name at least one word to look for, beside what is not wanted")
    return tuple(found)


def condition(terms: Sequence[Term], spelling: Spelling) -> str:
    """Return the condition on words; for phrases it finds too much, never too little: the text decides."""
    wanted = spelling.both.join(alternatives(term, spelling) for term in terms if not term.is_unwanted)
    unwanted = [alternatives(term, spelling) for term in terms if term.is_unwanted and not term.is_phrase]
    return "".join([f"({wanted})", *(f"{spelling.but_not}{term}" for term in unwanted)])


def alternatives(term: Term, spelling: Spelling) -> str:
    """A phrase by its pairs and words; a word by the words in it, or a longer one as it stands."""
    by_words, by_pairs = tokens(term.sought), as_it_stands(term.sought)
    if term.is_phrase:
        return every(by_pairs or by_words, spelling)
    is_name = any(len(run) >= NAME for run in HAN_RUN.findall(term.sought))
    shapes = [by_words, by_pairs] if is_name else [by_words]
    return f"({spelling.either.join(every(shape, spelling) for shape in shapes)})"


def every(found: Sequence[str], spelling: Spelling) -> str:
    return f"({spelling.both.join(map(spelling.quoted, found))})"


def as_it_stands(text: str) -> list[str]:
    """The pairs of neighbouring Han characters, and the words in other scripts."""
    return [*pairs(text), *(word for word in tokens(text) if not HAN_RUN.search(word) and not is_han(word))]


def is_han(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"


def pairs(text: str) -> list[str]:
    """
    >>> pairs("林晓溪 reads")
    ['q林晓', 'q晓溪']
    """
    runs = HAN_RUN.findall(text)
    return list(dict.fromkeys(PAIR + run[at : at + 2] for run in runs for at in range(len(run) - 1)))


def plain(text: str) -> str:
    """The text in which phrases are looked for: folded, white space of any kind one blank. NUL fits no database."""
    return BLANKS.sub(" ", folded(text).replace("\0", " "))


def tokens(plain: str) -> list[str]:
    """The words of a folded text, none twice.

    >>> tokens("linxi, linxi!")
    ['linxi']
    """
    found = (plain[start:end] for start, end in words(plain))
    return list(dict.fromkeys(word for word in found if word.isalnum()))
