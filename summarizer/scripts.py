"""The character ranges of scripts, and the folding of traditional to simplified characters.

A range is a string for use inside a character class: re.compile(f"[{HAN}]"). Only texts in both scripts are
folded; opencc is not loaded for others. Quoted text stays unchanged.
"""

from functools import cache

HAN = "\u3400-\u9fff"  # Chinese characters of the basic plane: nearly all in print
ALL_HAN = HAN + "\uf900-\ufaff\U00020000-\U0003ffff"  # and compatibility and rare characters
_KANA = "\u3040-\u30ff"
_HANGUL = "\uac00-\ud7af"
DENSE = (
    _KANA + HAN + _HANGUL + "\U00020000-\U0003ffff"
)  # scripts written without spaces between words, and hangul
_CJK_MARKS = "\u3000-\u303f\uff00-\uffef"  # their punctuation, and full-width Latin

# The forty most common characters that differ, in both scripts. A text with one of each contains both
# scripts.
TRADITIONAL = "國會們這個來對時說為學發經過現實點開長動關問題應機電話廣業東產區務車門見錢"
SIMPLIFIED = "国会们这个来对时说为学发经过现实点开长动关问题应机电话广业东产区务车门见钱"
_FOLDED_HAN = range(0x3400, 0xA000)


def fold_scripts(text: str) -> str:
    """Return the text with simplified characters for traditional ones. The length is the same.

    >>> fold_scripts("大橋通車。大桥开通，车来车往。")
    '大桥通车。大桥开通，车来车往。'
    """
    return text.translate(_load_simplified_forms())


@cache
def _load_simplified_forms() -> dict[int, int]:
    """Return a mapping from the code point of each traditional character to that of its simplified form."""
    import opencc  # the import takes a quarter of a second

    written = "\n".join(map(chr, _FOLDED_HAN))
    read = opencc.OpenCC("t2s").convert(written)
    return {ord(old): ord(new) for old, new in zip(written, read, strict=True) if old != new}
