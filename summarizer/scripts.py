"""Traditional and simplified characters compared as one. What is quoted stays as it is written.

Only a text that holds both need be folded: one script alone is like itself, and opencc is not loaded for it.
"""

from functools import cache

# The forty commonest characters that differ, in both scripts: one of each in a text says that it holds both.
TRADITIONAL = "國會們這個來對時說為學發經過現實點開長動關問題應機電話廣業東產區務車門見錢"
SIMPLIFIED = "国会们这个来对时说为学发经过现实点开长动关问题应机电话广业东产区务车门见钱"
_FOLDED_HAN = range(0x3400, 0xA000)


def fold_scripts(text: str) -> str:
    """Return the text with its traditional characters as simplified ones, of the same length.

    >>> folded("大橋通車。大桥开通，车来车往。")
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
