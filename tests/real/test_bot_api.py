"""The Bot API double as python-telegram-bot meets it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.real.bot_api import Chat, Double, Limits, Standing

# what RetryAfter warns of each time it is raised
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

READER, GROUP = 7, -1001


@pytest.fixture(autouse=True)
def chats(double: Double) -> None:
    double.add(Chat(id=READER))
    double.add(Chat(id=GROUP, kind="supergroup", title="读报群", topics={5}, closed_topics={6}))


def bot_of(double: Double, token: str = "") -> telegram.Bot:
    def request() -> HTTPXRequest:  # reading the system's certificates takes longer than a test
        return HTTPXRequest(read_timeout=0.5, connect_timeout=1, httpx_kwargs={"verify": False})

    return telegram.Bot(
        token or double.token, double.base_url, request=request(), get_updates_request=request()
    )


def ask(double: Double, act: Callable[[telegram.Bot], Awaitable[Any]], token: str = "") -> Any:
    """Let a bot do `act` with short timeouts."""

    async def asked() -> Any:
        async with bot_of(double, token) as bot:
            return await act(bot)

    return asyncio.run(asked())


def send(double: Double, text: str, chat: int | str = READER, **parameters: Any) -> telegram.Message:
    sent: telegram.Message = ask(
        double, lambda bot: bot.send_message(chat, text, parse_mode="HTML", **parameters)
    )
    return sent


def test_a_message_arrives_as_its_reader_sees_it(double: Double) -> None:
    message = send(
        double, ' <b>摘报</b> &amp; <a href="https://example.org/">全文</a> ', disable_notification=True
    )
    taken = double.messages[0]
    assert (taken.text, taken.message_id) == ("摘报 & 全文", message.message_id)
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in taken.entities] == [
        ("bold", 0, 2),
        ("text_link", 5, 2),
    ]
    assert message.parse_entities() == {message.entities[0]: "摘报", message.entities[1]: "全文"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>一", 'Can\'t parse entities: unsupported start tag "p" at byte offset 0'),
        ("", "Message text is empty"),
        (" \n<b> </b>", "Text must be non-empty"),
        ("字" * 4097, "Message is too long"),
        ("字" * 10923, "Text is too long"),
        ("😀" * 2049, "Message is too long"),
    ],
)
def test_text_is_refused_in_telegrams_words(double: Double, text: str, said: str) -> None:
    with pytest.raises(BadRequest) as caught:
        send(double, text)
    assert str(caught.value).lower() == said.lower()
    assert double.messages == []


def test_the_longest_message_is_taken(double: Double) -> None:
    send(double, "<b>" + "字" * 4096 + "</b>")
    assert double.texts(READER) == ["字" * 4096]


@pytest.mark.parametrize(
    ("standing", "error", "said"),
    [
        (Standing.BLOCKED, Forbidden, "bot was blocked by the user"),
        (Standing.DEACTIVATED, Forbidden, "user is deactivated"),
        (Standing.KICKED, Forbidden, "bot was kicked from the private chat"),
        (Standing.MUTED, BadRequest, "ot enough rights to send text messages"),
    ],
)
def test_a_closed_door_is_named(
    double: Double, standing: Standing, error: type[Exception], said: str
) -> None:
    double.office.chats[READER].standing = standing
    with pytest.raises(error, match=said):
        send(double, "你好")


def test_chats_topics_and_channels_are_checked(double: Double) -> None:
    double.add(Chat(id=-1002, kind="channel", title="频道", username="zhaibao"))
    with pytest.raises(BadRequest, match="hat not found"):
        send(double, "你好", 8)
    with pytest.raises(BadRequest, match="hread not found"):
        send(double, "你好", GROUP, message_thread_id=9)
    with pytest.raises(BadRequest, match="opic_closed"):
        send(double, "你好", GROUP, message_thread_id=6)
    with pytest.raises(BadRequest, match="eed administrator rights in the channel chat"):
        send(double, "你好", "@zhaibao")
    assert send(double, "你好", GROUP, message_thread_id=5).message_thread_id == 5


def test_a_group_that_moved_says_where(double: Double) -> None:
    double.add(Chat(id=-5, kind="group", title="老群", moved_to=GROUP))
    with pytest.raises(ChatMigrated) as caught:
        send(double, "你好", -5)
    assert caught.value.new_chat_id == GROUP


def test_a_flood_is_over_after_so_many_refusals(double: Double) -> None:
    double.flood(times=1, retry_after=3)
    with pytest.raises(RetryAfter) as caught:
        send(double, "你好")
    assert int(caught.value._retry_after.total_seconds()) == 3
    send(double, "你好")
    assert double.texts(READER) == ["你好"]


def test_a_broken_front_server_takes_nothing(double: Double) -> None:
    double.fail(502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        send(double, "你好")
    assert double.messages == []


def test_a_held_reply_times_out_with_the_message_taken(double: Double) -> None:
    double.hold_reply()
    with pytest.raises(TimedOut):
        send(double, "你好")
    assert double.texts(READER) == ["你好"]


def test_an_ignored_call_times_out_with_nothing_taken(double: Double) -> None:
    double.ignore()
    with pytest.raises(TimedOut):
        send(double, "你好")
    assert double.messages == []


def test_a_lost_reply_is_a_network_error_with_the_message_taken(double: Double) -> None:
    double.lose_reply()
    with pytest.raises(NetworkError) as caught:
        send(double, "你好")
    assert not isinstance(caught.value, TimedOut)
    assert double.texts(READER) == ["你好"]


def test_a_stopped_server_refuses_connections_and_comes_back_on_its_port(double: Double) -> None:
    double.stop()
    with pytest.raises(NetworkError, match="ConnectError"):
        send(double, "你好")
    double.start()
    send(double, "你好")
    assert double.texts(READER) == ["你好"]


def test_a_wrong_token_is_refused(double: Double) -> None:
    with pytest.raises(InvalidToken):
        ask(double, lambda bot: bot.get_me(), token="123:wrong")
    assert double.calls[0].status == 401


def test_the_documented_limits_are_enforced_on_demand(double: Double) -> None:
    double.limits = Limits()

    async def twice(bot: telegram.Bot) -> None:
        await bot.send_message(READER, "一")
        await bot.send_message(READER, "二")

    with pytest.raises(RetryAfter):
        ask(double, twice)
    for chat in range(100, 129):
        double.add(Chat(id=chat))

    async def broadcast(bot: telegram.Bot) -> list[Any]:
        sends = [bot.send_message(chat, "早") for chat in range(100, 129)]
        return await asyncio.gather(*sends, bot.send_message(GROUP, "早"), return_exceptions=True)

    answers = ask(double, broadcast)
    assert any(isinstance(answer, RetryAfter) for answer in answers)
    assert len(double.refusals(429)) >= 2


def test_a_group_takes_twenty_messages_a_minute(double: Double) -> None:
    double.limits = Limits(chat_per_second=100)

    async def broadcast(bot: telegram.Bot) -> list[Any]:
        return [await bot.send_message(GROUP, "早") for _ in range(21)]

    with pytest.raises(RetryAfter) as caught:
        ask(double, broadcast)
    assert caught.value._retry_after.total_seconds() > 50
    assert len(double.messages) == 20


def test_updates_reach_a_waiting_bot_once(double: Double) -> None:
    async def poll(bot: telegram.Bot) -> tuple[Any, Any]:
        waiting = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.to_thread(double.wait_for, lambda: double.office.poll)
        double.receive("/summary https://example.org/")
        first = await waiting
        return first, await bot.get_updates(offset=first[-1].update_id + 1)

    first, second = ask(double, poll)
    assert [update.message.text for update in first] == ["/summary https://example.org/"]
    assert first[0].message.entities[0].type == "bot_command"
    assert second == ()


def test_a_second_poll_ends_the_first(double: Double) -> None:
    async def both(bot: telegram.Bot) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.to_thread(double.wait_for, lambda: double.office.poll)
        async with bot_of(double) as other:
            await other.get_updates()
        await first

    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        ask(double, both)


def test_messages_are_edited_and_answered(double: Double) -> None:
    heard = double.receive("你好")
    keyboard = telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton("更多", callback_data="more:1")]]
    )

    async def talk(bot: telegram.Bot) -> None:
        reply = telegram.ReplyParameters(heard["message_id"])
        sent = await bot.send_message(READER, "好", reply_parameters=reply, reply_markup=keyboard)
        await bot.edit_message_text("好的", READER, sent.message_id)
        with pytest.raises(BadRequest, match="essage is not modified"):
            await bot.edit_message_text("好的", READER, sent.message_id)
        with pytest.raises(BadRequest, match="essage to be replied not found"):
            await bot.send_message(READER, "好", reply_parameters=telegram.ReplyParameters(999))
        double.press(double.messages[0], "more:1")
        query = (await bot.get_updates(timeout=5))[-1].callback_query
        assert query is not None
        await query.answer()
        await bot.send_chat_action(READER, "typing")
        await bot.set_my_commands([("start", "开始")])
        await bot.delete_webhook()

    ask(double, talk)
    assert double.messages[0].reply_to == heard["message_id"]
    assert (double.office.edits[0].text, len(double.office.answers)) == ("好的", 1)
    assert double.office.commands["default", ""] == [{"command": "start", "description": "开始"}]


def test_the_bot_learns_what_it_may_do(double: Double) -> None:
    double.add(Chat(id=-1002, kind="channel", title="频道", standing=Standing.ADMINISTRATOR))

    async def look(bot: telegram.Bot) -> tuple[Any, ...]:
        members = [await bot.get_chat_member(chat, bot.id) for chat in (-1002, GROUP)]
        return await bot.get_chat(GROUP), *members

    chat, member, plain = ask(double, look)
    assert (chat.title, chat.is_forum) == ("读报群", True)
    assert (member.status, member.can_post_messages, plain.status) == ("administrator", True, "member")


def test_a_button_without_an_action_is_refused(double: Double) -> None:
    long = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("更多", callback_data="字" * 22)]])
    with pytest.raises(BadRequest, match="utton_data_invalid"):
        send(double, "你好", reply_markup=long)
