# ruff: noqa: E501  (markup on one line each, as feeds and pages have it)
"""An article's web page becomes the article; a page that is none says so."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bot.errors import SourceError
from bot.models import Source
from bot.sources.html.article_page import parse_article
from bot.sources.kinds.table import KINDS

URL = "https://linxi.example/2026/1120/1142.html"
CHINESE = (
    "11月20日上午，临溪县急救中心正式启用，总投资1.26亿元。从这一天起，全县的120电话统一由新的调度大厅受理。",
    "中心建筑面积1.8万平方米，设有调度大厅、抢救区和60张留观床位，配备12辆救护车。",
    "与县城的中心同时投入使用的，还有6个乡镇急救站。县卫健局测算，急救车的平均到达时间由27分钟缩短到15分钟。",
    "县里还计划到明年6月培训3000名村干部、教师和司机学会心肺复苏，并在车站、学校等场所再安装80台自动体外除颤器。",
)
ENGLISH = (
    "The county opened its new emergency centre on Friday morning, and every call for an ambulance "
    "now goes to one room.",
    "The building cost 126 million yuan and holds a dispatch hall, a resuscitation area and sixty "
    "observation beds.",
    "Six stations in the villages began work on the same day, each with an ambulance and a crew "
    "around the clock.",
    "Officials expect the average time until help arrives to fall from twenty-seven minutes to fifteen.",
)


def page(paragraphs, title="临溪县急救中心启用", lang="zh", head="", around="") -> str:
    links = "".join(f"<li><a href='/{n}'>栏目导航第{n}条</a></li>" for n in range(12))
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta "
        f"charset='utf-8'><title>{title}_临溪新闻网</title>{head}</head><body>"
        f"<header><ul class='nav'>{links}</ul></header><div class='main'><h1>{title}</h1>"
        f"<div class='info'>2026-11-20 17:40 来源：临溪新闻网</div><div "
        f"class='article-content'>{body}</div>{around}</div>"
        f"<div class='sidebar'><ul>{links}</ul></div><footer>版权所有 临溪县融媒体中心</footer></body></html>"
    )


def test_a_chinese_page_gives_its_paragraphs_title_and_hour():
    head = "<meta property='article:published_time' content='2026-11-20T17:40:00+08:00'>"
    found = parse_article(page(CHINESE, head=head).encode(), URL)
    assert found.title == "临溪县急救中心启用"
    assert found.paragraphs == CHINESE
    assert (found.language, found.url) == ("zh", URL)
    assert found.published_at == datetime(2026, 11, 20, 9, 40, tzinfo=UTC)


def test_an_english_page_gives_its_paragraphs():
    found = parse_article(page(ENGLISH, title="Emergency centre opens", lang="en").encode(), URL)
    assert found.title == "Emergency centre opens"
    assert found.paragraphs == ENGLISH
    assert found.language == "en"


@pytest.mark.parametrize("real", ["gb18030", "utf-8"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", ""])
def test_a_page_is_read_in_its_real_encoding(real, declared):
    html = page(CHINESE).replace("<meta charset='utf-8'>", f"<meta charset='{declared}'>" if declared else "")
    assert parse_article(html.encode(real), URL).paragraphs == CHINESE


def test_the_byline_section_and_name_come_from_page_and_configuration():
    head = "<meta name='author' content='何雨桐'>"
    source = Source(kind="webpage", name="临溪新闻网", address=URL, section="民生")
    (found,) = KINDS["webpage"].parse_listing(page(CHINESE, head=head).encode(), URL, source).articles
    assert (found.byline, found.section, found.source) == ("何雨桐", "民生", "临溪新闻网")


def test_editors_and_share_lines_are_left_out():
    found = parse_article(page((*CHINESE, "责任编辑：沈帆", "分享到微信")).encode(), URL)
    assert found.paragraphs == CHINESE


TITLE = "临溪县急救中心启用"
MENU = "".join(f"<li><a href='/c{n}'>栏目{n}</a></li>" for n in range(20))
OTHERS = "".join(
    f"<li><a href='/r{n}.html'>推荐阅读的另外一篇新闻标题{n}</a> 2026-11-19 08:00</li>" for n in range(15)
)
BODY = "".join(f"<p>　　{text}</p>" for text in CHINESE)
SHAPES = {
    "government": f"<head><title>{TITLE}_临溪县人民政府门户网站</title></head><body><div>今天是2026年11月22日 "
    f"星期日</div><ul>{MENU}</ul>"
    f"<div class='con'><div class='title'>{TITLE}</div><div>发布时间：2026-11-20 17:40 来源：临溪日报 浏览次数：12 "
    f"字号：[大][中][小]</div>"
    f"<div class='TRS_Editor'>{BODY}</div><div>【打印本页】【关闭窗口】</div></div><ul>{OTHERS}</ul></body>",
    "portal": f"<head><title>{TITLE}--社会--临溪网</title></head><body><h1>{TITLE}</h1><div><div>2026年11月20日17:40 | "
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f""
    f"来源：<a href='/'>临溪网</a></div>"
    f"<div>小字号</div></div><div class='rm_txt_con'>{BODY}<p>（责编：王某、李某）</p><div>分享让更多人看到</div></div><ul>{OTHERS}</ul></body>",
    "messenger": f"<head><title></title><meta property='og:title' content='{TITLE}'></head><body><h1>\n{TITLE}\n</h1><div><em>2026-11-20 17:40</em></div>"
    f"<div class='rich_media_content'><section><p><span>{'</span></p><p><br></p><p><span>'.join(CHINESE)}</span></p></section><p>END</p></div></body>",
    "table": f"<head><title>{TITLE}-新闻-临溪在线</title></head><body><table><tr><td>{MENU}</td><td><center><font size=5><b>{TITLE}</b></font><br>"
    f"2026-11-20 17:40:00 来源：临溪在线</center><div id='zoom'>　　{'<br><br>　　'.join(CHINESE)}<br><br>责任编辑：沈帆</div></td><td>{OTHERS}</td></tr></table></body>",
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_usual_shape_of_page_gives_the_article_alone(name):
    found = parse_article(f"<html>{SHAPES[name]}</html>".encode(), "https://linxi.example/a.html")
    assert (found.title, found.paragraphs) == (TITLE, CHINESE)
    assert found.published_at == datetime(2026, 11, 20, 9, 40, tzinfo=UTC)


def test_an_english_article_keeps_headings_and_lists_and_loses_captions_and_related_stories():
    html = (
        "<html lang=en><head><title>Kelp film vanishes in eight weeks | Frontier Notes</title></head><body><nav><a href=/>Home</a></nav><article>"
        f"<h1>Kelp film vanishes in eight weeks</h1><p>By Ann Song</p><p>{ENGLISH[0]}</p><h2>What it cost</h2><p>{ENGLISH[1]}</p>"
        f"<ul><li>{ENGLISH[2]}</li><li>{ENGLISH[3]}</li></ul><figure><img src=a.jpg><figcaption>The centre in June.</figcaption></figure></article>"
        "<section class=related><h3>Related stories</h3><a href=/a>Sodium buses survive a winter</a></section><footer>Copyright 2026</footer></body></html>"
    )
    found = parse_article(html.encode(), URL)
    assert found.title == "Kelp film vanishes in eight weeks"
    assert found.paragraphs[-5:] == (ENGLISH[0], "What it cost", *ENGLISH[1:])
    assert [found.paragraphs[index] for index in found.subheadings] == ["What it cost"]


LIST = page(
    (),
    around="<ul>"
    + "".join(f"<li><a href='/a{n}'>全县第{n}个急救站今天开始接诊病人</a> 11-20</li>" for n in range(60))
    + "</ul>",
)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        "<html></html>",
        "<!-- nothing -->",
        "<html><body><p>404 Not Found</p></body></html>",
        page(("正在跳转，请稍候。",)),
        LIST,
        "<html><body><script>" + "x = 1;" * 1000 + "</script></body></html>",
        "\x00\x01",
    ],
    ids=["empty", "blank", "no body", "comment", "error page", "notice", "list", "script", "binary"],
)
def test_a_page_that_is_no_article_says_so(html):
    with pytest.raises(SourceError, match=r"linxi\.example"):
        parse_article(html.encode(), URL)


@pytest.mark.parametrize(
    "html",
    [
        page(CHINESE) + "<div>" * 50_000,
        "<div>" * 50_000 + page(CHINESE),
        page(CHINESE, around=f"<a href='{'a' * 1_000_000}'>x</a>"),
        page(CHINESE, around="<b>" * 20_000),
        page(CHINESE, around="<a href=" * 100_000),
        page(CHINESE, around="&amp;" * 300_000),
        page(CHINESE * 2000),
    ],
    ids=["deep after", "deep before", "long attribute", "bold", "open tags", "entities", "long"],
)
def test_a_hostile_page_ends_soon(html):
    with suppress(SourceError):
        parse_article(html.encode(), URL)


LONG_ENGLISH = " ".join(ENGLISH)
ITEMS = "".join(f"<li>Adds {name} to the map of ambulances and shows it on the board in the hall</li>" for name in ("roads", "rivers", "bridges", "villages", "fords"))  # fmt: skip


def english_page(body: str, head: str = "") -> str:
    return (
        f"<html lang=en><head><title>Emergency centre opens | Linxi Times</title>{head}</head><body><nav><a href=/>Home</a></nav>"
        f"<main><article><h1>Emergency centre opens</h1>{body}</article></main><footer><p>© Linxi Times</p></footer></body></html>"
    )


def test_a_list_without_full_stops_is_an_article():
    found = parse_article(english_page(f"<p>What is new in version 3:</p><ul>{ITEMS}</ul>").encode(), URL)
    assert len(found.paragraphs) == 6


def test_chinese_prose_with_blanks_for_marks_is_an_article():
    paragraphs = [text.replace("，", " ").replace("。", " ").strip() for text in CHINESE]
    assert parse_article(page(paragraphs).encode(), URL).paragraphs == tuple(paragraphs)


def test_short_chinese_paragraphs_in_blocks_of_their_own_are_all_read():
    sentences = (
        "县卫健局局长表示，二期工程明年动工。",
        "居民为此等了六年，当天广场上站满了人。",
        "旧址将改为护士学校，每年招收四十名学生。",
        "三个镇的护士明年三月迁入。",
        "中心设有专线，村医可以直接呼叫值班医生。",
        *CHINESE[:1],
    )
    blocks = "".join(
        f"<section><section><span><span>{text}</span></span></section></section>" for text in sentences
    )
    html = f"<html><head><meta property='og:title' content='启用了'></head><body><h1>启用了</h1><div id='js_content' style='visibility: hidden;'>{blocks}</div></body></html>"
    assert parse_article(html.encode(), URL).paragraphs == sentences


def test_the_rows_of_a_table_and_the_lines_of_code_are_lines():
    rows = "<table><tr><th>Beds in the town</th><th>Beds in all villages</th></tr><tr><td>84 in Linxi</td><td>12 in Hexi</td></tr></table>"
    code = "<pre><code>def wait(minutes):\n    return minutes &lt; 10</code></pre>"
    body = "".join(f"<p>{text}</p>" for text in ENGLISH)
    found = parse_article(english_page(f"{body}{rows}{code}<p>{ENGLISH[0]}</p>").encode(), URL)
    assert found.paragraphs == (
        *ENGLISH,
        "Beds in the town Beds in all villages",
        "84 in Linxi 12 in Hexi",
        "def wait(minutes):",
        "return minutes < 10",
        ENGLISH[0],
    )


def test_marks_of_a_page_are_written_and_what_it_hides_is_not():
    body = "".join(f"<p>{text}</p>" for text in ENGLISH)
    marks = (
        "<p>It costs <del>12</del> <ins>15</ins> million and carries 10<sup>6</sup> litres.<sup>[1]</sup></p>"
    )
    found = parse_article(
        english_page(f"{marks}{body}<p style='display:none'>Win a car in the lottery.</p>").encode(), URL
    )
    assert found.paragraphs == ("It costs 15 million and carries 10⁶ litres.", *ENGLISH)


def test_a_line_with_the_date_gives_the_date_and_is_no_paragraph():
    body = "".join(f"<p>{text}</p>" for text in ENGLISH)
    found = parse_article(
        english_page(f"<p>Published Nov. 20, 2026 8:30 p.m.</p>{body}").encode(), "https://linxi.example/7"
    )
    assert found.paragraphs == ENGLISH
    assert found.published_at == datetime(2026, 11, 20, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", f"<div class='lazy'></div><noscript><p>{LONG_ENGLISH}</p></noscript>"),
        (
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{LONG_ENGLISH}"}}</script>',
            "",
        ),
    ],
    ids=["noscript", "structured data"],
)
def test_text_that_only_programs_are_given_is_read(head, body):
    assert parse_article(english_page(body, head).encode(), URL).text == LONG_ENGLISH


def test_a_page_that_asks_for_a_check_of_the_browser_says_so():
    body = "<p>This site checks your browser first.</p><p>Please allow cookies and JavaScript, and load the page again.</p>"
    with pytest.raises(SourceError, match="check of the browser"):
        parse_article(english_page(body).encode(), URL)


def test_a_page_that_shows_the_beginning_alone_says_so():
    body = f"<p>{ENGLISH[0]}</p><p>To continue reading this article, subscribe or log in.</p>"
    with pytest.raises(SourceError, match="beginning of its article"):
        parse_article(english_page(body).encode(), URL)


def test_of_a_file_that_the_operator_chose_a_short_text_is_taken():
    assert parse_article(b"<title>T</title><p>Test</p>", URL, accept_short=True).text == "Test"


def test_a_title_that_is_printed_again_below_the_article_does_not_cut_it():
    title = "临溪县急救中心启用"
    found = parse_article(page((*CHINESE, title), title=title).encode(), URL)
    assert found.paragraphs[: len(CHINESE)] == CHINESE
