"""Documents made to cost their reader time or memory, of every kind that is read from outside."""

import zlib
from collections.abc import Callable

_NAMES = "aaaaaaaaaa" * 20_000  # 200,000 letters
_RSS = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title>{}</channel>'
    "</rss>"
)


_MESSAGE = b"<div class='tgme_widget_message' data-post='a/1'><div class='js-message_text'>"


def write_feed(items: str) -> bytes:
    return _RSS.format(items).encode()


def write_pdf(content: bytes, forms: int = 0) -> bytes:
    """Return a PDF of one page. With `forms`, each form draws the next one ten times."""
    stream = zlib.compress(content, 9)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    names = b"/XObject << /X 6 0 R >>" if forms else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> " + names + b" >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream",
        font,
    ]
    for number in range(forms):
        body = b"/X Do " * 10 if number < forms - 1 else b"BT /F1 10 Tf (a) Tj ET"
        inner = b"/XObject << /X %d 0 R >>" % (7 + number) if number < forms - 1 else b""
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F1 5 0 R >> "
            + inner
            + b" >> /Length %d >>\nstream\n" % len(body)
            + body
            + b"\nendstream"
        )
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail


def _write_issue(pages: int) -> bytes:
    return "".join(f"<a href='/{n}.html'>第{n % 99}版：要闻</a>" for n in range(pages)).encode()


def write_mail(headers: str, body: str = "x") -> bytes:
    return f"{headers}\r\n\r\n{body}".encode()


# name → (kind of source, name of the document, its bytes). Those of the first independent attack come first.
DOCUMENTS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "a feed's author of 200,000 letters": (
        "feed",
        "a.xml",
        lambda: write_feed(f"<item><title>t</title><author>{_NAMES}</author></item>"),
    ),
    "a feed's creator of 200,000 letters": (
        "feed",
        "a.xml",
        lambda: write_feed(f"<item><title>t</title><dc:creator>{_NAMES}</dc:creator></item>"),
    ),
    "an editor of 200,000 letters": (
        "feed",
        "a.xml",
        lambda: write_feed(f"<managingEditor>{_NAMES}</managingEditor><item><title>t</title></item>"),
    ),
    "a web master of 200,000 letters": (
        "feed",
        "a.xml",
        lambda: write_feed(f"<webMaster>{_NAMES}</webMaster><item><title>t</title></item>"),
    ),
    "1,000 items with authors of 4,000 letters": (
        "feed",
        "a.xml",
        lambda: write_feed(f"<item><title>t</title><author>{_NAMES[:4000]}</author></item>" * 1000),
    ),
    "an author in pieces": (
        "feed",
        "a.xml",
        lambda: write_feed("<item><title>t</title><author>" + "aaaaaaaaaa<b/>" * 20_000 + "</author></item>"),
    ),
    "Markdown of 100,000 brackets": ("folder", "a.md", lambda: b"[" * 100_000),
    "Markdown of 100,000 pictures": ("folder", "a.md", lambda: b"![" * 100_000),
    "a page of 50,000 lines of one character": ("page", "a.txt", lambda: "文\n".encode() * 50_000),
    "a PDF of a million operators": (
        "page",
        "a.pdf",
        lambda: write_pdf(b"BT /F1 10 Tf 10 10 Td " + b"(a) Tj " * 1_000_000 + b"ET"),
    ),
    "a PDF that inflates to 500 MB": ("page", "a.pdf", lambda: write_pdf(b" " * 500_000_000)),
    # others of the same kind
    "Markdown of 100,000 links that do not close": ("folder", "a.md", lambda: b"[a](" * 100_000),
    "Markdown of 100,000 stars": ("folder", "a.md", lambda: b"*a " * 100_000),
    "a PDF of forms in forms": ("page", "a.pdf", lambda: write_pdf(b"/X Do", forms=12)),
    "a page that is one line": ("page", "a.txt", lambda: "文".encode() * 2_000_000),
    "a page of quotation marks": ("page", "a.txt", lambda: "“".encode() * 300_000),
    "a document of 100,000 paragraphs": ("folder", "a.txt", lambda: "文\n\n".encode() * 100_000),
    "a web page of deep tags": ("webpage", "a.html", lambda: b"<html><body>" + b"<div>" * 200_000),
    "a web page of 100,000 links": (
        "site",
        "a.html",
        lambda: "<a href='/1.html'>标题标题标题</a>".encode() * 100_000,
    ),
    "a newspaper of 50,000 pages": ("epaper", "a.html", lambda: _write_issue(50_000)),
    "a channel of long messages": ("telegram", "a.html", lambda: _MESSAGE + "文<br>".encode() * 500_000),
    "a mail of 100,000 words in its subject": (
        "mailbox",
        "a.eml",
        lambda: write_mail("Subject: " + "=?utf-8?b?" * 100_000),
    ),
    "a mail of 100,000 brackets in its sender": (
        "mailbox",
        "a.eml",
        lambda: write_mail("From: " + "(" * 100_000),
    ),
    "a mail of 3,000 mails in each other": (
        "mailbox",
        "a.eml",
        lambda: write_mail("Content-Type: message/rfc822\r\n\r\n" * 3_000),
    ),
}
