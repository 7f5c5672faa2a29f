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

from bot.encoding import decode_markup
from bot.errors import SourceError
from bot.models import Article, Rule, Source
from bot.sources import picture
from bot.sources.dates import CHINA, PRINTED, day_in, day_noon, moment
from bot.sources.prose import Prose, clean, of_element, plain, prose, without_nulls
from bot.sources.rules import body as named_body
from bot.sources.rules import date, line, removed, rule_for
from bot.sources.slimming import slimmed_page
from summarizer import detect_language

HAN = re.compile(r"[\u3400-\u9fff]")
NO_RULE = Rule(host="")
HAN_SHARE = 0.3  # of a page's letters; above it the page counts as Chinese
# Shorter bodies are mostly captions, notices and error pages. A Han character says about as much as three letters.
MIN_HAN, MIN_CHARACTERS = 80, 240
MIN_SENTENCES_SHARE = (
    0.5  # of the body's characters that stand in paragraphs with a full stop; lists of links have none
)
FULL_STOP = re.compile(r"[。！？!?…]|\.(?=[\s”\"')]|$)")
MAX_BYLINE_CHARACTERS = 60
MIN_TITLE_CHARACTERS = 5
MAX_HEAD_PARAGRAPHS = 60  # in which the title may be repeated
MAX_LINES, MAX_LINE_CHARACTERS = 4_000, 100  # of a page that are looked at for its title and date
# Names of sites that stand behind a title: "标题_临溪新闻网", "标题-新闻-临溪在线", "Title | Linxi Times".
SITE_NAME = re.compile(r"\s*(?:[_|｜].*|--.*|\s[-–—]\s.{1,40}|(?<=[\u3400-\u9fff])-[^-]{1,12}(?:-[^-]{1,20})?)$")


def articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the one article of a web page. Raises SourceError when it holds none."""
    found = article(data, name, charset=charset, language=source.language, rules=source.rules)
    return (found_for(found, source),)


def article(data: bytes, url: str, *, charset: str = "", language: str = "", rules: tuple[Rule, ...] = ()) -> Article:
    """Return the article of the web page at `url`. `charset` is what the HTTP header declares; `rules` are for sites
    that are misread without.

    Raises SourceError when the page holds no article, in a sentence that may be shown to whoever sent the link.
    """
    tree = parsed(slimmed_page(decode_markup(data, charset)), url)
    rule = rule_for(url, rules) or NO_RULE
    removed(tree, rule)
    is_chinese = language == "zh" if language else reads_as_chinese(tree)
    about = metadata(tree, url)
    title = line(tree, rule.title) or heading(tree, about)
    named = named_body(tree, rule, title)
    found = named or body(tree, title, is_chinese=is_chinese)
    if not named and not reads_as_article(found):
        raise SourceError(f"{url}: no article was found on this page; the page of a single article is needed")
    return Article(
        title=title or found.paragraphs[0][:40],
        text=found.text,
        subheadings=found.subheadings,
        byline=line(tree, rule.author)[:MAX_BYLINE_CHARACTERS] or author(tree, about),
        language=language or detect_language(f"{title}\n{found.text}"),
        published_at=date(tree, rule, CHINA if is_chinese else UTC)
        or published(tree, about, url, is_chinese=is_chinese),
        url=url,
        image=picture.of_page(tree, url),
    )


def body(tree: Any, title: str, *, is_chinese: bool) -> Prose:
    """Return the article's paragraphs by the extractor that is best for its language, or else by the other."""
    extractors = (by_readability, by_trafilatura) if is_chinese else (by_trafilatura, by_readability)
    found = Prose(paragraphs=())
    for extract in extractors:
        found = without_head(extract(tree, title), title)
        if reads_as_article(found):
            break
    return found


def without_head(found: Prose, title: str) -> Prose:
    """Return the paragraphs after the one that repeats the title: what stood above it was a menu."""
    head = found.paragraphs[:MAX_HEAD_PARAGRAPHS]
    if title not in head:
        return found
    start = head.index(title) + 1
    return Prose(
        paragraphs=found.paragraphs[start:],
        subheadings=tuple(index - start for index in found.subheadings if index >= start),
    )


def by_readability(tree: Any, title: str) -> Prose:
    try:
        html = Document(lxml.html.tostring(tree, encoding="unicode")).summary(html_partial=True)
    except Exception:  # readability raises errors of any kind on odd pages; the other extractor may do
        return Prose(paragraphs=())
    return prose(html, title)


def by_trafilatura(tree: Any, title: str) -> Prose:
    found: Any = trafilatura.bare_extraction(tree, include_comments=False, include_tables=False, favor_precision=True)
    if found is None or found.body is None:
        return Prose(paragraphs=())
    etree.strip_tags(found.body, "graphic")
    for element in found.body.iter("head", "item", "quote", "list", "lb"):
        element.tag = {"head": "h2", "item": "li", "quote": "blockquote", "list": "ul", "lb": "br"}[element.tag]
    return of_element(found.body, title)


def parsed(text: str, url: str) -> Any:
    try:
        tree = lxml.html.document_fromstring(without_nulls(re.sub(r"^\s*<\?xml[^>]*\?>", "", text)))
    except (etree.ParserError, ValueError) as error:
        raise SourceError(f"{url}: the page is empty") from error
    return tree


def metadata(tree: Any, url: str) -> Any:
    return trafilatura.extract_metadata(tree, default_url=url)


def heading(tree: Any, about: Any) -> str:
    """Return the article's title without the names of site and section that pages put behind it.

    The best witness is what the reader sees: an h1, or any line, that the page's own title contains or begins with.
    """
    if stated := content(tree, "//meta[@name='ArticleTitle']/@content"):
        return stated
    shared, named = content(tree, "//meta[@property='og:title']/@content"), content(tree, "string(//head/title)")
    for element in tree.iter("h1"):
        seen = clean(element.text_content())
        if len(seen) >= MIN_TITLE_CHARACTERS and (seen in named or seen in shared):
            return seen
    whole = shared or named
    seen = max((line for line in short_lines(tree) if whole.startswith(line)), key=len, default="")
    if len(seen) >= MIN_TITLE_CHARACTERS:
        return seen
    bare = SITE_NAME.sub("", whole) or clean(about.title or "")
    return bare or next((clean(element.text_content()) for element in tree.iter("h1")), "")


def content(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return plain(found if isinstance(found, str) else str(found[0]) if found else "")


def short_lines(tree: Any) -> list[str]:
    """Return the lines a reader sees that are short enough for a title or a date."""
    texts = tree.xpath("//body//text()[not(parent::script or parent::style)]")[:MAX_LINES]
    return [line for text in texts if len(text) < 400 and 0 < len(line := clean(text)) <= MAX_LINE_CHARACTERS]


def author(tree: Any, about: Any) -> str:
    # trafilatura takes names for authors only when they are written in Latin letters.
    stated = clean(tree.xpath("string(//meta[@name='author']/@content)")) or clean(about.author or "")
    return "" if stated.startswith("http") else stated[:MAX_BYLINE_CHARACTERS]


def published(tree: Any, about: Any, url: str, *, is_chinese: bool) -> datetime | None:
    """Return when the article came out: as its metadata says, or the first line with a date and an hour, or the
    address, or the first line with a date."""
    zone = CHINA if is_chinese else UTC
    stated = tree.xpath(
        "//meta[@property='article:published_time' or @name='pubdate' or @name='publishdate' or @name='PubDate'"
        " or @itemprop='datePublished']/@content | //time[@pubdate or @itemprop='datePublished']/@datetime"
    )
    lines = [line for line in short_lines(tree) if "今天" not in line]  # what day it is today stands in many headers
    hours = (moment(found[0], zone) for line in lines if (found := PRINTED.search(line)) and found["hour"])
    days = (moment(found[0], zone) for line in lines if (found := PRINTED.search(line)))
    known = (moment(text, zone) for text in stated)
    day = day_in(url)
    rest = (day_noon(day) if day else None, next(days, None), moment(about.date or ""))
    return next(filter(None, (*known, next(hours, None), *rest)), None)


def found_for(article: Article, source: Source) -> Article:
    return replace(article, source=source.name, section=source.section)


def reads_as_chinese(tree: Any) -> bool:
    text = "".join(tree.xpath("//body//text()[not(parent::script or parent::style)]"))[:20_000]
    letters = sum(map(str.isalpha, text))
    return len(HAN.findall(text)) > HAN_SHARE * letters


def reads_as_article(found: Prose) -> bool:
    """Say whether the text is long enough, and sentences rather than a list of links or a menu."""
    text = found.text
    in_sentences = sum(len(paragraph) for paragraph in found.paragraphs if FULL_STOP.search(paragraph))
    is_long = len(HAN.findall(text)) >= MIN_HAN or len(text) >= MIN_CHARACTERS
    return is_long and in_sentences >= MIN_SENTENCES_SHARE * len(text)
