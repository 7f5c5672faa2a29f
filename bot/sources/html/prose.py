"""HTML → paragraphs of plain text, with a note of which are headings. What is no prose is left out.

>>> prose("<h2>Costs</h2><p>It cost&nbsp;two<br>million.</p><script>x</script><p>Share this</p>")
Prose(paragraphs=('Costs', 'It cost two', 'million.'), subheadings=(0,))
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# fmt: off
_SKIPPED_BLOCKS = frozenset({
    "figure", "figcaption", "iframe", "object", "form", "select", "nav", "aside", "footer",
})
SKIPPED = _SKIPPED_BLOCKS | frozenset({"script", "style", "head", "noscript", "template", "svg", "math", "button"})
_BLOCKS = _HEADINGS | _SKIPPED_BLOCKS | frozenset({
    "p", "div", "section", "article", "header", "main", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre",
    "table", "tr", "caption", "hr", "br", "address",
})
# fmt: on
_EMPHASIS = frozenset({"b", "strong"})
_CELLS = frozenset({"td", "th"})

_WHITE = re.compile(r"\s+")
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\xad]")
_MAX_HEADING_CHARACTERS = 40  # of a paragraph in bold that stands for a heading
_MAX_FURNITURE_CHARACTERS = 80  # a longer paragraph that begins like a share line is an article's
_END_MARKS = "。！？；：，.!?;:,…”』」"
# What feeds and pages print around an article; whole paragraphs only.
_FURNITURE = re.compile(
    r"""
    (?: (?:发布(?:时间|日期)|时间|日期)?[:：]?\s*(?:19|20)\d\d\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}\s*日?
        (?:\s*\d{1,2}:\d\d(?::\d\d)?)?(?:\s*[|｜]?\s*(?:来源|作者|编辑|责编|浏览|点击|阅读).{0,50})?
      | [（(【]?(?:来源|稿源|作者|原标题|发布(?:时间|日期)|浏览(?:次数|量)?|点击(?:数|量)?|阅读(?:数|量))\s*[:：].{0,60}
      | (?:[大中小]\s*)?字[号体]\s*[:：]?.{0,16} | (?:【(?:打印|关闭|收藏|返回|大|中|小).{0,6}】\s*)+
      | 附件\s*[:：]? | END
      | 分享(?:到|至|给|本文|按钮)?.{0,24} | 微信扫一扫.* | 扫(?:一扫|码)(?:关注|分享|下载).*
      | 点击(?:查看|阅读|进入|这里).{0,20}
      | (?:阅读|查看)(?:原文|全文|更多).{0,10} | 返回(?:首页|顶部|列表) | 打印本页 | 关闭窗口 | 收藏本文
      | [（(\[【]?\s*(?:责任编辑|编辑|责编|校对|审核|初审|复审|终审|监制|值班编委)\s*[:：/].{0,40}
      | (?:上|下)一[篇页条][:：]?.{0,40}
      | (?:相关(?:阅读|新闻|链接|推荐)|延伸阅读|推荐阅读|热点推荐)[:：]?.{0,40}
      | 版权(?:声明|所有).{0,60} | 未经(?:授权|许可|允许).{0,40} | 【?纠错】?.{0,12}
      | share(?:\s+(?:this|on|via|with|to)\b.{0,50})? | tweet
      | (?:read|see|show|load)\s+more\b.{0,50} | continue\s+reading\b.{0,60}
      | read\s+the\s+(?:full|rest|original)\b.{0,60}
      | comments?(?:\s*\(?\d+\)?)? | \d+\s+comments? | print\s+this(?:\s+page)?
      | the\s+post\s.{1,200}\sappeared\s+first\s+on\s.{1,60} | advertisement | sign\s+up\s+(?:for|to)\b.{0,60}
      | subscribe\b.{0,60} | follow\s+us\b.{0,60} | related\s+(?:articles?|stories|posts)\b.{0,40}
      | click\s+here\b.{0,50}
      | (?:©|copyright)\s.{0,60} | back\s+to\s+top
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


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
    links: dict[str, str] = field(default_factory=dict)  # address as written → the text it stands behind


def parse_prose(html: str, title: str = "") -> Prose:
    """Return the paragraphs of an HTML fragment or of plain text. A first heading that repeats `title` is left out."""
    if "<" not in html:
        return _choose_paragraphs(((clean_line(line), False) for line in _unescape_entities(html).split("\n")), title)
    return extract_prose(parse_fragment(html), title)


def extract_prose(root: etree._Element, title: str = "") -> Prose:
    """Return the paragraphs inside a parsed element."""
    return _choose_paragraphs(
        ((clean_line("".join(line.pieces)), is_heading_line(line)) for line in walk_lines(root)), title
    )


def _choose_paragraphs(rows: Iterator[tuple[str, bool]], title: str) -> Prose:
    kept: list[str] = []
    headings: list[int] = []
    for text, is_heading in rows:
        if not text or is_furniture(text) or (not kept and text == title):
            continue
        if is_heading:
            headings.append(len(kept))
        kept.append(text)
    # A heading with nothing under it belongs to what was left out.
    while headings and headings[-1] == len(kept) - 1:
        headings.pop()
        kept.pop()
    return Prose(paragraphs=tuple(kept), subheadings=tuple(headings))


def walk_lines(root: etree._Element) -> Iterator[ProseLine]:
    """Yield the lines in reading order. The tree is walked without recursion: strangers nest tags a thousand deep."""
    reading = _ProseWalk()
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            reading.open_tag(tag, element.get("href", "") if tag == "a" else "")
            if tag in SKIPPED:
                walker.skip_subtree()
            else:
                reading.append_text(element.text)
        else:
            reading.close_tag(tag)
            reading.append_text(element.tail if element is not root else "")
        yield from reading.take_lines()
    yield reading.line


@dataclass(slots=True)
class _ProseWalk:
    """Where a walk through the tree stands."""

    line: ProseLine = field(default_factory=ProseLine)
    done: list[ProseLine] = field(default_factory=list)
    bold: int = 0  # open tags of emphasis
    pre: int = 0  # open tags in which a line break is a line break
    link: str = ""  # where the open link leads

    def open_tag(self, tag: str, link: str = "") -> None:
        self.link = link or self.link
        self.bold += tag in _EMPHASIS
        self.pre += tag == "pre"
        if tag in _BLOCKS:
            self.break_line(is_heading=tag in _HEADINGS)
        elif tag in _CELLS:
            self.line.pieces.append(" ")

    def close_tag(self, tag: str) -> None:
        self.link = "" if tag == "a" else self.link
        self.bold -= tag in _EMPHASIS
        self.pre -= tag == "pre"
        if tag in _BLOCKS:
            self.break_line()

    def append_text(self, text: str | None) -> None:
        for number, piece in enumerate((text or "").split("\n") if self.pre else (text or "",)):
            if number:
                self.break_line()
            self.line.pieces.append(piece)
            self.line.emphasized += len(piece.strip()) if self.bold else 0
            if self.link and piece.strip():
                self.line.links[self.link] = self.line.links.get(self.link, "") + piece

    def break_line(self, *, is_heading: bool = False) -> None:
        self.done.append(self.line)
        self.line = ProseLine(is_heading=is_heading)

    def take_lines(self) -> list[ProseLine]:
        done, self.done = self.done, []
        return done


def is_heading_line(line: ProseLine) -> bool:
    """Say whether a line is a heading by its tag, or because it is short, all bold and no sentence."""
    text = "".join(line.pieces).strip()
    if line.is_heading or not text:
        return line.is_heading
    return len(text) <= _MAX_HEADING_CHARACTERS and line.emphasized >= len(text) and text[-1] not in _END_MARKS


def is_furniture(text: str) -> bool:
    """Say whether a paragraph is a share line, an editor's line or a link to other articles."""
    return len(text) <= _MAX_FURNITURE_CHARACTERS and _FURNITURE.fullmatch(text) is not None


def clean_line(text: str) -> str:
    """Return `text` on one line: white space of every kind made one blank, none where Chinese was broken for HTML."""
    return _WHITE.sub(_choose_blank, _INVISIBLE.sub("", text).strip())


def _choose_blank(found: re.Match[str]) -> str:
    before, after = found.string[found.start() - 1], found.string[found.end()]
    return "" if "\n" in found[0] and HAN.match(before) and HAN.match(after) else " "


def strip_markup(html: str) -> str:
    """Return an HTML title as one line of text.

    >>> plain("Tom &amp; <i>Jerry</i>"), plain("a < b")
    ('Tom & Jerry', 'a < b')
    """
    if not re.search(r"<[a-zA-Z/!]|&[#\w]", html):
        return clean_line(html)
    return clean_line(" ".join("".join(line.pieces) for line in walk_lines(parse_fragment(html))))


def _unescape_entities(text: str) -> str:
    return str(parse_fragment(text, "pre").text_content()) if "&" in text else text


def parse_fragment(html: str, around: str = "div") -> etree._Element:
    return lxml.html.document_fromstring(f"<{around}>{drop_control_characters(html)}</{around}>")


def drop_control_characters(html: str) -> str:
    # lxml refuses control characters that XML cannot hold.
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", html) or " "
