"""Pages that only redirect their reader: <meta http-equiv="refresh">."""

import re
from urllib.parse import urldefrag

from bot.errors import SourceError
from bot.sources.html.prose import clean_line
from bot.sources.html.tree import build_tree
from bot.sources.links import resolve_link
from bot.sources.slimming import slim_page
from bot.text.markup_encoding import decode_markup

_REFRESH = re.compile(
    r"\s*(?P<seconds>\d{1,4})(?:\.\d*)?\s*[;,]\s*url\s*=\s*[\"']?(?P<link>[^\"']+)", re.IGNORECASE
)
_MAX_SECONDS = 10  # a page that waits longer is there to be read, and loads itself again
_MAX_CHARACTERS = 600  # of the text of a page that sends its reader on
_MAX_BYTES = 50_000  # of such a page; others are not parsed for it


def find_refresh_target(data: bytes, url: str, charset: str = "") -> str:
    """Return the address to which the page at `url` redirects its reader; "" when it does not redirect."""
    if len(data) > _MAX_BYTES or b"refresh" not in data.lower():
        return ""
    try:
        tree = build_tree(slim_page(decode_markup(data, charset)), url)
    except SourceError:
        return ""
    if len(clean_line(tree.text_content())) > _MAX_CHARACTERS:
        return ""
    for element in tree.iter("meta"):
        match = _REFRESH.match(element.get("content") or "")
        if (
            (element.get("http-equiv") or "").lower() == "refresh"
            and match
            and int(match["seconds"]) <= _MAX_SECONDS
        ):
            address = urldefrag(resolve_link(match["link"], url)).url
            return address if address != url else ""
    return ""
