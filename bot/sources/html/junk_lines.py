"""Lines that a site prints around an article, and captions, by their form.

A junk line tells what to do with the page (share, scan, go on reading), counts something, credits somebody,
or claims rights. It is short and no sentence, so a form has to fit the whole line, and a line that ends as a
sentence does is junk only where the form says so. The forms are in junk_forms.toml.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any  # what tomllib gives

_MAX_CHARACTERS = 80  # of a line, where its form does not say otherwise
_SENTENCE_MARKS = tuple("。！？!?；;")
_LETTER_AND_STOP = re.compile(r"[^\W\d]\.")
_WORD = re.compile(r"<([A-Z_]+)>")


@dataclass(frozen=True, kw_only=True)
class _JunkForm:
    """A form of junk lines, with one of them."""

    name: str
    example: str
    expression: str
    ends_sentence: bool = False
    max_characters: int = _MAX_CHARACTERS

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _compile_forms({self.max_characters: [self.expression]})


def is_junk_line(text: str) -> bool:
    """Return whether a paragraph is a line that a site prints around an article, or a caption.

    >>> is_junk_line("责任编辑：沈帆"), is_junk_line("编辑部搬到了新址。")
    (True, False)
    """
    is_sentence = text.endswith(_SENTENCE_MARKS) or _LETTER_AND_STOP.fullmatch(text[-2:]) is not None
    return _load_line_pattern(is_sentence).fullmatch(text) is not None


def is_gate_line(text: str) -> bool:
    """Return whether a paragraph asks to pay or to log in for the rest of the article.

    >>> is_gate_line("To continue reading this article, subscribe or log in.")
    True
    """
    return _load_gate_form().pattern.fullmatch(text) is not None


@cache
def _load_junk_forms() -> tuple[_JunkForm, ...]:
    table = _load_table()
    return tuple(_build_form(row, table["words"]) for row in table["form"])


@cache
def _load_line_pattern(is_sentence: bool) -> re.Pattern[str]:
    """Return the forms of a line, which is a sentence or not, as one pattern."""
    groups: dict[int, list[str]] = {}
    for form in _load_junk_forms():
        if form.ends_sentence or not is_sentence:
            groups.setdefault(form.max_characters, []).append(form.expression)
    return _compile_forms(groups)


@cache
def _load_gate_form() -> _JunkForm:
    table = _load_table()
    return _build_form({"name": "gate", **table["gate"]}, table["words"])


@cache
def _load_table() -> dict[str, Any]:
    return tomllib.loads(files("bot.sources.html").joinpath("junk_forms.toml").read_text(encoding="utf-8"))


def _build_form(row: dict[str, Any], words: dict[str, list[str]]) -> _JunkForm:
    pattern = "|".join(f"(?:{each})" for each in row["patterns"])
    return _JunkForm(
        name=row["name"],
        example=row["example"],
        expression=_WORD.sub(lambda match: f"(?:{'|'.join(words[match[1]])})", pattern),
        ends_sentence=row.get("ends_sentence", False),
        max_characters=row.get("length", _MAX_CHARACTERS),
    )


def _compile_forms(expressions: dict[int, list[str]]) -> re.Pattern[str]:
    """Return one pattern for the forms of each length; a line too long for them is searched no more."""
    return re.compile(
        "|".join(f"(?!.{{{length + 1}}})(?:{'|'.join(group)})" for length, group in expressions.items()),
        re.IGNORECASE,
    )
