"""What is taken within a budget of characters, and how it is cut."""

import numpy as np
import pytest

from summarizer import summarize
from summarizer.draft import build_draft
from summarizer.extraction import choose_pieces, open_contest
from summarizer.languages import get_language
from summarizer.sentence_splitting import split_sentences

LIST = (
    "12月23日，县委经济工作会议在清河召开。\n"
    "明年重点在以下几个方面发力。\n"
    "一是在园区建设上发力。要新建厂房，用地优先保障，让企业放心。\n"
    "二是在城市更新上发力。要改造小区，让群众住得安心。\n"
    "三是在交通建设上发力。要修通快速路，让出行更方便。\n"
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


@pytest.mark.parametrize("characters", range(20, 130, 5))
def test_a_clause_may_end_in_the_middle_of_what_was_compared_as_one_word(characters: int) -> None:
    text = (
        "The river dam broke on Monday;water rushed in the town of Hill because zzz;qqq ran away and "
        "the people fled. "
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


def test_a_list_inside_a_sentence_keeps_its_points_together() -> None:
    text = (
        "明年重点抓好三件事：一是新建标准厂房20万平方米，用地指标优先保障，水电全部接通；"
        "二是改造老旧小区16个，加装电梯，让群众住得安心；三是修通到高铁站的快速路，力争十月通车，方便群众出行。"
    )
    for characters in range(20, 100, 5):
        display = shown(text, characters)
        assert ("一是" in display) == ("二是" in display) or display.endswith("…")


def test_a_slogan_is_not_printed_where_facts_stand_around_it() -> None:
    text = (
        "今年以来，清河县新建养老服务中心12个，改造护理床位860张，全面贯彻上级部署要求，奋力谱写新篇章。\n"
        "全县为老人上门服务3.6万人次。"
    )
    for characters in range(30, 130, 10):
        display = shown(text, characters)
        assert "贯彻" not in display
        assert "谱写" not in display


def test_a_lone_subject_is_no_piece() -> None:
    text = (
        "几分钟后，这枚产自清河航天产业基地的新型固体运载火箭，将第一批十二颗卫星送入预定轨道，"
        "发射任务圆满成功，各方都很满意。"
    )
    for characters in range(44, 60):
        assert "送入预定轨道" in shown(text, characters)


def test_the_same_is_not_told_twice() -> None:
    text = (
        "清河大桥3月5日建成通车，总投资3.6亿元。\n县里还修了12公里公路，投资8000万元。\n"
        "总投资3.6亿元的清河大桥3月5日建成通车了。"
    )
    assert shown(text, 120).count("3.6亿元") == 1


def test_a_sentence_that_may_not_come_first_comes_after_another() -> None:
    text = (
        "双方签署了3份合作文件，总额2亿元。\n清河县和白河县领导3月5日在清河会谈。\n"
        "双方商定今年修路12公里，投资8000万元。"
    )
    display = shown(text, 60)
    assert "双方商定" not in display or display.index("会谈") < display.index("双方商定")


def test_an_english_surname_alone_needs_the_full_name_before_it() -> None:
    text = (
        "The city council of Hill voted on Monday to close three schools and two libraries by June.\n"
        "Maria Lopez, a teacher, led the protest outside the town hall with 200 parents.\n"
        "Lopez collected 4,000 signatures and gave them to the mayor on Friday morning.\n"
    )
    for characters in range(80, 300, 20):
        display = summarize(text, language="en", characters=characters).display
        assert "Lopez collected" not in display or "Maria Lopez" in display


def test_a_short_name_comes_after_its_explanation_or_not_at_all() -> None:
    text = (
        "清河县公布《清河县古树名木保护和管理办法》（以下简称《办法》），自10月1日起施行。\n"
        "《办法》规定，砍伐一株古树最高罚款5万元。"
    )
    assert not shown(text, 30).startswith("《办法》")
    assert "以下简称" in shown(text, 80)


def test_a_person_who_acts_is_introduced_before() -> None:
    text = (
        "清河村种粮大户李大山今年承包水田1200亩，亩产达到650公斤，比去年增产一成。\n"
        "李大山还在村里办了一所农机学校，培训农民300人。"
    )
    assert not shown(text, 30).startswith("李大山")


def test_room_stays_empty_rather_than_be_filled_with_something_weak() -> None:
    text = "清河县农村饮水工程全面完工，32个村的1.8万名群众喝上了自来水。\n大家都觉得日子越来越好。"
    language = get_language("zh")
    contest = open_contest(
        text, build_draft(text, split_sentences(text, language), "", language), language, 50
    )
    rows = np.array([candidate.row for candidate in contest.candidates])
    for worth, printed in ((-0.5, {0, 1}), (-3.0, {0})):
        chosen = choose_pieces(text, "", contest, worth * rows, language, None, 50)
        assert {int(rows[number]) for number in chosen} == printed
