"""Articles that a site splits into pages (下一页): finds the next page and joins the pages."""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urldefrag, urlsplit

from bot.errors import SourceError
from bot.models import Article, SiteRule
from bot.sources.html.prose import clean_line
from bot.sources.html.rules import choose_rule, find_ruled_next_page
from bot.sources.html.tree import build_tree
from bot.sources.links import resolve_link
from bot.sources.slimming import slim_page
from bot.text.markup_encoding import decode_markup

_NEXT = re.compile(r"[\[【<(]?\s*(?:下一?页|后一?页|next(?: page)?)\s*[»›>→\])】]*", re.IGNORECASE)


def find_next_page(data: bytes, url: str, charset: str = "", rules: tuple[SiteRule, ...] = ()) -> str:
    """Return the address of the next page of the article at `url`; "" when the article ends here.

    A link counts when its text says so and its address is this one's with a number (1142.html →
    1142_2.html), or when the site's rule names it.
    """
    try:
        tree = build_tree(slim_page(decode_markup(data, charset)), url)
    except SourceError:
        return ""
    if (rule := choose_rule(url, rules)) and rule.next_page:
        return find_ruled_next_page(tree, rule, url)
    for anchor in tree.iter("a"):
        address = urldefrag(resolve_link(anchor.get("href", ""), url)).url
        if _NEXT.fullmatch(clean_line(anchor.text_content())) and _is_later_page(url, address):
            return address
    return ""


def _is_later_page(url: str, address: str) -> bool:
    """Return whether `address` is a later page of the article at `url`.

    >>> _is_later_page("https://a.example/1142.html", "https://a.example/1142_2.html")
    True
    >>> _is_later_page("https://a.example/1142.html", "https://a.example/1143.html")
    False
    """
    here, there = urlsplit(url), urlsplit(address)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc) or url == address:
        return False
    if here.path == there.path:
        return here.query != there.query
    stem, other = PurePosixPath(here.path).with_suffix(""), PurePosixPath(there.path).with_suffix("")
    base = re.sub(r"[_-]\d{1,2}$", "", str(stem))
    return re.fullmatch(re.escape(base) + r"[_/-]\d{1,2}", str(other)) is not None


def join_pages(pages: tuple[Article, ...]) -> Article:
    """Return the pages of an article, in order, as one article under the first page's headings.

    Paragraphs that a later page repeats, such as a lead, are kept once.
    """
    paragraphs = list(pages[0].paragraphs)
    subheadings = list(pages[0].subheadings)
    printed = set(paragraphs)
    for page in pages[1:]:
        for index, paragraph in enumerate(page.paragraphs):
            if paragraph in printed:
                continue
            if index in page.subheadings:
                subheadings.append(len(paragraphs))
            paragraphs.append(paragraph)
        printed.update(page.paragraphs)
    return replace(pages[0], text="\n".join(paragraphs), subheadings=tuple(subheadings))
