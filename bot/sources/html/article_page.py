"""Kind `webpage`: an article's web page → the article.

Which extractor reads the body is chosen in `body` and nowhere else. Measured by F1 over characters: readability has
.955 on 48 Chinese news pages, where trafilatura has .872; trafilatura has .960 on 181 pages in other languages.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any  # lxml, readability and trafilatura ship no types

import lxml.html
import trafilatura
from lxml import etree
from readability import Document

from bot.errors import SourceError
from bot.models import Article, SiteRule, Source
from bot.sources import picture
from bot.sources.dates import CHINA, PRINTED, find_day, get_day_noon, parse_moment
from bot.sources.html.prose import Prose, clean_line, drop_control_characters, extract_prose, parse_prose, strip_markup
from bot.sources.html.rules import choose_rule, extract_date, extract_line, remove_elements
from bot.sources.html.rules import extract_ruled_body as named_body
from bot.sources.slimming import slim_page
from bot.text.encoding import decode_markup
from summarizer import detect_language

_HAN = re.compile(r"[\u3400-\u9fff]")
_NO_RULE = SiteRule(host="")
_HAN_SHARE = 0.3  # of a page's letters; above it the page counts as Chinese
# Shorter bodies are mostly captions, notices and error pages. A Han character says about as much as three letters.
_MIN_HAN, _MIN_CHARACTERS = 80, 240
_MIN_SENTENCES_SHARE = (
    0.5  # of the body's characters that stand in paragraphs with a full stop; lists of links have none
)
_FULL_STOP = re.compile(r"[。！？!?…]|\.(?=[\s”\"')]|$)")
_MAX_BYLINE_CHARACTERS = 60
_MIN_TITLE_CHARACTERS = 5
_MAX_HEAD_PARAGRAPHS = 60  # in which the title may be repeated
_MAX_LINES, _MAX_LINE_CHARACTERS = 4_000, 100  # of a page that are looked at for its title and date
# Names of sites that stand behind a title: "标题_临溪新闻网", "标题-新闻-临溪在线", "Title | Linxi Times".
_SITE_NAME = re.compile(r"\s*(?:[_|｜].*|--.*|\s[-–—]\s.{1,40}|(?<=[\u3400-\u9fff])-[^-]{1,12}(?:-[^-]{1,20})?)$")


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the one article of a web page. Raises SourceError when it holds none."""
    found = parse_article(data, name, charset=charset, language=source.language, rules=source.rules)
    return (_assign_source(found, source),)


def parse_article(
    data: bytes, url: str, *, charset: str = "", language: str = "", rules: tuple[SiteRule, ...] = ()
) -> Article:
    """Return the article of the web page at `url`. `charset` is what the HTTP header declares; `rules` are for sites
    that are misread without.

    Raises SourceError when the page holds no article, in a sentence that may be shown to whoever sent the link.
    """
    tree = _parse_page(slim_page(decode_markup(data, charset)), url)
    rule = choose_rule(url, rules) or _NO_RULE
    remove_elements(tree, rule)
    is_chinese = language == "zh" if language else _is_chinese_page(tree)
    about = _extract_metadata(tree, url)
    title = extract_line(tree, rule.title) or _find_title(tree, about)
    named = named_body(tree, rule, title)
    found = named or _extract_body(tree, title, is_chinese=is_chinese)
    if not named and not _is_article(found):
        raise SourceError(f"{url}: no article was found on this page; the page of a single article is needed")
    return Article(
        title=title or found.paragraphs[0][:40],
        text=found.text,
        subheadings=found.subheadings,
        byline=extract_line(tree, rule.author)[:_MAX_BYLINE_CHARACTERS] or _find_author(tree, about),
        language=language or detect_language(f"{title}\n{found.text}"),
        published_at=extract_date(tree, rule, CHINA if is_chinese else UTC)
        or _find_publication_time(tree, about, url, is_chinese=is_chinese),
        url=url,
        image=picture.find_page_picture(tree, url),
    )


def _extract_body(tree: Any, title: str, *, is_chinese: bool) -> Prose:
    """Return the article's paragraphs by the extractor that is best for its language, or else by the other."""
    extractors = (
        (_extract_by_readability, _extract_by_trafilatura)
        if is_chinese
        else (_extract_by_trafilatura, _extract_by_readability)
    )
    found = Prose(paragraphs=())
    for extract in extractors:
        found = _drop_head(extract(tree, title), title)
        if _is_article(found):
            break
    return found


def _drop_head(found: Prose, title: str) -> Prose:
    """Return the paragraphs after the one that repeats the title: what stood above it was a menu."""
    head = found.paragraphs[:_MAX_HEAD_PARAGRAPHS]
    if title not in head:
        return found
    start = head.index(title) + 1
    return Prose(
        paragraphs=found.paragraphs[start:],
        subheadings=tuple(index - start for index in found.subheadings if index >= start),
    )


def _extract_by_readability(tree: Any, title: str) -> Prose:
    try:
        html = Document(lxml.html.tostring(tree, encoding="unicode")).summary(html_partial=True)
    except Exception:  # readability raises errors of any kind on odd pages; the other extractor may do
        return Prose(paragraphs=())
    return parse_prose(html, title)


def _extract_by_trafilatura(tree: Any, title: str) -> Prose:
    found: Any = trafilatura.bare_extraction(tree, include_comments=False, include_tables=False, favor_precision=True)
    if found is None or found.body is None:
        return Prose(paragraphs=())
    etree.strip_tags(found.body, "graphic")
    for element in found.body.iter("head", "item", "quote", "list", "lb"):
        element.tag = {"head": "h2", "item": "li", "quote": "blockquote", "list": "ul", "lb": "br"}[element.tag]
    return extract_prose(found.body, title)


def _parse_page(text: str, url: str) -> Any:
    try:
        tree = lxml.html.document_fromstring(drop_control_characters(re.sub(r"^\s*<\?xml[^>]*\?>", "", text)))
    except (etree.ParserError, ValueError) as error:
        raise SourceError(f"{url}: the page is empty") from error
    return tree


def _extract_metadata(tree: Any, url: str) -> Any:
    return trafilatura.extract_metadata(tree, default_url=url)


def _find_title(tree: Any, about: Any) -> str:
    """Return the article's title without the names of site and section that pages put behind it.

    The best witness is what the reader sees: an h1, or any line, that the page's own title contains or begins with.
    """
    if stated := _read_content(tree, "//meta[@name='ArticleTitle']/@content"):
        return stated
    shared, named = (
        _read_content(tree, "//meta[@property='og:title']/@content"),
        _read_content(tree, "string(//head/title)"),
    )
    for element in tree.iter("h1"):
        seen = clean_line(element.text_content())
        if len(seen) >= _MIN_TITLE_CHARACTERS and (seen in named or seen in shared):
            return seen
    whole = shared or named
    seen = max((line for line in _list_short_lines(tree) if whole.startswith(line)), key=len, default="")
    if len(seen) >= _MIN_TITLE_CHARACTERS:
        return seen
    bare = _SITE_NAME.sub("", whole) or clean_line(about.title or "")
    return bare or next((clean_line(element.text_content()) for element in tree.iter("h1")), "")


def _read_content(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return strip_markup(found if isinstance(found, str) else str(found[0]) if found else "")


def _list_short_lines(tree: Any) -> list[str]:
    """Return the lines a reader sees that are short enough for a title or a date."""
    texts = tree.xpath("//body//text()[not(parent::script or parent::style)]")[:_MAX_LINES]
    return [line for text in texts if len(text) < 400 and 0 < len(line := clean_line(text)) <= _MAX_LINE_CHARACTERS]


def _find_author(tree: Any, about: Any) -> str:
    # trafilatura takes names for authors only when they are written in Latin letters.
    stated = clean_line(tree.xpath("string(//meta[@name='author']/@content)")) or clean_line(about.author or "")
    return "" if stated.startswith("http") else stated[:_MAX_BYLINE_CHARACTERS]


def _find_publication_time(tree: Any, about: Any, url: str, *, is_chinese: bool) -> datetime | None:
    """Return when the article came out: as its metadata says, or the first line with a date and an hour, or the
    address, or the first line with a date."""
    zone = CHINA if is_chinese else UTC
    stated = tree.xpath(
        "//meta[@property='article:published_time' or @name='pubdate' or @name='publishdate' or @name='PubDate'"
        " or @itemprop='datePublished']/@content | //time[@pubdate or @itemprop='datePublished']/@datetime"
    )
    lines = [
        line for line in _list_short_lines(tree) if "今天" not in line
    ]  # what day it is today stands in many headers
    hours = (parse_moment(found[0], zone) for line in lines if (found := PRINTED.search(line)) and found["hour"])
    days = (parse_moment(found[0], zone) for line in lines if (found := PRINTED.search(line)))
    known = (parse_moment(text, zone) for text in stated)
    day = find_day(url)
    rest = (get_day_noon(day) if day else None, next(days, None), parse_moment(about.date or ""))
    return next(filter(None, (*known, next(hours, None), *rest)), None)


def _assign_source(article: Article, source: Source) -> Article:
    return replace(article, source=source.name, section=source.section)


def _is_chinese_page(tree: Any) -> bool:
    text = "".join(tree.xpath("//body//text()[not(parent::script or parent::style)]"))[:20_000]
    letters = sum(map(str.isalpha, text))
    return len(_HAN.findall(text)) > _HAN_SHARE * letters


def _is_article(found: Prose) -> bool:
    """Say whether the text is long enough, and sentences rather than a list of links or a menu."""
    text = found.text
    in_sentences = sum(len(paragraph) for paragraph in found.paragraphs if _FULL_STOP.search(paragraph))
    is_long = len(_HAN.findall(text)) >= _MIN_HAN or len(text) >= _MIN_CHARACTERS
    return is_long and in_sentences >= _MIN_SENTENCES_SHARE * len(text)
