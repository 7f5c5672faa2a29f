"""Text folded for comparing: without differences of width, case, and simplified or traditional characters."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_SURROGATE = re.compile("[\ud800-\udfff]")  # as broken feeds bring them, and no library takes them


def fold_text(text: str) -> str:
    """Return the text in half width, lower case and simplified characters.

    It is of the same length as any other text folded the same way, not as the original.

    >>> folded("ＡＢＣ")
    'abc'
    """
    return _load_simplifier()(_SURROGATE.sub("\ufffd", unicodedata.normalize("NFKC", text).casefold()))


@cache
def _load_simplifier() -> Callable[[str], str]:
    import opencc  # its tables take a moment, and most runs compare nothing

    converter = opencc.OpenCC("t2s")
    return lambda text: str(converter.convert(text))
