"""Full-text search, the same on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Article
from bot.store import Store
from bot.store.search import tokens
from tests.fakes import NOON

EMERGENCY = Article(title="县急救中心启用", text="临溪县急救中心今天启用，配备12辆救护车。", source="paper")
LIBRARY = Article(title="Granary becomes a library", text="It's the county's first: \"books\" for all.", source="paper")
OPERA = Article(title="东北京剧团来访", text="演出三天。", source="paper")


@pytest.fixture
def filled(store: Store) -> Store:
    store.articles.add([EMERGENCY, LIBRARY, OPERA], NOON)
    assert store.search.index() == 3
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
        ("，。!", []),
        ('it\'s "books" \\ & | :*', [LIBRARY]),
    ],
)
def test_search_finds_what_holds_every_word(filled: Store, wanted: str, found: list[Article]) -> None:
    assert list(filled.search.find(wanted)) == found


def test_newest_come_first_and_no_more_than_asked_for(filled: Store) -> None:
    filled.articles.add([replace(EMERGENCY, text=EMERGENCY.text + f"第{n}天。") for n in range(3)], NOON)
    filled.search.index()
    assert [article.text[-4:] for article in filled.search.find("急救", limit=2)] == ["第2天。", "第1天。"]


def test_an_article_is_taken_in_once(filled: Store) -> None:
    assert filled.search.index() == 0


def test_what_was_let_go_is_not_found(filled: Store) -> None:
    filled.articles.forget(NOON + timedelta(days=1))
    assert filled.search.find("急救") == ()


@given(st.text(max_size=40))
def test_words_are_letters_and_numbers_none_twice(written: str) -> None:
    found = tokens(written)
    assert len(set(found)) == len(found)
    assert all(word.isalnum() for word in found)
