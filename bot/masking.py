"""Web addresses as they may be shown: what may be a key or a password in one is no business of a log or a
terminal.
"""

import re

_MASK = "***"
# ASCII alone: in a Chinese sentence the words after an address need not be parted from it by a blank.
_URL = re.compile(r"\b[a-z][a-z0-9+.-]{0,20}://[!-~]+", re.IGNORECASE)
_CLOSING = "[](){}<>'\",.;:!"  # what ends a sentence or quotation, and not an address
_PARTS = re.compile(
    r"(?P<scheme>[^:]+://)(?:[^/?#]*@)?(?P<rest>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?", re.DOTALL
)


def mask_url(url: str) -> str:
    """Return an address without its user, password, query and fragment; a query leaves a mark.

    >>> mask_url("https://news:secret@a.example/feed.xml?key=secret")
    'https://a.example/feed.xml?***'
    >>> mask_url("/srv/pages?/a.txt")
    '/srv/pages?/a.txt'
    """
    parts = _PARTS.fullmatch(url)
    if not parts:
        return url
    return parts["scheme"] + parts["rest"] + (f"?{_MASK}" if parts["query"] else "")


def mask_urls(text: str) -> str:
    """Return a text with every web address in it masked.

    >>> mask_urls("https://a.example/feed.xml?key=secret: the server answered 403")
    'https://a.example/feed.xml?***: the server answered 403'
    """
    return _URL.sub(_mask_match, text) if "://" in text else text


def _mask_match(match: re.Match[str]) -> str:
    url = match[0].rstrip(_CLOSING)
    return mask_url(url) + match[0][len(url) :]
