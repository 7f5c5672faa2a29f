"""What is taken within a budget of characters, and how it is cut."""

import pytest

from summarizer import Summary, summarize

LIST = (
    "12月23日，县委经济工作会议在清河召开。\n"
    "明年重点在以下几个方面发力。\n"
    "一是在园区建设上发力。要新建厂房，用地优先保障，让企业放心。\n"
    "二是在城市更新上发力。要改造小区，让群众住得安心。\n"
    "三是在交通建设上发力。要修通快速路，让出行更方便。\n"
)
SPIRIT = (
    "今年以来，清河县新建养老服务中心12个，以群众满意为目标，改造护理床位860张，"
    "全面贯彻上级部署要求，为老人上门服务3.6万人次。"
)


def shown(text: str, characters: int, title: str = "") -> str:
    display = summarize(text, title=title, language="zh", characters=characters).display
    assert len(display) <= characters
    return display


@pytest.mark.parametrize("characters", range(20, 130, 5))
def test_an_item_of_a_list_is_never_told_alone(characters: int) -> None:
    heads = sum(head in shown(LIST, characters) for head in ("一是", "二是", "三是"))
    assert heads != 1


def test_a_list_is_told_by_its_heads_from_the_first_on() -> None:
    assert shown(LIST, 60) == (
        "12月23日，县委经济工作会议在清河召开。一是在园区建设上发力。二是在城市更新上发力。三是在交通建设上发力。"
    )


def test_a_list_inside_a_sentence_keeps_its_heads() -> None:
    text = (
        "明年重点抓好三件事：一是新建标准厂房20万平方米，用地指标优先保障，水电全部接通；"
        "二是改造老旧小区16个，加装电梯，让群众住得安心；三是修通到高铁站的快速路，力争十月通车，方便群众出行。"
    )
    display = shown(text, 60)
    assert display.startswith("明年重点抓好三件事：一是新建标准厂房20万平方米…二是改造老旧小区16个")


def test_a_slogan_inside_a_sentence_is_left_out() -> None:
    display = shown(SPIRIT, 120)
    assert "全面贯彻" not in display
    assert "改造护理床位860张…为老人上门服务3.6万人次。" in display


def test_a_clause_of_mere_spirit_goes_first_where_room_is_short() -> None:
    assert shown(SPIRIT, 48) == "今年以来，清河县新建养老服务中心12个…改造护理床位860张…"


def test_a_slogan_is_told_only_where_there_is_nothing_else() -> None:
    text = "会议全面贯彻重要讲话精神，高举伟大旗帜。\n全县修桥12座。"
    assert shown(text, 40) == "全县修桥12座。"
    assert shown("会议全面贯彻重要讲话精神。", 40) == "会议全面贯彻重要讲话精神。"


def test_figures_come_before_general_words_where_characters_are_counted() -> None:
    text = (
        "清河县交通工作稳步推进。\n全县交通面貌焕然一新，群众出行越来越方便，好评如潮。\n"
        "全县新修公路210公里，改造桥梁32座，通车里程达到1860公里，投资4.6亿元。\n各镇交通工作也有新的起色。"
    )
    assert "210公里" in shown(text, 50)


def test_pieces_of_one_sentence_count_as_one() -> None:
    summary = summarize(SPIRIT, language="zh", characters=48)
    assert len(summary.sentences) == 2
    assert len({sentence.number for sentence in summary.sentences}) == 1
    assert all(sentence.text == SPIRIT[sentence.start : sentence.end] for sentence in summary.sentences)
    assert isinstance(summary, Summary)


def test_a_sentence_that_looks_back_is_not_taken_without_the_one_before() -> None:
    text = (
        "清河大桥今天通车。\n大桥连接清河两岸。\n此外，大桥两岸还种了树，清河两岸大桥边绿树成荫。\n"
        "清河两岸群众称赞大桥。"
    )
    taken = [sentence.number for sentence in summarize(text, language="zh", sentences=2).sentences]
    assert 2 not in taken or 1 in taken


def test_the_end_of_a_first_paragraph_tells_what_it_is_about() -> None:
    text = (
        "春和景明，花开烂漫。人们走出家门踏青赏花，尽享美丽春光。\n在南宁，人们赏花拍照。\n"
        "在西平，踏青的人们走进海棠长廊。\n在宁波，赏花的人们流连忘返。"
    )
    assert summarize(text, language="zh", sentences=1).display == "人们走出家门踏青赏花，尽享美丽春光。"


def test_a_lone_subject_is_no_piece() -> None:
    text = (
        "几分钟后，这枚产自清河航天产业基地的新型固体运载火箭，将第一批十二颗卫星送入预定轨道，"
        "发射任务圆满成功，各方都很满意。"
    )
    assert shown(text, 60).endswith("送入预定轨道…")


@pytest.mark.parametrize("characters", range(20, 130, 5))
def test_a_clause_may_end_in_the_middle_of_what_was_compared_as_one_word(characters: int) -> None:
    text = (
        "The river dam broke on Monday;water rushed in the town of Hill because zzz;qqq ran away and the people fled. "
        "The town fled because the dam broke and everything was flooded. Nobody was hurt in the town."
    )
    found = summarize(text, language="en", characters=characters)
    assert 0 < len(found.display) <= characters


@pytest.mark.parametrize("characters", range(25, 150, 5))  # where less fits, a beginning is all there is
def test_of_a_case_no_piece_is_told_that_only_says_how_it_began(characters: int) -> None:
    text = (
        "试运行的一个月里，中心共接到呼叫412次，出车376次，抢救病人58名。11月6日晚，村民陈德旺突发心肌梗死，"
        "乡急救站8分钟赶到，心电图在路上就传回了县医院，从发病到打通血管只用了71分钟。"
    )
    display = shown(text, characters)
    assert "心肌梗死" not in display or "8分钟" in display
