"""Groups, chats that the bot is not in, and inline requests."""

import asyncio
from collections.abc import Callable

from tests.chat.conftest import ARTICLE, PROSE
from tests.chat.dialogue import PERSON, ChatRoom, Dialogue, find_data
from tests.real.bot_api import Chat, Double

GROUP = -1001
MakeRoom = Callable[..., ChatRoom]


def talk_in_group(room: ChatRoom, *acts: Callable[[Dialogue], object]) -> None:
    room.double.add(Chat(id=GROUP, kind="supergroup", title="读报群"))

    async def work() -> None:
        async with room.answering():
            dialogue = Dialogue(room.double, chat=GROUP)
            for act in acts:
                result = act(dialogue)
                if asyncio.iscoroutine(result):
                    await result

    asyncio.run(work())


def test_in_a_group_only_what_is_addressed_to_the_bot_is_answered(room_of: MakeRoom, double: Double) -> None:
    room = room_of(boat=ARTICLE)
    talk_in_group(
        room,
        lambda _: double.receive("https://example.org/boat", GROUP, PERSON),
        lambda _: double.receive("/summary@somebody_else https://example.org/boat", GROUP, PERSON),
        lambda _: double.receive("/settings@somebody_else", GROUP, PERSON),
        lambda _: double.receive("/summary@zhaibao_test_bot https://example.org/boat", GROUP, PERSON),
        lambda dialogue: dialogue.play_script("老船厂重新开工"),
    )
    (answer,) = double.messages
    assert answer.chat == GROUP
    assert answer.reply_to is not None


def test_a_mention_under_a_message_asks_for_that_message(room: ChatRoom, double: Double) -> None:
    def mention(_: Dialogue) -> None:
        text = double.receive(PROSE, GROUP, 8)
        double.receive("@zhaibao_test_bot", GROUP, PERSON, reply_to=text)

    talk_in_group(
        room,
        mention,
        lambda dialogue: dialogue.play_script(
            """
            摘要
            老船厂
            * 为何
            第 1 段
            """
        ),
    )


def test_a_reply_to_the_bot_is_addressed_to_it(room_of: MakeRoom, double: Double) -> None:
    room = room_of(boat=ARTICLE)
    own = {"message_id": 5, "date": 1, "chat": {"id": GROUP, "type": "supergroup", "title": "读报群"}}
    own["from"] = {"id": 123, "is_bot": True, "first_name": "Zhaibao"}

    talk_in_group(
        room,
        lambda _: double.receive("https://example.org/boat", GROUP, PERSON, reply_to=own),
        lambda dialogue: dialogue.play_script("老船厂重新开工"),
    )


def test_help_in_a_group_says_how_to_address_the_bot(room: ChatRoom, double: Double) -> None:
    talk_in_group(
        room,
        lambda _: double.receive("/help@zhaibao_test_bot", GROUP, PERSON),
        lambda dialogue: dialogue.play_script("在群里，点名我才回答"),
    )


def test_a_guest_is_answered_in_a_chat_that_the_bot_is_not_in(room_of: MakeRoom, double: Double) -> None:
    room = room_of(boat=ARTICLE)
    link = {"message_id": 3, "date": 1, "chat": {"id": -100777, "type": "supergroup", "title": "别人的群"}}
    link |= {"text": "https://example.org/boat", "entities": [{"type": "url", "offset": 0, "length": 24}]}
    query = ""

    async def work() -> None:
        nonlocal query
        async with room.answering():
            query = double.mention_as_guest("@zhaibao_test_bot", reply_to=link)
            await Dialogue(double).wait_until(lambda: query in double.office.guest_answers, "an answer")

    asyncio.run(work())
    assert double.office.guest_answers[query]["text"].startswith("老船厂重新开工")
    assert not double.messages


def test_a_link_or_a_text_is_answered_inline_and_a_word_is_not(room_of: MakeRoom, double: Double) -> None:
    room = room_of(boat=ARTICLE)

    async def ask(text: str) -> list[dict[str, object]]:
        query = double.ask_inline(text)
        await Dialogue(double).wait_until(lambda: query in double.office.inline_answers, "an answer")
        return double.office.inline_answers[query]

    async def work() -> None:
        async with room.answering():
            (link,) = await ask("https://example.org/boat")
            (text,) = await ask(PROSE)
            assert "老船厂重新开工" in str(link["text"])
            assert "船厂" in str(text["text"])
            assert await ask("你好") == []

    asyncio.run(work())


def test_a_button_without_its_message_works(room: ChatRoom, double: Double) -> None:
    """Bot API 10.5 sends callback queries without a message."""

    async def work() -> None:
        async with room.answering():
            dialogue = Dialogue(double)
            await dialogue.play_script("> /start")
            await dialogue.wait_until(lambda: "其他" in dialogue.labels, "the buttons")
            taken = dialogue.screen
            double.press(taken, find_data(taken, "每天 08:00 订阅"), has_message=False)
            await dialogue.play_script("已订阅")

    asyncio.run(work())
    assert room.find_subscriber() is not None
