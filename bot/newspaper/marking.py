"""Render pages in HTML as an editor would mark them: every block with its kind, its article and the reason.

The module is pure: pages in, a document out. The document fetches nothing (no script, no font, no image).
"""

from collections.abc import Sequence
from html import escape

from bot.models import Article, Block, BlockKind, Page

# One colour for each kind, as a hue in degrees. Articles alternate between two backgrounds to show their
# edges.
_HUES = {
    BlockKind.TITLE: 350,
    BlockKind.KICKER: 20,
    BlockKind.DECK: 40,
    BlockKind.PARAGRAPH: 215,
    BlockKind.SUBHEADING: 280,
    BlockKind.CAPTION: 170,
    BlockKind.NOTE: 190,
    BlockKind.SIGNATURE: 130,
    BlockKind.JUMP: 60,
    BlockKind.FURNITURE: 0,
}
_STYLE = """
:root {
  color-scheme: light dark;
  --ground: #fdfcf9; --ink: #1d1b18; --quiet: #6d6860; --line: #e4dfd5; --shade: 38%;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #171614; --ink: #ece8e1; --quiet: #a09a90; --line: #35322d; --shade: 68%; }
}
body {
  margin: 0 auto; max-width: 46rem; padding: 2rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.7 "Source Han Serif SC", "Noto Serif CJK SC", "Songti SC", Georgia, serif; }
h1, h2 { font-size: 1rem; font-weight: normal; color: var(--quiet); margin: 0 0 1.5rem; }
h2 { border-top: .25rem solid var(--line); margin-top: 3rem; padding-top: 1rem; }
nav ol { list-style: none; margin: 0; padding: 0; font: .875rem/1.5 system-ui, sans-serif; }
nav li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem;
  border-top: 1px solid var(--line); padding: .35rem 0; }
nav a { color: inherit; overflow-wrap: anywhere; }
nav span { color: var(--quiet); }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
.block { --hue: 0; border-left: .25rem solid hsl(var(--hue) 55% var(--shade)); padding: .1rem 0 .1rem .9rem;
  margin: .5rem 0; display: grid; grid-template-columns: 1fr 11rem; gap: 1rem; }
.block p { margin: 0; overflow-wrap: anywhere; }
.joined { margin-top: -.5rem; }
.joined p::before { content: "⤷ "; color: hsl(var(--hue) 55% var(--shade)); }
.why { font: .75rem/1.4 system-ui, sans-serif; color: var(--quiet); padding: .15rem 0; }
.number { font: .8rem system-ui, sans-serif; color: var(--quiet); margin: 0 0 .6rem; }
.why b { color: hsl(var(--hue) 55% var(--shade)); }
.title p { font-size: 1.5rem; line-height: 1.35; font-weight: bold; }
.kicker p, .deck p { font-size: 1.1rem; line-height: 1.45; }
.subheading p { font-weight: bold; }
.signature p, .note p, .caption p { color: var(--quiet); }
.furniture { border-color: var(--line); }
.furniture .why b { color: var(--quiet); }
.furniture p, .jump p { color: var(--quiet); font-size: .85rem; }
.cut { color: hsl(60 55% var(--shade)); font: .8rem system-ui, sans-serif; margin: .3rem 0 .3rem 1.15rem; }
@media (max-width: 40rem) { .block { grid-template-columns: 1fr; gap: 0; } }
"""


def render_html(pages: Sequence[tuple[str, Page]]) -> str:
    """Return the marked pages as one document, with a list of them when there are several.

    Each page comes with its name, for example the stem of its file.
    """
    is_alone = len(pages) == 1
    called = [_render_title(name, page) for name, page in pages]
    above = (
        called[0]
        if is_alone
        else f"{len(pages)} pages · {_count_articles(sum(len(page.articles) for _, page in pages))}"
    )
    body = "".join(
        f'<article id="page-{number}" lang="{_choose_language(page)}">\n'
        f"{_render_heading(name, page, is_alone)}"
        f"{''.join(_render_sections(page))}</article>\n"
        for number, (name, (_, page)) in enumerate(zip(called, pages, strict=True), 1)
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{above}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{'' if is_alone else _render_list(above, called, pages)}{body}</body>\n</html>\n"
    )


def _render_title(name: str, page: Page) -> str:
    return escape(" · ".join(part for part in (name, str(page.day or ""), page.number, page.section) if part))


def _render_list(above: str, called: Sequence[str], pages: Sequence[tuple[str, Page]]) -> str:
    rows = "".join(
        f'<li><a href="#page-{number}">{name}</a> <span>{_count_articles(len(page.articles))}</span></li>\n'
        for number, (name, (_, page)) in enumerate(zip(called, pages, strict=True), 1)
    )
    return f"<h1>{above}</h1>\n<nav><ol>\n{rows}</ol></nav>\n"


def _render_heading(called: str, page: Page, is_alone: bool) -> str:
    level = 1 if is_alone else 2
    return f"<h{level}>{called} · {_count_articles(len(page.articles))}</h{level}>\n"


def _choose_language(page: Page) -> str:
    named = next((article.language for article in page.articles if article.language), "")
    return escape(named or "zh")


def _count_articles(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles} articles"


def _render_sections(page: Page) -> list[str]:
    """Return a section for each run of blocks of one article; furniture between articles has its own
    section.
    """
    parts: list[str] = []
    current: int | None = -1
    for block in page.blocks:
        if block.article != current:
            parts.append(_render_ending(page, current) + _render_opening(page, block.article))
            current = block.article
        parts.append(_render_block(block))
    return [*parts, _render_ending(page, current)] if parts else []


def _render_opening(page: Page, article: int | None) -> str:
    if article is None:
        return "<section>\n"
    opened = page.articles[article]
    lost = f'<p class="cut">{_describe_lost_head(opened)}</p>\n' if opened.cut_head else ""
    number = f"{article + 1} of {_count_articles(len(page.articles))}{_describe_certainty(opened)}"
    return f'<section>\n<p class="number">{number}</p>\n{lost}'


def _describe_certainty(article: Article) -> str:
    if article.certainty is None:
        return ""
    mark = "? " if article.is_uncertain else ""
    return f" · {mark}boundaries {article.certainty:.0%} certain"


def _describe_lost_head(article: Article) -> str:
    return escape(
        f"its beginning is on {article.continued_from}" if article.continued_from else "its beginning is lost"
    )


def _render_ending(page: Page, article: int | None) -> str:
    if article == -1:
        return ""
    if article is None or not page.articles[article].cut_tail:
        return "</section>\n"
    target = page.articles[article].continues_on
    lost = escape(f"goes on on {target}" if target else "its end is lost")
    return f'<p class="cut">{lost}</p>\n</section>\n'


def _render_block(block: Block) -> str:
    classes = f"block {block.kind}" + (" joined" if block.joined else "")
    kind = f"{block.kind}, joined" if block.joined else block.kind
    return (
        f'<div class="{classes}" style="--hue: {_HUES[block.kind]}"><p>{escape(block.text)}</p>'
        f'<div class="why"><b>{kind}</b> {escape(block.why)}</div></div>\n'
    )
