"""The address of an article's main picture, as its feed or page names it; "" where none is to be trusted."""

from collections.abc import Iterable
from typing import Any  # lxml and feedparser ship no types
from urllib.parse import urljoin, urlsplit

from bot.sources.html.structured_data import StructuredData

MAX_ADDRESS_CHARACTERS = 1_000
_ODD = frozenset(" \"'<>\\")  # no address holds these unescaped
_LARGE = 300  # width from which a picture is an article's, and no icon or counting pixel
_MAX_LOOKED_AT = 500  # pictures of a page
_STATED = (
    "//meta[@property='og:image:secure_url' or @property='og:image:url' or @property='og:image']/@content"
    " | //meta[@name='twitter:image' or @property='twitter:image' or @name='twitter:image:src']/@content"
    " | //link[@rel='image_src']/@href"
)


def resolve_picture(link: str, base: str) -> str:
    """Return the picture's absolute address, "" where it is no plain https address of a bearable length.

    >>> resolve_picture("/a.jpg", "https://a.example/1"), resolve_picture("http://a.example/a.jpg", "")
    ('https://a.example/a.jpg', '')
    """
    try:
        address = urljoin(base, link.strip()) if link else ""
        parts = urlsplit(address)
        is_host = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    is_plain = len(address) <= MAX_ADDRESS_CHARACTERS and address.isprintable() and not set(address) & _ODD
    return address if is_host and is_plain else ""


def choose_picture(links: Iterable[str], base: str) -> str:
    return next(filter(None, (resolve_picture(str(link), base) for link in links)), "")


def find_page_picture(tree: Any, data: StructuredData, url: str) -> str:
    """Return the picture that a page names for those who share it, or else its first large one."""
    large = (
        image.get("src") or "" for image in tree.xpath("//body//img")[:_MAX_LOOKED_AT] if _is_large(image)
    )
    return (
        choose_picture(tree.xpath(_STATED), url)
        or choose_picture(data.images, url)
        or choose_picture(large, url)
    )


def _is_large(image: Any) -> bool:
    return any(
        size.isdecimal() and int(size[:5]) >= _LARGE
        for size in (image.get("width", ""), image.get("data-w", ""))
    )


def find_entry_picture(row: Any, base: str) -> str:
    """Return the picture that a feed's item encloses: Media RSS, an enclosure, or iTunes' image."""
    media = [*row.get("media_content", []), *row.get("enclosures", [])]
    pictures = [part.get("url") or part.get("href") or "" for part in media if _is_picture(part)]
    thumbnails = [part.get("url", "") for part in row.get("media_thumbnail", [])]
    image = row.get("image")
    named = image.get("href", "") if isinstance(image, dict) else ""
    return choose_picture([*pictures, *thumbnails, named], base)


def _is_picture(part: Any) -> bool:
    return part.get("medium") == "image" or str(part.get("type", "")).startswith("image/")
