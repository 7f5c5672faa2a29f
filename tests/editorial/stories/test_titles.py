"""What many of a day's titles speak of."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.editorial.stories import find_shared_terms

OTHERS = ["水库蓄水", "小学开学", "医院搬家", "桥梁封闭"]


def test_a_term_of_three_titles_is_shared_and_one_of_two_is_not() -> None:
    titles = ["江州地铁通车", "江州地鐵票价", "江州地铁客流", "暴雨来袭", "暴雨过后", *OTHERS]
    assert find_shared_terms(titles)[:4] == [("江州地铁",)] * 3 + [()]


def test_what_most_titles_share_says_nothing() -> None:
    assert find_shared_terms(["江州地铁通车", "江州地铁票价", "江州地铁客流"]) == [(), (), ()]


def test_english_is_shared_by_words_and_small_words_are_none() -> None:
    titles = ["Ferry runs to the island", "The ferry is late", "New FERRY for the bay", "Rain", "Sun", "Snow"]
    assert find_shared_terms(titles) == [("ferry",)] * 3 + [()] * 3


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_titles_have_terms_or_none(titles: list[str]) -> None:
    found = find_shared_terms(titles)
    assert len(found) == len(titles)
    assert all(term for terms in found for term in terms)
