"""Which articles a topic wants."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editorial.topics import judge_article, parse_term
from bot.models import Article

WORDS = re.compile(r"[A-Za-z0-9']+|东北|京剧|急救|中心|中心|启用|水库|.", re.DOTALL)


def spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in WORDS.finditer(text)]


def article(title: str = "县急救中心启用", text: str = "临溪县急救中心今天启用。", **more: str) -> Article:
    return Article(title=title, text=text, source="linxi", publisher="临溪日报", **more)


def wanted(*terms: str, of: Article | None = None) -> bool:
    return judge_article([parse_term(term) for term in terms], of or article(), spans).is_wanted


def test_no_terms_want_everything() -> None:
    assert wanted()


def test_one_of_the_plain_terms_is_enough() -> None:
    assert wanted("水库", "急救")
    assert not wanted("水库", "公路")


def test_a_phrase_over_several_words_is_found() -> None:
    assert wanted("急救中心")


def test_a_word_is_not_found_across_the_words_of_the_text() -> None:
    other = article(title="文化", text="东北京剧团来了。")
    assert not wanted("北京", of=other)
    assert wanted("京剧", of=other)


def test_must_and_must_not() -> None:
    assert wanted("急救", "+临溪")
    assert not wanted("急救", "+长安")
    assert not wanted("急救", "!启用")
    assert wanted("!广告")


def test_traditional_characters_width_and_case_make_no_difference() -> None:
    assert wanted("急救", of=article(title="縣急救中心啟用", text="臨溪"))
    assert wanted("啟用")
    assert wanted("ＡＩ", of=article(text="the ai of the day"))


def test_source_and_section() -> None:
    assert wanted("source:linxi")
    assert wanted("source:临溪日报")
    assert wanted("section:要闻", of=article(section="要闻"))
    assert not wanted("!section:要闻", of=article(section="要闻"))


def test_a_regular_expression() -> None:
    assert wanted("/急救(中心|站)/")
    assert not wanted("/^急救/")


def test_an_expression_that_never_ends_finds_nothing_in_bounded_time() -> None:
    assert not wanted("/(a+)+$/", of=article(text="a" * 5000 + "b"))


@pytest.mark.parametrize("written", ["", "+", "!", "/(/", "x" * 500])
def test_what_is_no_term_is_said(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (term|regular expression)"):
        parse_term(written)


def test_the_verdict_names_the_terms_that_decided() -> None:
    terms = [parse_term(term) for term in ("急救", "水库", "!启用")]
    assert judge_article(terms, article(), spans).terms == ("!启用",)
    assert judge_article(terms[:2], article(), spans).terms == ("急救",)


@given(st.lists(st.text(min_size=1, max_size=8), max_size=4), st.text(max_size=60))
def test_any_terms_and_text_give_a_verdict(written: list[str], text: str) -> None:
    terms = []
    for term in written:
        try:
            terms.append(parse_term(term))
        except ValueError:
            continue
    assert judge_article(terms, article(text=text), spans).is_wanted in (True, False)
