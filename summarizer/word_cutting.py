"""Text → its words and their positions.

Chinese words come from rjieba if it is installed (extra `fast`), otherwise from jieba. Both use the same
dictionary, which the first Chinese text loads.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from summarizer.scripts import HAN
from summarizer.word_cache import find_cache_folder, read_cache, write_cache

_HAN = re.compile(f"[{HAN}]")
WORD = re.compile(r"\w+")


_Cutter = Callable[[str, str], Iterable[tuple[str, int, int]]]  # text and mode → words with their places
_Tagger = Callable[[str], Iterable[tuple[str, str]]]  # text → words with their parts of speech


def find_words(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every word, including the words inside long Chinese words.

    >>> find_words("5G is here")
    [(0, 2), (3, 5), (6, 10)]
    """
    if _HAN.search(text) is None:
        return [match.span() for match in WORD.finditer(text)]
    return [(start, end) for _, start, end in _load_word_cutter()(text, "search")]


@cache
def _load_word_cutter() -> _Cutter:
    """Return the function that splits Chinese text. Mode "search" adds the words inside long words."""
    try:
        import rjieba
    except ImportError:
        return _load_jieba().tokenize  # type: ignore[no-any-return]  # jieba ships no types
    cut: _Cutter = rjieba.tokenize
    return cut


@cache
def load_word_tagger() -> _Tagger:
    """Return the function that splits Chinese into words with their parts of speech."""
    try:
        import rjieba
    except ImportError:
        return _load_jieba_tagger()
    tag: _Tagger = rjieba.tag
    return tag


@cache
def load_dictionary() -> Callable[[str], bool]:
    """Return a predicate for words in the dictionary. jieba guesses other words from their characters."""
    try:
        import rjieba
    except ImportError:
        frequencies = _load_jieba().FREQ
        return lambda word: bool(frequencies.get(word))
    has_word: Callable[[str], bool] = rjieba.has_word
    return has_word


def _load_jieba_tagger() -> _Tagger:
    import jieba.posseg

    tokenizer = jieba.posseg.POSTokenizer(_load_jieba())
    return lambda text: ((pair.word, pair.flag) for pair in tokenizer.cut(text))


@cache
def _load_jieba() -> Any:  # jieba ships no types
    """Load jieba's dictionary into a separate tokenizer. The cache of the shared one could be planted by
    anybody.
    """
    import logging

    import jieba  # the import takes half a second and 100 MB

    jieba.setLogLevel(logging.WARNING)  # it sets itself to DEBUG on import
    own = jieba.Tokenizer()
    folder = find_cache_folder()
    file = folder / f"jieba-{jieba.__version__}.cache" if folder else None
    frequencies = read_cache(file) if file else None
    if frequencies is None:
        frequencies = own.gen_pfdict(own.get_dict_file())
        if file:
            write_cache(file, frequencies)
    own.FREQ, own.total = frequencies
    own.initialized = True
    return own
