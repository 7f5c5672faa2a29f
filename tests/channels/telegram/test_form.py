"""Telegram messages, judged by Telegram's own parser."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from telegram.constants import MessageLimit

from bot.channels.telegram.form import MAX_ENTITIES, MAX_TEXT_UNITS, render_summary, render_telegram
from bot.models import Article, Edition, MessagePart, Story, StoryReference
from summarizer import Sentence, Summary
from tests.fakes import slot_on

ADDRESS = "https://digest.example/daily/2026-11-22.html"


def test_the_limits_are_those_the_library_knows() -> None:
    assert (MAX_TEXT_UNITS, MAX_ENTITIES) == (MessageLimit.MAX_TEXT_LENGTH, MessageLimit.MESSAGE_ENTITIES)


def test_telegram_takes_every_message_as_intended(
    assert_taken: Callable[[MessagePart], None], named_edition: tuple[str, Edition]
) -> None:
    _, edition = named_edition
    for address in ("", ADDRESS):
        for part in render_telegram(edition, archive_url=address).parts:
            assert_taken(part)


def test_telegram_takes_every_answer_to_summary_as_intended(
    assert_taken: Callable[[MessagePart], None], named_edition: tuple[str, Edition]
) -> None:
    _, edition = named_edition
    for story in edition.stories:
        assert_taken(render_summary(story.article, story.summary, ["急救中心", "<&>"]))


def test_story_too_long_loses_its_least_sentences_and_says_so() -> None:
    texts = [f"第{number}句" + "长" * 900 + "。" for number in range(6)]
    sentences = tuple(
        Sentence(
            text=text,
            start=904 * number,
            end=904 * number + 904,
            score=number % 3 + number / 10,
            number=number,
        )
        for number, text in enumerate(texts)
    )
    article = Article(title="题", text="".join(texts), url="https://a.example/1")
    part = render_summary(article, Summary(sentences=sentences, language="zh"))
    assert [number for number in range(6) if texts[number] in part.text] == [1, 2, 4, 5]
    assert "有删节" in part.text
    assert '<a href="https://a.example/1">看全文</a>' in part.html


def test_only_sentence_is_cut_where_a_clause_ends() -> None:
    text = "，".join(["这一段有九个汉字"] * 700) + "。"
    article = Article(title="题", text=text)
    one = Summary(sentences=(Sentence(text=text, start=0, end=len(text), score=1),), language="zh")
    part = render_summary(article, one)
    told = part.text.split("\n")[1]
    assert told.endswith("这一段有九个汉字…")
    assert len(told) > 2900


def test_whole_stories_are_never_torn_between_messages(named_edition: tuple[str, Edition]) -> None:
    _, edition = named_edition
    message = render_telegram(edition, archive_url=ADDRESS)
    anchors = [number for part in message.parts for number in range(200) if f'#s{number}"' in part.html]
    assert anchors == sorted(set(anchors))


@pytest.mark.parametrize(("length", "messages"), [(1200, 1), (4030, 2)])
def test_stories_without_room_are_named_in_the_last_message_or_one_of_their_own(
    length: int,
    messages: int,
    named_edition: tuple[str, Edition],
    assert_taken: Callable[[MessagePart], None],
) -> None:
    text = "字" * (length - 1) + "。"
    told = Story(
        article=Article(title="题", text=text),
        summary=Summary(sentences=(Sentence(text=text, start=0, end=length, score=1),), language="zh"),
    )
    more = (
        StoryReference(title="隧道<贯通>", url="https://a.example/1?x=1&y=2"),
        StoryReference(title="小河长", url="ftp://a"),
    )
    edition = replace(
        named_edition[1],
        title="摘报",
        language="zh",
        stories=(told,),
        more=more,
        more_count=9,
        empty_sources=(),
        left_out={},
    )
    parts = render_telegram(edition, archive_url=ADDRESS).parts
    assert len(parts) == messages
    assert text in parts[0].text, "no story is told shorter for it"
    assert parts[-1].text.endswith("另有：\n• 隧道<贯通>\n• 小河长\n等 11 篇\n\n网页版")
    assert '<a href="https://a.example/1?x=1&amp;y=2">隧道&lt;贯通&gt;</a>\n• 小河长' in parts[-1].html
    for part in parts:
        assert_taken(part)


def test_addresses_of_named_stories_never_fill_a_message() -> None:
    more = tuple(
        StoryReference(title=f"第{n}号", url=f"https://a.example/{n}" + "&" * length)
        for n, length in enumerate((1900, 1900, 9))
    )
    edition = Edition(
        digest="daily", slot_at=slot_on(date(2026, 11, 22)), title="摘报", language="zh",
        zone=ZoneInfo("UTC"), theme="plain", created_at=datetime(2026, 11, 22, tzinfo=UTC),
        stories=(), more=more,
    )  # fmt: skip
    (part,) = render_telegram(edition).parts
    assert part.text.endswith("• 第0号\n• 第1号\n• 第2号")
    assert [link in part.html for link in ("/0&amp;", "/1&amp;", "/2&amp;")] == [True, False, True]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example/", "//a.example/", "https://", "http://a b/", ""]
)
def test_address_that_is_not_of_the_web_is_no_link(url: str) -> None:
    article = Article(title="题", text="句。", url=url)
    part = render_summary(article, Summary(sentences=(), language="zh"))
    assert "<a" not in part.html


def test_empty_edition_is_kind_and_names_what_could_not_be_read(named_edition: tuple[str, Edition]) -> None:
    _, edition = named_edition
    silent = replace(edition, stories=(), empty_sources=("临溪日报",))
    (part,) = render_telegram(silent).parts
    assert "临溪日报" in part.text
    assert ("没有新内容" in part.text) == edition.language.startswith("zh")


@pytest.mark.parametrize(
    ("dateline", "byline", "line"),
    [
        (
            "本报11月20日讯（记者 沈雨禾）",
            "（记者 沈雨禾）",
            "临溪日报 · 第1版 · 本报11月20日讯 · 记者 沈雨禾",
        ),
        ("本报讯", "(融媒体 周秋禾)", "临溪日报 · 第1版 · 本报讯 · 融媒体 周秋禾"),
        ("本报讯（记者 韩松）", "", "临溪日报 · 第1版 · 本报讯（记者 韩松）"),
        ("临溪，11月20日 —", "", "临溪日报 · 第1版 · 临溪，11月20日"),
        ("", "", "临溪日报 · 第1版 · 11月22日"),
    ],
)
def test_line_under_a_story_says_each_thing_once(dateline: str, byline: str, line: str) -> None:
    article = Article(
        title="题",
        text="",
        dateline=dateline,
        byline=byline,
        source="临溪日报",
        page="第1版",
        published_at=datetime(2026, 11, 21, 20, tzinfo=UTC),
        language="zh",
    )
    part = render_summary(article, Summary(language="zh"), zone=ZoneInfo("Asia/Shanghai"))
    assert part.text == f"题\n{line}"
