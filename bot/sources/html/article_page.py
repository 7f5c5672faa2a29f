"""A web page with one article → the article.

`parse_page` turns bytes into a tree and marks into characters. Two extractors vote on the lines
(`body_lines`). The page's metadata give title, author, date and picture. When the page shows no text, the
module reads what it holds for programs: <noscript>, JSON-LD.
"""

import re
from datetime import UTC
from typing import Any  # lxml ships no types

from bot.errors import SourceError
from bot.models import Article, SiteRule
from bot.phrases import Phrase
from bot.sources import picture
from bot.sources.dates import CHINA
from bot.sources.html.body_lines import choose_body_lines, list_plain_lines
from bot.sources.html.gates import is_gate_page
from bot.sources.html.headline import find_title
from bot.sources.html.junk_lines import is_gate_line
from bot.sources.html.marks import remove_hidden, rewrite_marks
from bot.sources.html.prose import Prose, ProseLine, build_prose, parse_prose, walk_lines
from bot.sources.html.publication import MAX_BYLINE_CHARACTERS, find_author, find_publication_time
from bot.sources.html.rules import (
    choose_rule,
    extract_date,
    extract_line,
    extract_ruled_body,
    remove_elements,
)
from bot.sources.html.structured_data import StructuredData, read_structured_data
from bot.sources.html.tree import build_tree
from bot.sources.media import identify_media
from bot.sources.slimming import slim_page
from bot.text.markup_encoding import decode_markup
from summarizer import detect_language

_HAN = re.compile(r"[\u3400-\u9fff]")
_NO_RULE = SiteRule(host="")
_HAN_SHARE = 0.3  # of a page's letters; above it the page counts as Chinese
_MAX_TITLE_CHARACTERS = 40  # of a title made from the text
# A body with fewer characters is a caption, a notice or an error. A Han character says about as much as three
# letters.
_MIN_HAN, _MIN_CHARACTERS = 80, 240
_FULL_STOP = re.compile(r"[。！？!?…]|\.(?=[\s”\"’')]|$)")
_MAX_HEAD_PARAGRAPHS = 60  # in which the title may be repeated
_MAX_HEAD_SHARE = 0.5  # of what follows; above it the title is repeated below the article, not above it
_MAX_REPLACED_SHARE = 0.01  # of a page's characters that could not be decoded; above it the bytes are no text
_MAX_LINK_SHARE = 0.5  # of the body's characters; above it the body is a list of links


def parse_article(
    data: bytes,
    url: str,
    *,
    charset: str = "",
    language: str = "",
    rules: tuple[SiteRule, ...] = (),
    accept_short: bool = False,
) -> Article:
    """Return the article of the web page at `url`.

    `charset` is what the HTTP header declares; `rules` are for sites that are misread without. `accept_short`
    takes any text of the page, as for a file that the operator chose.

    Raises SourceError when the page holds no article, in a sentence that may be shown to the sender of the
    link.
    """
    text = decode_page(data, url, charset)
    tree = parse_page(text, url)
    rule = choose_rule(url, rules) or _NO_RULE
    remove_elements(tree, rule)
    is_chinese = language == "zh" if language else _is_chinese_page(tree)
    about = read_structured_data(text, tree)
    title = extract_line(tree, rule.title) or find_title(tree, about, url)
    lines = [line for line in walk_lines(tree, is_page=True) if line.text]
    body = extract_ruled_body(tree, rule, title)
    if not body:
        body = _read_body(tree, about, title, url, accept_short=accept_short)
    zone = CHINA if is_chinese else UTC
    return Article(
        title=title or body.paragraphs[0][:_MAX_TITLE_CHARACTERS],
        text=body.text,
        subheadings=body.subheadings,
        byline=extract_line(tree, rule.author)[:MAX_BYLINE_CHARACTERS] or find_author(tree, about),
        language=language or detect_language(f"{title}\n{body.text}"),
        published_at=extract_date(tree, rule, zone)
        or find_publication_time(tree, about, lines, title, url, zone),
        url=url,
        image=picture.find_page_picture(tree, about, url),
    )


def decode_page(data: bytes, url: str, charset: str = "") -> str:
    """Return the text of a page. Raises SourceError for what is no text: pictures, sound, archives, JSON."""
    if name := identify_media(data):
        raise SourceError(
            Phrase(
                "{url}: this is {name}, no web page; the address of an article's page is needed",
                url=url,
                name=name,
            )
        )
    text = decode_markup(data, charset)
    if text.count("\ufffd") > _MAX_REPLACED_SHARE * len(text):
        raise SourceError(Phrase("{url}: the page cannot be read as text in any encoding", url=url))
    return text


def parse_page(text: str, url: str) -> Any:
    """Return the tree of a web page, its marks written as characters and what it hides removed.

    Raises SourceError.
    """
    tree = build_tree(slim_page(text), url)
    remove_hidden(tree)
    rewrite_marks(tree, tree.get("lang") or "")
    return tree


def _read_body(tree: Any, about: StructuredData, title: str, url: str, *, accept_short: bool) -> Prose:
    """Return the article's paragraphs: those that the page shows, or else those for programs."""
    lines = choose_body_lines(tree)
    body = _drop_head(build_prose(lines, title), title)
    if is_gate_page(body):
        raise SourceError(
            Phrase(
                "{url}: the page asks for a login, a consent or a check of the browser; it shows no article",
                url=url,
            )
        )
    if _is_article(body, lines):
        return body
    if tree.find(".//noscript") is not None:
        for element in tree.iter("noscript"):
            element.tag = "div"
        shown = choose_body_lines(tree)
        without_scripts = _drop_head(build_prose(shown, title), title)
        if _is_article(without_scripts, shown):
            return without_scripts
    stated = parse_prose(about.get_text("articleBody"), title)
    if _is_long(stated.text):
        return stated
    if accept_short and (body.paragraphs or (body := build_prose(list_plain_lines(tree), title)).paragraphs):
        return body
    if any(is_gate_line(line.text) for line in lines):
        raise SourceError(
            Phrase(
                "{url}: the page shows the beginning of its article; the rest is for those who pay or log in",
                url=url,
            )
        )
    raise SourceError(
        Phrase("{url}: no article was found on this page; the page of a single article is needed", url=url)
    )


def _drop_head(body: Prose, title: str) -> Prose:
    """Return the paragraphs after the repeated title, if a menu or a kicker stands above it."""
    if title not in body.paragraphs[:_MAX_HEAD_PARAGRAPHS]:
        return body
    start = body.paragraphs.index(title) + 1
    head, rest = body.paragraphs[:start], body.paragraphs[start:]
    if sum(map(len, head)) > _MAX_HEAD_SHARE * sum(map(len, rest)) or any(map(_FULL_STOP.search, head[:-1])):
        return body
    return Prose(
        paragraphs=rest, subheadings=tuple(index - start for index in body.subheadings if index >= start)
    )


def _is_chinese_page(tree: Any) -> bool:
    text = "".join(tree.xpath("//body//text()[not(parent::script or parent::style)]"))[:20_000]
    return len(_HAN.findall(text)) > _HAN_SHARE * sum(map(str.isalpha, text))


def _is_article(body: Prose, lines: list[ProseLine]) -> bool:
    """Return whether the body is long enough, and no list of links."""
    linked = sum(line.linked_characters for line in lines)
    return _is_long(body.text) and linked <= _MAX_LINK_SHARE * sum(len(line.text) for line in lines)


def _is_long(text: str) -> bool:
    return len(_HAN.findall(text)) >= _MIN_HAN or len(text) >= _MIN_CHARACTERS
