"""Links as pages and feeds write them → absolute addresses."""

import re
from urllib.parse import urljoin

_USER = re.compile(r"(https?://)[^/?#]*@")


def resolve_link(link: str, base: str) -> str:
    """Return `link` as an absolute http(s) address without its user and password, "" when it is none.

    >>> resolve_link("/a", "https://linxi.example/b"), resolve_link("javascript:0", "https://linxi.example/b")
    ('https://linxi.example/a', '')
    >>> resolve_link("https://news:secret@linxi.example/a", "")
    'https://linxi.example/a'
    """
    try:
        address = urljoin(base, str(link).strip()) if link else ""
    except ValueError:
        return ""
    return _USER.sub(r"\1", address, count=1) if address.startswith(("http://", "https://")) else ""
