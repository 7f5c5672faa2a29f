"""Asking in a private chat: links, texts, documents, and the buttons below an answer."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from tests.chat.conftest import ARTICLE, LIBRARY, PROSE
from tests.chat.dialogue import ChatRoom, Dialogue
from tests.real.bot_api import Double

MakeRoom = Callable[..., ChatRoom]


def test_a_link_is_answered_with_key_sentences_and_buttons(room_of: MakeRoom) -> None:
    room_of(boat=ARTICLE).play(
        """
        > https://example.org/boat
        老船厂重新开工
        原文 121 字 · 约 1 分钟
        [更短] [为何] [全文]
        * 更短
        [更长]
        * 为何
        第 1 段
        [返回]
        * 返回
        [更长]
        - 第 1 段
        """,
    )


def test_the_full_text_comes_as_a_file_with_the_sentences_marked(double: Double, room_of: MakeRoom) -> None:
    async def work() -> None:
        async with room_of(boat=ARTICLE).answering():
            dialogue = Dialogue(double)
            await dialogue.play_script("> https://example.org/boat\n老船厂重新开工\n* 全文")
            await dialogue.wait_until(lambda: double.office.documents, "the file")

    asyncio.run(work())
    (document,) = double.office.documents
    page = document["content"].decode()
    assert "<mark>" in page
    assert all(sentence in page for sentence in PROSE.split("。"))


def test_the_buttons_of_a_text_work_though_the_text_is_not_kept(room_of: MakeRoom) -> None:
    room_of().play(
        f"""
        > {PROSE}
        摘要
        * 更短
        [更长]
        * 更长
        [更短]
        * 为何
        第 1 段
        """,
    )


@pytest.mark.parametrize("text", ["你好", "在吗", "help me", "/nonsense"])
def test_unknown_words_get_the_help(room_of: MakeRoom, text: str) -> None:
    room_of().play(f"> {text}\n/settings")


def test_a_newspaper_page_is_answered_article_by_article(double: Double, room_of: MakeRoom) -> None:
    articles = "\n".join(
        f"{title}\n本报临溪1月14日讯 {text}\n"
        for title, text in (("老船厂重新开工", PROSE), ("县图书馆夜间开放", LIBRARY))
    )

    async def work() -> None:
        async with room_of().answering():
            double.receive(f"临溪日报\n第1版 要闻\n\n{articles}")
            await Dialogue(double).play_script("县图书馆夜间开放")

    asyncio.run(work())
    (answer,) = double.messages
    assert answer.text.index("老船厂重新开工") < answer.text.index("县图书馆夜间开放")
    assert "临溪日报" not in answer.text


def test_a_feeds_address_lists_its_newest_items_first(double: Double, room_of: MakeRoom) -> None:
    items = "".join(
        f"<item><title>第{day}条 &lt;b&gt;</title><link>https://example.org/{day}</link><guid>{day}</guid>"
        f"<pubDate>{day:02} Jan 2026 08:00:00 GMT</pubDate></item>"
        for day in range(1, 15)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>临溪在线</title>{items}</channel></rss>'
    room_of(feed=feed).play("> https://example.org/feed\n临溪在线")
    lines = double.messages[0].text.split("\n")
    assert [line.split()[1] for line in lines[1:]] == [f"第{day}条" for day in range(14, 4, -1)]


def test_markup_in_a_text_stays_text(room_of: MakeRoom) -> None:
    text = (
        "三号桥 <b>明日</b> 通车 & 免费，<script>alert(1)</script> 车程缩短为十五分钟，城西居民出行更方便。"
    )
    room_of().play(f"> {text}\n<b>明日</b> 通车 & 免费，<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("link", "excuse"),
    [
        ("http://127.0.0.1/admin", "我只读公开的网站"),
        ("http://169.254.169.254/latest/meta-data", "我只读公开的网站"),
        ("https://user:secret@example.org/x", "我只读公开的网站"),
        ("https://example.org/away", "现在打不开"),
        ("https://example.org/missing", "这个网页不存在"),
        ("https://example.org/huge", "请只发一部分"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_with_one_remedy(
    room_of: MakeRoom, link: str, excuse: str
) -> None:
    room_of(away=httpx.ConnectError("refused"), huge="x" * 10_000_001).play(f"> {link}\n{excuse}")


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "关键词"), ("zh-hant", "關鍵詞"), ("en-GB", "Keywords"), ("de", "Keywords"), ("", "关键词")],
)
def test_the_users_language_decides_not_the_texts(
    double: Double, room_of: MakeRoom, language: str, words: str
) -> None:
    async def work() -> None:
        async with room_of().answering():
            await Dialogue(double, language=language).play_script(f"> {PROSE}\n{words}")

    asyncio.run(work())


def test_forwarded_posts_become_stories_with_doubles_marked(double: Double, room_of: MakeRoom) -> None:
    async def work() -> None:
        async with room_of().answering():
            double.forward(PROSE, "临溪快报", username="linxi_news")
            double.forward(LIBRARY, "图书馆之友")
            double.forward(PROSE + "（完）", "临溪晚报")
            await Dialogue(double).play_script("3 条 · 2 件事\n另有 1 条说的是同一件事")

    asyncio.run(work())
    assert len(double.messages) == 1


def test_one_forwarded_post_is_a_request_like_any_other(double: Double, room_of: MakeRoom) -> None:
    async def work() -> None:
        async with room_of().answering():
            double.forward(PROSE, "临溪快报")
            await Dialogue(double).play_script("临溪快报\n[更短] [为何]")

    asyncio.run(work())


def test_a_document_is_read(double: Double, room_of: MakeRoom) -> None:
    async def work() -> None:
        async with room_of().answering():
            dialogue = Dialogue(double)
            double.send_file("船厂.html", ARTICLE.encode(), mime="text/html")
            await dialogue.play_script("老船厂重新开工\n* 为何\n第 1 段")
            double.send_file("notes", f"# 老船厂\n\n{PROSE}".encode(), mime="text/markdown")
            await dialogue.play_script("老船厂")
            double.send_file("song.mp3", b"ID3")
            await dialogue.play_script("这种文件我读不了")

    asyncio.run(work())


def test_a_site_that_refuses_is_told_apart_from_one_that_is_down(room_of: MakeRoom) -> None:
    room_of(closed=403, down=502).play(
        """
        > https://example.org/closed
        这个网站不让读，把文章贴过来就行
        > https://example.org/down
        这个网页现在打不开
        [再试]
        * 再试
        这个网页现在打不开
        """,
    )
