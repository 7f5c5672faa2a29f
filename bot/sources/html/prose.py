"""HTML → paragraphs of plain text, with a note of which are headings. Junk lines are left out.

>>> parse_prose("<h2>Costs</h2><p>It cost&nbsp;two<br>million.</p><script>x</script><p>Share this</p>")
Prose(paragraphs=('Costs', 'It cost two', 'million.'), subheadings=(0,))
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any  # lxml ships no types

import lxml.html
from lxml import etree

from bot.sources.dates import is_date_line
from bot.sources.html.invisible import drop_invisible
from bot.sources.html.junk_lines import is_gate_line, is_junk_line
from bot.sources.html.marks import remove_hidden, rewrite_marks

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# fmt: off
_NEVER_READ = frozenset({
    "script", "style", "head", "noscript", "template", "svg", "math", "button", "iframe", "object",
    "select", "textarea",
    "figure", "figcaption",
})
SKIPPED = _NEVER_READ | frozenset({"form", "nav", "aside", "footer"})
_NOT_BLOCKS = {"svg", "math", "button", "script", "style", "noscript", "template"}
_BLOCKS = _HEADINGS | SKIPPED - _NOT_BLOCKS | frozenset({
    "p", "div", "section", "article", "header", "main", "li", "ul", "ol", "dl", "dt", "dd", "blockquote",
    "pre", "table", "tr", "caption", "hr", "br", "address", "body", "details", "summary", "center",
    "fieldset",
})
# fmt: on
_EMPHASIS = frozenset({"b", "strong"})
_CELLS = frozenset({"td", "th"})

_WHITE = re.compile(r"\s+")
HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")  # between which a line break is no blank
_MAX_HEADING_CHARACTERS = 40  # of a paragraph in bold that stands for a heading
_END_MARKS = "。！？；：，.!?;:,…”』」"
_SENTENCE_ENDS = "。！？…!?.”』」\"'’)）"
_LAST_SENTENCE = re.compile(r".*(?:[。！？…]|[.!?](?=\s))")
# What markup with marks or hidden parts has; searching these plain texts is four times as fast as a pattern.
_MARKED = ("<sup", "<del", "<s>", "<s ", "<strike", "<q", "<ruby", "emoji", "hidden", "style")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>")
# What styles a title. Other tags in it are what it is about: "The <video> element explained".
# fmt: off
_INLINE_TAGS = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "div", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "p", "q", "rb", "rp", "rt", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "h1", "h2", "h3", "h4",
    "center",
})
# fmt: on
_VOID_TAGS = frozenset({"br", "wbr", "img", "hr"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    paragraphs: tuple[str, ...]
    subheadings: tuple[int, ...] = ()  # indexes of paragraphs that are headings

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(slots=True)
class ProseLine:
    """A paragraph while it is read."""

    pieces: list[str] = field(default_factory=list)
    emphasized: int = 0  # characters in bold
    is_heading: bool = False
    links: dict[str, str] = field(default_factory=dict)  # address as written → the text that links to it
    times: list[str] = field(default_factory=list)  # datetime of the <time> elements in it
    element: Any = None  # the block in which the line stands

    @property
    def text(self) -> str:
        return clean_line("".join(self.pieces))

    @property
    def linked_characters(self) -> int:
        return sum(len(clean_line(text)) for text in self.links.values())


def parse_prose(html: str, title: str = "") -> Prose:
    """Return the paragraphs of an HTML fragment or of plain text.

    A first heading that repeats `title` is left out.
    """
    if "<" not in html:
        return _choose_paragraphs(
            ((clean_line(line), False) for line in _unescape_entities(html).split("\n")), title
        )
    root = parse_fragment(html)
    rewrite_marks(root)
    return extract_prose(root, title)


def write_marks(html: str) -> str:
    """Return an HTML fragment whose marks are written as characters, and without what it hides; for
    sanitizers, which keep neither these tags nor the styles.
    """
    lowered = html.lower()
    if not any(mark in lowered for mark in _MARKED):
        return html
    root = parse_fragment(html)
    remove_hidden(root)
    rewrite_marks(root)
    return "".join(lxml.html.tostring(child, encoding="unicode") for child in root.iter("body"))


def extract_prose(root: etree._Element, title: str = "") -> Prose:
    """Return the paragraphs inside a parsed element."""
    return build_prose(walk_lines(root), title)


def build_prose(lines: Iterable[ProseLine], title: str = "") -> Prose:
    """Return the paragraphs that lines make, without those that are none of the article's."""
    return _choose_paragraphs(((line.text, is_heading_line(line)) for line in lines), title)


def _choose_paragraphs(rows: Iterable[tuple[str, bool]], title: str) -> Prose:
    """Return the texts that are no junk lines. `rows` says of each text whether it is a heading."""
    paragraphs: list[str] = []
    headings: list[int] = []
    for text, is_heading in rows:
        if not text:
            continue
        if is_gate_line(text):
            _drop_unfinished(paragraphs)
            continue
        if is_junk_line(text) or (not paragraphs and (text == title or is_date_line(text))):
            continue
        if is_heading:
            headings.append(len(paragraphs))
        paragraphs.append(text)
    headings = [index for index in headings if index < len(paragraphs)]
    # A heading with nothing under it belongs to what was left out.
    while headings and headings[-1] == len(paragraphs) - 1:
        headings.pop()
        paragraphs.pop()
    return Prose(paragraphs=tuple(paragraphs), subheadings=tuple(headings))


def _drop_unfinished(paragraphs: list[str]) -> None:
    """Remove a last paragraph that a paywall cut off in the middle of a sentence."""
    if paragraphs and paragraphs[-1][-1] not in _SENTENCE_ENDS:
        head = _LAST_SENTENCE.match(paragraphs.pop())
        if head:
            paragraphs.append(head[0].rstrip())


def walk_lines(root: etree._Element, *, is_page: bool = False) -> Iterator[ProseLine]:
    """Yield the lines in reading order. Of a page, its menus and forms are lines too.

    The tree is walked without recursion: strangers nest tags a thousand deep.
    """
    skipped = _NEVER_READ if is_page else SKIPPED
    walk = _ProseWalk()
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            walk.open_tag(tag, element)
            if tag in skipped:
                walker.skip_subtree()
            else:
                walk.append_text(element.text)
        else:
            walk.close_tag(tag, element)
            walk.append_text(element.tail if element is not root else "")
        yield from walk.take_lines()
    yield walk.line


@dataclass(slots=True)
class _ProseWalk:
    """Where a walk through the tree stands."""

    line: ProseLine = field(default_factory=ProseLine)
    done: list[ProseLine] = field(default_factory=list)
    bold: int = 0  # open tags of emphasis
    pre: int = 0  # open tags in which a line break is a line break
    link: str = ""  # where the open link leads

    def open_tag(self, tag: str, element: Any) -> None:
        if tag == "a":
            self.link = element.get("href", "") or self.link
        elif tag == "time" and element.get("datetime"):
            self.line.times.append(element.get("datetime"))
        self.bold += tag in _EMPHASIS
        self.pre += tag == "pre"
        if tag in _BLOCKS:
            self.break_line(element, is_heading=tag in _HEADINGS)
        elif tag in _CELLS:
            self.line.pieces.append(" ")

    def close_tag(self, tag: str, element: Any) -> None:
        self.link = "" if tag == "a" else self.link
        self.bold -= tag in _EMPHASIS
        self.pre -= tag == "pre"
        if tag in _BLOCKS:
            self.break_line(element.getparent())

    def append_text(self, text: str | None) -> None:
        if not text:
            return
        for number, piece in enumerate(text.split("\n") if self.pre else (text,)):
            if number:
                self.break_line(self.line.element)
            self.line.pieces.append(piece)
            self.line.emphasized += len(piece.strip()) if self.bold else 0
            if self.link and piece.strip():
                self.line.links[self.link] = self.line.links.get(self.link, "") + piece

    def break_line(self, element: Any, *, is_heading: bool = False) -> None:
        if self.line.pieces or self.line.times:
            self.done.append(self.line)
        self.line = ProseLine(is_heading=is_heading, element=element)

    def take_lines(self) -> list[ProseLine]:
        done, self.done = self.done, []
        return done


def is_heading_line(line: ProseLine) -> bool:
    """Return whether a line is a heading by its tag, or because it is short, all bold and no sentence."""
    text = "".join(line.pieces).strip()
    if line.is_heading or not text:
        return line.is_heading
    return (
        len(text) <= _MAX_HEADING_CHARACTERS and line.emphasized >= len(text) and text[-1] not in _END_MARKS
    )


def clean_line(text: str) -> str:
    """Return `text` on one line: white space of every kind made one blank, none where Chinese was broken for
    HTML.
    """
    return _WHITE.sub(_choose_blank, drop_invisible(text).strip())


def _choose_blank(match: re.Match[str]) -> str:
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return "" if "\n" in match[0] and HAN.match(before) and HAN.match(after) else " "


def strip_markup(html: str) -> str:
    """Return an HTML title as one line of text. Style tags are removed; a tag that it mentions stays.

    >>> strip_markup("Tom &amp; <i>Jerry</i>"), strip_markup("How <script> tags block"), strip_markup("a < b")
    ('Tom & Jerry', 'How <script> tags block', 'a < b')
    """
    if not re.search(r"<[a-zA-Z/!]|&[#\w]", html):
        return clean_line(html)
    root = parse_fragment(_escape_named_tags(html))
    rewrite_marks(root)
    return clean_line(" ".join("".join(line.pieces) for line in walk_lines(root, is_page=True)))


def _escape_named_tags(html: str) -> str:
    """Return `html` with the tags escaped that are named rather than used: others than those of inline
    markup, and those that are opened and never closed, or closed and never opened.
    """
    tags = list(_TAG.finditer(html))
    counts = Counter((match["name"].lower(), bool(match["slash"])) for match in tags)

    def escape(match: re.Match[str]) -> str:
        name = match["name"].lower()
        is_pair = counts[name, False] == counts[name, True]
        return match[0] if name in _VOID_TAGS or (name in _INLINE_TAGS and is_pair) else f"&lt;{match[0][1:]}"

    return _TAG.sub(escape, html)


def _unescape_entities(text: str) -> str:
    return str(parse_fragment(text, "pre").text_content()) if "&" in text else text


def parse_fragment(html: str, around: str = "div") -> etree._Element:
    return lxml.html.document_fromstring(f"<{around}>{drop_control_characters(html)}</{around}>")


def drop_control_characters(html: str) -> str:
    """Return `html` without the characters that XML, and so lxml, cannot hold; never empty."""
    return _NOT_IN_XML.sub("", html) or " "
