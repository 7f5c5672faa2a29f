"""HTML marks that carry meaning → characters that carry it; what the page hides is removed.

Extractors and sanitizers keep the text of unknown tags and lose the tags: 10<sup>6</sup> would become 106,
and a struck price would stand beside its correction. So the tree is changed before anything reads it.
"""

import re
from typing import Any  # lxml ships no types

from lxml import etree

_SUPERSCRIPTS = str.maketrans("0123456789+-−()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿⁱ")
_EXPONENT = re.compile(r"[+\-−]?[0-9]{1,3}|[ni]")
_POWER = re.compile(r"[+\-−]?[0-9][0-9.,/+\-−]*")  # of more than superscript characters can say
_ORDINAL_OR_SIGN = re.compile(r"[a-zA-Zªº°™®℠©½¼¾%‰]{1,4}\.?")
# After a number, a unit or a variable a raised figure is an exponent; after a word or a full stop it is a
# footnote.
_BASE = re.compile(r"(?:(?P<number>[0-9][0-9.,]*)|(?<![a-zA-Z])[a-zA-Zμ]{1,2}|[)）]|[米里])$")
_YEAR = re.compile(r"1[5-9][0-9][0-9]|20[0-9][0-9]")
_FOOTNOTE = re.compile(r"\s*[\[【(（〔].{0,24}[\]】)）〕]\s*|[\s*†‡§¶#※]*")
_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|em|%)?\s*(?:;|$|!)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}(?:px|em|%))",  # far outside of what a screen shows
    re.IGNORECASE,
)
_EMOJI = re.compile(r"[^\w\s<>&]{1,8}")
_QUOTATION_MARKS = {"ja": "「」", "fr": "«»", "ru": "«»", "es": "«»", "it": "«»", "de": "„“", "pl": "„”"}
_INNER_MARKS = "‘’"
_OPENING_MARKS = tuple("“\"„«「『‘'")
# Where hidden text is most of a page, a script of the page shows it (WeChat); measured as characters without
# blanks.
_MAX_HIDDEN_SHARE = 0.8


def rewrite_marks(root: Any, language: str = "") -> None:
    """Write what raised, struck, quoted and annotated text means into the tree below `root`.

    >>> from lxml.html import fromstring
    >>> root = fromstring("<p>10<sup>6</sup> of <del>12</del><ins>15</ins>: <q>yes</q>.<sup>[1]</sup></p>")
    >>> rewrite_marks(root); root.text_content()
    '10⁶ of 15: “yes”.'
    """
    for element in reversed(list(root.iter("del", "s", "strike", "rt", "rp", "rtc", "sup", "q", "img"))):
        if element is root or element.getparent() is None:
            continue
        if element.tag == "sup":
            _replace_element(element, _write_raised_text(element))
        elif element.tag == "q":
            _add_quotation_marks(element, language)
        elif element.tag != "img":
            _replace_element(element, "")
        elif "emoji" in (element.get("class") or "") and _EMOJI.fullmatch(element.get("alt") or ""):
            _replace_element(element, element.get("alt"))


def remove_hidden(root: Any) -> None:
    """Remove the elements that a page does not show, unless they are most of its text."""
    hidden = [element for element in root.iter(etree.Element) if element is not root and _is_hidden(element)]
    outermost = [element for element in hidden if not any(map(_is_hidden, element.iterancestors()))]
    if not outermost:
        return
    whole = _count_characters(root)
    for element in outermost:
        if element.getparent() is not None and _count_characters(element) <= _MAX_HIDDEN_SHARE * whole:
            _replace_element(element, "")


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDING_STYLE.search(element.get("style") or "") is not None
    )


def _count_characters(element: Any) -> int:
    return sum(len(piece) - piece.count(" ") for piece in element.itertext(etree.Element))


def _write_raised_text(element: Any) -> str:
    """Return a <sup> as characters: an exponent, an ordinal's letters, or nothing for a footnote."""
    text = str(element.text_content()).strip()
    if element.find(".//a") is not None or _FOOTNOTE.fullmatch(text):
        return ""
    if _ORDINAL_OR_SIGN.fullmatch(text) and not (text in ("n", "i") and _find_base(element)):
        return text
    if not _POWER.fullmatch(text) and not _EXPONENT.fullmatch(text):
        return text
    base = _find_base(element)
    if base is None or (base["number"] and _YEAR.fullmatch(base["number"])):
        return ""
    return text.translate(_SUPERSCRIPTS) if _EXPONENT.fullmatch(text) else f"^{text}"


def _find_base(element: Any) -> re.Match[str] | None:
    previous = element.getprevious()
    before = (previous.tail if previous is not None else element.getparent().text) or ""
    if not before and previous is not None and isinstance(previous.tag, str):
        before = previous.text_content()
    return _BASE.search(before[-40:])


def _add_quotation_marks(element: Any, language: str) -> None:
    text = element.text_content().strip()
    is_inner = any(parent.tag == "q" for parent in element.iterancestors())
    marks = _INNER_MARKS if is_inner else _QUOTATION_MARKS.get(language[:2], "“”")
    if text and not text.startswith(_OPENING_MARKS):
        element.text = marks[0] + (element.text or "").lstrip()
        if len(element):
            element[-1].tail = (element[-1].tail or "").rstrip() + marks[1]
        else:
            element.text = element.text.rstrip() + marks[1]
    element.tag = "span"


def _replace_element(element: Any, text: str) -> None:
    """Put `text` in the place of the element; what stands behind it stays."""
    parent, previous = element.getparent(), element.getprevious()
    text += element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)
