"""Lines around an article and captions are known by their form; an article's own lines stay."""

import pytest

from bot.sources.html.junk_lines import _load_gate_form, _load_junk_forms, is_gate_line, is_junk_line
from bot.sources.html.prose import parse_prose


@pytest.mark.parametrize("form", _load_junk_forms(), ids=lambda form: form.name)
def test_every_form_has_an_example_that_is_junk(form):
    assert form.pattern.fullmatch(form.example)
    assert is_junk_line(form.example)


@pytest.mark.parametrize(
    "line",
    [
        "(more…)",
        "继续阅读 →",
        "查看全文>>",
        "Lire la suite",
        "Читать далее",
        "本文首发于微信公众号“临溪发布”，转载请注明出处。",
        "Tags: linxi, hospital",
        "0 comments",
        "Photo: He Yutong/Linxi Times",
        "submitted by /u/somebody [link] [comments]",
        "View this post on Instagram",
        "编辑 | 何雨桐",
        "值班主任：林夏",
        "来源：临溪日报 作者：何雨桐 发布时间：2026-11-30 08:30",
        "扫一扫在手机打开当前页",
        "阅读 1024",
        "打开APP阅读全文",
        "返回搜狐，查看更多",
        "海报生成中...",
        "▲市民在参观急救车",
        "图为启用仪式现场。（临溪县融媒体中心供图）",
        "长按识别二维码关注我们",
    ],
)
def test_lines_that_sites_print_around_articles_are_junk(line):
    assert is_junk_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "编辑部搬到了新址。",
        "来源复杂的废水先进入调节池。",
        "分享会上，三十名代表介绍了各乡镇的经验。",
        "关注民生",
        "Share prices fell by two percent.",
        "Follow the money",
        "Read the river before you cross it, the ferryman says.",
        "The photo by the bridge was taken in 1902.",
        "Comments by the mayor followed.",
        "2022年10月28日，水库下闸蓄水",
        "一、水量",
        "记者从县水利局了解到，工程提前完工。",
        "图书馆新增三万册图书。",
        "She said: we will build it.",
        "“阅读原文很难。”他说。",
    ],
)
def test_an_articles_own_lines_stay(line):
    assert not is_junk_line(line)


@pytest.mark.parametrize(
    "line",
    [
        _load_gate_form().example,
        "Already a subscriber? Sign in.",
        "Subscribe now to keep reading the full story.",
        "登录后即可继续阅读全文",
        "本文剩余 72% 内容，开通会员后阅读",
    ],
)
def test_what_asks_to_pay_or_log_in_is_a_gate(line):
    assert is_gate_line(line)


@pytest.mark.parametrize(
    "line",
    ["The county subscribes to two newspapers.", "他登录系统后发现错误。", "Members of the council met."],
)
def test_an_articles_own_lines_are_no_gate(line):
    assert not is_gate_line(line)


def test_a_paragraph_that_a_paywall_cut_off_is_left_out():
    html = (
        "<p>It cost 126 million.</p><p>He came. The mayor said that the"
        "</p><p>Already a subscriber? Sign in.</p>"
    )
    assert parse_prose(html).paragraphs == ("It cost 126 million.", "He came.")


@pytest.mark.parametrize(
    "text", ["编辑：" * 40, "a" * 240 + "转载", "（" * 80, "分享" * 40, "by " * 26, "图" * 80]
)
def test_lines_made_to_cost_time_end_soon(text):
    is_junk_line(text)
    is_gate_line(text)
