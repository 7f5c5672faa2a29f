"""HTML → paragraphs of plain text, with a note of which are headings. What is no prose is left out.

>>> prose("<h2>Costs</h2><p>It cost&nbsp;two<br>million.</p><script>x</script><p>Share this</p>")
Prose(paragraphs=('Costs', 'It cost two', 'million.'), subheadings=(0,))
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# fmt: off
SKIPPED_BLOCKS = frozenset({
    "figure", "figcaption", "iframe", "object", "form", "select", "nav", "aside", "footer",
})
SKIPPED = SKIPPED_BLOCKS | frozenset({"script", "style", "head", "noscript", "template", "svg", "math", "button"})
BLOCKS = HEADINGS | SKIPPED_BLOCKS | frozenset({
    "p", "div", "section", "article", "header", "main", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre",
    "table", "tr", "caption", "hr", "br", "address",
})
# fmt: on
EMPHASIS = frozenset({"b", "strong"})
CELLS = frozenset({"td", "th"})

WHITE = re.compile(r"\s+")
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\xad]")
MAX_HEADING_CHARACTERS = 40  # of a paragraph in bold that stands for a heading
MAX_FURNITURE_CHARACTERS = 80  # a longer paragraph that begins like a share line is an article's
END_MARKS = "。！？；：，.!?;:,…”』」"
# What feeds and pages print around an article; whole paragraphs only.
FURNITURE = re.compile(
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
class Line:
    """A paragraph while it is read."""

    pieces: list[str] = field(default_factory=list)
    emphasized: int = 0  # characters in bold
    is_heading: bool = False
    links: dict[str, str] = field(default_factory=dict)  # address as written → the text it stands behind


def prose(html: str, title: str = "") -> Prose:
    """Return the paragraphs of an HTML fragment or of plain text. A first heading that repeats `title` is left out."""
    if "<" not in html:
        return chosen(((clean(line), False) for line in unescaped(html).split("\n")), title)
    return of_element(tree(html), title)


def of_element(root: etree._Element, title: str = "") -> Prose:
    """Return the paragraphs inside a parsed element."""
    return chosen(((clean("".join(line.pieces)), reads_as_heading(line)) for line in lines(root)), title)


def chosen(rows: Iterator[tuple[str, bool]], title: str) -> Prose:
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


def lines(root: etree._Element) -> Iterator[Line]:
    """Yield the lines in reading order. The tree is walked without recursion: strangers nest tags a thousand deep."""
    reading = Reading()
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            reading.open(tag, element.get("href", "") if tag == "a" else "")
            if tag in SKIPPED:
                walker.skip_subtree()
            else:
                reading.say(element.text)
        else:
            reading.close(tag)
            reading.say(element.tail if element is not root else "")
        yield from reading.taken()
    yield reading.line


@dataclass(slots=True)
class Reading:
    """Where a walk through the tree stands."""

    line: Line = field(default_factory=Line)
    done: list[Line] = field(default_factory=list)
    bold: int = 0  # open tags of emphasis
    pre: int = 0  # open tags in which a line break is a line break
    link: str = ""  # where the open link leads

    def open(self, tag: str, link: str = "") -> None:
        self.link = link or self.link
        self.bold += tag in EMPHASIS
        self.pre += tag == "pre"
        if tag in BLOCKS:
            self.break_line(is_heading=tag in HEADINGS)
        elif tag in CELLS:
            self.line.pieces.append(" ")

    def close(self, tag: str) -> None:
        self.link = "" if tag == "a" else self.link
        self.bold -= tag in EMPHASIS
        self.pre -= tag == "pre"
        if tag in BLOCKS:
            self.break_line()

    def say(self, text: str | None) -> None:
        for number, piece in enumerate((text or "").split("\n") if self.pre else (text or "",)):
            if number:
                self.break_line()
            self.line.pieces.append(piece)
            self.line.emphasized += len(piece.strip()) if self.bold else 0
            if self.link and piece.strip():
                self.line.links[self.link] = self.line.links.get(self.link, "") + piece

    def break_line(self, *, is_heading: bool = False) -> None:
        self.done.append(self.line)
        self.line = Line(is_heading=is_heading)

    def taken(self) -> list[Line]:
        done, self.done = self.done, []
        return done


def reads_as_heading(line: Line) -> bool:
    """Say whether a line is a heading by its tag, or because it is short, all bold and no sentence."""
    text = "".join(line.pieces).strip()
    if line.is_heading or not text:
        return line.is_heading
    return len(text) <= MAX_HEADING_CHARACTERS and line.emphasized >= len(text) and text[-1] not in END_MARKS


def is_furniture(text: str) -> bool:
    """Say whether a paragraph is a share line, an editor's line or a link to other articles."""
    return len(text) <= MAX_FURNITURE_CHARACTERS and FURNITURE.fullmatch(text) is not None


def clean(text: str) -> str:
    """Return `text` on one line: white space of every kind made one blank, none where Chinese was broken for HTML."""
    return WHITE.sub(blank, INVISIBLE.sub("", text).strip())


def blank(found: re.Match[str]) -> str:
    before, after = found.string[found.start() - 1], found.string[found.end()]
    return "" if "\n" in found[0] and HAN.match(before) and HAN.match(after) else " "


def plain(html: str) -> str:
    """Return an HTML title as one line of text.

    >>> plain("Tom &amp; <i>Jerry</i>"), plain("a < b")
    ('Tom & Jerry', 'a < b')
    """
    if not re.search(r"<[a-zA-Z/!]|&[#\w]", html):
        return clean(html)
    return clean(" ".join("".join(line.pieces) for line in lines(tree(html))))


def unescaped(text: str) -> str:
    return str(tree(text, "pre").text_content()) if "&" in text else text


def tree(html: str, around: str = "div") -> etree._Element:
    return lxml.html.document_fromstring(f"<{around}>{without_nulls(html)}</{around}>")


def without_nulls(html: str) -> str:
    # lxml refuses control characters that XML cannot hold.
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", html) or " "
