# ruff: noqa: E501  (samples on one line each)
"""What strangers send costs no more when there is more of it: the work is counted in calls, so that no clock
decides.
"""

import sys
from collections.abc import Callable

import pytest

from bot.errors import SourceError
from bot.models import Source
from bot.sources import mail_reader, opml
from bot.sources.kinds.site import _MAX_ENTRIES, _MAX_LINKS
from bot.sources.kinds.table import KINDS

LINK = '<a href="/2026/1120/{n}.html">临溪县急救中心今天启用了</a>'
MESSAGE = '<div class="tgme_widget_message" data-post="a/{n}"><div class="js-message_text">{text}</div></div>'
HTML_MAIL = "Content-Type: text/html; charset=utf-8\r\n\r\n"


def many(shape: str, number: int, **more: str) -> str:
    return "".join(shape.format(n=n, **more) for n in range(number))


# kind → how the sample grows; ten thousand of the first are beyond the limit already.
GROWING: dict[str, tuple[str, Callable[[int], str]]] = {
    "links side by side": ("site", lambda n: many(LINK, n)),
    "links in a list": ("site", lambda n: "<ul>" + many(f"<li>{LINK}<span>2026-11-20</span></li>", n)),
    "links in links": ("site", lambda n: "<a href='/x'>文" * n),
    "messages": ("telegram", lambda n: many(MESSAGE, n, text="县里的水库今天开始蓄水，村民们在岸边看了一个上午。" * 2)),
    "lines of a message": ("telegram", lambda n: MESSAGE.format(n=1, text="文字<br>" * 2 * n)),
    "items of a newsletter": ("mailbox", lambda n: HTML_MAIL + many((f"<h2>{LINK}</h2><p>县里的水库今天开始蓄水，村民们在岸边看了一个上午，都说好。" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"" f"</p>").replace("/2026", "https://a.example/2026"), n)),
    "tables of a mail": ("mailbox", lambda n: HTML_MAIL + many(f"<table><tr><td>{LINK}</td></tr></table>", n)),
    "words of a subject": ("mailbox", lambda n: "Subject: " + "=?utf-8?q?abc?= " * n + "\r\n\r\n" + "文字。" * 40),
    "addresses of a sender": ("mailbox", lambda n: "From: " + "a,<b@c> " * n + "\r\n\r\n" + "文字。" * 40),
    "parameters of a type": ("mailbox", lambda n: "Content-Type: text/plain; " + "a=b; " * n + "\r\n\r\n" + "文字。" * 40),
    "headers in brackets": ("mailbox", lambda n: "Subject: " + "(" * n + "\r\nTo: " + "(" * n + "\r\n\r\n" + "文字。" * 40),
}  # fmt: skip


def work(kind: str, text: str) -> int:
    """Return how many calls it takes to read `text`, in Python and out of it."""
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    source = Source(kind=kind, name="x", address="https://hostile.example/")
    data = text.encode()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        KINDS[kind].parse_listing(data, "https://hostile.example/", source)
    except SourceError:
        pass
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", GROWING)
def test_beyond_the_limit_more_costs_no_more_work(name: str) -> None:
    kind, sample = GROWING[name]
    work(kind, sample(10))  # what is loaded at the first use is not counted
    assert work(kind, sample(40_000)) < 1.3 * work(kind, sample(20_000))


@pytest.mark.parametrize(
    "bomb",
    [
        "Content-Type: message/rfc822\r\n\r\n" * 60 + "x",
        "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(60)),
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n" * 3_000,
        "Subject: x\r\n\r\n" + "x\n" * 300_001,
    ],
    ids=["mails in mails", "parts in parts", "parts", "lines"],
)
def test_a_mail_that_is_built_to_be_too_much_is_refused_unread(bomb: str) -> None:
    with pytest.raises(SourceError, match=r"^bomb: the mail is (of too many parts|too long) to be read"):
        mail_reader.parse_mail(bomb.encode(), "bomb")


def test_a_type_of_a_thousand_brackets_is_an_error_of_the_mail() -> None:
    with pytest.raises(SourceError, match="the mail"):
        mail_reader.parse_articles(
            b"Content-Type: " + b"(" * 5_000 + b"\r\n\r\n",
            "x.eml",
            Source(kind="folder", name="x", address="x"),
        )


def test_a_mail_with_attachments_gives_its_text() -> None:
    parts = "".join(
        f"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename={n}.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{'QUJD' * 500}\r\n"
        for n in range(40)
    )
    data = f"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe reservoir is full.\r\n{parts}--b--\r\n".encode()
    (article,) = mail_reader.parse_articles(data, "x.eml", Source(kind="folder", name="x", address="x"))
    assert article.text == "The reservoir is full."


def test_a_section_page_of_100_000_links_gives_the_first() -> None:
    source = Source(kind="site", name="x", address="https://a.example/")
    found = KINDS["site"].parse_listing(many(LINK, 100_000).encode(), "https://a.example/", source).entries
    assert [entry.url for entry in found] == [
        f"https://a.example/2026/1120/{n}.html" for n in range(_MAX_ENTRIES)
    ]
    assert _MAX_ENTRIES < _MAX_LINKS


def test_an_opml_with_entities_inside_of_entities_expands_none() -> None:
    entities = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    data = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{entities}]><opml><body><outline text='&a11;' xmlUrl='https://a.example/'/></body></opml>"
    assert all(len(source.title) < 100 for source in opml.parse_opml(data.encode(), "x.opml"))


@pytest.mark.parametrize(
    "body",
    [
        "<outline text='t' xmlUrl='https://a.example/'>" * 100_000,
        "<outline " + many("a{n}='' ", 100_000) + "/>",
    ],
)
def test_an_opml_that_is_deep_or_broad_ends(body: str) -> None:
    assert len(opml.parse_opml(f"<opml><body>{body}".encode(), "x.opml")) <= 1


def test_an_opml_of_more_feeds_than_anybody_reads_is_refused() -> None:
    rows = many("<outline text='新闻' xmlUrl='https://a.example/{n}'/>", opml._MAX_FEEDS + 1)
    with pytest.raises(SourceError, match="over 5,000 feeds; split it"):
        opml.parse_opml(f"<opml><body>{rows}</body></opml>".encode(), "x.opml")


def test_feeds_of_one_site_get_names_of_their_own() -> None:
    rows = many("<outline text='新闻' xmlUrl='https://a.example/{n}'/>", 3)
    names = [
        source.name for source in opml.parse_opml(f"<opml><body>{rows}</body></opml>".encode(), "x.opml")
    ]
    assert names == ["新闻", "新闻-2", "新闻-3"]
