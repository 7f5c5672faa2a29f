"""Editions to render, and golden files: `pytest tests/render --golden-update` makes them anew."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import tdjson
from telegram.constants import MessageLimit

from bot.models import (
    Addition,
    Article,
    Edition,
    LeftOutReason,
    MessagePart,
    PrintedStory,
    Story,
    StoryReference,
)
from bot.render.plaintext import measure_utf16
from summarizer import Sentence, Summary
from tests.fakes import slot_on

# For a night: ZHAIBAO_EDITIONS=2000 pytest tests/render tries each law on so many.
if "ZHAIBAO_EDITIONS" in os.environ:
    hypothesis.settings.register_profile(
        "long", max_examples=int(os.environ["ZHAIBAO_EDITIONS"]), deadline=None
    )
    hypothesis.settings.load_profile("long")
GOLDEN = Path(__file__).parent / "golden"
MORNING = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="make the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare with the golden file of that name, or make it."""
    update = request.config.getoption("--golden-update", default=False)

    def compare(name: str, content: str) -> None:
        path = GOLDEN / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="\n")
        assert path.exists(), f"{name} is missing: pytest tests/render --golden-update"
        assert content == path.read_bytes().decode("utf-8"), (
            f"{name} has changed: pytest tests/render --golden-update"
        )

    return compare


@pytest.fixture(scope="session")
def assert_taken() -> Callable[[MessagePart], None]:
    """Ask Telegram's own parser (tdjson, offline) whether it takes a message, sees its text and all its
    links.
    """
    td(**{"@type": "setLogVerbosityLevel"}, new_verbosity_level=0)

    def judge(part: MessagePart) -> None:
        answer = td(
            **{"@type": "parseTextEntities"}, text=part.html, parse_mode={"@type": "textParseModeHTML"}
        )
        assert answer["@type"] == "formattedText", answer
        assert answer["text"].strip() == part.text
        assert 1 <= measure_utf16(part.text) <= MessageLimit.MAX_TEXT_LENGTH
        assert len(part.html.encode()) <= 32_768
        kinds = [entity["type"]["@type"] for entity in answer["entities"]]
        assert len(kinds) <= MessageLimit.MESSAGE_ENTITIES
        assert kinds.count("textEntityTypeTextUrl") == part.html.count("<a href="), "Telegram dropped a link"

    return judge


def td(**request: Any) -> dict[str, Any]:  # Any: JSON
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()))
    return answer


def summary(*texts: str, language: str = "zh") -> Summary:
    sentences, start = [], 0
    for number, text in enumerate(texts):
        end = start + len(text)
        sentences.append(
            Sentence(text=text, start=start, end=end, score=1 / (1 + number), paragraph=number, number=number)
        )
        start = end
    return Summary(sentences=tuple(sentences), language=language, joiner="" if language == "zh" else " ")


def story(
    title: str, *sentences: str, section: str = "", others: tuple[Article, ...] = (), **article: object
) -> Story:
    language = str(article.get("language", "zh"))
    return Story(
        article=Article(title=title, text="".join(sentences), **article),  # type: ignore[arg-type]
        summary=summary(*sentences, language=language),
        section=section,
        others=others,
    )


def edition(*stories: Story, **changes: object) -> Edition:
    values: dict[str, object] = {
        "digest": "daily",
        "slot_at": slot_on(date(2026, 11, 22)),
        "title": "临溪摘报",
        "language": "zh",
        "zone": ZoneInfo("Asia/Shanghai"),
        "theme": "plain",
        "created_at": MORNING,
        "stories": stories,
    }
    return Edition(**(values | changes))  # type: ignore[arg-type]


def chinese() -> Edition:
    return edition(
        story(
            "县城到青岭的公交早晚各加开两班",
            "11月23日起，临溪县城至青岭镇的8路公交早晚高峰各加开两班，首班车提前到5时40分。",
            "加开的班次停靠县医院和第二中学，票价仍为两元。",
            section="要闻",
            source="临溪日报",
            page="第1版",
            dateline="本报11月21日讯",
            byline="(融媒体 周秋禾)",
            kicker="出行更方便",
            language="zh",
            others=(
                Article(
                    title="青岭公交加密", text="", source="临溪广播", url="https://radio.linxi.example/8"
                ),
                Article(title="8路车提前发车", text="", source="青岭镇公众号"),
            ),
        ),
        story(
            "今冬供暖管网改造完成九成",
            "全县今年改造老旧供暖管网31.6公里，惠及4800户居民，余下三个小区将在12月5日前完工。",
            "住建局公布了24小时报修电话，承诺两小时内上门。",
            section="要闻",
            source="临溪日报",
            page="第1版",
            dateline="本报讯",
            language="zh",
            cut_tail=True,
            continues_on="第三版",
        ),
        story(
            "柿子沟的柿饼卖到了海外",
            "柿子沟村合作社今年加工柿饼260吨，其中38吨销往日本和韩国，社员户均增收1.2万元。",
            section="乡村",
            source="临溪日报",
            page="第3版",
            byline="通讯员 何晓棠",
            language="zh",
            cut_head=True,
        ),
        story(
            "县图书馆周末开放到晚上九点",
            "自本周起，县图书馆周五至周日延长开放至21时，三楼自习室新增120个座位。",
            "读者凭身份证即可入馆，无须预约。",
            section="文化",
            source="临溪发布",
            url="https://news.linxi.example/2026/11/library?from=feed&id=7",
            language="zh",
            published_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        ),
    )


def english() -> Edition:
    return edition(
        story(
            "Ferry to Gull Island runs through the winter for the first time",
            "The council voted 9-2 on Thursday to keep the Gull Island ferry running from December "
            "to March, with two"
            " crossings a day.",
            "A single ticket stays at £4.20; islanders travel free on Wednesdays.",
            section="Local",
            source="Harrow Bay Courier",
            page="A1",
            dateline="HARROW BAY, Nov. 20",
            byline="Mara Ellison",
            language="en",
            others=(
                Article(title="Ferry", text="", source="Bay Radio", url="https://bayradio.example/ferry"),
            ),
        ),
        story(
            "Library lends out tools, tents and a telescope",
            "The town library now lends 140 things that are not books, from drills to a six-inch telescope.",
            section="Culture",
            source="Harrow Bay Courier",
            url="https://courier.example/library-of-things",
            language="en",
            published_at=datetime(2026, 11, 21, 23, 30, tzinfo=UTC),
        ),
        story(
            "Storm takes the roof off the old cannery",
            "nobody was hurt, the fire service said, but Quay Street stays shut until Monday.",
            section="Culture",
            source="Harrow Bay Courier",
            page="A3",
            language="en",
            cut_head=True,
            cut_tail=True,
        ),
        title="Harrow Bay Digest",
        language="en",
        zone=ZoneInfo("Europe/London"),
    )


def addition(source: str, text: str, url: str = "", language: str = "zh") -> Addition:
    article = Article(title="题", text=text, source=source, url=url, language=language)
    return Addition(article=article, summary=summary(text, language=language))


def updated() -> Edition:
    """A story that goes on, one to which two sources add, one that does both, and three there was no room
    for.
    """
    bus, pipes, dates, library = chinese().stories
    radio = addition("临溪广播", "新增的四班车都配了充电口。", "https://radio.linxi.example/8")
    town = addition("青岭镇公众号", "镇上的候车亭本月底前装好顶棚。")
    return edition(
        replace(bus, additions=(radio, town), others=(*bus.others, radio.article, town.article)),
        replace(pipes, first_printing=PrintedStory(edition="2026-11-19", number=2)),
        replace(
            dates,
            first_printing=PrintedStory(edition="2025-12-31", number=11),
            additions=(town,),
            others=(town.article,),
        ),
        library,
        more=(
            StoryReference(
                title="青岭隧道贯通", url="https://news.linxi.example/2026/11/tunnel?from=feed&id=9"
            ),
            StoryReference(title="“小河长”巡河<记>"),
            StoryReference(
                title="全县二十三个村的幸福食堂开张，七十岁以上老人一餐只付三元，其余由村集体和县财政补足，送餐到家不另收钱"
            ),
        ),
        more_count=8,
    )


def updated_english() -> Edition:
    ferry, tools, roof = english().stories
    radio = addition(
        "Bay Radio", "The winter boat carries 12 cars instead of 20.", "https://bayradio.example/ferry", "en"
    )
    return replace(
        english(),
        stories=(
            replace(
                ferry,
                first_printing=PrintedStory(edition="2026-11-20", number=1),
                additions=(radio,),
                others=(radio.article,),
            ),
            replace(roof, first_printing=PrintedStory(edition="2026-11-21", number=4)),
            tools,
        ),
        more=(
            StoryReference(title="Harbour dredging starts on Monday", url="https://courier.example/dredging"),
            StoryReference(title="Two new doctors for Quay Street"),
        ),
    )


def empty() -> Edition:
    return edition(
        empty_sources=("临溪日报", "青岭镇公众号"),
        left_out={LeftOutReason.OLD: 8, LeftOutReason.PRINTED: 3, LeftOutReason.OFF_TOPIC: 2},
    )


def empty_english() -> Edition:
    return edition(title="Harrow Bay Digest", language="cy")  # no row for Welsh: worded in English


def cut() -> Edition:
    """A story far too long for a message, one of a single endless sentence, and enough others for several
    messages.
    """
    long = [
        f"第{number}号地块今年增产{number}吨，村民把新粮送到镇上的粮站，价格比去年每斤高两分。"
        for number in range(1, 121)
    ]
    endless = "，".join(f"第{number}户领到了{number}袋种子" for number in range(1, 900)) + "。"
    others = [
        story(
            f"青岭镇第{number}村修好了村道",
            f"第{number}村的村道全长{number}.5公里，由村民和县交通局一起修成，下雨天不再泥泞。" * 4,
            source="临溪日报",
            page=f"第{number}版",
        )
        for number in range(1, 31)
    ]
    return edition(
        others[0],
        story("全县秋粮一百二十个地块增产", *long, source="临溪日报", url="https://news.linxi.example/grain"),
        story("种子发到各户", endless, source="临溪日报", page="第2版"),
        *others[1:],
    )


def hostile() -> Edition:
    """What no newspaper prints, and somebody's feed will."""
    family = "👨‍👩‍👧‍👦"
    return edition(
        story(
            "<b>x</b> & \"y\" &nbsp; &amp; </a><script>alert('1')</script>",
            "1 < 2 && 3 > 2 <br>。",
            source="a<b>&c",
        ),
        story(family * 400, family * 800, source="🇨🇳" * 60, byline="é" * 90 + "👍🏽" * 30),
        story(
            "النشرة اليومية \u202e لمدينة لينشي",
            "وصل القطار الأول إلى المدينة صباح اليوم.",
            source="صحيفة",
            language="ar",
        ),
        story("x" * 5000, "y" * 5000 + ".", source="z" * 5000, page="w" * 5000),
        story("", url="javascript:alert(1)"),
        story(
            "main.py\x00\x07\ud800 line\u2028two\nthree", "a\r\nb\tc。", url="https://a.example/?q=<\"'>&x=1"
        ),
        story("题", "句。", url="http://[::1", source="https://b.example"),
        story(
            "题",
            "句。",
            url="https://a.example/" + "l" * 4000,
            others=tuple(Article(title="t", text="", source=f"<i>{n}</i>") for n in range(200)),
        ),
        title="<h1>&" + "题" * 3000,
        digest="../../etc/<passwd>",
        language="zh-CN",
        empty_sources=tuple(f"<{number}>&" * 50 for number in range(300)),
    )


EDITIONS = {
    "chinese": chinese,
    "chinese-broadsheet": lambda: replace(chinese(), theme="broadsheet"),
    "english": english,
    "updated": updated,
    "updated-broadsheet": lambda: replace(updated(), theme="broadsheet"),
    "updated-english": updated_english,
    "empty": empty,
    "empty-english": empty_english,
    "cut": cut,
    "hostile": hostile,
}


@pytest.fixture(params=EDITIONS)
def named_edition(request: pytest.FixtureRequest) -> tuple[str, Edition]:
    return request.param, EDITIONS[request.param]()


@pytest.fixture
def history() -> list[Edition]:
    """Earlier editions: yesterday's, last month's, and one of another digest."""
    return [
        edition(chinese().stories[2], slot_at=slot_on(date(2026, 11, 21))),
        edition(*chinese().stories[:2], slot_at=slot_on(date(2026, 10, 31))),
        edition(
            *english().stories[1:],
            slot_at=slot_on(date(2026, 11, 21)),
            digest="english",
            title="Harrow Bay Digest",
            language="en",
        ),
    ]
