"""What a page prints beside its articles is told from what articles say."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newspaper.furniture import (
    ATOMS,
    MAY_HOLD_ATOMS,
    JumpLine,
    explain_edge_furniture,
    explain_furniture,
    parse_day,
    parse_jump,
    parse_page_name,
    parse_page_number,
)


@pytest.mark.parametrize(
    "line",
    [
        "2026年11月20日 星期五",
        "2026年11月20日　星期五　农历丙午年十月十二",
        "二〇二六年十一月二十日 星期五",
        "2026年4月21日 星期二 高原晨报 05 评论·副刊",
        "中華民國115年5月6日 星期三 島嶼日報 地方新聞 B2",
        "乡村振兴 · 3",
        "第2版 民生",
        "第三版：综合新闻",
        "03 要闻",
        "A5 社區",
        "副刊 08",
        "责任编辑：江晓岚 电话：0576-8362115",
        "責任編輯：陳子明",
        "本版编辑：江晓岚 校对：魏平",
        "责编/何芳 美编/石南 校对/林一",
        "新闻热线：0318-2206655",
        "读报热线 0318-2206650",
        "国内统一连续出版物号 CN 37-0000 总第8123期",
        "临溪日报",
        "临溪日报 2026年11月20日 星期五 第2版",
        "www.example.com 第4版",
        "The Linxi Herald",
        "Saturday, November 21, 2026",
        "Page 5",
        "二版 要闻",
        "7月5日 星期三",
        "A5 Local News",
        "The Linxi Herald | Saturday, November 21, 2026 | A3",
        "Editor: Jiang Xiaolan",
        "港島新報 2026年5月14日 星期四 B3 民生",
    ],
)
def test_furniture_is_recognised(line: str) -> None:
    assert explain_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "2015年至2022年",
        "12月1日起改为预约公交",
        "星期五的集市",
        "（2026年10月8日县人大常委会第三次会议通过）",
        "（致辞全文见第二版）",
        "县委编辑出版《临溪年鉴》",
        "本报讯 县图书馆开放。",
        "群众遇到急症可拨打服务电话96068",
        "十二条农村客运线改为预约公交",
        "Six village stations cut the wait to 15 minutes",
        "Herald of spring",
        "5G基站建到山顶",
    ],
)
def test_text_is_no_furniture(line: str) -> None:
    assert not explain_furniture(line)


@pytest.mark.parametrize("line", ["要闻", "民 生", "Local News", "2026年11月20日"])
def test_page_names_and_dates_are_furniture_beside_furniture_alone(line: str) -> None:
    assert explain_edge_furniture(line)
    assert not explain_furniture(line)


@pytest.mark.parametrize("line", ["民生工程", "News from the harbour", "经济 社会"])
def test_headings_are_no_page_names(line: str) -> None:
    assert not explain_edge_furniture(line)


def test_a_short_word_names_the_page_at_its_top_alone() -> None:
    assert (
        explain_edge_furniture("身边", is_top=True)
        == explain_edge_furniture("副 刊", is_top=True)
        == "is a page's name"
    )
    assert not explain_edge_furniture("身边")
    assert not explain_edge_furniture("身边小事", is_top=True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("（下转第二版）", JumpLine(target="第二版", is_back=False)),
        ("(上接1版)", JumpLine(target="1版", is_back=True)),
        ("▲上接第一版", JumpLine(target="第一版", is_back=True)),
        ("【下转A3版】", JumpLine(target="A3版", is_back=False)),
        ("（紧接第一版）", JumpLine(target="第一版", is_back=True)),
        ("下轉第四版", JumpLine(target="第四版", is_back=False)),
        ("（上接第一版“冬修水利”）", JumpLine(target="第一版“冬修水利”", is_back=True)),
        ("(Continued on page 7)", JumpLine(target="page 7", is_back=False)),
        ("Continued from Page A1", JumpLine(target="Page A1", is_back=True)),
        ("（文接第一版）", JumpLine(target="第一版", is_back=True)),
        ("Turn to A4", JumpLine(target="A4", is_back=False)),
        ("See LIBRARY, page 4", JumpLine(target="page 4", is_back=False)),
    ],
)
def test_jump_lines_are_read(line: str, expected: JumpLine) -> None:
    assert parse_jump(line) == expected


@pytest.mark.parametrize(
    "line", ["转变作风", "上接天线，下接地气", "接第一笔订单", "She turned to page 7 and read on."]
)
def test_words_that_sound_like_jump_lines_are_none(line: str) -> None:
    assert parse_jump(line) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026年11月20日 星期五", date(2026, 11, 20)),
        ("二〇二六年十一月二十日", date(2026, 11, 20)),
        ("二○二六年三月三十一日", date(2026, 3, 31)),
        ("2026-11-20", date(2026, 11, 20)),
        ("中華民國115年5月6日 星期三", date(2026, 5, 6)),
        ("Saturday, November 21, 2026", date(2026, 11, 21)),
        ("21st Nov 2026", date(2026, 11, 21)),
        ("2026年13月20日", None),
        ("第1版", None),
    ],
)
def test_days_are_read(line: str, expected: date | None) -> None:
    assert parse_day(line) == expected


@pytest.mark.parametrize(
    ("line", "number", "name"),
    [
        ("第1版 要闻", "1", "要闻"),
        ("03 民生", "3", "民生"),
        ("A5 社區", "A5", "社區"),
        ("港島新報 2026年5月14日 星期四 B3 民生", "B3", "民生"),
        ("第十二版", "12", ""),
        ("Page 5", "5", ""),
        ("临溪日报 2026年11月20日 星期五 第2版", "2", ""),
    ],
)
def test_page_number_and_name_are_read(line: str, number: str, name: str) -> None:
    assert (parse_page_number(line), parse_page_name(line)) == (number, name)


@pytest.mark.parametrize("atom", ATOMS.values(), ids=ATOMS.keys())
@given(data=st.data())
def test_line_without_the_characters_that_atoms_have_holds_none(
    atom: re.Pattern[str], data: st.DataObject
) -> None:
    found = atom.search(data.draw(st.from_regex(atom)))
    assert found
    assert MAY_HOLD_ATOMS.search(found.group())
