"""Channels, groups and forum topics get digests from those who administer them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.subscribers.subscriber import SubscriberState
from tests.chat.dialogue import DAILY, PERSON, WEEKLY, ChatRoom, Dialogue
from tests.chat.test_subscribing import freeze_edition
from tests.real.bot_api import Chat, Double, Standing

CHANNEL, FORUM = -1002, -1003


@pytest.fixture
def channel(room: ChatRoom, double: Double) -> ChatRoom:
    double.add(Chat(id=PERSON))
    double.add(Chat(id=CHANNEL, kind="channel", title="临溪频道", username="linxi", standing=Standing.LEFT))
    double.office.members[CHANNEL, PERSON] = "creator"
    freeze_edition(room.store, datetime(2026, 1, 15, 0, tzinfo=UTC))
    return replace(room, digests=(DAILY, WEEKLY))


def test_who_adds_the_bot_to_a_channel_is_asked_in_private_and_connects_it(
    channel: ChatRoom, double: Double
) -> None:
    async def work() -> None:
        async with channel.answering():
            dialogue = Dialogue(double)
            double.change_standing(CHANNEL, Standing.ADMINISTRATOR)
            await dialogue.play_script(
                """
                把哪份摘报发到“临溪频道”
                [临溪摘报] [一周摘报]
                * 临溪摘报
                临溪摘报 → 临溪频道
                [确定] [静音] [预览]
                * 预览
                老船厂重新开工
                * 静音
                每天 08:00，不出声
                * 确定
                临溪摘报 → 临溪频道
                声音：关
                [改时间]
                * 改时间
                * 07:00
                现在：每天 07:00
                """
            )

    asyncio.run(work())
    assert double.texts(CHANNEL) == []
    subscriber = channel.find_subscriber(f"telegram:{CHANNEL}")
    assert subscriber is not None
    (subscription,) = subscriber.subscriptions
    assert (subscription.digest, subscription.wishes.silent) == ("daily", True)


def test_who_is_no_administrator_any_more_cannot_change_the_channels_digest(
    channel: ChatRoom, double: Double
) -> None:
    async def work() -> None:
        async with channel.answering():
            dialogue = Dialogue(double)
            double.change_standing(CHANNEL, Standing.ADMINISTRATOR)
            await dialogue.play_script("* 临溪摘报\n* 确定\n[停]")
            double.office.members[CHANNEL, PERSON] = "member"
            await dialogue.play_script("* 停\n只有“临溪频道”的管理员才能改")

    asyncio.run(work())
    subscriber = channel.find_subscriber(f"telegram:{CHANNEL}")
    assert subscriber is not None
    assert subscriber.state is SubscriberState.ACTIVE


def test_a_lost_right_pauses_the_channel_and_is_told_once_and_its_return_resumes_it(
    channel: ChatRoom, double: Double
) -> None:
    async def work() -> None:
        async with channel.answering():
            dialogue = Dialogue(double)
            double.change_standing(CHANNEL, Standing.ADMINISTRATOR)
            await dialogue.play_script("* 临溪摘报\n* 确定\n[停]")
            double.change_standing(CHANNEL, Standing.KICKED, user=99)
            await dialogue.play_script("不能在“临溪频道”发消息了")
            subscriber = channel.find_subscriber(f"telegram:{CHANNEL}")
            assert subscriber is not None
            assert subscriber.state is SubscriberState.PAUSED
            double.change_standing(CHANNEL, Standing.ADMINISTRATOR)
            await dialogue.play_script("又可以在“临溪频道”发消息了")

    asyncio.run(work())
    subscriber = channel.find_subscriber(f"telegram:{CHANNEL}")
    assert subscriber is not None
    assert subscriber.state is SubscriberState.ACTIVE
    assert sum("不能在" in text for text in double.texts(PERSON)) == 1


def test_connect_says_what_is_missing(channel: ChatRoom, double: Double) -> None:
    channel.play("> /connect\n请把我设为频道管理员\n> /connect @nowhere\n没找到这个频道")
    channel.play("> /connect @linxi\n不能在“临溪频道”发消息")
    double.office.chats[CHANNEL].standing = Standing.ADMINISTRATOR
    channel.play("> /connect @linxi\n把哪份摘报发到“临溪频道”\n* 一周摘报\n* 确定\n一周摘报 → 临溪频道")
    double.office.members[CHANNEL, PERSON] = "member"
    channel.play("> /connect @linxi\n只有“临溪频道”的管理员才能改")


@pytest.mark.parametrize(("thread", "key"), [(5, f"telegram:{FORUM}#5"), (None, f"telegram:{FORUM}")])
@pytest.mark.parametrize("knows_ephemeral", [True, False])
def test_here_chooses_the_topic_of_a_forum(
    channel: ChatRoom, double: Double, thread: int | None, key: str, *, knows_ephemeral: bool
) -> None:
    double.add(Chat(id=FORUM, kind="supergroup", title="读报群", topics={5}))
    double.office.members[FORUM, PERSON] = "administrator"
    double.office.knows_ephemeral = knows_ephemeral

    async def work() -> None:
        async with channel.answering():
            topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
            double.receive("/here@zhaibao_test_bot", FORUM, PERSON, **topic)
            if knows_ephemeral:
                await press_ephemeral(double, "临溪摘报")
                await press_ephemeral(double, "确定")
                await Dialogue(double).wait_until(lambda: channel.find_subscriber(key), "a subscriber")
            else:
                await Dialogue(double).play_script("* 临溪摘报\n* 确定\n[停]")

    asyncio.run(work())
    assert channel.find_subscriber(key) is not None
    assert double.texts(FORUM) == []


async def press_ephemeral(double: Double, label: str) -> None:
    def find_data() -> str:
        rows = [row for row in double.office.ephemeral if row["markup"]]
        buttons = rows[-1]["markup"]["inline_keyboard"] if rows else []
        return next((key["callback_data"] for row in buttons for key in row if key["text"] == label), "")

    await Dialogue(double).wait_until(find_data, label)
    double.press_ephemeral(double.office.ephemeral[-1], find_data())


def test_members_cannot_use_here(channel: ChatRoom, double: Double) -> None:
    double.add(Chat(id=FORUM, kind="supergroup", title="读报群"))
    double.office.members[FORUM, PERSON] = "member"

    async def work() -> None:
        async with channel.answering():
            double.receive("/here@zhaibao_test_bot", FORUM, PERSON)
            await Dialogue(double).wait_until(lambda: double.office.ephemeral, "an answer")

    asyncio.run(work())
    assert "管理员才能改" in double.office.ephemeral[0]["text"]


def test_a_persons_settings_are_not_shown_to_a_group(channel: ChatRoom, double: Double) -> None:
    double.add(Chat(id=FORUM, kind="supergroup", title="读报群"))

    async def work() -> None:
        async with channel.answering():
            double.receive("/start daily")
            await Dialogue(double).play_script("已订阅")
            double.receive("/settings@zhaibao_test_bot", FORUM, PERSON)
            await Dialogue(double).wait_until(lambda: double.office.ephemeral, "an answer")

    asyncio.run(work())
    assert double.texts(FORUM) == []
    assert "篇幅：中" in double.office.ephemeral[0]["text"]
