import logging

import pytest
import rjieba

from summarizer import extract_keywords
from summarizer.word_cutting import _load_jieba_tagger

BRIDGE = "清河大桥建成通车。大桥连接清河两岸，群众出行更方便。大桥由县交通局建设，群众称赞大桥。"


def test_chinese_key_terms_are_words_that_can_be_a_subject() -> None:
    terms = [keyword.term for keyword in extract_keywords(BRIDGE)]
    assert "大桥" in terms
    assert "群众" in terms
    assert "建成" not in terms


def test_key_terms_come_best_first_with_the_best_at_one() -> None:
    found = extract_keywords("Solar power is cheap. Solar power is clean. Wind blows.", limit=3)
    assert str(found[0]) == "solar power"
    assert found[0].score == 1.0
    assert [keyword.score for keyword in found] == sorted((keyword.score for keyword in found), reverse=True)


def test_words_that_are_told_side_by_side_again_and_again_are_one_term() -> None:
    text = "养老服务惠及群众。县里建起养老服务中心，养老服务进村。老人称赞养老服务。"
    terms = [keyword.term for keyword in extract_keywords(text, limit=9)]
    assert "养老服务" in terms
    assert not {"养老", "服务"} & set(terms)


def test_words_that_met_once_stay_two_terms() -> None:
    terms = [
        str(keyword)
        for keyword in extract_keywords("Storm season began. The season ends. A storm came.", limit=9)
    ]
    assert {"storm", "season"} <= set(terms)


def test_words_with_a_mark_between_are_no_term() -> None:
    text = "Schools, hospitals closed. Schools, hospitals opened. Schools, hospitals closed again."
    assert {"schools", "hospitals"} <= {
        str(keyword) for keyword in extract_keywords(text, language="en", limit=9)
    }


def test_the_owner_of_a_thing_is_the_same_word() -> None:
    assert [
        str(word) for word in extract_keywords("Korea's army left. Korea won.", language="en", limit=1)
    ] == ["korea"]


def test_a_text_without_words_has_no_key_terms() -> None:
    assert extract_keywords("") == ()
    assert extract_keywords("12 34 !!", language="en") == ()


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit must be at least 1, not 0"):
        extract_keywords("x", limit=0)


def test_jieba_keeps_quiet_and_finds_nearly_the_words_of_its_faster_brother(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        slow = {word for word, _ in _load_jieba_tagger()(BRIDGE)}
    assert not caplog.records
    fast = {word for word, _ in rjieba.tag(BRIDGE)}
    assert len(slow & fast) >= 0.8 * len(slow | fast)  # they guess unknown words apart


def test_a_unit_behind_a_number_is_no_term() -> None:
    text = (
        "县里今年培训12万人，去年培训8万人。培训分三期，每期4万人，培训费用由县财政承担。培训中心设在县城。"
    )
    assert "万人" not in [keyword.term for keyword in extract_keywords(text, limit=10)]


def test_a_piece_of_a_name_is_no_term() -> None:
    text = "县水投集团接管了水厂。县水投集团今年铺管网，县水投集团还清了贷款，县水投集团的水价不变。"
    assert "县水" not in [keyword.term for keyword in extract_keywords(text, limit=10)]
