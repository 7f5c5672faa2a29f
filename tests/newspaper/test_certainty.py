"""What all paths through a page say of an article's boundaries."""

import math
from collections.abc import Iterator
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.newspaper import split_page
from bot.newspaper.certainty import calibrate, measure_shares
from bot.newspaper.labels import EMITS, LABELS, OPENS, STATES, find_article_starts, list_steps

SCORES = st.lists(st.floats(-3, 3), min_size=len(LABELS), max_size=len(LABELS))


def list_paths(scores: list[list[float]]) -> Iterator[tuple[list[int], float]]:
    """Every path through the page: where its articles begin, and its weight."""
    steps = {(i, j): weight for j, befores in enumerate(list_steps()) for i, weight in befores}
    for path in product(range(len(STATES)), repeat=len(scores)):
        if STATES[path[0]] in OPENS and all(step in steps for step in pairwise(path)):
            weight = sum(steps[step] for step in pairwise(path))
            weight += sum(own[EMITS[state]] for own, state in zip(scores, path, strict=True))
            yield find_article_starts([STATES[state][0] for state in path]), math.exp(weight)


@settings(max_examples=10, deadline=None)
@given(st.lists(SCORES, min_size=1, max_size=4), st.data())
def test_a_share_is_that_of_all_paths_with_the_same_boundaries(
    scores: list[list[float]], data: st.DataObject
) -> None:
    paths = list(list_paths(scores))
    starts = data.draw(st.sampled_from([starts for starts, _ in paths]))
    total = sum(weight for _, weight in paths)
    for share, start, end in zip(
        measure_shares(scores, starts), starts, [*starts[1:], len(scores)], strict=True
    ):
        bounds = [start, end] if end < len(scores) else [start]
        alike = sum(weight for begun, weight in paths if [i for i in begun if start <= i <= end] == bounds)
        assert share == pytest.approx(alike / total, rel=1e-6)


def test_more_paths_make_an_article_more_certain() -> None:
    assert 0 < calibrate(0.0) < calibrate(0.5) < calibrate(0.9) < calibrate(1.0) < 1


def test_a_page_without_text_has_no_articles_to_be_certain_of() -> None:
    assert measure_shares([], []) == []


def test_each_article_of_a_page_says_how_certain_its_boundaries_are() -> None:
    page = split_page(
        "县图书馆夜间开放\n\n本报讯 11月20日起，县图书馆开放至22时。"
        "\n\n城北新桥通车\n\n本报讯 新桥昨天通车。\n"
    )
    assert len(page.articles) == 2
    assert all(article.certainty is not None and 0 < article.certainty < 1 for article in page.articles)
