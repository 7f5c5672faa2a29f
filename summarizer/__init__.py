"""Extractive summaries: text in, the text's own sentences out."""

from summarizer.summary import Sentence, Summary, summarize

__all__ = ["Sentence", "Summary", "summarize"]
