"""Markdown → paragraphs without marks. markdown-it-py parses in linear time."""

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
# What CommonMark leaves of **“引文”**后: marks beside Chinese punctuation do not count as such there.
_LEFT_MARKS = "**"


def parse_markdown(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each paragraph, list item or heading with whether it is a heading; code blocks and HTML are left
    out.
    """
    tokens = MarkdownIt("commonmark").parse(_FRONT_MATTER.sub("", text, count=1))
    for before, token in pairwise(tokens):
        if token.type == "inline":
            yield _join_inline(token.children or []), before.type == "heading_open"


def _join_inline(tokens: list[Token]) -> str:
    return "".join(_get_text(token) for token in tokens)


def _get_text(token: Token) -> str:
    if token.type == "text":
        return token.content.replace(_LEFT_MARKS, "")
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type == "code_inline" else ""
