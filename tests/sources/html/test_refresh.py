"""A page that only sends its reader on is followed."""

import pytest

from bot.sources.html.refresh import find_refresh_target

URL = "https://linxi.example/go"


def put(content: str, body: str = "") -> bytes:
    return (
        f'<html><head><meta http-equiv="Refresh" content="{content}"></head><body>{body}</body></html>'
    ).encode()


@pytest.mark.parametrize(
    "content", ["0; url=/real.html", "3;URL='/real.html'", "0,url=https://linxi.example/real.html#top"]
)
def test_a_page_that_sends_on_gives_the_address(content):
    assert find_refresh_target(put(content), URL) == "https://linxi.example/real.html"


@pytest.mark.parametrize(
    "data",
    [
        put("300; url=/real.html"),
        put("0; url=/go"),
        put("5"),
        put("0; url=/real.html", "<p>" + "The council met on Monday. " * 40 + "</p>"),
        put("0; url=javascript:alert(1)"),
        b"<p>refresh</p>",
        b"",
    ],
    ids=["waits long", "itself", "no address", "an article", "no web address", "no meta", "empty"],
)
def test_a_page_that_does_not_gives_none(data):
    assert find_refresh_target(data, URL) == ""
