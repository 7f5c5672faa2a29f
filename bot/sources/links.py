"""Links as pages and feeds write them → absolute addresses."""

from urllib.parse import urljoin


def resolve_link(link: str, base: str) -> str:
    """Return `link` as an absolute http(s) address, "" when it is none.

    >>> resolve_link("/a", "https://linxi.example/b"), resolve_link("javascript:0", "https://linxi.example/b")
    ('https://linxi.example/a', '')
    """
    try:
        address = urljoin(base, str(link).strip()) if link else ""
    except ValueError:
        return ""
    return address if address.startswith(("http://", "https://")) else ""
