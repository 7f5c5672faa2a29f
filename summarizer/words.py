"""Text → its words and where they stand.

Chinese words come from jieba, whose dictionary is loaded at the first Chinese text and kept in a folder of this
user's own, never where another local user could plant one.
"""

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"\w+")


Tagger = Callable[[str], Iterable[tuple[str, str]]]  # text → words with their parts of speech


def words(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every word, the words inside long Chinese words too.

    >>> words("5G is here")
    [(0, 2), (3, 5), (6, 10)]
    """
    if HAN.search(text) is None:
        return [match.span() for match in WORD.finditer(text)]
    return [(start, end) for _, start, end in tokenizer().tokenize(text, mode="search")]


@cache
def tokenizer() -> Any:  # jieba ships no types
    """Load jieba's dictionary into a tokenizer of our own."""
    import jieba  # half a second and 100 MB: only where Chinese words are asked for

    jieba.setLogLevel(logging.WARNING)  # it sets itself to DEBUG on import
    own = jieba.Tokenizer()
    own.tmp_dir = _own_folder()
    return own


@cache
def tagger() -> Tagger:
    """Load the dictionary, once: rjieba's where it is installed (extra `fast`, same words), else jieba's."""
    try:
        import rjieba
    except ImportError:
        return _jieba_tagger()
    tag: Tagger = rjieba.tag
    return tag


def _jieba_tagger() -> Tagger:
    import jieba.posseg

    cutter = jieba.posseg.POSTokenizer(tokenizer())
    return lambda text: ((pair.word, pair.flag) for pair in cutter.cut(text))


def _own_folder() -> str:
    """Return a folder for jieba's cache that only this user may write to."""
    folder = Path(tempfile.gettempdir()) / f"zhaibao-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077:
        return tempfile.mkdtemp(prefix="zhaibao-")
    return str(folder)
