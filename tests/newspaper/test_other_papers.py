"""What papers do differently: datelines without a day, names where each paper puts them, headings in
capitals.
"""

import pytest

from bot.newspaper import split_page

# Three articles of one flood: their texts are as alike as those of one article.
FLOOD = """全县组织力量抢排农田积水

{dateline}连日强降雨使临溪河水位猛涨，沿河农田大面积积水。县农业农村局组织农技人员下到田间，指导农户开沟排水，抢收早稻。

到昨天傍晚，全县已排出积水的农田有四千二百亩，投入排水泵一百八十台。

连日降雨后沿河村庄加固堤防

{dateline}连日强降雨使临溪河水位超过警戒线。县水利局组织沿河村庄的干部群众日夜巡查，发现管涌两处，当场处置。

沿河农田的排水泵也由水利局统一调度，到昨天傍晚投入一百八十台。

降雨期间中小学停课两天

{dateline}连日强降雨使临溪河水位猛涨，县教育局决定，沿河的十二所中小学昨天和今天停课，学生在家自习。
"""


@pytest.mark.parametrize(
    "dateline",
    [
        "本报讯（记者 孙晓光）",
        "临溪讯 ",
        "本报讯 ",
        "本报临溪5月30日讯（记者 孙晓光）",
        "临溪晚报讯（记者 孙晓光）",
    ],
)
def test_any_dateline_begins_an_article_however_alike_the_texts_are(dateline: str) -> None:
    page = split_page(FLOOD.format(dateline=dateline))
    assert [article.title for article in page.articles] == [
        "全县组织力量抢排农田积水",
        "连日降雨后沿河村庄加固堤防",
        "降雨期间中小学停课两天",
    ]


@pytest.mark.parametrize(
    ("signed", "byline"),
    [
        ("通到六个区。本报记者 左一宁", "本报记者 左一宁"),
        ("通到六个区。 本报记者左一宁", "本报记者左一宁"),
        ("通到六个区。记者 左一宁 通讯员 何平", "记者 左一宁 通讯员 何平"),
        ("通到六个区。左一宁", "左一宁"),
    ],
)
def test_names_after_the_last_sentence_are_its_byline_and_tear_nothing(signed: str, byline: str) -> None:
    article = split_page(
        f"新地铁线开通\\n\\n昨天，新地铁线开通，市民早早来到车站，{signed}".replace("\\n", "\n")
    ).articles[0]
    assert not article.cut_tail
    assert article.byline == byline


@pytest.mark.parametrize("name", ["文/林小鹿", "◆何平", "□ 央金", "首席记者 潘高峰", "林小鹿"])
def test_names_below_the_title_are_its_byline(name: str) -> None:
    text = "那年冬天，我在河边住了三个月，每天看船来船往。船工说，水涨起来的时候，连桥墩都看不见。" * 2
    article = split_page(f"河边的冬天\n\n{name}\n\n{text}\n\n{text[3:]}\n").articles[0]
    assert article.title == "河边的冬天"
    assert article.byline == name


def test_capitals_head_an_article_in_scripts_that_have_small_letters() -> None:
    text = "Вчера в городе открылась новая линия метро. Первыми пассажирами были строители и артисты театров."
    page = split_page(f"ПЕРВЫЙ ПОЕЗД МЕТРО\n{text}\nА. Кратов.\nНОВАЯ ШКОЛА\nНА НАБЕРЕЖНОЙ\n{text}\n")
    assert [(article.title, article.deck) for article in page.articles] == [
        ("ПЕРВЫЙ ПОЕЗД МЕТРО", ""),
        ("НОВАЯ ШКОЛА", "НА НАБЕРЕЖНОЙ"),
    ]


def test_an_undated_dateline_begins_an_article_even_below_the_same_text_again() -> None:
    text = "本报讯 县里今天下雨，村民都很高兴。"
    page = split_page("\n\n".join(f"水库开闸{number}\n\n{text}" for number in range(6)))
    assert [article.title for article in page.articles] == [f"水库开闸{number}" for number in range(6)]
