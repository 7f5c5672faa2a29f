"""A search query → a condition on the words of articles, for either engine (pure).

    水库 library        both words           "新馆 周六"   “…” 「…」   these words in this order, as written
    +急救               the same as 急救      -广告  !广告  -"买一送一"   not this

The index contains words, and every pair of neighbouring Han characters with _PAIR_PREFIX before it: two texts
with the same Chinese name may be split differently at its beginning and end.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.errors import InputError
from bot.phrases import Phrase
from bot.text.folding import fold_text
from summarizer import find_words

# before a pair of characters; no other word of the index begins with it and continues in Chinese
_PAIR_PREFIX = "q"
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_MIN_NAME_CHARACTERS = 3  # of a run of Han characters, from which it is also searched as a whole
_TERM = re.compile(r"""([+\-!]?)(?:"([^"]*)"?|“([^”]*)”?|「([^」]*)」?|(\S+))""")
_MAX_TERMS, _MAX_TERM_CHARACTERS = 30, 200
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchTerm:
    """`sought` is folded; a text must contain a phrase exactly."""

    sought: str
    is_phrase: bool = False
    is_unwanted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _ConditionSyntax:
    """How an engine writes a condition."""

    both: str
    either: str
    but_not: str
    quote: Callable[[str], str]


SQLITE_SYNTAX = _ConditionSyntax(
    both=" AND ", either=" OR ", but_not=" NOT ", quote=lambda word: '"' + word.replace('"', '""') + '"'
)
POSTGRESQL_SYNTAX = _ConditionSyntax(
    both=" & ",
    either=" | ",
    but_not=" & !",
    quote=lambda word: "'" + word.replace("\\", "\\\\").replace("'", "''") + "'",
)


def parse_query(written: str) -> tuple[SearchTerm, ...]:
    """Return the terms of a query. Raises InputError if it has no term to search for, or too many.

    >>> [(term.sought, term.is_phrase, term.is_unwanted) for term in parse_query('library -"for all"')]
    [('library', False, False), ('for all', True, True)]
    """
    terms: list[SearchTerm] = []
    for sign, *phrases, word in _TERM.findall(written):
        phrase = max(phrases, key=len)
        term = SearchTerm(
            sought=normalize_text(phrase or word).strip(),
            is_phrase=bool(phrase),
            is_unwanted=sign in ("-", "!") if sign else False,
        )
        if len(term.sought) > _MAX_TERM_CHARACTERS or len(terms) >= _MAX_TERMS:
            raise InputError(
                Phrase(
                    "a search can have at most {number} words of {length} characters",
                    number=_MAX_TERMS,
                    length=_MAX_TERM_CHARACTERS,
                )
            )
        if split_words(term.sought):
            terms.append(term)
    if all(term.is_unwanted for term in terms):
        raise InputError(Phrase("name at least one word that articles must contain"))
    return tuple(terms)


def build_condition(terms: Sequence[SearchTerm], spelling: _ConditionSyntax) -> str:
    """Return the condition on words.

    For phrases it matches too many texts, never too few; the text decides.
    """
    wanted = spelling.both.join(_build_alternatives(term, spelling) for term in terms if not term.is_unwanted)
    unwanted = [
        _build_alternatives(term, spelling) for term in terms if term.is_unwanted and not term.is_phrase
    ]
    return "".join([f"({wanted})", *(f"{spelling.but_not}{term}" for term in unwanted)])


def _build_alternatives(term: SearchTerm, spelling: _ConditionSyntax) -> str:
    """Return the condition of a term: the pairs and words of a phrase; the words in a word, or a long word
    whole.
    """
    by_words, by_pairs = split_words(term.sought), _list_literal_words(term.sought)
    if term.is_phrase:
        return _join_all(by_pairs or by_words, spelling)
    is_name = any(len(run) >= _MIN_NAME_CHARACTERS for run in _HAN_RUN.findall(term.sought))
    shapes = [by_words, by_pairs] if is_name else [by_words]
    return f"({spelling.either.join(_join_all(shape, spelling) for shape in shapes)})"


def _join_all(words: Sequence[str], spelling: _ConditionSyntax) -> str:
    return f"({spelling.both.join(map(spelling.quote, words))})"


def _list_literal_words(text: str) -> list[str]:
    """Return the pairs of neighbouring Han characters, and the words in other scripts."""
    return [
        *pair_characters(text),
        *(word for word in split_words(text) if not _HAN_RUN.search(word) and not _is_han(word)),
    ]


def _is_han(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"


def pair_characters(text: str) -> list[str]:
    """
    >>> pair_characters("林晓溪 reads")
    ['q林晓', 'q晓溪']
    """
    runs = _HAN_RUN.findall(text)
    return list(dict.fromkeys(_PAIR_PREFIX + run[at : at + 2] for run in runs for at in range(len(run) - 1)))


def normalize_text(text: str) -> str:
    """Return the text for phrase search: folded, each run of white space one space, without NUL."""
    return _BLANKS.sub(" ", fold_text(text).replace("\0", " "))


def split_words(plain: str) -> list[str]:
    """Return the words of a folded text, each once.

    >>> split_words("linxi, linxi!")
    ['linxi']
    """
    words = (plain[start:end] for start, end in find_words(plain))
    return list(dict.fromkeys(word for word in words if word.isalnum()))
