# ruff: noqa: E501  (markup on one line each)
"""A public channel's preview gives its messages."""

from datetime import UTC, datetime

import pytest

from bot.errors import SourceError
from bot.models import Source
from bot.sources.kinds.telegram import parse_articles

SOURCE = Source(kind="telegram", name="临溪频道", address="https://t.me/s/linxi", section="要闻")


def message(number: int, body: str) -> str:
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message '
        f'text_not_supported_wrap js-widget_message" data-post="linxi/{number}">'
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{body}</div>'
        f'<div class="tgme_widget_message_footer"><a class="tgme_widget_message_date" '
        f'href="https://t.me/linxi/{number}"><time datetime="2026-11-20T09:40:00+00:00">09:40</time><'
        f"/a></div></div></div>"
    )


BODY = "<b>急救中心今日启用</b><br/><br/>总投资1.26亿元的县急救中心20日启用，配备12辆救护车。<br/>平均到达时间由27分钟缩短到15分钟。<br/>#临溪 #民生"
PAGE = (
    f"<html><body>{message(7, BODY)}{message(8, '早上好！')}"
    f"{message(9, '县图书馆新馆将于本周六上午九时开门，藏书二十二万册，比老馆多了将近三倍。')}</body></html>"
)


def test_a_message_is_an_article_under_its_first_line():
    first, last = parse_articles(PAGE.encode(), SOURCE.address, SOURCE)
    assert first.title == "急救中心今日启用"
    assert first.paragraphs == (
        "总投资1.26亿元的县急救中心20日启用，配备12辆救护车。",
        "平均到达时间由27分钟缩短到15分钟。",
    )
    assert (first.url, first.source, first.section, first.language) == (
        "https://t.me/linxi/7",
        "临溪频道",
        "要闻",
        "zh",
    )
    assert first.published_at == datetime(2026, 11, 20, 9, 40, tzinfo=UTC)
    assert (
        last.title == last.text == "县图书馆新馆将于本周六上午九时开门，藏书二十二万册，比老馆多了将近三倍。"
    )


@pytest.mark.parametrize(
    "html", ["", "<html><body><div class='tgme_page'>Contact @linxi</div></body></html>"]
)
def test_a_page_without_messages_is_told_with_the_right_address(html):
    with pytest.raises(SourceError):
        parse_articles(html.encode(), "https://t.me/linxi", SOURCE)
