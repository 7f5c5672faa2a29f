"""What may be printed by itself: each kind of fault of a digest is a property of the candidates."""

import pytest

from summarizer.candidates import Candidate, Fault, find_candidates, split_all
from summarizer.languages import get_language
from summarizer.sentence_splitting import SpanKind, split_sentences


def find(text: str, language: str = "zh", room: int = 300) -> list[Candidate]:
    row = get_language(language)
    spans = [span for span in split_sentences(text, row) if span.kind is SpanKind.SENTENCE]
    return find_candidates(text, spans, split_all(text, spans, row), row, room)


def list_clean(text: str, language: str = "zh", allowed: Fault = Fault.NONE) -> list[str]:
    """Return the texts of the candidates nothing speaks against."""
    return [text[c.start : c.end] for c in find(text, language) if not c.faults & ~allowed]


def test_a_piece_never_begins_with_a_clause_that_leans() -> None:
    text = "全长两公里的清河大桥今天通车，但引桥还没有修好。"
    assert list_clean(text) == [text, "全长两公里的清河大桥今天通车"]


def test_a_piece_never_ends_with_a_clause_that_opens_another() -> None:
    pieces = list_clean("为方便群众，清河县今年在白河上修了一座大桥，投资三亿元。")
    assert "为方便群众" not in pieces
    assert "清河县今年在白河上修了一座大桥" in pieces
    assert not {"截至目前，全省307个修复项目中", "截至目前"} & set(
        list_clean("截至目前，全省307个修复项目中，已有120个完工，其余年底前完成。")
    )


@pytest.mark.parametrize(
    "text",
    [
        "某国国防军10日称，该国舰艇击沉两艘渔船，船上无人生还。",
        "老周说，大桥通车以后生意好了三成，店里又添了两个人。",
        "村委会主任李大山表示，今年全村修路12公里，明年再修8公里。",
        "据《清河晚报》报道，清河水位昨天下降2米，学校已经复课。",
    ],
)
def test_what_somebody_says_keeps_its_speaker(text: str) -> None:
    speaker = text.split("，")[0]
    pieces = list_clean(text)
    assert pieces
    assert all(piece.startswith(speaker) and piece != speaker for piece in pieces)


def test_a_source_without_a_name_may_go() -> None:
    assert "全县今年修路12公里，铺管210公里。" in list_clean("据悉，全县今年修路12公里，铺管210公里。")


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("镇里不仅修了三座桥，而且铺了12公里路，群众都说好。", "不仅", "而且"),
        ("县里一方面修了桥三座，另一方面铺路12公里，投资2亿元。", "一方面", "另一方面"),
        ("工程虽然投资了3亿元，但工期缩短了两年，质量合格。", "虽然", "但"),
        ("队员一边转移群众300人，一边加固堤坝2公里，忙到半夜。", "一边转移", "一边加固"),
    ],
)
def test_paired_connectives_stay_or_go_together(text: str, first: str, second: str) -> None:
    pieces = list_clean(text)
    assert pieces
    assert all((first in piece) == (second in piece) for piece in pieces)


def test_an_english_pair_stays_together() -> None:
    text = "The plan not only cut the budget by $2 million, but it also closed three schools in Hill."
    assert list_clean(text, "en") == [text]


@pytest.mark.parametrize(
    "opening", ["这座桥", "其中，大桥", "此外，大桥", "他", "但大桥", "当天，大桥", "该桥"]
)
def test_a_sentence_that_leans_comes_with_the_one_before_it_or_not_at_all(opening: str) -> None:
    before, leaning = "清河大桥昨天通车。", f"{opening}投资了3亿元，全长2公里。"
    for piece in list_clean(before + leaning):
        assert piece.startswith("清河大桥") or not piece.startswith(opening)
    assert before + leaning in list_clean(before + leaning)


@pytest.mark.parametrize(
    "opening", ["He", "But the bridge", "However, it", "This", "They", "There", "In addition, it"]
)
def test_an_english_sentence_that_leans_comes_with_the_one_before_it(opening: str) -> None:
    before, leaning = (
        "Mayor Ann Hill opened the bridge on Monday. ",
        f"{opening} cost the town $3 million last year.",
    )
    pieces = list_clean(before + leaning, "en")
    assert not any(piece.startswith(opening) for piece in pieces)
    assert before + leaning in pieces


@pytest.mark.parametrize(
    "text",
    [
        "清河大桥为什么三年还没有修好？",
        "记者走进清河大桥建设工地，看到塔吊林立。",
        "更多内容请看 https://example.org/bridge 的报道。",
        "一是修桥三座，投资2亿元。",
        "我在清河边上住了二十年。",
    ],
)
def test_questions_reporters_links_and_lonely_points_are_not_printed(text: str) -> None:
    assert list_clean(text, allowed=Fault.LATER) == []


@pytest.mark.parametrize(
    "text",
    [
        "Who will pay for the bridge in Hill?",
        "Read more: https://example.org/bridge",
        "RT @hill: the bridge is open",
        "LIVE: the bridge opened at 5:13pm PDT today.",
        "I have lived by the river in Hill for twenty years.",
    ],
)
def test_english_questions_links_tweets_and_the_reporter_are_not_printed(text: str) -> None:
    assert list_clean(text, "en", allowed=Fault.LATER) == []


@pytest.mark.parametrize(
    "text",
    [
        "会议强调，要全面贯彻重要讲话精神，坚决做到“两个维护”。",
        "要深入学习，必须坚决落实，努力开创新局面。",
        "我们必须凝聚力量，奋力谱写新篇章。",
    ],
)
def test_slogans_are_empty(text: str) -> None:
    assert list_clean(text) == []
    assert any(c.faults & Fault.EMPTY for c in find(text))


def test_a_decision_is_not_empty() -> None:
    assert list_clean("会议决定，今年新建学校12所。")


@pytest.mark.parametrize(
    ("text", "language", "fragment"),
    [
        ("2014年成立的清河石材有限公司，去年产值达3亿元。", "zh", "2014年成立的清河石材有限公司"),
        ("在大桥展区，观众体验了虚拟驾驶。", "zh", "在大桥展区"),
        ("李大山表示，今年修路12公里。", "zh", "李大山表示"),
        ("清河石材、钢材、木材等建材，今年涨价三成。", "zh", "清河石材、钢材、木材等建材"),
        (
            "Wrestler Maria Lopez -- known to fans as the Rock -- won the title on Monday.",
            "en",
            "Wrestler Maria Lopez",
        ),
    ],
)
def test_a_piece_has_a_subject_and_a_predicate(text: str, language: str, fragment: str) -> None:
    pieces = list_clean(text, language)
    assert pieces
    assert fragment not in pieces


def test_a_quotation_that_is_never_closed_is_not_quoted_by_half() -> None:
    text = "县人大常委会今天通过一项决定，改为：“由一名审判员审理，期限三十日。"
    assert list_clean(text)[1:] == ["县人大常委会今天通过一项决定"]


def test_somebodys_words_without_his_name_are_not_printed() -> None:
    assert list_clean("“这座桥修了三年，花了3亿元。”") == []
    assert list_clean("“这座桥修了三年，花了3亿元。”李大山说。")


def test_an_opinion_after_a_speaker_is_his() -> None:
    text = "李大山表示，今年修路12公里。要继续修好桥和路。"
    assert "要继续修好桥和路。" not in list_clean(text)


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("在清河县城南，新建的水厂上月开始供水，日供水8000吨。", "在清河县城南"),
        ("今年前三季度，清河县新修农村公路86公里，投资2.1亿元。", "今年前三季度"),
        ("3月5日，清河大桥建成通车，全长2公里，投资3亿元。", "3月5日"),
    ],
)
def test_a_fact_keeps_its_time_and_place(text: str, opening: str) -> None:
    pieces = list_clean(text)
    assert pieces
    assert all(piece.startswith(opening) for piece in pieces)


def test_a_vague_opening_may_go() -> None:
    assert "清河县新修农村公路86公里。" in list_clean("近日，清河县新修农村公路86公里。")


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("县里组织水务局于6月21日至7月11日，调水1.7亿立方米。", "县里组织水务局于6月21日至7月11日"),
        ("最新报告显示，全县今年修路12公里。", "最新报告显示"),
        (
            "在大会召开前夕，两部著作英文版的出版发行，引来许多读者。",
            "在大会召开前夕，两部著作英文版的出版发行",
        ),
        ("以100万元的贷款为例，假设利率降至4.3%，每年少还5000元。", "以100万元的贷款为例，假设利率降至4.3%"),
        ("3月5日，文化大会会场外，观众排起了200米的长队。", "3月5日，文化大会会场外"),
    ],
)
def test_a_piece_does_not_end_before_what_happened(text: str, fragment: str) -> None:
    pieces = list_clean(text)
    assert pieces
    assert fragment not in pieces


@pytest.mark.parametrize(
    "later", ["县长李大山说，该计划已经完成三成。", "全县群众支持这项改革，投工3000人次。"]
)
def test_what_points_at_something_unnamed_is_not_printed_alone(later: str) -> None:
    text = f"清河县去年修桥三座。\n{later}"
    assert later not in list_clean(text, allowed=Fault.LATER)
    named = f"清河县的造林计划投资3亿元，该计划已经完成三成。\n{later}"
    assert any(piece.startswith("清河县的造林计划") for piece in list_clean(named))


@pytest.mark.parametrize(
    "text",
    [
        "下午3点，清河码头外车辆运转繁忙，工人装船12艘。",
        "近日，清河公园内人头攒动，游客达3万人次。",
        "县长李大山参加会见。",
        "副县长王小河、赵山青作交流发言。",
    ],
)
def test_scenes_and_protocol_are_empty(text: str) -> None:
    assert list_clean("清河大桥昨天通车，投资3亿元。\n" + text)[-1:] != [text]


@pytest.mark.parametrize("subject", ["项目", "作品", "公司", "孩子们"])
def test_a_general_noun_alone_is_not_printed_first(subject: str) -> None:
    later = f"{subject}今年已经走进12个乡镇。"
    pieces = find(f"清河大桥昨天通车。\n{later}")
    assert any(c.faults & Fault.LATER for c in pieces if c.row)


def test_english_pronouns_behind_an_opening_phrase_are_not_printed_first() -> None:
    text = "Mayor Ann Hill opened the bridge on Monday. On Tuesday, she closed the old road to Salem."
    assert all(c.faults & Fault.LATER for c in find(text, "en") if c.row)


def test_a_quotation_marked_by_question_marks_is_not_split() -> None:
    text = "The court told police to keep the roads ?open, but quiet? during the march on Monday in Salem."
    assert list_clean(text, "en") == [text]


def test_this_time_points_at_nothing_that_has_to_be_named() -> None:
    later = "船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。"
    assert later in list_clean(f"县里的老船厂昨天重新开工。{later}")
