"""Extractive summaries: text in, the text's own sentences out. No network, no clock, no log, no trained model."""

from summarizer.keywords import Keyword, keywords
from summarizer.languages import LANGUAGES, detect_language
from summarizer.rankers import RANKERS
from summarizer.summary import summarize
from summarizer.values import Sentence, Summary
from summarizer.words import words

__all__ = [
    "LANGUAGES",
    "RANKERS",
    "Keyword",
    "Sentence",
    "Summary",
    "detect_language",
    "keywords",
    "summarize",
    "words",
]
