"""The last messages of a channel prove that a message arrived, that it did not, or nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from telegram import Chat, Message

from bot.channels.protocol import Arrival
from bot.channels.telegram.arrival import MAX_MESSAGES, prove_arrival

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
ARRIVED, ABSENT, UNKNOWN = Arrival(is_known=True, receipt="message 7"), Arrival(is_known=True), Arrival()


def message(text: str, minutes: int = 1, chat: int = -1001, number: int = 7) -> Message:
    place = Chat(chat, "channel", username="linxi_daily")
    return Message(number, NOON + timedelta(minutes=minutes), place, text=text)


@pytest.mark.parametrize("address", ["-1001", "@linxi_daily", "@Linxi_Daily"])
def test_a_message_of_the_text_that_was_posted_since_has_arrived(address: str) -> None:
    messages = [
        message("别的", number=8),
        message("第1条\n今天 开始蓄水。"),
        message("昨天的", -999, number=6),
    ]
    assert prove_arrival(messages, address, "第1条\n\n今天 开始蓄水。\n", NOON) == ARRIVED


def test_the_same_text_of_an_earlier_edition_is_no_proof() -> None:
    assert (
        prove_arrival([message("今天没有新的消息。", -1440)], "-1001", "今天没有新的消息。", NOON) == ABSENT
    )


def test_a_channel_whose_last_messages_reach_back_before_the_edition_holds_no_such_message() -> None:
    last = [message("别的", number=n) for n in range(MAX_MESSAGES - 1)]
    assert prove_arrival(last, "-1001", "第1条", NOON) == ABSENT, "these are all there are"
    assert prove_arrival([*last, message("昨天的", -999)], "-1001", "第1条", NOON) == ABSENT


def test_more_messages_than_can_be_seen_prove_nothing() -> None:
    last = [message("别的", number=n) for n in range(MAX_MESSAGES)]
    assert prove_arrival(last, "-1001", "第1条", NOON) == UNKNOWN


def test_another_channel_proves_nothing() -> None:
    assert prove_arrival([message("第1条")], "-1002", "第1条", NOON) == UNKNOWN
    assert prove_arrival([message("第1条")], "@other", "第1条", NOON) == UNKNOWN


def test_a_profile_without_a_channel_proves_nothing() -> None:
    assert prove_arrival([], "-1001", "第1条", NOON) == UNKNOWN
