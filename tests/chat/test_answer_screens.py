"""The parts of an answer that are tables."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.channels.telegram.channel import build_bot
from bot.channels.telegram.settings import TelegramSettings
from bot.chat import ChatParts
from bot.chat.texts import choose_texts, format_moment
from bot.render.sentence_reasons import REASON_BY_FEATURE
from summarizer import summarize
from summarizer.weights import WEIGHTS
from tests.chat.conftest import PROSE
from tests.chat.dialogue import ChatRoom
from tests.fakes import run_here

NOON = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)  # in Shanghai


def test_every_feature_with_a_reason_is_one_of_the_summarizers() -> None:
    features = {feature for table in WEIGHTS.values() for feature in table}
    computed = {
        name for sentence in summarize(PROSE, characters=400).sentences for name, _ in sentence.reasons
    }
    assert set(REASON_BY_FEATURE) - features - computed <= {"direction", "ends_introduction"}


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 1, 15, 10, 0, tzinfo=UTC), "今天 18:00"),
        (datetime(2026, 1, 16, 0, 0, tzinfo=UTC), "明天 08:00"),
        (datetime(2026, 1, 18, 1, 0, tzinfo=UTC), "星期日 09:00"),
        (datetime(2026, 3, 12, 0, 0, tzinfo=UTC), "3月12日 08:00"),
    ],
)
def test_a_time_is_named_as_people_name_it(moment: datetime, words: str) -> None:
    assert format_moment(moment, NOON, ZoneInfo("Asia/Shanghai"), choose_texts("zh")) == words


def test_the_menu_shows_only_commands_that_are_answered(room: ChatRoom) -> None:
    async def list_handled() -> set[str]:
        parts = ChatParts(
            settings=room.settings,
            store=room.store,
            fetcher=room.fetcher,
            workers=run_here,
            read_time=room.clock,
        )
        bot = build_bot(room.settings.get_channel_settings(TelegramSettings))
        conversation = parts.build_conversation(bot, asyncio.ensure_future)
        return {*conversation.router.handlers.commands, "summary"}

    handled = asyncio.run(list_handled())
    room.play("> /help\n我每天送摘报")
    shown = {row["command"] for rows in room.double.office.commands.values() for row in rows}
    assert shown
    assert shown <= handled
