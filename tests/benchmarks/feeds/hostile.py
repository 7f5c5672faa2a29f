"""Parse feeds and pages that were made to cost time, and print the seconds each took: none may take over 10 s.

python tests/benchmarks/feeds/hostile.py [WORD]      # only those with WORD in their names
"""

import sys
import time
import warnings

from bot.errors import SourceError
from bot.models import Source
from bot.sources import KINDS

MAX_SECONDS = 10.0
URL = "https://hostile.example/x"
PARAGRAPH = "<p>临溪县急救中心20日启用，总投资1.26亿元，配备12辆救护车，全县设了六个急救站。</p>"


def rss(items: str) -> str:
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def item(html: str, title: str = "t") -> str:
    return rss(f"<item><title>{title}</title><description>{html}</description></item>")


def page(html: str) -> str:
    return (
        f"<html><head><title>急救中心启用</title></head><body><h1>急救中心启用</h1>{PARAGRAPH * 6}{html}</body></html>"
    )


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


def seconds(kind: str, text: str) -> tuple[float, str]:
    source = Source(kind=kind, name="x", address=URL)
    began = time.perf_counter()
    try:
        result = f"{len(KINDS[kind].articles(text.encode(), URL, source))} articles"
    except SourceError as error:
        result = str(error)[:70]
    return time.perf_counter() - began, result


def main() -> int:
    warnings.simplefilter("ignore")
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    slowest = 0.0
    for kind, bombs in (("feed", FEEDS), ("webpage", PAGES)):
        for name, text in bombs.items():
            if word in f"{kind} {name}":
                took, result = seconds(kind, text)
                slowest = max(slowest, took)
                print(f"{took:6.2f} s  {kind} {name}, {len(text) / 1e6:.1f} MB: {result}", flush=True)
    return int(slowest > MAX_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
