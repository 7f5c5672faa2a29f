"""Documents of every kind dropped into a folder become an article each."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from bot.errors import InputError, SourceError
from bot.models import Source
from bot.sources.kinds.folder import parse_articles
from tests.cli.conftest import TWO_ARTICLES

SOURCE = Source(kind="folder", name="杂", address="/drop", section="来稿")
BODY = "县图书馆新馆将于本周六上午九时开门，藏书22万册。"
MORE = "开放时间延长到晚上九时，周一闭馆。"


def one(data: bytes | str, name: str):
    (found,) = parse_articles(data.encode() if isinstance(data, str) else data, name, SOURCE)
    return found


def test_plain_text_has_its_first_line_for_a_title():
    found = one(f"图书馆新馆开门\n\n{BODY}\n\n{MORE}\n", "/drop/2026-11-20 lib.txt")
    assert (found.title, found.paragraphs) == ("图书馆新馆开门", (BODY, MORE))
    assert (found.source, found.section, found.language) == ("杂", "来稿", "zh")
    assert found.published_at == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_text_of_one_long_paragraph_is_called_by_its_file():
    assert one(BODY * 9, "/drop/library.txt").title == "library"


def test_markdown_loses_its_marks_and_keeps_its_headings():
    found = one(
        "---\ntitle: x\n---\n# 图书馆**新馆**开门 #\n\n"
        f"{BODY}\n续行 [链接](https://l.example/a)。\n\n## 时间\n\n- {MORE}\n- "
        f"一次可借*十册*\n\n![图](a.png)\n\n```\ncode\n```\n\n---\n\n> 引文。\n",
        "a.md",
    )
    assert found.title == "图书馆新馆开门"
    assert found.paragraphs == (f"{BODY}续行 链接。", "时间", MORE, "一次可借十册", "引文。")
    assert found.subheadings == (1,)


def test_html_is_read_as_a_web_page():
    html = (
        f"<html><head><title>图书馆新馆开门</title></head><body><h1>图书馆新馆开门"
        f"</h1>{f'<p>{BODY}{MORE}</p>' * 6}</bo"
        f"dy></html>"
    )
    found = one(html, "/drop/a.html")
    assert (found.title, found.url, len(found.paragraphs)) == ("图书馆新馆开门", "", 6)


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines, small enough to be written by hand."""
    text = "BT /F1 12 Tf 72 720 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << "
        "/F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 6\n0000000000 65535 f \n{table}trailer << /Size 6 /Root 1 0 R "
        f">>\nstartxref\n{len(out)}\n%%EOF"
    )
    return (out + end).encode()


def test_a_pdf_gives_its_text_with_the_lines_of_a_paragraph_joined():
    found = one(
        pdf(
            "Library opens",
            "The new library opens its doors on Saturday morning and",
            "stays open until nine.",
        ),
        "a.pdf",
    )
    assert found.title == "Library opens"
    assert found.text == "The new library opens its doors on Saturday morning and stays open until nine."


@pytest.mark.parametrize(
    ("data", "message"), [(b"%PDF-1.4 broken", "cannot be read"), (pdf(), "no picture of text")]
)
def test_a_pdf_without_text_is_told(data, message):
    with pytest.raises(SourceError, match=message):
        one(data, "a.pdf")


def mail(plain: str = "", html: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "图书馆新馆开门"
    message["From"] = "临溪日报 <news@linxi.example>"
    message["Date"] = "Fri, 20 Nov 2026 08:30:00 +0800"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if plain:
        message.set_content(plain)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_a_mail_gives_its_subject_and_text():
    found = one(
        mail(f"{BODY}\n\n{MORE}\n", f"<p>{BODY}</p><p>{MORE}</p><p>分享到微信</p><script>x</script>"), "a.eml"
    )
    assert (found.title, found.byline, found.paragraphs) == ("图书馆新馆开门", "临溪日报", (BODY, MORE))
    assert found.published_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def test_a_plain_mail_has_its_broken_lines_joined():
    wrapped = (
        "The new library at the old mill opens on Saturday < morning, and its\n"
        "reading room stays open until nine in the evening.\n\nIt has sixty seats.\n"
    )
    assert one(mail(wrapped), "a.eml").paragraphs == (
        "The new library at the old mill opens on Saturday < morning, and its reading room stays "
        "open until nine in"
        " the evening.",
        "It has sixty seats.",
    )


@pytest.mark.parametrize("data", [b"", b"Subject: only\n\n", mail(html="<img src=x>")])
def test_a_mail_without_text_is_told(data):
    with pytest.raises(SourceError, match="no text"):
        one(data, "a.eml")


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 500,
        b"\xff" * 500,
    ],
)
def test_a_damaged_mail_ends_in_an_article_or_the_error(data):
    try:
        one(data, "a.eml")
    except SourceError as error:
        assert "a.eml" in str(error)  # noqa: PT017


def test_a_text_in_another_encoding_is_told():
    with pytest.raises(InputError, match="iconv"):
        one(BODY.encode("utf-16"), "a.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_an_empty_document_is_told(name):
    with pytest.raises(SourceError, match="no text"):
        one("\n\n \n", name)


def test_a_newspaper_page_gives_its_articles_and_an_article_with_subheadings_one():
    articles = parse_articles(TWO_ARTICLES.encode(), "2026-01-15.txt", SOURCE)
    assert [article.title for article in articles] == [
        "全县冬季供暖提前三天达标",
        "县图书馆夜间开放到二十二时",
    ]
    assert {article.source for article in articles} == {SOURCE.name}
    assert all(article.published_at is not None for article in articles)
    whole = "全县供暖和图书馆工作总结\n\n" + "\n\n".join(
        f"{head}\n{text * 5}"
        for head, text in (("供暖提前达标", BODY), ("图书馆延长开放", MORE), ("明年的打算", BODY))
    )
    assert len(parse_articles(whole.encode(), "a.txt", SOURCE)) == 1
