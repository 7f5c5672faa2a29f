"""Folds text: for comparison (width, case and script become equal) and for display (no odd forms)."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

# NFKC would also make the full-width ， narrow, so only radicals, compatibility characters and Latin
# ligatures are folded. NFKC has all Kangxi radicals but only two other radicals; the table has those that
# look like a character.
_OTHER_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
ODD_FORMS = {
    code: _OTHER_RADICALS.get(chr(code)) or unicodedata.normalize("NFKC", chr(code))
    for first, last in ((0x2E80, 0x2FE0), (0xF900, 0xFB07))
    for code in range(first, last)
}
_ODD_FORM = re.compile("[\u2e80-\u2fdf\uf900-\ufb06]")
_SURROGATE = re.compile("[\ud800-\udfff]")  # broken feeds contain them, and no library accepts them


def fold_text(text: str) -> str:
    """Return the text in half-width, lower-case and simplified characters.

    The folded text may have another length than the original.

    >>> fold_text("ＡＢＣ")
    'abc'
    """
    return _load_simplifier()(_SURROGATE.sub("\ufffd", unicodedata.normalize("NFKC", text).casefold()))


@cache
def _load_simplifier() -> Callable[[str], str]:
    import opencc  # its tables load slowly, and most runs compare nothing

    converter = opencc.OpenCC("t2s")
    return lambda text: str(converter.convert(text))


def fold_odd_forms(text: str) -> str:
    """Return the text with radicals replaced by the characters they look like, and ligatures by letters.

    Programs that make PDF files leave them in texts. Full-width marks stay.

    >>> fold_odd_forms("\\u2f47\\u6708\\u3001\\u2ed3期"), fold_odd_forms("oﬃce，")
    ('日月、长期', 'office，')
    """
    return text.translate(ODD_FORMS) if _ODD_FORM.search(text) else text
