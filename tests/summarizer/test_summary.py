import dataclasses
import json

import pytest

from summarizer import RANKERS, Sentence, Summary, summarize
from summarizer.rankers import PARTS
from summarizer.weights import WEIGHTS

BRIDGE = (
    "本报清河3月5日讯 3月5日，清河大桥建成通车，两岸群众过河不再绕行。大桥全长1.2公里，总投资3.6亿元。\n"
    "此前，两岸群众过河要绕行26公里。“等这座桥等了20年。”村民老周说。\n"
    "通车当天，县里组织公交车首发。清河大桥日均可通行车辆1.5万辆。\n"
    "（融媒体 王一）"
)


def test_sentences_in_reading_order() -> None:
    summary = summarize(BRIDGE, title="清河大桥建成通车", sentences=3)
    assert len(summary.sentences) == 3
    assert [s.start for s in summary.sentences] == sorted(s.start for s in summary.sentences)
    assert all(s.text == BRIDGE[s.start : s.end] for s in summary.sentences)
    assert summary.language == "zh"
    assert summary.display.startswith("3月5日，清河大桥建成通车")


@pytest.mark.parametrize(
    ("text", "room"), [(BRIDGE * 9, 200), ("The river dam broke near Hill on Monday. " * 40, 500)]
)
def test_without_a_budget_an_answer_takes_as_much_as_a_message_likes(text: str, room: int) -> None:
    assert 0 < len(summarize(text).display) <= room


def test_every_reason_is_named_where_characters_are_counted() -> None:
    for sentence in summarize(BRIDGE, title="清河大桥建成通车", characters=60).sentences:
        assert sentence.score == pytest.approx(sum(value for _, value in sentence.reasons))
        assert {name for name, _ in sentence.reasons} <= {*WEIGHTS["zh"], "other features"}


def test_the_score_is_the_sum_of_its_ingredients() -> None:
    for sentence in summarize(BRIDGE, title="清河大桥建成通车", sentences=3).sentences:
        assert sentence.score == pytest.approx(sum(value for _, value in sentence.reasons))
        assert [name for name, _ in sentence.reasons] == [*PARTS, "repetition"]


def test_what_is_said_twice_is_taken_once() -> None:
    summary = summarize("大桥今天通车了。" * 8 + "县里开出首班公交车。", sentences=2)
    assert {sentence.text for sentence in summary.sentences} == {"大桥今天通车了。", "县里开出首班公交车。"}


def test_sentences_tell_whom_they_speak_for() -> None:
    text = "清河大桥今天通车。清河大桥通车。玉米丰收。"
    (only,) = summarize(text, sentences=1).sentences
    assert [text[start:end] for start, end in only.stands_for] == ["清河大桥通车。"]


def test_values_come_back_from_json() -> None:
    for sentence in summarize(BRIDGE).sentences:
        row = json.loads(json.dumps(dataclasses.asdict(sentence)))
        assert Sentence(**row) == sentence


def test_display_puts_an_ellipsis_where_clauses_were_left_out() -> None:
    def piece(text: str, number: int, *, head: bool = False, tail: bool = False) -> Sentence:
        return Sentence(
            text=text, start=0, end=len(text), score=1, number=number, cut_head=head, cut_tail=tail
        )

    pieces = (
        piece("甲", 0, tail=True),
        piece("乙", 0, head=True, tail=True),
        piece("丙。", 1),
        piece("丁。", 2, head=True),
        piece("戊", 3, tail=True),
    )
    assert Summary(sentences=pieces).display == "甲…乙…丙。…丁。戊…"
    assert Summary(sentences=pieces[2:3] * 2, joiner=" ").display == "丙。…丙。"


def test_a_text_of_nothing_but_a_headline_is_its_own_summary() -> None:
    assert summarize("大桥通车").display == "大桥通车"


@pytest.mark.parametrize("text", ["", " \n ", "（记者 王一）", "\x00", "\ud800"])
def test_a_text_without_sentences_has_an_empty_or_short_summary(text: str) -> None:
    assert len(summarize(text).sentences) <= 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"sentences": 0}, "sentences must be at least 1, not 0"),
        ({"characters": -5}, "characters must be at least 1, not -5"),
        ({"ranker": "best"}, "no ranker called 'best'; known: guided, textrank, lead"),
    ],
)
def test_a_wrong_argument_is_named(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        summarize("大桥通车。", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("ranker", RANKERS)
@pytest.mark.parametrize("characters", [1, 5, 20, 60, 125])
def test_the_budget_of_characters_holds(ranker: str, characters: int) -> None:
    assert len(summarize(BRIDGE, characters=characters, ranker=ranker).display) <= characters


@pytest.mark.parametrize(
    "text", ["雨停了，路通了。\n雨停了，路通了。\n人都走了。", "It rained.\nIt rained.\nIt rained."]
)
def test_a_repeated_sentence_is_quoted_once(text: str) -> None:
    quoted = [sentence.text for sentence in summarize(text).sentences]
    assert len(quoted) == len(set(quoted))
