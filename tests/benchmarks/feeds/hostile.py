"""Parse what was made to cost time, of every kind, and print the seconds of work each took: none may take
over 10 s.

python tests/benchmarks/feeds/hostile.py [WORD]      # only those with WORD in their names
"""

import sys
import time
import warnings

from bot.errors import SourceError
from bot.models import Source
from bot.sources.kinds.table import KINDS

MAX_SECONDS = 10.0
URL = "https://hostile.example/x"
PARAGRAPH = "<p>临溪县急救中心20日启用，总投资1.26亿元，配备12辆救护车，全县设了六个急救站。</p>"


def rss(items: str) -> str:
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def item(html: str, title: str = "t") -> str:
    return rss(f"<item><title>{title}</title><description>{html}</description></item>")


def page(html: str) -> str:
    return f"<html><head><title>急救中心启用</title></head><body><h1>急救中心启用</h1>{PARAGRAPH * 6}{html}</body></html>"  # noqa: E501


FEEDS = {
    "deep": item("<div>" * 100_000),
    "deep, closed": item("<div>" * 40_000 + "</div>" * 40_000),
    "items in items": rss("<item>" * 100_000),
    "many items": rss("<item><title>t</title></item>" * 50_000),
    "many links": rss("<item><title>t</title>" + "<link>http://a/</link>" * 40_000 + "</item>"),
    "ampersands": item("", "&" * 900_000),
    "less-than signs": item("", "<" * 90_000),
    "open CDATA": item("", "<![CDATA[" * 100_000),
    "doctype": "<!DOCTYPE " + "[" * 500_000 + rss(""),
    "open entities": "<!DOCTYPE x [" + "<!ENTITY a '" * 50_000 + rss(""),
    "many entities": "<!DOCTYPE x [" + "".join(f"<!ENTITY a{n} 'b'>" for n in range(50_000)) + "]>" + rss(""),
    "attributes": rss("<item " + "".join(f'a{n}="x" ' for n in range(50_000)) + "><title>t</title></item>"),
    "many tags with attributes": rss(
        "<item>" + ("<x " + "".join(f'a{n}="" ' for n in range(900)) + "/>") * 300 + "</item>"
    ),
    "comments": rss("<!--" * 200_000),
    "categories": rss("<item>" + "<category>a</category>" * 40_000 + "</item>"),
    "name spaces": rss("<a:b xmlns:a='x'>" * 20_000),
    "long text": item("x y " * 2_000_000),
    "escaped bold": item("&lt;b&gt;x" * 300_000),
    "escaped tables": item("&lt;table&gt;&lt;tr&gt;&lt;td&gt;" * 100_000),
    "escaped paragraphs": item("&lt;p&gt;x" * 300_000),
    "bold title": item("", "&lt;b&gt;x" * 100_000),
    "blanks": item(" " * 3_000_000 + "x"),
    "line ends": item("&lt;p&gt;中" + "\n " * 1_000_000 + "x"),
    "JSON": '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 100_000,
}
PAGES = {
    "deep": page("<div>" * 100_000),
    "deep, with text": page("<div>x" * 100_000),
    "bold": page("<b>x" * 100_000),
    "paragraphs": page(PARAGRAPH * 20_000),
    "links": page("<a href='/x'>标题标题标题</a>" * 50_000),
    "long text": page("<p>" + "文字，" * 1_000_000 + "</p>"),
    "breaks": page("文<br>" * 200_000),
    "spans": page("<p>" + "<span>文</span>" * 100_000 + "</p>"),
    "attributes": page("<p " + "".join(f'a{n}="x" ' for n in range(50_000)) + ">x</p>"),
    "long attribute": page(f"<a href='{'a' * 3_000_000}'>x</a>"),
    "entities": page("&amp;" * 1_000_000),
    "blanks": page("<p>中" + "\n " * 1_000_000 + "x</p>"),
    "tables": page("<table><tr><td>" * 50_000),
    "lists": page("<ul><li>" * 50_000),
    "scripts": page("<script>" + "x<y;" * 500_000 + "</script>"),
    "JSON-LD": page("<script type='application/ld+json'>" + "[" * 500_000 + "</script>"),
    "meta": page("<meta name='author' content='x'>" * 50_000),
    "dates": page("2026-11-20 " * 200_000),
    "title": "<html><head><title>" + "标题 - " * 300_000 + "</title></head><body>" + PARAGRAPH * 6,
}
LINK = "<a href='/2026/1120/{n}.html'>临溪县急救中心今天启用了</a>"
MESSAGE = "<div class='tgme_widget_message' data-post='a/1'><div class='js-message_text'>{text}</div></div>"
SECTIONS = {
    "100,000 links": "".join(LINK.format(n=n) for n in range(100_000)),
    "100,000 links in a list": "<ul>" + "".join(f"<li>{LINK.format(n=n)}</li>" for n in range(100_000)),
    "links in links": "<a href='/x'>文" * 100_000,
    "dates": "<p>" + "2026-" * 1_000_000 + LINK * 50,
    "a long link": f"<a href='/x'>{'文' * 3_000_000}</a>",
}
CHANNELS = {
    "messages": MESSAGE.format(text="文字很多的消息。" * 10) * 20_000,
    "a long message": MESSAGE.format(text="文<br>" * 1_000_000),
    "hash tags": MESSAGE.format(text="#a " * 100_000 + "。"),
}
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n"
MAILS = {
    "parts": "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n" * 100_000,
    "mails in mails": "Content-Type: message/rfc822\r\n\r\n" * 3_000,
    "headers": "".join(f"X-A{n}: b\r\n" for n in range(100_000)) + "\r\nx",
    "words of a subject": "Subject: " + "=?utf-8?q?abc?= " * 20_000 + "\r\n\r\nx",
    "addresses": "From: " + "a,<b@c> " * 50_000 + "\r\n\r\nx",
    "parameters": "Content-Type: text/plain; " + "a=b; " * 50_000 + "\r\n\r\nx",
    "lines": "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + "=E4\n" * 2_000_000,
    "blocks": "Subject: x\r\n\r\n" + "<a\n\n" * 140_000,
    "tables": HTML + f"<table><tr><td>{LINK}</td></tr></table>" * 50_000,
    "links": HTML + "<p>" + LINK * 50_000,
    "base64": "Content-Transfer-Encoding: base64\r\n\r\n" + "!" * 9_000_000,
}
BOMBS = {"feed": FEEDS, "webpage": PAGES, "site": SECTIONS, "telegram": CHANNELS, "mailbox": MAILS}


def seconds(kind: str, text: str) -> tuple[float, str]:
    source = Source(kind=kind, name="x", address=URL)
    began = time.process_time()
    try:
        listing = KINDS[kind].parse_listing(text.encode(), URL, source)
        result = f"{len(listing.articles)} articles, {len(listing.entries)} entries"
    except SourceError as error:
        result = str(error)[:70]
    return time.process_time() - began, result


def main() -> int:
    warnings.simplefilter("ignore")
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    slowest = 0.0
    for kind, bombs in BOMBS.items():
        for name, text in bombs.items():
            if word in f"{kind} {name}":
                took, result = seconds(kind, text)
                slowest = max(slowest, took)
                print(f"{took:6.2f} s  {kind} {name}, {len(text) / 1e6:.1f} MB: {result}", flush=True)
    return int(slowest > MAX_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
