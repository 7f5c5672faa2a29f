"""Scripts: the ranges of their characters, and traditional and simplified characters compared as one.

A range is a string for the inside of a character class: re.compile(f"[{HAN}]"). Only a text that holds both
scripts is folded; opencc is not loaded for others. What is quoted stays as it is written.
"""

from functools import cache

HAN = "\u3400-\u9fff"  # Chinese characters of the basic plane: nearly all that are ever printed
ALL_HAN = HAN + "\uf900-\ufaff\U00020000-\U0003ffff"  # with compatibility characters and the rare ones beyond
_KANA = "\u3040-\u30ff"
_HANGUL = "\uac00-\ud7af"
DENSE = (
    _KANA + HAN + _HANGUL + "\U00020000-\U0003ffff"
)  # scripts written without spaces between words, and hangul
_CJK_MARKS = "\u3000-\u303f\uff00-\uffef"  # their punctuation, and full-width Latin

# The forty commonest characters that differ, in both scripts: one of each in a text says that it holds both.
TRADITIONAL = "國會們這個來對時說為學發經過現實點開長動關問題應機電話廣業東產區務車門見錢"
SIMPLIFIED = "国会们这个来对时说为学发经过现实点开长动关问题应机电话广业东产区务车门见钱"
_FOLDED_HAN = range(0x3400, 0xA000)


def fold_scripts(text: str) -> str:
    """Return the text with its traditional characters as simplified ones, of the same length.

    >>> fold_scripts("大橋通車。大桥开通，车来车往。")
    '大桥通车。大桥开通，车来车往。'
    """
    return text.translate(_load_simplified_forms())


@cache
def _load_simplified_forms() -> dict[int, int]:
    """Return the code point of each traditional character → that of its simplified form."""
    import opencc  # a quarter of a second

    written = "\n".join(map(chr, _FOLDED_HAN))
    read = opencc.OpenCC("t2s").convert(written)
    return {ord(old): ord(new) for old, new in zip(written, read, strict=True) if old != new}
