"""Full-text search, the same on both engines."""

import itertools
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.models import Article, Story
from bot.store import Store
from bot.store.query import parse_query, split_words
from bot.store.search import Printing
from summarizer import Summary
from tests.fakes import NOON
from tests.store.samples import DAY, edition

EMERGENCY = Article(title="县急救中心启用", text="临溪县急救中心今天启用，配备12辆救护车。", source="paper")
LIBRARY = Article(
    title="Granary becomes a library", text="It's the county's first: \"books\" for all.", source="paper"
)
OPERA = Article(title="东北京剧团来访", text="演出三天。", source="paper")


@pytest.fixture
def filled(store: Store) -> Store:
    store.articles.add_articles([EMERGENCY, LIBRARY, OPERA], NOON)
    assert store.search.index_new() == 3
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("急救", [EMERGENCY]),
        ("急救中心 救护车", [EMERGENCY]),
        ("縣急救中心", [EMERGENCY]),
        ("ＬＩＢＲＡＲＹ", [LIBRARY]),
        ("library 急救", []),
        ("北京", []),
        ("京剧", [OPERA]),
        ('it\'s "books" \\ & | :*', [LIBRARY]),
        ('"急救中心今天"', [EMERGENCY]),
        ("“急救中心今天”", [EMERGENCY]),
        ("「縣急救中心」", [EMERGENCY]),
        ('"急救今天"', []),
        ('"北京剧"', [OPERA]),
        ('"books" for all"', [LIBRARY]),
        ('"becomes  A library"', [LIBRARY]),
        ('"library a becomes"', []),
        ('"急救', [EMERGENCY]),
        ("+急救 +中心", [EMERGENCY]),
        ("今天 -急救", []),
        ("演出 -急救", [OPERA]),
        ("演出 !三天", []),
        ("county -京剧团", [LIBRARY]),
        ("演出 -京剧团", []),
        ('county -"for all"', []),
        ('county -"all for"', [LIBRARY]),
        ("5G-network", []),
    ],
)
def test_search_finds_what_fits(filled: Store, wanted: str, found: list[Article]) -> None:
    assert titles(filled, wanted) == [article.title for article in found]


def titles(store: Store, wanted: str, limit: int = 20) -> list[str]:
    return [hit.article.title for hit in store.search.find_articles(wanted, limit)]


@pytest.mark.parametrize("wanted", ["", "，。!", "-急救", '!"急救 中心"', '""', "+"])
def test_a_query_that_names_nothing_is_refused(filled: Store, wanted: str) -> None:
    with pytest.raises(InputError, match="at least one word"):
        filled.search.find_articles(wanted)


@pytest.mark.parametrize("wanted", ["词 " * 31, "长" * 201])
def test_a_query_without_end_is_refused(filled: Store, wanted: str) -> None:
    with pytest.raises(InputError, match="at most 30 words of 200 characters"):
        filled.search.find_articles(wanted)


def test_a_name_is_found_wherever_words_are_cut(store: Store) -> None:
    texts = ("记者林晓溪报道。", "林晓溪水流长。", "他说林晓溪同志来了。", "林晓与溪水。")
    store.articles.add_articles([Article(title=text, text=text, source="paper") for text in texts], NOON)
    store.search.index_new()
    assert titles(store, "林晓溪") == [*reversed(texts[:3])]


def test_newest_come_first_and_no_more_than_asked_for(filled: Store) -> None:
    filled.articles.add_articles([replace(EMERGENCY, title=f"第{n}天") for n in range(120)], NOON)
    filled.search.index_new()
    assert titles(filled, "急救", limit=2) == ["第119天", "第118天"]
    assert len(titles(filled, '"急救中心今天"', limit=110)) == 110
    assert len(titles(filled, "急救", limit=1000)) == 121


def test_a_phrase_is_found_where_it_is_written_and_nowhere_else(store: Store) -> None:
    chance = random.Random(7)
    texts = [f"{n}。" + "".join(chance.choices("水库新", k=6)) for n in range(60)]
    store.articles.add_articles([Article(title=text, text=text, source="paper") for text in texts], NOON)
    store.search.index_new()
    for phrase in map("".join, itertools.product("水库新", repeat=3)):
        holding = [text for text in reversed(texts) if phrase in text]
        assert titles(store, f'"{phrase}"', limit=100) == holding
        assert titles(store, f'"{phrase}"', limit=1) == holding[:1]
        assert titles(store, f'"{phrase[:2]}" -"{phrase}"', limit=100) == [
            text for text in reversed(texts) if phrase[:2] in text and phrase not in text
        ]


def test_what_no_database_holds_is_taken_in_all_the_same(store: Store) -> None:
    store.articles.add_articles([replace(EMERGENCY, text="急救\0中心\ud800今天")], NOON)
    assert store.search.index_new() == 1
    assert titles(store, '"急救 中心"') == [EMERGENCY.title]


def test_it_tells_which_editions_told_an_article(filled: Store) -> None:
    told = Story(
        article=EMERGENCY, summary=Summary(sentences=(), language="zh"), others=(replace(OPERA, source="b"),)
    )
    for day in (DAY + timedelta(days=1), DAY):
        filled.editions.freeze_edition(edition(slot=day, stories=[told]), {}, (), NOON)
    filled.editions.freeze_edition(edition(slot=DAY, digest="empty"), {}, (), NOON)
    filled.search.index_new()
    first, second = (Printing(edition_id=n, digest="daily", edition_name=f"2026-01-{17 - n}") for n in (2, 1))
    assert [hit.printings for hit in filled.search.find_articles("急救")] == [(first, second)]
    assert [hit.printings for hit in filled.search.find_articles("京剧")] == [(first, second)]
    assert [hit.printings for hit in filled.search.find_articles("library")] == [()]


def test_what_editions_alone_still_hold_is_found_once(filled: Store) -> None:
    told = Story(article=EMERGENCY, summary=Summary(sentences=(), language="zh"))
    for day in (DAY, DAY + timedelta(days=1)):
        filled.editions.freeze_edition(edition(slot=day, stories=[told]), {}, (), NOON)
    filled.search.index_new()
    filled.articles.forget_articles(NOON + timedelta(days=1))
    (hit,) = filled.search.find_articles('"急救中心今天"')
    assert hit.article == EMERGENCY
    assert [each.edition_name for each in hit.printings] == ["2026-01-15", "2026-01-16"]
    assert filled.search.find_articles("京剧") == ()
    assert filled.search.find_articles('"急救今天"') == ()


def test_an_edition_is_taken_in_once(filled: Store) -> None:
    filled.editions.freeze_edition(edition(stories=[]), {}, (), NOON)
    assert filled.search.index_next_edition()
    assert not filled.search.index_next_edition()


def test_an_article_is_taken_in_once(filled: Store) -> None:
    assert filled.search.index_new() == 0


def test_what_was_let_go_is_not_found(filled: Store) -> None:
    filled.articles.forget_articles(NOON + timedelta(days=1))
    assert filled.search.find_articles("急救") == ()


@given(st.text(max_size=40))
def test_words_are_letters_and_numbers_none_twice(written: str) -> None:
    found = split_words(written)
    assert len(set(found)) == len(found)
    assert all(word.isalnum() for word in found)


@given(st.text(max_size=60))
def test_whatever_is_asked_is_read_or_refused(written: str) -> None:
    try:
        terms = parse_query(written)
    except InputError:
        return
    assert any(not term.is_unwanted for term in terms)
    assert all(split_words(term.sought) for term in terms)
