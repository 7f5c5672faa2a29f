"""HTML becomes the paragraphs a reader would call the article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.html.prose import parse_prose, strip_markup


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<p>一</p><p>二</p>", ("一", "二")),
        ("<div>一<div>二</div>三</div>", ("一", "二", "三")),
        ("一<br>二<br/><br/>三", ("一", "二", "三")),
        ("<ul><li>甲</li><li>乙</li></ul>", ("甲", "乙")),
        ("<p>急救\n  中心</p>", ("急救中心",)),
        ("<p>The\n  centre</p>", ("The centre",)),
        ("<p>\u3000\u3000段首空格&nbsp;&nbsp;不留</p>", ("段首空格 不留",)),
        ("<p>零\u200b宽\ufeff字符</p>", ("零宽字符",)),
        ("<p>一<b>二</b><i>三</i><a href='x'>四</a>。</p>", ("一二三四。",)),
        ("<p>前<script>alert(1)</script>后</p><style>p{}</style>", ("前后",)),
        ("<p>文</p><figure><img><figcaption>图说</figcaption></figure><p>文</p>", ("文", "文")),
        ("<pre>一\n二</pre>", ("一", "二")),
        ("<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>", ("甲 1", "乙 2")),
        ("<p></p><p>&nbsp;</p><p>一</p>", ("一",)),
        ("无标签\n的两行 &amp; 符号", ("无标签", "的两行 & 符号")),
        ("<p>没有结尾", ("没有结尾",)),
        ("</p></div>一<p", ("一",)),
        ("<!-- 注 --><p>一<!-- 注 -->二</p>", ("一二",)),
        ("", ()),
        ("<p>\x00一\x01</p>", ("一",)),
    ],
)
def test_paragraphs_are_what_stands_between_blocks(html, paragraphs):
    assert parse_prose(html).paragraphs == paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：沈帆",
        "（责编：王某、李某）",
        "编辑：何雨桐 校对：马春生",
        "分享到微信",
        "微信扫一扫关注我们",
        "点击查看更多",
        "阅读原文",
        "上一篇：青溪水库下闸",
        "相关阅读：县城电梯补助",
        "Share this",
        "Share on Facebook",
        "Read more at linxi.example »",
        "Continue reading the whole story",
        "The post Kelp film appeared first on Frontier Notes",
        "12 comments",
        "Advertisement",
    ],
)
def test_lines_around_an_article_are_left_out(line):
    assert parse_prose(f"<p>一段文字。</p><p>{line}</p>").paragraphs == ("一段文字。",)


@pytest.mark.parametrize(
    "line",
    [
        "分享到会的有三十名代表，他们带来了各乡镇的经验，这些经验将汇编成册，发到全县一百四十个行政村，供大家学习参考，并在年底前评选出十个最好的做法。会后还将举办展览。",
        "编辑部搬到了新址。",
        "Share prices fell by two percent.",
        "Read more books, said the librarian, and the town listened for an entire year.".replace("more ", ""),
        "Comments by the mayor followed.",
        "（融媒体 何雨桐）",
    ],
)
def test_sentences_that_only_begin_alike_stay(line):
    assert parse_prose(f"<p>一段文字。</p><p>{line}</p>").paragraphs == ("一段文字。", line)


def test_headings_are_noted_by_tag_and_by_bold_lines_that_are_no_sentences():
    found = parse_prose(
        "<h2>一</h2><p>文。</p><p><strong>二、水量</strong></p><p>文。</p><p><b>全是重点的一句。</b></p>"
    )
    assert [found.paragraphs[index] for index in found.subheadings] == ["一", "二、水量"]


def test_a_heading_with_nothing_under_it_goes_with_what_was_left_out():
    assert parse_prose("<p>文。</p><h3>推荐</h3><p>分享到微信</p>").paragraphs == ("文。",)


def test_a_first_line_that_repeats_the_title_is_left_out():
    assert parse_prose("<h1>标题</h1><p>文。</p><p>标题</p>", "标题").paragraphs == ("文。", "标题")


def test_tags_nested_a_hundred_thousand_deep_are_survived():
    parse_prose("<p>一</p>" + "<div>" * 100_000)


@given(st.text() | st.text(alphabet="<>/pbdiv &;#x0\n急a!-\"'="))
def test_any_text_becomes_clean_lines(html):
    found = parse_prose(html)
    for paragraph in found.paragraphs:
        assert paragraph == paragraph.strip() != ""
        assert "\n" not in paragraph
    assert all(index < len(found.paragraphs) for index in found.subheadings)


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("Tom &amp; <i>Jerry</i>", "Tom & Jerry"),
        ("a < b", "a < b"),
        ("  一\n二 ", "一二"),
        ("5 &lt; 6", "5 < 6"),
        ("", ""),
    ],
)
def test_a_title_is_one_line_of_plain_text(html, title):
    assert strip_markup(html) == title
