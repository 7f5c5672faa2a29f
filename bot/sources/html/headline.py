"""Choose the title of a page's article from its many titles: a stated one without the site's name, or a
shown one.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any  # lxml ships no types
from urllib.parse import urlsplit

from bot.sources.html.body_lines import make_key
from bot.sources.html.prose import clean_line, strip_markup
from bot.sources.html.structured_data import StructuredData
from bot.sources.links import resolve_link

_MIN_TITLE_HAN, _MIN_TITLE_CHARACTERS = 4, 5  # a shorter heading is a section's
_MAX_TITLE_CHARACTERS = 300
_MIN_WORDS = 2  # of a title that is left when a part without a name is cut off
_MAX_SITE_CHARACTERS = 40  # of a part that may be a site's name
_MIN_AGREEMENT = 0.3  # share of a stated title's letters pairs that the page shows as well
# Where the parts of a title meet: "标题_临溪新闻网", "标题-新闻-临溪在线", "Title | Linxi Times".
_SEPARATOR = re.compile(
    r"\s*[_|｜]+\s*|\s+[-–—•·]\s+|\s*--+\s*|(?<=[\u3400-\u9fff”》）])[-—](?=[^-—]{1,20}$)|"
    r"(?<=[\u3400-\u9fff”》）])-(?=[^-]{1,12}-[^-]{1,20}$)"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
# Names of <meta> that state the title, the surest first; where JSON-LD stands between them is said in
# `find_title`.
_CHINESE_META = ("articletitle",)
_STATED_META = (
    "dc:title", "dc.title", "dcterm:title", "dcterms.title", "og:title", "weibo:article:title",
    "weibo:webpage:title", "title",
    "twitter:title", "parsely-title",
)  # fmt: skip
_SITE_META = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "al:iphone:app_name",
    "twitter:app:name:iphone",
)


def find_title(tree: Any, data: StructuredData, url: str) -> str:
    """Return the article's title, "" where the page has none.

    What the page states in its metadata counts unless it is the site's name, or has nothing in common with
    what the page shows; then the page's own title, of which the headings show the part that is the article's.
    """
    home = _find_home(tree, data, url)
    headings, lower = _list_headings(tree, home, "h1"), _list_headings(tree, home, "h2")
    names = _collect_site_names(tree, data, home)
    named = _read_text(tree.xpath("string(//head/title)"))
    statements = (
        *data.list_meta(_CHINESE_META),
        *_list_data_titles(data, named),
        *data.list_meta(_STATED_META),
    )
    for stated in map(_read_text, statements):
        title = _cut_site_name(stated, names, headings, lower, is_stated=True)
        if title and make_key(title) not in names and _is_shown(title, [named, *headings, *lower]):
            return _complete_title(title, named, [*headings, *lower])
    title = _cut_site_name(named, names, headings, lower)
    if title and make_key(title) not in names:
        return _complete_word(title, headings)
    return next((heading for heading in (*headings, *lower) if make_key(heading) not in names), title)


def _cut_site_name(
    title: str,
    names: frozenset[str] = frozenset(),
    headings: Sequence[str] = (),
    lower_headings: Sequence[str] = (),
    *,
    is_stated: bool = False,
) -> str:
    """Return a title without the names of site and section around it.

    An h1 shows which part of a title is the article's. An h2 is a weaker witness: it may cut one part
    alone. Of a title that metadata state in Latin letters, only known names are cut: its other parts are
    meant.

    >>> _cut_site_name("急救中心启用_民生_临溪新闻网"), _cut_site_name("Tea is late | Linxi Times")
    ('急救中心启用', 'Tea is late')
    """
    parts = _split_title(title)
    while len(parts) > 1 and make_key(parts[-1]) in names:
        parts = parts[:-2]
    while len(parts) > 1 and make_key(parts[0]) in names:
        parts = parts[2:]
    shown_parts = [heading for heading in headings if heading in _join_parts(parts)]
    shown_parts += [
        heading for heading in lower_headings if heading in ("".join(parts[:-2]), "".join(parts[2:]))
    ]
    if shown := max(shown_parts, key=len, default=""):
        return shown
    bare = "".join(parts)
    # Of a Latin title one part alone is cut. Behind "_" sites put their names, however long those are.
    while len(parts) > 1 and (_HAN.search(bare) or (bare == title and not is_stated)):
        rest, tail = "".join(parts[:-2]), parts[-1]
        is_light = "_" not in parts[-2] and _weigh_text(rest) < _weigh_text(tail)
        if len(tail) > _MAX_SITE_CHARACTERS or is_light or not _is_title(rest):
            break
        parts, bare = parts[:-2], rest
    return bare


def _split_title(title: str) -> list[str]:
    """Return the parts of a title, and between them the separators."""
    pieces: list[str] = []
    start = 0
    for match in _SEPARATOR.finditer(title):
        if start < match.start() and match.end() < len(title):
            pieces += (title[start : match.start()], match[0])
            start = match.end()
    return [*pieces, title[start:]]


def _join_parts(parts: Sequence[str]) -> frozenset[str]:
    """Return what stands in a title from any separator to any later one."""
    ends = range(0, len(parts), 2)
    return frozenset("".join(parts[start : end + 1]) for start in ends for end in ends if start <= end)


def _is_title(text: str) -> bool:
    return len(_HAN.findall(text)) >= _MIN_TITLE_HAN or len(text.split()) >= _MIN_WORDS


def _weigh_text(text: str) -> int:
    """Return how much a text says: a Han character as much as two letters."""
    return len(text) + len(_HAN.findall(text))


def _list_data_titles(data: StructuredData, named: str) -> list[str]:
    """Return an article's headline and name in JSON-LD, the one with more of the page's title first."""
    own = _list_pairs(named)
    stated = [text for key in ("headline", "name") if (text := data.get_text(key))]
    return sorted(stated, key=lambda text: -_share_pairs(_list_pairs(text), own))[:1]


def _complete_title(title: str, named: str, headings: Sequence[str]) -> str:
    """Return the complete heading of a title that was cut off, for example when a quotation mark ended its
    attribute.
    """
    return next((each for each in headings if each.startswith(title) and each in named), title)


def _complete_word(title: str, headings: Sequence[str]) -> str:
    """Return the heading of which a title is one word: "Brücke" of "Neue Brücke über die Leine eröffnet".

    Such a title names the page in tabs and lists.
    """
    if _is_title(title):
        return title
    word = re.compile(rf"(?<!\w){re.escape(title)}(?!\w)" if not _HAN.search(title) else re.escape(title))
    return next((each for each in headings if _is_title(each) and word.search(each)), title)


def _list_headings(tree: Any, home: str, tag: str) -> list[str]:
    """Return the page's headings of a level that are no links to the site's front page."""
    headings = []
    for element in tree.iter(tag):
        text = clean_line(element.text_content())
        is_long = len(_HAN.findall(text)) >= _MIN_TITLE_HAN or len(text) >= _MIN_TITLE_CHARACTERS
        if is_long and len(text) <= _MAX_TITLE_CHARACTERS and not _leads_home(element, home):
            headings.append(text)
    return headings


def _find_home(tree: Any, data: StructuredData, url: str) -> str:
    """Return the address of the site's front page, "" where neither the page's address nor its metadata name
    a host.
    """
    stated = (url, *tree.xpath("//link[@rel='canonical']/@href")[:1], *data.list_meta(("og:url",)))
    return next((root for each in stated if (root := resolve_link("/", each))), "")


def _leads_home(element: Any, home: str) -> bool:
    anchor = (
        element.find(".//a") if element.find(".//a") is not None else next(element.iterancestors("a"), None)
    )
    if anchor is None or len(clean_line(anchor.text_content())) < len(clean_line(element.text_content())):
        return False
    link = (anchor.get("href") or "").strip()
    return link == "/" or (home != "" and resolve_link(link, home).rstrip("/") == home.rstrip("/"))


def _collect_site_names(tree: Any, data: StructuredData, home: str) -> frozenset[str]:
    """Return what the site calls itself, as keys: in metadata, in headings that lead to its front page, by
    its host.
    """
    headings = [
        clean_line(element.text_content()) for element in tree.iter("h1", "h2") if _leads_home(element, home)
    ]
    host = (urlsplit(home).hostname or "").removeprefix("www.")
    names: Iterable[str] = (
        *data.list_meta(_SITE_META)[:1],
        *data.site_names,
        *headings,
        host,
    )
    return frozenset(filter(None, map(make_key, names)))


def _is_shown(stated: str, shown: Sequence[str]) -> bool:
    """Return whether the page shows what it states.

    A page that shows no title cannot contradict its metadata.
    """
    pairs = _list_pairs(stated)
    pairs_shown = [_list_pairs(text) for text in shown if text]
    if len(pairs_shown) < 2:
        return True
    # A statement that is the same on all pages of a site: the page's own title and its heading agree on
    # another one.
    own, *others = pairs_shown
    agree = any(_share_pairs(other, own) >= 0.8 for other in others)
    return not agree or any(_share_pairs(pairs, each) >= _MIN_AGREEMENT for each in pairs_shown)


def _share_pairs(pairs: frozenset[str], others: frozenset[str]) -> float:
    return len(pairs & others) / max(1, len(pairs))


def _list_pairs(text: str) -> frozenset[str]:
    key = make_key(text)
    return frozenset(key[start : start + 2] for start in range(len(key) - 1))


def _read_text(value: Any) -> str:
    return strip_markup(str(value or ""))[:_MAX_TITLE_CHARACTERS]
