"""The operator's commands; others get the help."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import DeliveryState, Destination, Message, MessagePart
from bot.store.deliveries import PartStarted
from tests.chat.dialogue import PERSON, ChatRoom, Dialogue
from tests.chat.test_subscribing import build_edition, freeze_edition

MORNING = datetime(2026, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def office(room: ChatRoom) -> ChatRoom:
    room.telegram = {"operators": (PERSON,)}
    return room


@pytest.mark.parametrize("command", ["status", "preview", "publish", "uncertain", "sources", "subscribers"])
def test_others_get_the_same_answer_as_for_an_unknown_command(office: ChatRoom, command: str) -> None:
    office.telegram = {"operators": (99,)}
    office.play(f"> /{command}\n我每天送摘报")


def test_the_operator_sees_the_state_and_publishes_after_asking(office: ChatRoom) -> None:
    office.play(
        """
        > /status
        临溪摘报：最近一期 还没有
        等待发送：0
        > /sources
        没有来源
        > /subscribers
        还没有人订阅
        > /start daily
        > /subscribers
        在订：1
        > /publish
        现在就出临溪摘报
        * 出刊
        """
    )


def test_the_next_edition_is_shown_before_it_is_published(office: ChatRoom) -> None:
    freeze_edition(office.store, MORNING)
    office.play("> /preview daily\n临溪摘报 · 1月15日\n> /preview nothing\n没有这个摘报")


@pytest.mark.parametrize(
    ("label", "state"),
    [("已收到", DeliveryState.SENT), ("重发", DeliveryState.PENDING), ("取消", DeliveryState.CANCELLED)],
)
def test_a_message_in_doubt_is_decided_by_one_tap(office: ChatRoom, label: str, state: DeliveryState) -> None:
    store = office.store
    message = Message(subject="摘报", parts=(MessagePart(html="一", text="一"),))
    to = Destination(digest="daily", channel="telegram", address="5")
    edition, expires_at = build_edition(MORNING), MORNING + timedelta(hours=3)
    store.editions.freeze_edition(edition, {"telegram": message}, [to], expires_at)
    (claimed,) = store.deliveries.claim_deliveries(
        "telegram", "worker", now=MORNING, lease_until=MORNING, limit=1
    )
    store.deliveries.record_events(
        "worker", [PartStarted(delivery_id=claimed.id, lease_until=MORNING)], MORNING
    )
    store.deliveries.recover_claims(MORNING + timedelta(hours=1), repeatable=())

    async def work() -> None:
        async with office.answering():
            await Dialogue(office.double).play_script(f"> /uncertain\ndaily → telegram:5\n* {label}")
            await Dialogue(office.double).wait_until(
                lambda: store.deliveries.list_deliveries(state), "the decision"
            )

    asyncio.run(work())
