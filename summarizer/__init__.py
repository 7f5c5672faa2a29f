"""Extractive summaries: text → a selection of its own sentences. Uses no network, clock, log or language
model.

Importing this package is fast. The first text that needs numpy or the patterns of a language loads them.
`summarize`, `extract_keywords`, `detect_language` and LANGUAGES[tag] do this themselves; RANKERS is loaded
here.
"""

from typing import TYPE_CHECKING

from summarizer.keywords import Keyword, extract_keywords
from summarizer.languages import LANGUAGES, detect_language
from summarizer.summary import summarize
from summarizer.values import Sentence, Summary
from summarizer.word_cutting import find_words

if TYPE_CHECKING:
    from summarizer.rankers import RANKERS

__all__ = [
    "LANGUAGES",
    "RANKERS",
    "Keyword",
    "Sentence",
    "Summary",
    "detect_language",
    "extract_keywords",
    "find_words",
    "summarize",
]


def __getattr__(name: str) -> object:
    if name == "RANKERS":
        from summarizer.rankers import RANKERS

        return RANKERS
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
