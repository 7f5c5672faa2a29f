"""What the door costs who only imports it."""

import subprocess
import sys

import pytest

import summarizer

LOADED = """
import sys
from summarizer import LANGUAGES, Sentence, Summary, detect_language, extract_keywords, summarize, find_words
list(LANGUAGES), find_words("a dam")
names = "numpy", "jieba", "rjieba", "opencc", "summarizer.languages.chinese"
print([name for name in names if name in sys.modules])
summarize("The dam broke.", language="en")
print([name for name in ("numpy", "jieba", "summarizer.languages.chinese") if name in sys.modules])
"""


def test_numpy_waits_for_the_first_text_and_jieba_for_the_first_chinese_word() -> None:
    told = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    assert told.stdout.splitlines() == ["[]", "['numpy']"]


def test_every_name_of_the_door_is_there() -> None:
    assert all(getattr(summarizer, name) for name in summarizer.__all__)
    with pytest.raises(AttributeError, match="'ranker'"):
        _ = summarizer.ranker  # type: ignore[attr-defined]
