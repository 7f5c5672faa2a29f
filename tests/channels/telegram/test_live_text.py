"""No word of an article becomes a link by itself, as Telegram's own parser judges."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.form import build_part
from bot.channels.telegram.live_text import quiet_text
from tests.real.bot_api_rules import judge, linked

# what tdjson finds and Telegram's clients turn into something to tap
LIVE = {"mention", "hashtag", "cashtag", "bot_command", "url", "email"}
WORDS = [
    *("@someone", "#话题", "#tag", "$AAPL", "/command", "/start@bot", "README.md", "ASP.NET", "a@b.com"),
    *("https://a.example/x?y=1", "http://localhost:80/", "www.a.com", "1.2.3.4", "t.me/abc", "tg://resolve"),
    *(
        "main.py，",
        "（@某人）",
        "新闻.中国",
        "and/or",
        "3.5万",
        "U.S.",
        "&",
        "<b>",
        "&#64;name",
        "foo.bar-baz.io/q",
    ),
]


def list_live(markup: str) -> list[str]:
    text, entities = judge(markup, "HTML")
    covered = [
        range(one["offset"], one["offset"] + one["length"]) for one in entities if one["type"] == "text_link"
    ]
    return [
        one["type"]
        for one in linked(text)
        if one["type"] in LIVE and not any(one["offset"] in span for span in covered)
    ]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_stays_a_word_and_looks_the_same(word: str) -> None:
    part = build_part(f"<b>见</b> {html.escape(word)} 吧")
    assert list_live(part.html) == []
    assert part.text.replace("\u2060", "") == f"见 {word} 吧"
    assert judge(part.html, "HTML")[0] == part.text


@given(st.lists(st.sampled_from([*WORDS, " ", "，", "字", "."]), min_size=1, max_size=12).map("".join))
def test_no_mixture_of_words_becomes_live(text: str) -> None:
    part = build_part(f"始{html.escape(text)}终")
    assert list_live(part.html) == []
    assert part.text.replace("\u2060", "") == f"始{text}终".strip()


def test_a_link_of_ours_is_left_as_it_is() -> None:
    link = '<a href="https://a.example/@x#y">见 README.md @x</a>'
    assert quiet_text(link) == link
    assert quiet_text(f"{link} @x") == f"{link} @\u2060x"
