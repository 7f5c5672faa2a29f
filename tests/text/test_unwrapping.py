"""A text's paragraphs come back whatever its lines were wrapped at; what is set in lines keeps them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.plain_text import parse_plain_text
from bot.text.unwrapping import split_paragraphs, unwrap_text
from tests.benchmarks.texts.wrapping import RULES, wrap_document

ENGLISH = (
    "Council votes for new flood walls",
    "The county council voted on Tuesday to spend four million pounds on new flood walls along the "
    "river, after two"
    " winters in which hundreds of homes stood under water and the only road to the hospital was "
    "closed for nine days.",
    "Work will begin in March and last until the autumn, said the council's engineer, Joan Hale, who "
    "expects delays at"
    " the well-known bridge. She called the north-south road the weakest point.",
    "Residents welcomed the vote. Some asked why the walls were not built after the flood of 2011, "
    "when water reached"
    " the county seat. The council answered that the money was not there.",
)
CHINESE = (
    "临溪县投资四千万元加固河堤",
    "县政府昨天决定投入4000万元加固河堤，过去两个冬天里，河水两次漫过旧堤，三百多户人家进水，通往医院的唯一道路中断九天。",
    "工程明年三月动工，计划秋天完工。县水利局局长周建民说，大桥一带施工期间将分段限行，请市民绕行；水位监测站增加到12个。",
    "“早该修了。”住在河边的王桂英说，去年她家的水淹到窗台，“新堤比旧堤高1.5米，我们放心多了。”",
)
MIXED = (
    "高校开设 Python 公开课",
    "临溪学院从9月起向市民开放 Python 和 Data Science 两门公开课，每周六上午上课，由"
    " Open University 的教师在线讲授，报名人数已达1200人。",
    "学院负责人说，课程使用 GitHub 提交作业，完成全部12次作业的学员可以获得证书。"
    "第一批学员中有退休教师，也有中学生。",
)
STRUCTURES = {
    section.partition("\n")[0]: section.partition("\n")[2].rstrip("\n")
    for section in (Path(__file__).parent / "data/structures.txt").read_text("utf-8").split("=== ")[1:]
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_what_is_set_in_lines_keeps_them(name: str) -> None:
    lines = [line.strip() for line in STRUCTURES[name].split("\n") if line.strip()]
    assert unwrap_text(STRUCTURES[name]).split("\n") == lines


@pytest.mark.parametrize(
    ("name", "width"),
    [
        (name, width)
        for name, structure in STRUCTURES.items()
        for width in (40, 72)
        if max(map(len, structure.split("\n"))) <= width
    ],
)
def test_what_is_set_in_lines_keeps_them_amid_wrapped_prose(name: str, width: int) -> None:
    lines = [line.strip() for line in STRUCTURES[name].split("\n") if line.strip()]
    prose = (CHINESE if re.search("[\u4e00-\u9fff]", STRUCTURES[name]) else ENGLISH)[1]
    wrapped = wrap_document([prose], width, "none", 1, has_title=False)
    assert unwrap_text(f"{wrapped}\n\n{STRUCTURES[name]}\n\n{wrapped}").split("\n") == [prose, *lines, prose]


@given(
    paragraphs=st.sampled_from([ENGLISH, CHINESE, MIXED]),
    width=st.integers(16, 120),
    style=st.sampled_from(["blank", "indent", "indent outside"]),
    rule=st.integers(0, RULES - 1),
)
def test_paragraphs_come_back_from_any_width(
    paragraphs: tuple[str, ...], width: int, style: str, rule: int
) -> None:
    plain = parse_plain_text(wrap_document(paragraphs, width, style, rule, has_title=True))
    assert [re.sub(r"\s", "", text) for text in (plain.title, *plain.text.split("\n"))] == [
        re.sub(r"\s", "", text) for text in paragraphs
    ]
    if paragraphs is not MIXED:
        assert (plain.title, *plain.text.split("\n")) == paragraphs


@given(text=st.text(st.sampled_from("ab，。 -\n\u3000中文.1Q"), max_size=200))
def test_nothing_is_lost_but_white_space_and_hyphens_and_every_character_is_found_again(text: str) -> None:
    paragraphs = split_paragraphs(text)
    whole = "".join(paragraph.text for paragraph in paragraphs)
    assert re.sub(r"[\s-]", "", whole) == re.sub(r"[\s-]", "", text)
    for paragraph in paragraphs:
        for position, character in enumerate(paragraph.text):
            assert character == " " or text[paragraph.locate(position)] == character


@pytest.mark.parametrize(
    ("end", "start", "joined"),
    [
        ("down from 27 minutes", "to 15.", "27 minutes to 15."),
        ("a bridge that is well-", "known here.", "that is well-known here."),
        ("for all first-", "and second-hand cars.", "first- and second-hand cars."),
        ("so he chose the word—", "as he wrote—at once.", "the word—as he wrote"),
        ("so he chose the word --", "as he wrote.", "the word -- as he wrote."),
        ("检测显示，河水水质达标率从去年的1", "20上升到今年的130。", "去年的120上升"),
        ("统计局说，今年全县粮食产量增长12.5", "%，达到设计标准。", "增长12.5%，达到"),
        ("县里这项加固河堤的工程由一家公司", "承建，明年完工。", "一家公司承建"),
    ],
)
def test_lines_are_joined_as_their_script_asks(end: str, start: str, joined: str) -> None:
    paragraph = (CHINESE if re.search("[\u4e00-\u9fff]", end) else ENGLISH)[1]
    prose = wrap_document([paragraph], len(end), "none", 1, has_title=False)
    assert joined in unwrap_text(f"{prose}\n\n{end}\n{start}")


def test_a_blank_comes_back_between_chinese_and_latin_where_the_text_sets_one() -> None:
    for blank in (" ", ""):
        paragraph = blank.join(
            [
                "临溪学院向市民开放",
                "Python",
                "公开课，作业交到",
                "GitHub",
                "，由",
                "Ada",
                "老师讲授，九月开课。",
            ]
        )
        for width in range(16, 24):
            wrapped = wrap_document([paragraph, paragraph, paragraph], width, "blank", 1, has_title=False)
            assert unwrap_text(wrapped).split("\n") == [paragraph] * 3


def test_a_typesetters_hyphen_goes_where_words_were_broken() -> None:
    text = (
        "The county council has de-\ncided to spend four mil-\nlion pounds on new flood\nwalls along "
        "the river af-\n"
        "ter two winters in which\nhundreds of homes were un-\nder water for nine days."
    )
    assert unwrap_text(text).startswith(
        "The county council has decided to spend four million pounds on new flood walls"
    )


def test_lines_that_a_typist_broke_by_eye_are_joined() -> None:
    text = (
        "The county council voted on Tuesday to spend four million pounds\n"
        "on new flood walls along the river, after two\n"
        "winters in which hundreds of homes stood under water and the\nonly road to the hospital was "
        "closed.\n\n"
        "Work will begin in March and last until the autumn, said the\ncouncil's engineer, who expects long"
        " delays at the bridge, which\ncarries most of the traffic."
    )
    assert unwrap_text(text).count("\n") == 1
