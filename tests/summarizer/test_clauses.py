import pytest

from summarizer import summarize
from summarizer.clauses import enumerate_runs, split_clauses
from summarizer.languages import get_language


def pieces(text: str, language: str = "zh") -> list[str]:
    row = get_language(language)
    parts = split_clauses(text, 0, len(text), row)
    return [text[parts[first][0] : parts[last][1]] for first, last in enumerate_runs(text, parts, row)]


def test_a_run_never_begins_with_a_clause_that_leans() -> None:
    assert pieces("大桥今天通车，但引桥还没有修好。") == ["大桥今天通车"]
    assert pieces("全县修桥十座，其中跨河大桥两座。") == ["全县修桥十座"]


def test_a_run_never_ends_with_a_clause_that_opens_another() -> None:
    assert "为方便群众" not in pieces("为方便群众，县里修了大桥，投资三亿元。")
    assert pieces("随着大桥通车，两岸更近。") == ["两岸更近。"]


def test_reported_words_keep_their_speaker() -> None:
    assert pieces("老周说，桥通了，路也宽了，生意好了。") == ["老周说，桥通了", "老周说，桥通了，路也宽了"]


def test_quotations_and_brackets_are_not_split() -> None:
    found = pieces("县里开展“修好桥，铺好路”活动（含两镇，三村），群众很满意。")
    assert found == ["县里开展“修好桥，铺好路”活动（含两镇，三村）"]


def test_a_run_begins_where_its_subject_stands() -> None:
    found = pieces("这座大桥全长三公里，昨天通车，投资三亿元。")
    assert found == ["这座大桥全长三公里", "这座大桥全长三公里，昨天通车"]
    assert {piece[:2] for piece in pieces("为方便群众，县里修了大桥，投资三亿元。")} == {"为方", "县里"}


def test_a_quotation_that_is_never_closed_is_not_quoted_by_half() -> None:
    assert pieces("一、改为：“由一名审判员独任审理，审理期限三十日，本法另有规定的除外。") == []
    assert pieces("会议通过决定，改为：“由一名审判员审理，期限三十日。") == ["会议通过决定"]


def test_english_is_cut_before_conjunctions_alone() -> None:
    assert pieces("The bridge in Hill, Ohio, opened, and the crowd cheered.", "en") == [
        "The bridge in Hill, Ohio, opened"
    ]


LONG = "大桥今天通车，总投资3.6亿元，全长1.2公里，日均可通行车辆1.5万辆，两岸群众过河不再绕行26公里，往来更加方便。"


@pytest.mark.parametrize("characters", [20, 30, 40, 50])
def test_a_long_sentence_is_cut_to_whole_clauses(characters: int) -> None:
    summary = summarize(LONG, characters=characters)
    (piece,) = summary.sentences
    assert len(summary.display) <= characters
    assert summary.display == ("…" if piece.cut_head else "") + piece.text + ("…" if piece.cut_tail else "")
    assert (LONG[piece.start - 1] if piece.start else "，") == "，"
    assert LONG[piece.end] == "，"
    assert piece.text == LONG[piece.start : piece.end]
