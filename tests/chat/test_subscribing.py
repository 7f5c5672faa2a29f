"""A person subscribes, chooses and leaves, all by themselves."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.models import Article, Edition, Story
from bot.store import Store
from bot.subscribers.subscriber import SubscriberState, SubscriptionState
from summarizer import summarize
from tests.chat.conftest import PROSE
from tests.chat.dialogue import DAILY, PERSON, WEEKLY, ChatRoom, Dialogue

MORNING = datetime(2026, 1, 15, 0, tzinfo=UTC)


def build_edition(day: datetime) -> Edition:
    """Return an edition with one story."""
    article = Article(title="老船厂重新开工", text=PROSE, url="https://news.example/boat", source="快报")
    story = Story(article=article, summary=summarize(PROSE, title=article.title))
    return Edition(
        digest="daily",
        slot_at=day,
        title=DAILY.title,
        language="zh-Hans",
        zone=DAILY.zone,
        theme="plain",
        created_at=day,
        stories=(story,),
    )


def freeze_edition(store: Store, day: datetime) -> None:
    assert store.editions.freeze_edition(build_edition(day), {}, [], day + timedelta(hours=3))


@pytest.fixture
def published(room: ChatRoom) -> ChatRoom:
    freeze_edition(room.store, datetime(2026, 1, 15, 0, tzinfo=UTC))
    return room


def test_three_taps_subscribe_and_choose(published: ChatRoom) -> None:
    published.play(
        """
        > /start
        临溪摘报
        老船厂重新开工
        [每天 08:00 订阅] [先看最新一期] [其他]
        * 每天 08:00 订阅
        已订阅 · 明天 08:00（北京时间）
        [改时间] [话题] [篇幅] [停]
        (the same message has changed)
        - 先看
        * 改时间
        [✓ 08:00] [07:00]
        * 07:00
        [✓ 07:00]
        下一期：明天 07:00（北京时间）
        """
    )
    assert len(published.double.messages) == 1
    subscriber = published.find_subscriber()
    assert subscriber is not None
    (subscription,) = subscriber.subscriptions
    assert subscription.wishes.times == (time(7),)
    assert subscription.next_slot_at == datetime(2026, 1, 15, 23, tzinfo=UTC)


def test_a_person_leaves_and_may_undo_it(published: ChatRoom) -> None:
    published.play(
        """
        > /start
        * 每天 08:00 订阅
        * 改时间
        * 07:00
        下一期：明天 07:00
        > /stop
        已退订临溪摘报
        [撤销]
        """
    )
    subscriber = published.find_subscriber()
    assert subscriber is not None
    assert subscriber.state is SubscriberState.LEFT
    published.play("* 撤销\n临溪摘报")  # after a restart the button is old: the present state
    published.play("> /stop\n您没有订阅\n[订阅]\n* 订阅\n* 临溪摘报\n已订阅 · 明天 07:00")


def test_undo_brings_back_what_was_wished(published: ChatRoom) -> None:
    published.play(
        """
        > /start daily_0730
        已订阅 · 明天 07:30（北京时间）
        > /stop
        * 撤销
        已订阅 · 明天 07:30（北京时间）
        """
    )


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("/start daily", "已订阅 · 明天 08:00（北京时间）"),
        ("/start daily_0730", "已订阅 · 明天 07:30（北京时间）"),
        ("/start daily_1800", "已订阅 · 今天 18:00（北京时间）"),
        ("/start nothing", "临溪摘报"),
    ],
)
def test_a_deep_link_subscribes_at_once(published: ChatRoom, link: str, words: str) -> None:
    published.play(f"> {link}\n{words}")


def test_all_settings_stand_in_one_message(published: ChatRoom) -> None:
    published.play(
        """
        > /start daily
        > /settings
        下一期：明天 08:00（北京时间）
        时间：每天 08:00 · 北京
        话题：全部
        篇幅：中
        语言：简体中文
        声音：开
        [改时间] [话题] [篇幅] [语言] [时区] [静音] [暂停] [停]
        * 静音
        声音：关
        * 篇幅
        * 短
        [✓ 短]
        * 5 件事
        [✓ 5 件事]
        * 返回
        篇幅：短
        条数：5
        """
    )


def test_several_hours_and_typed_minutes(published: ChatRoom) -> None:
    published.play(
        """
        > /start daily
        * 改时间
        * 一天多次
        * 18:00
        [✓ 08:00] [✓ 18:00]
        下一期：今天 18:00
        * 写时间
        > 早上七点半，晚上9点
        现在：每天 07:30、21:00
        * 写时间
        > 二十五点
        最多 6 个时间
        > 6:15
        现在：每天 06:15
        * 每周
        * 星期日
        现在：星期日 06:15
        下一期：星期日 06:15
        """
    )


def test_topics_are_tapped_or_typed(published: ChatRoom) -> None:
    published.play(
        """
        > /start daily
        * 话题
        [渡船]
        * 渡船
        现在：渡船
        [✓ 渡船]
        * 自己写
        > 急救 ！广告
        现在：渡船、急救、不看 广告
        [✓ 不看 广告]
        * ✓ 渡船
        现在：急救、不看 广告
        * 全部
        现在：全部
        """
    )


def test_the_zone_is_guessed_shown_and_changed_in_three_ways(published: ChatRoom) -> None:
    async def work() -> None:
        async with published.answering():
            dialogue = Dialogue(published.double, language="zh-hant")
            await dialogue.play_script(
                """
                > /start daily
                已訂閱 · 明天 08:00（台北時間）
                > /settings
                * 時區
                [✓ 台北] [東京]
                * 東京
                現在：每天 08:00
                東京時間
                * 時區：東京
                > 慕尼黑
                柏林時間
                """
            )
            place = {"latitude": 39.9, "longitude": 116.4}
            published.double.receive("", location=place, language="zh-hant")
            await dialogue.play_script("北京時間\n下一期：明天 08:00")

    asyncio.run(work())
    subscriber = published.find_subscriber()
    assert subscriber is not None
    assert subscriber.zone == "Asia/Shanghai"


def test_an_unknown_city_is_asked_for_again(published: ChatRoom) -> None:
    published.play(
        """
        > /start daily
        > /settings
        * 时区
        > 某某城
        没听说过这个城市
        > 成都
        北京时间
        """
    )


def test_a_pause_is_a_button_a_date_or_a_span(published: ChatRoom) -> None:
    published.play(
        """
        > /start daily
        > /pause two weeks
        已暂停，到1月29日
        * 恢复
        下一期：明天 08:00
        > /pause
        [3 天] [1 周] [2 周] [1 个月]
        * 1 周
        已暂停，到1月22日
        * 恢复
        > /pause
        * 另选日期
        > 春天
        我需要一个日期
        > 2月1日
        已暂停，到2月1日
        """
    )
    subscriber = published.find_subscriber()
    assert subscriber is not None
    assert subscriber.paused_until == datetime(2026, 1, 31, 16, tzinfo=UTC)


def test_the_language_of_bot_and_digest_changes_at_once(published: ChatRoom) -> None:
    published.play(
        """
        > /start daily
        > /settings
        * 语言
        * English
        Which language?
        [✓ English]
        * Back
        Language: English
        > /settings
        Next: tomorrow 08:00
        """
    )


def test_several_digests_are_a_list_with_a_tick_each(published: ChatRoom) -> None:
    room = replace(published, digests=(DAILY, WEEKLY))
    room.play(
        """
        > /start
        * 其他
        [临溪摘报] [一周摘报]
        * 一周摘报
        已订阅 · 星期日 09:00（北京时间）
        > /start daily
        > /settings
        [✓ 临溪摘报] [✓ 一周摘报]
        * ✓ 一周摘报
        时间：星期日 09:00
        * 停
        已退订一周摘报
        """
    )
    subscriber = room.find_subscriber()
    assert subscriber is not None
    states = {each.digest: each.state for each in subscriber.subscriptions}
    assert states == {"daily": SubscriptionState.ACTIVE, "weekly": SubscriptionState.LEFT}


def test_the_present_digest_comes_on_request_and_earlier_ones_too(published: ChatRoom) -> None:
    published.play(
        """
        > /today
        1月15日 星期四
        老船厂重新开工
        > /digests
        [1月15日]
        * 1月15日
        1月15日 星期四
        """
    )


def test_what_was_published_is_searched(published: ChatRoom) -> None:
    published.store.search.index_new()
    published.play(
        """
        > /search 渡船
        1 篇
        老船厂重新开工 · 1月15日
        > /search
        要找什么
        > 没有的词
        没有找到
        """
    )


def test_a_button_pressed_by_somebody_else_does_nothing(published: ChatRoom) -> None:
    async def work() -> None:
        async with published.answering():
            dialogue = Dialogue(published.double)
            await dialogue.play_script("> /start\n[每天 08:00 订阅]")
            stranger = Dialogue(published.double, person=99, chat=PERSON)
            await stranger.press("每天 08:00 订阅")
            await dialogue.wait_until(lambda: published.double.office.answers, "an answer")

    asyncio.run(work())
    assert "这个按钮是给别人的" in published.double.office.answers[0]["text"]
    assert published.find_subscriber() is None
    assert published.find_subscriber("telegram:99") is None


def test_a_person_gets_all_that_is_stored_and_has_it_deleted(published: ChatRoom) -> None:
    async def work() -> None:
        async with published.answering():
            dialogue = Dialogue(published.double)
            await dialogue.play_script("> /export\n这里没有与您有关的数据\n> /start daily_0730\n已订阅")
            await dialogue.play_script("> /export")
            await dialogue.wait_until(lambda: published.double.office.documents, "the file")
            await dialogue.play_script(
                """
                > /forget
                [全部删除] [保留]
                * 保留
                都还在
                > /forget
                * 全部删除
                已删除
                > /settings
                [每天 08:00 订阅]
                """
            )

    asyncio.run(work())
    (document,) = published.double.office.documents
    assert json.loads(document["content"])["subscriptions"][0]["digest"] == "daily"
    assert published.find_subscriber() is None
