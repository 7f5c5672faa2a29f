"""Kind `epaper`: an electronic newspaper (数字报) → one day's issue: its pages (版面) and their articles.

Newspaper systems differ in their words but share a structure. The pages are links of one shape whose texts
say 第01版：要闻 or A01. A page's articles are links of another shape, in a list or as areas on its picture.
Other modules fetch the issue; this one turns bytes into links.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any  # lxml ships no types
from urllib.parse import parse_qsl, urldefrag, urlsplit

from bot.errors import SourceError
from bot.models import Entry, Source
from bot.phrases import Phrase
from bot.sources.dates import find_day, get_day_noon
from bot.sources.html.prose import clean_line
from bot.sources.kinds.site import parse_tree, select_links
from bot.sources.links import resolve_link
from bot.sources.listing import Listing
from bot.sources.slimming import slim_page
from bot.text.markup_encoding import decode_markup

_MAX_PAGES = 64  # of an issue; a national paper has 20, a Sunday's 40
_MAX_ARTICLES = 60  # of a page
MAX_FRAMES = 6  # of a page made of frames
_MIN_TITLE_CHARACTERS = 2
DAY_FIELD = re.compile(r"\{day:([^{}]+)\}")
# Ways to write a day into an address, the longer first.
_DAY_FORMATS = ("%Y-%m/%d", "%Y/%m/%d", "%Y-%m-%d", "%Y%m/%d", "%Y/%m%d", "%Y_%m_%d", "%Y%m%d")
_NUMERALS = "一二三四五六七八九十"
_PAGE_NAME = re.compile(
    r"""\s*(?: 第\s*(?P<ordinal>[A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版
             | (?P<bare>[A-Za-z]?\d{1,3})\s*版
             | (?P<letter>[A-Z]\d{1,2})(?![A-Za-z0-9]) )
        \s*(?:[:：\-–—|·]\s*)?(?P<name>[^\d].{0,30})?\s*""",
    re.VERBOSE,
)
# Links beside the articles': other pages and days, files to be loaded down.
_ASIDE = re.compile(
    r"[<\[【（(《«]*\s*(?:上|下|前|后)一?[版期页篇天日].{0,6}|返回.{0,6}|(?:网站|报纸)?首页|版面(?:导航|目录|概览)?|标题导航|目录|往期.{0,6}"
    r"|pdf.{0,8}|.{0,6}pdf|放大.{0,4}|缩小.{0,4}|默认.{0,4}|(?:公益|分类)?广告|本版.{0,6}|朗读|复制|打印",
    re.IGNORECASE,
)
_FILES = (".pdf", ".jpg", ".jpeg", ".png", ".gif", ".zip", ".mp3", ".mp4", ".js", ".css")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=\d)")
_NUMBER = re.compile(r"\d+")
_IDENTIFIER = re.compile(r"(?=.*\d)[0-9a-f]{8,}|[0-9a-f]{16,}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuePage:
    """A page of an issue: `number` as it is printed ("1", "A3"), `name` is what the paper calls it (要闻)."""

    url: str
    number: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _IssueLink:
    url: str
    title: str
    is_area: bool = False


def format_address(pattern: str, day: date) -> str:
    """Return where the issue of `day` stands.

    >>> format_address("https://paper.example/html/{day:%Y-%m/%d}/node_1.htm", date(2026, 11, 20))
    'https://paper.example/html/2026-11/20/node_1.htm'
    """
    return DAY_FIELD.sub(lambda match: day.strftime(match[1]), pattern)


def guess_template(url: str) -> str:
    """Return an issue's address with its day made a field; "" where it holds none.

    >>> guess_template("https://paper.example/20261120/A01.html")
    'https://paper.example/{day:%Y%m%d}/A01.html'
    """
    day = find_day(url)
    for form in _DAY_FORMATS if day else ():
        # # there are no formats without a day
        if (written := day.strftime(form)) in url:  # type: ignore[union-attr]
            return url.replace(written, f"{{day:{form}}}")
    return ""


def parse_pages(data: bytes, url: str, source: Source, charset: str = "") -> tuple[IssuePage, ...]:
    """Return the pages of an issue as its address lists them; the one at `url` alone where there is no list.

    Raises SourceError for a wrong selector, one that fits nothing, or an empty page.
    """
    tree = _parse_tree(data, url, charset)
    if source.pages:
        links = [_IssueLink(url=link.url, title=link.title) for link in select_links(tree, url, source.pages)]
        if not links:
            raise SourceError(
                Phrase("{url}: no link to a page fits pages = '{pages}'", url=url, pages=source.pages)
            )
    else:
        links = _choose_page_links(_iterate_links(tree, url))
    pages: dict[str, IssuePage] = {}
    for place, link in enumerate(links, 1):
        number, name = _parse_page_name(link.title)
        page = IssuePage(url=link.url, number=number or str(place), name=name)
        if link.url not in pages or (name and not pages[link.url].name):
            pages[link.url] = page
    return tuple(pages.values())[:_MAX_PAGES] or (IssuePage(url=url, number=""),)


def _choose_page_links(links: Iterable[_IssueLink]) -> list[_IssueLink]:
    """Return the family of links of one shape whose texts most often look like page names."""
    families: defaultdict[tuple[str, ...], list[_IssueLink]] = defaultdict(list)
    for link in links:
        if _parse_page_name(link.title)[0] and not _is_file(link.url):
            families[_get_link_shape(link.url)].append(link)
    return max(families.values(), key=lambda family: len({link.url for link in family}), default=[])


def _parse_page_name(text: str) -> tuple[str, str]:
    """Return the number and name of a page from what a link to it says; ("", "") when it says neither.

    >>> [_parse_page_name(name) for name in ("第01版：要闻", "A02 文体", "第三版", "03版扩建工程")]
    [('1', '要闻'), ('A2', '文体'), ('3', ''), ('3', '扩建工程')]
    """
    match = _PAGE_NAME.fullmatch(text)
    if not match:
        return "", ""
    number = match["ordinal"] or match["bare"] or match["letter"]
    number = str(_parse_numeral(number)) if number[0] in _NUMERALS else _LEADING_ZEROS.sub("", number)
    return number.upper(), (match["name"] or "").strip(" ：:（）()[]【】")


def _parse_numeral(numeral: str) -> int:
    """Return a small Chinese numeral as a number.

    >>> _parse_numeral("三"), _parse_numeral("十"), _parse_numeral("二十四")
    (3, 10, 24)
    """
    tens, ten, ones = numeral.rpartition("十")
    value = _NUMERALS.index(ones) + 1 if ones else 0
    return value + (10 * (_NUMERALS.index(tens) + 1 if tens else 1) if ten else 0)


def parse_entries(
    data: bytes, url: str, page: IssuePage, day: date | None, source: Source, charset: str = ""
) -> list[Entry]:
    """Return the entries of a page's articles in its order, none twice; [] when it has none.

    Raises SourceError for a selector that is none, or an empty page.
    """
    tree = _parse_tree(data, url, charset)
    if source.articles:
        links = [
            _IssueLink(url=link.url, title=link.title) for link in select_links(tree, url, source.articles)
        ]
    else:
        links = _choose_article_links(list(_iterate_links(tree, url)), url)
    titles: dict[str, str] = {}
    for link in links:
        titles[link.url] = max(titles.get(link.url, ""), link.title, key=len)
    return [
        Entry(
            key=link_url,
            url=link_url,
            title=title,
            section=page.name,
            page=page.number,
            published_at=get_day_noon(day) if day else None,
        )
        for link_url, title in list(titles.items())[:_MAX_ARTICLES]
        if not _ASIDE.fullmatch(title)
    ]


def _choose_article_links(links: list[_IssueLink], url: str) -> list[_IssueLink]:
    """Return the family of links of one shape that reads most like titles.

    Areas of the page's picture count as links.
    """
    pages_too = {_get_link_shape(link.url) for link in _choose_page_links(links)}
    host = urlsplit(url).hostname
    families: defaultdict[tuple[str, ...], list[_IssueLink]] = defaultdict(list)
    for link in links:
        is_here = urlsplit(link.url).hostname == host and link.url != url and not _is_file(link.url)
        own = _get_link_shape(link.url)
        if (
            is_here
            and own not in pages_too
            and not _ASIDE.fullmatch(link.title)
            and not _parse_page_name(link.title)[0]
        ):
            families[own].append(link)
    day = find_day(url)

    def weight(family: list[_IssueLink]) -> tuple[bool, int]:
        is_of_the_day = day is not None and any(find_day(link.url) == day for link in family)
        return is_of_the_day, sum(min(len(link.title), 40) + 20 * link.is_area for link in family)

    likely = [family for family in families.values() if _is_numbered(family[0].url)]
    return max(likely, key=weight, default=[])


def _is_numbered(url: str) -> bool:
    """Return whether an address names one of many: the last part of its path, or its query, has a number."""
    parts = urlsplit(url)
    return bool(_NUMBER.search(parts.path.rpartition("/")[2] or parts.path) or _NUMBER.search(parts.query))


def _iterate_links(tree: Any, url: str) -> Iterator[_IssueLink]:
    """Yield every link and area of a page in order."""
    base = resolve_link(tree.xpath("string(//base/@href)"), url) or url
    for element in tree.iter("a", "area"):
        target = urldefrag(resolve_link(element.get("href", ""), base)).url
        if target:
            title = clean_line(element.text_content()) or clean_line(
                element.get("title") or element.get("alt") or ""
            )
            yield _IssueLink(url=target, title=title, is_area=element.tag == "area")


def find_frames(data: bytes, url: str, charset: str = "") -> tuple[str, ...]:
    """Return the addresses of the page's frames, and of its redirect target, on its own host."""
    tree = _parse_tree(data, url, charset)
    named = [element.get("src", "") for element in tree.iter("frame", "iframe")]
    named += [
        re.sub(r"(?i)^[^;]*;\s*url\s*=\s*", "", element.get("content", "")).strip("'\" ")
        for element in tree.xpath("//meta[@http-equiv]")
        if element.get("http-equiv", "").lower() == "refresh"
    ]
    addresses = (urldefrag(resolve_link(name, url)).url for name in named if name and not name.isdecimal())
    host = urlsplit(url).hostname
    return tuple(dict.fromkeys(f for f in addresses if f and f != url and urlsplit(f).hostname == host))[
        :MAX_FRAMES
    ]


def find_page_file(data: bytes, url: str, place: int, count: int, charset: str = "") -> str:
    """Return the address of a page's PDF: its only one, or the one in its place among those of `count` pages.

    "" where the page names none, or several that are not one a page.
    """
    links = (link.url for link in _iterate_links(_parse_tree(data, url, charset), url))
    files = list(dict.fromkeys(link for link in links if urlsplit(link).path.lower().endswith(".pdf")))
    if len(files) == count:
        return files[place]
    return files[0] if len(files) == 1 else ""


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the entries of one page, such as a file of the operator's.

    Raises SourceError when it leads nowhere.
    """
    number = next((page.number for page in parse_pages(data, name, source, charset) if page.url == name), "")
    entries = parse_entries(data, name, IssuePage(url=name, number=number), find_day(name), source, charset)
    if not entries:
        raise SourceError(
            Phrase(
                "{name}: no links to articles were found on this page; name them with articles = …", name=name
            )
        )
    return Listing(entries=tuple(entries))


def _parse_tree(data: bytes, url: str, charset: str) -> Any:
    return parse_tree(slim_page(decode_markup(data, charset)), url)


def _is_file(url: str) -> bool:
    return urlsplit(url).path.lower().endswith(_FILES)


def _get_link_shape(url: str) -> tuple[str, ...]:
    """Return what similar addresses share: numbers and identifiers are replaced, every word counts.

    >>> _get_link_shape("https://a.example/2026-11/20/content_7.htm?div=1")
    ('a.example', '/#-#/#/content_#.htm', 'div')
    """
    parts = urlsplit(url)
    path = "/".join(_IDENTIFIER.sub("#", part) for part in parts.path.split("/"))
    return (parts.netloc, _NUMBER.sub("#", path), *sorted(key for key, _ in parse_qsl(parts.query)))
