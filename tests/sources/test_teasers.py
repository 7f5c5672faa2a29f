"""Teasers are told from whole articles, and made whole by their pages."""

from dataclasses import replace

import pytest

from bot.models import Article, Source
from bot.sources.kinds.table import KINDS
from bot.sources.teasers import complete_teaser, is_teaser

WHOLE = "临溪县急救中心二十日正式启用，总投资一亿元，全县设了六个乡镇急救站。" * 8
TEASER = Article(
    title="急救中心启用",
    text="总投资1.26亿元的县急救中心20日启用……",
    byline="何雨桐",
    source="s",
    url="https://l.example/1",
)


def feed(*texts: str) -> bytes:
    items = "".join(
        f"<item><title>t{n}</title><link>https://l.example/{n}</link><description>{text}</description></item>"
        for n, text in enumerate(texts)
    )
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


def listing(full_text: bool | None):
    source = Source(kind="feed", name="s", address="https://l.example/feed", full_text=full_text)
    found = KINDS["feed"].parse_listing(feed(WHOLE, "短讯"), source.address, source)
    return [article.title for article in found.articles], [entry.title for entry in found.entries]


def test_left_to_itself_a_feed_has_its_teasers_read_on_their_pages():
    assert listing(None) == (["t0"], ["t1"])


def test_the_configuration_may_ask_for_all_pages_or_none():
    assert listing(True) == ([], ["t0", "t1"])
    assert listing(False) == (["t0", "t1"], [])


def test_an_entry_without_an_address_stays_as_it_is():
    data = b"<rss version='2.0'><channel><title>t</title><item><title>t</title></item></channel></rss>"
    source = Source(kind="feed", name="s", address="https://l.example/feed", full_text=True)
    assert len(KINDS["feed"].parse_listing(data, "", source).articles) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WHOLE, False),
        (WHOLE + "…", True),
        (WHOLE + "[...]", True),
        (WHOLE + "阅读全文 >>", True),
        ("An English sentence of some length. " * 30, False),
        ("An English sentence of some length. " * 30 + "Read more »", True),
        ("Short.", True),
        ("", True),
    ],
)
def test_a_teaser_is_short_or_says_that_it_goes_on(text, expected):
    assert is_teaser(text) is expected


def test_a_page_completes_a_teaser_under_the_feeds_own_title_and_author():
    page = Article(title="急救中心启用_临溪网", text=WHOLE, byline="网络", language="zh", subheadings=(0,))
    found = complete_teaser(TEASER, page)
    assert (found.title, found.byline, found.source, found.url) == (
        "急救中心启用",
        "何雨桐",
        "s",
        "https://l.example/1",
    )
    assert (found.text, found.language, found.subheadings) == (WHOLE, "zh", (0,))


def test_a_page_that_brings_less_changes_nothing():
    assert complete_teaser(TEASER, replace(TEASER, text="短")) is TEASER


def test_a_page_that_repeats_the_feeds_title_in_its_text_does_not_tell_it_twice():
    page = Article(title="临溪日报", text=f"{TEASER.title}\n{WHOLE}\n小标题\n{WHOLE}", subheadings=(0, 2))
    found = complete_teaser(TEASER, page)
    assert found.text == f"{WHOLE}\n小标题\n{WHOLE}"
    assert found.subheadings == (1,)
    other = replace(page, title=TEASER.title, text=f"另一行\n{WHOLE}")
    assert complete_teaser(TEASER, other).text.startswith("另一行")


ENGLISH = Article(
    title="County opens its emergency centre",
    text="The county opened its new emergency centre on Friday morning.",
    url="https://l.example/news/7",
)
STORY = (
    "The county opened its new emergency centre on Friday morning, and every call now goes to one room. "
    "The building cost 126 million yuan and holds a dispatch hall and sixty observation beds."
)
OTHER_STORY = (
    "A storm closed the bridge of Hexi on Sunday. The police said that it would be examined before "
    "it opens again, "
    "and that lorries have to take the road along the river until then."
)


@pytest.mark.parametrize(
    "page",
    [
        Article(title="County opens its emergency centre", text=f"Residents cheered. {OTHER_STORY}"),
        Article(title="Linxi Times", text=STORY),
        Article(title="Linxi Times", text=f"{ENGLISH.title}\nResidents cheered. {OTHER_STORY}"),
    ],
    ids=["its title", "its beginning", "its title above the text"],
)
def test_a_page_with_the_teasers_title_or_words_completes_it(page):
    assert complete_teaser(ENGLISH, page).text != ENGLISH.text


@pytest.mark.parametrize(
    "page",
    [
        Article(title="Storm closes the bridge", text=OTHER_STORY),
        Article(title="Before you continue", text="We use cookies and data to deliver our services. " * 5),
        Article(title="County opens its emergency centre", text=STORY, url="https://l.example/"),
    ],
    ids=["another story", "a consent form", "the front page"],
)
def test_a_page_without_the_teasers_article_leaves_the_teaser(page):
    assert complete_teaser(ENGLISH, page) is ENGLISH
