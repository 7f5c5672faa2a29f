# ruff: noqa: E501  (samples on one line each)
"""A newsletter becomes an article for each of its items; a letter of one piece stays one."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from bot.errors import SourceError
from bot.models import Article, Mailbox, Secret, Source
from bot.sources.kinds.mailbox import parse_articles, parse_listing

BOX = Mailbox(host="imap.example", port=993, tls="implicit", user="u", password=Secret("p"), password_env="P")
SOURCE = Source(kind="mailbox", name="周报", address=BOX.address, section="来信", mailbox=BOX)
TELLS = "县图书馆新馆将于本周六上午九时开门，藏书二十二万册，开放到晚上九时。"
MORE = "读者凭身份证即可办理借阅证，首批五千张借阅证免收工本费。"
TITLES = ("县图书馆新馆周六开门", "老船厂时隔十二年复工", "青溪水库扩建工程蓄水")


def mailed(html: str = "", plain: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    told = {
        "Subject": "临溪周报第三十期",
        "From": "周报编辑部 <desk@linxi.example>",
        "Date": "Fri, 20 Nov 2026 08:00:00 +0800",
        "Message-ID": "<30@linxi.example>",
    }
    for name, value in (told | headers).items():
        message[name.replace("_", "-")] = value
    message.set_content(plain or "请用能显示HTML的程序阅读。")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def read(html: str = "", source: Source = SOURCE, **more: str) -> tuple[Article, ...]:
    return parse_articles(mailed(html, **more), "mail 7", source)


HEADINGS = "<h1>临溪周报</h1><p>本期导读。</p>" + "".join(
    f'<h2><a href="https://linxi.example/{n}">{title}</a></h2><p>{TELLS}</p><p>{MORE}</p>'
    for n, title in enumerate(TITLES)
)
HEADINGS_AND_MORE = "".join(
    f'<h3>{title}</h3><p>{TELLS}</p><p><a href="https://linxi.example/{n}">阅读全文 »</a></p>'
    for n, title in enumerate(TITLES)
)
MORE_INSIDE = "".join(
    f'<h3>{title}</h3><p>{TELLS}<a href="https://linxi.example/{n}">阅读全文</a></p>'
    for n, title in enumerate(TITLES)
)
TABLES = (
    "<table>"
    + "".join(
        f'<tr><td><table><tr><td><img src="https://linxi.example/{n}.jpg"></td></tr><tr><td><a '
        f'href="https://linxi.example/{n}"><b>{title}</b></a></td></tr><tr><td>{TELLS}</td></tr></tab'
        f"le></td></tr>"
        for n, title in enumerate(TITLES)
    )
    + "</table>"
)
AROUND = "".join(
    f'<a href="https://linxi.example/{n}"><h2>{title}</h2><p>{TELLS}</p></a>'
    for n, title in enumerate(TITLES)
)
SECTIONS = (
    "<h2>要闻</h2>"
    + HEADINGS_AND_MORE
    + "<h2>文化</h2>"
    + HEADINGS_AND_MORE.replace("县", "市").replace("老", "新").replace("青", "白")
)
FOOT = (
    '<p>退订本刊请<a href="https://linxi.example/leave?u=7">点这里</a></p><p>临溪日报社 临溪县河东路七号</p>'
)


@pytest.mark.parametrize(
    "html", [HEADINGS, HEADINGS_AND_MORE, MORE_INSIDE, TABLES, AROUND, HEADINGS + FOOT],
    ids=["headings that lead", "headings and read-more lines", "read more inside", "tables", "links around all", "a foot"],
)  # fmt: skip
def test_each_item_is_an_article_with_its_own_link(html: str) -> None:
    found = read(html)
    assert [article.title for article in found] == list(TITLES)
    assert [article.url for article in found] == [f"https://linxi.example/{n}" for n in range(3)]
    assert all(article.text.startswith(TELLS[:30]) for article in found)
    assert not any("退订" in article.text or "河东路" in article.text for article in found)
    (source, section, byline) = {(article.source, article.section, article.byline) for article in found}.pop()
    assert (source, section, byline) == ("周报", "来信", "周报编辑部")
    assert found[0].published_at == datetime(2026, 11, 20, tzinfo=UTC)


def test_sections_between_the_items_are_none() -> None:
    assert len(read(SECTIONS)) == 6


def test_english_items_are_told_apart_too() -> None:
    told = "The new library opens its doors on Saturday at nine, with 220,000 books on four floors."
    html = "".join(
        f'<p><a href="https://a.example/{n}"><strong>{t}</strong></a><br>{told}</p>'
        for n, t in enumerate(
            ("The library opens on Saturday", "Shipyard back at work", "Reservoir fills again")
        )
    )
    assert [article.title for article in read(html)] == [
        "The library opens on Saturday",
        "Shipyard back at work",
        "Reservoir fills again",
    ]


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>编者的话</h1><p>{TELLS}</p><p>{MORE}</p>",
        # parts of one article: no links
        "".join(f"<h2>{title}</h2><p>{TELLS}</p><p>{MORE}</p>" for title in TITLES),
        f'<p>{TELLS}</p><p>见<a href="https://a.example/1">县图书馆的网页</a>、<a ' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'href="https://a.example/2">借阅办法全文</a>和<a href="https://a.example/3">开放时间的安排</a>。{MORE}</p>',
        "".join(f'<h2><a href="https://a.example/{n}">{title}</a></h2><p>{TELLS}</p>' for n, title in enumerate(TITLES[:2])),
    ],
    ids=["a letter", "parts without links", "links in the text", "two are too few"],
)  # fmt: skip
def test_a_letter_of_one_piece_is_one_article_under_its_subject(html: str) -> None:
    (article,) = read(html)
    assert article.title == "临溪周报第三十期"
    assert TELLS in article.text
    assert article.url == ""


def test_plain_text_is_one_article_as_it_was_written() -> None:
    (article,) = read(plain=f"{TELLS}\n\n一 < 二 & 三：{MORE}\n")
    assert article.paragraphs == (TELLS, f"一 < 二 & 三：{MORE}")


def test_no_link_that_acts_for_the_one_it_was_sent_to_is_published() -> None:
    html = "".join(
        f'<h3>{title}</h3><p>{TELLS}</p><p><a href="https://a.example/unsubscribe?{n}">阅读全文</a></p>'
        for n, title in enumerate(TITLES)
    )
    assert not any(article.url for article in read(html))


def test_mails_that_are_not_from_the_list_give_nothing() -> None:
    source = Source(
        kind="mailbox",
        name="周报",
        address="x",
        mailbox=Mailbox(
            host="h",
            port=1,
            tls="none",
            user="u",
            password=Secret("p"),
            password_env="P",
            list_id="Weekly.linxi.example",
        ),
    )
    assert read(HEADINGS, source, List_Id="周报 <weekly.linxi.example>")
    assert read(HEADINGS, source, List_Id="广告 <ads.linxi.example>") == ()
    assert read(HEADINGS, source) == ()


def test_items_are_read_on_their_pages_only_where_the_operator_says_so() -> None:
    data = mailed(HEADINGS)
    on, off = (
        parse_listing(data, "m", Source(kind="mailbox", name="n", address="x", full_text=value))
        for value in (True, False)
    )
    assert [entry.url for entry in on.entries] == [f"https://linxi.example/{n}" for n in range(3)]
    assert len({entry.key for entry in on.entries}) == 3
    assert (on.articles, off.entries, len(off.articles)) == ((), (), 3)


def test_a_mail_without_text_says_so() -> None:
    message = EmailMessage()
    message["Subject"] = "图"
    message.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    with pytest.raises(SourceError, match="holds no text"):
        parse_articles(message.as_bytes(), "mail 7", SOURCE)


def test_titles_and_texts_with_markup_in_them_stay_as_printed() -> None:
    html = "".join(
        f'<h2><a href="https://a.example/{n}">{title} &lt;b&gt; &amp;amp;</a></h2><p>{TELLS} &lt;i&gt;</p>'
        for n, title in enumerate(TITLES)
    )
    first = read(html)[0]
    assert first.title == f"{TITLES[0]} <b> &amp;"
    assert first.text == f"{TELLS} <i>"
