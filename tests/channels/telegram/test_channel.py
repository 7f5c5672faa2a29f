"""Telegram: what each of its answers says about a message, what is sent, and the pace it is sent at."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from telegram import Bot

from bot.channels.telegram.channel import TelegramChannel, TelegramRequest, build_bot, open_channel
from bot.channels.telegram.settings import TelegramSettings
from bot.errors import (
    ChatMoved,
    ConfigError,
    DeliveryError,
    DeliveryUnconfirmed,
    Rejected,
    RichRefused,
    SubscriberGone,
    TopicClosed,
    TryLater,
)
from bot.models import Destination, Message, MessagePart
from bot.settings import Secret, Settings
from tests.channels.conftest import delivery_to

# what RetryAfter warns of each time it is raised
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

TOKEN = "123456:AAbbCC"
ME = {"id": 123456, "is_bot": True, "first_name": "Zhaibao", "username": "zhaibao_bot"}
TWO_PARTS = Message(
    subject="临溪摘报",
    parts=(MessagePart(html="<b>一</b>", text="一"), MessagePart(html="<b>二</b>", text="二")),
)

Handler = Callable[[httpx.Request], httpx.Response]


class Telegraph:
    """Stands in for Telegram: `answers` by method; keeps what it was asked."""

    def __init__(self, **answers: httpx.Response | Exception | object) -> None:
        self.answers = {"getme": ME, **answers}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2].lower()
        self.asked.append((method, dict(httpx.QueryParams(request.content.decode()))))
        answer = self.answers[method]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json={"ok": True, "result": answer})

    def channel(self, clock: Callable[[], float] = lambda: 0.0) -> TelegramChannel:
        request, updates = (
            TelegramRequest(httpx_kwargs={"transport": httpx.MockTransport(self)}) for _ in range(2)
        )
        return TelegramChannel(Bot(TOKEN, request=request, get_updates_request=updates), clock)


def refusal(status: int, description: str, **parameters: int) -> httpx.Response:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return httpx.Response(status, json=body)


def taken(number: int = 41) -> dict[str, object]:
    return {
        "message_id": number,
        "date": 1768478400,
        "chat": {"id": 7, "type": "private", "first_name": "读者"},
    }


def send(telegraph: Telegraph, address: str = "7", topic: int | None = None, part: int = 0) -> str:
    async def work() -> str:
        channel = telegraph.channel()
        await channel.ensure_ready()
        channel.reserve_turn(delivery_to(address, topic))
        return await channel.send_part(delivery_to(address, topic), TWO_PARTS, part)

    return asyncio.run(work())


def error_of(answer: httpx.Response | Exception) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(Telegraph(sendmessage=answer))
    return caught.value


# What is sent


def test_a_part_goes_out_as_it_was_set_and_its_number_comes_back() -> None:
    telegraph = Telegraph(sendmessage=taken(41))
    assert send(telegraph, topic=5) == "message 41"
    method, asked = telegraph.asked[-1]
    assert (method, asked["chat_id"], asked["text"], asked["parse_mode"]) == (
        "sendmessage",
        "7",
        "<b>一</b>",
        "HTML",
    )
    assert asked["message_thread_id"] == "5"
    assert json.loads(asked["link_preview_options"]) == {"is_disabled": True}


def test_the_general_topic_of_a_forum_is_the_chat_itself() -> None:
    telegraph = Telegraph(sendmessage=taken(41))
    assert send(telegraph, topic=1) == "message 41"
    _, asked = telegraph.asked[-1]
    assert "message_thread_id" not in asked


def test_only_the_first_part_rings() -> None:
    telegraph = Telegraph(sendmessage=taken())
    send(telegraph, part=0)
    send(telegraph, part=1)
    rings = [
        asked.get("disable_notification", "false")
        for method, asked in telegraph.asked
        if method == "sendmessage"
    ]
    assert rings == ["false", "true"]


def test_a_channel_may_be_named_or_numbered() -> None:
    telegraph = Telegraph(sendmessage=taken())
    send(telegraph, "@zhaibao")
    send(telegraph, "-1001234567890")
    chats = [asked["chat_id"] for method, asked in telegraph.asked if method == "sendmessage"]
    assert chats == ["@zhaibao", "-1001234567890"]


RICH = Message(subject="临溪摘报", parts=(MessagePart(html="<h2>一</h2>", text="一", stands_for=2),))


def send_rich(telegraph: Telegraph, topic: int | None = None) -> str:
    async def work() -> str:
        channel = telegraph.channel()
        await channel.ensure_ready()
        channel.reserve_turn(delivery_to("7", topic))
        return await channel.send_part(delivery_to("7", topic), RICH, 0)

    return asyncio.run(work())


def test_a_rich_part_goes_by_its_own_method() -> None:
    telegraph = Telegraph(sendrichmessage=taken(41))
    assert send_rich(telegraph, topic=5) == "message 41"
    method, asked = telegraph.asked[-1]
    assert (method, asked["chat_id"], asked["message_thread_id"]) == ("sendrichmessage", "7", "5")
    assert json.loads(asked["rich_message"]) == {"html": "<h2>一</h2>", "skip_entity_detection": True}


@pytest.mark.parametrize(
    ("status", "description", "kind", "of_all"),
    [
        (404, "Not Found: method not found", RichRefused, True),
        (400, "Bad Request: can't parse rich message: unsupported tag", RichRefused, False),
        (400, "Bad Request: chat not found", Rejected, None),
        (400, "Bad Request: TOPIC_CLOSED", TopicClosed, None),
        (403, "Forbidden: bot was blocked by the user", SubscriberGone, None),
        (502, "Bad Gateway", TryLater, None),
        (504, "Gateway Timeout", DeliveryUnconfirmed, None),
    ],
)
def test_a_refusal_of_the_rich_form_is_told_from_one_of_the_chat(
    status: int, description: str, kind: type[DeliveryError], of_all: bool | None
) -> None:
    with pytest.raises(DeliveryError) as caught:
        send_rich(Telegraph(sendrichmessage=refusal(status, description)))
    assert type(caught.value) is kind
    assert getattr(caught.value, "of_all", None) is of_all


# What each answer says about a message


@pytest.mark.parametrize(
    ("status", "description", "kind"),
    [
        (403, "Forbidden: bot was blocked by the user", SubscriberGone),
        (403, "Forbidden: user is deactivated", SubscriberGone),
        (403, "Forbidden: bot can't initiate conversation with a user", Rejected),
        (403, "Forbidden: bot was kicked from the channel chat", SubscriberGone),
        (403, "Forbidden: bot is not a member of the channel chat", SubscriberGone),
        (400, "Bad Request: chat not found", Rejected),
        (400, "Bad Request: message thread not found", TopicClosed),
        (400, "Bad Request: TOPIC_CLOSED", TopicClosed),
        (400, "Bad Request: not enough rights to send text messages to the chat", SubscriberGone),
        (400, "Bad Request: need administrator rights in the channel chat", SubscriberGone),
        (400, "Bad Request: message is too long", Rejected),
        (400, 'Bad Request: can\'t parse entities: unsupported start tag "p" at byte offset 0', Rejected),
        (401, "Unauthorized", TryLater),
        (404, "Not Found", TryLater),
        (500, "Internal Server Error", TryLater),
        (502, "Bad Gateway", TryLater),
        (503, "Service Unavailable", TryLater),
        (504, "Gateway Timeout", DeliveryUnconfirmed),
    ],
)
def test_each_refusal_says_what_is_known(status: int, description: str, kind: type[DeliveryError]) -> None:
    error = error_of(refusal(status, description))
    assert type(error) is kind
    assert TOKEN not in str(error)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx.ConnectError("refused"), TryLater),
        (httpx.ConnectTimeout("slow"), TryLater),
        (httpx.PoolTimeout("busy"), TryLater),
        (httpx.ReadTimeout("silent"), DeliveryUnconfirmed),
        (httpx.WriteTimeout("stuck"), DeliveryUnconfirmed),
        (httpx.ReadError("reset"), DeliveryUnconfirmed),
        (httpx.RemoteProtocolError("hung up"), DeliveryUnconfirmed),
    ],
)
def test_what_never_left_is_sent_again_and_what_may_have_arrived_is_not(
    cause: Exception, kind: type[DeliveryError]
) -> None:
    assert type(error_of(cause)) is kind


def test_a_web_servers_own_error_page_is_understood() -> None:
    page = httpx.Response(502, html="<html><title>502 Bad Gateway</title></html>")
    assert str(error_of(page)) == "Telegram does not take it now: the server answered 502"


def test_an_answer_nobody_can_read_leaves_the_message_in_doubt() -> None:
    assert type(error_of(httpx.Response(200, text="<html>"))) is DeliveryUnconfirmed


def test_a_group_that_moved_says_where_to() -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    error = error_of(refusal(400, text, migrate_to_chat_id=-1009))
    assert isinstance(error, ChatMoved)
    assert error.address == "-1009"


def test_a_flood_is_waited_out_by_the_whole_bot() -> None:
    async def work() -> tuple[TryLater, float]:
        channel = Telegraph(
            sendmessage=refusal(429, "Too Many Requests: retry after 9", retry_after=9)
        ).channel()
        await channel.ensure_ready()
        with pytest.raises(TryLater) as caught:
            await channel.send_part(delivery_to("7"), TWO_PARTS, 0)
        return caught.value, channel.reserve_turn(delivery_to("8"))

    error, wait = asyncio.run(work())
    assert error.retry_after == 9
    assert wait == 9


@pytest.mark.parametrize(
    ("description", "remedy"),
    [
        ("Bad Request: chat not found", "look at chat in [[destination]]"),
        ("Bad Request: message thread not found", "look at topic in [[destination]]"),
        ("Bad Request: TOPIC_CLOSED", "open it again"),
        ("Bad Request: need administrator rights in the channel chat", "make the bot an administrator"),
        ("Forbidden: bot was blocked by the user", "`zhaibao subscribers resume`"),
        ("Forbidden: bot can't initiate conversation with a user", "/start"),
    ],
)
def test_a_refusal_for_good_names_the_remedy(description: str, remedy: str) -> None:
    status = 403 if description.startswith("Forbidden") else 400
    error = str(error_of(refusal(status, description)))
    assert description.partition(": ")[2].lower() in error.lower()
    assert remedy in error


def test_an_unknown_token_names_the_variable() -> None:
    error = error_of(refusal(401, "Unauthorized"))
    assert "ZHAIBAO_TELEGRAM_TOKEN" in str(error)
    assert isinstance(error, TryLater)
    assert error.retry_after


# What a check finds


def check(chat: dict[str, object] | httpx.Response, member: dict[str, object] | None = None) -> str:
    async def work() -> str:
        channel = Telegraph(getchat=chat, getchatmember=member).channel()
        return str(
            await channel.check_destination(Destination(digest="daily", channel="telegram", address="-1001"))
        )

    return asyncio.run(work())


def place(kind: str, **more: object) -> dict[str, object]:
    return {"id": -1001, "type": kind, "accent_color_id": 0, "max_reaction_count": 11, **more} | {
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        )
    }


def standing(status: str, **rights: bool) -> dict[str, object]:
    none = dict.fromkeys(
        (
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        ),
        False,
    )
    return {"status": status, "user": ME, **(none if status == "administrator" else {}), **rights}


def restricted(**rights: bool) -> dict[str, object]:
    every = dict.fromkeys(
        (
            "is_member",
            "can_change_info",
            "can_invite_users",
            "can_pin_messages",
            "can_send_messages",
            "can_send_polls",
            "can_send_other_messages",
            "can_add_web_page_previews",
            "can_manage_topics",
            "can_send_audios",
            "can_send_documents",
            "can_send_photos",
            "can_send_videos",
            "can_send_video_notes",
            "can_send_voice_notes",
            "can_react_to_messages",
            "can_edit_tag",
        ),
        True,
    )
    return {"status": "restricted", "user": ME, "until_date": 0, **every, **rights}


CHANNEL = place("channel", title="临溪摘报")
FORUM = place("supergroup", title="读报群", is_forum=True)


@pytest.mark.parametrize(
    ("chat", "member", "found"),
    [
        (place("private", first_name="林", last_name="晓溪"), None, "@zhaibao_bot may write to 林 晓溪"),
        (CHANNEL, standing("administrator", can_post_messages=True), "@zhaibao_bot may post in 临溪摘报"),
        (FORUM, standing("member"), "@zhaibao_bot may post in 读报群"),
        (FORUM, standing("administrator"), "@zhaibao_bot may post in 读报群"),
        (FORUM, restricted(), "@zhaibao_bot may post in 读报群"),
    ],
)
def test_a_check_tells_what_the_bot_may(
    chat: dict[str, object], member: dict[str, object], found: str
) -> None:
    assert check(chat, member) == found


@pytest.mark.parametrize(
    ("chat", "member", "remedy"),
    [
        (CHANNEL, standing("administrator", can_post_messages=False), "“Post messages”"),
        (CHANNEL, standing("member"), "“Post messages”"),
        (CHANNEL, standing("left"), "add it there"),
        (CHANNEL, standing("kicked") | {"until_date": 0}, "add it there"),
        (FORUM, restricted(can_send_messages=False), "may not write in 读报群: lift its restriction"),
        (FORUM, restricted(is_member=False), "add it there"),
        (refusal(400, "Bad Request: chat not found"), None, "look at chat in [[destination]]"),
    ],
)
def test_a_check_names_the_right_that_is_missing(
    chat: dict[str, object], member: dict[str, object], remedy: str
) -> None:
    with pytest.raises(Rejected) as caught:
        check(chat, member)
    assert remedy in str(caught.value)


# The pace


def test_what_had_its_turn_when_another_was_refused_is_not_sent() -> None:
    async def work() -> list[str]:
        telegraph = Telegraph(sendmessage=refusal(429, "Too Many Requests: retry after 9", retry_after=9))
        channel = telegraph.channel()
        await channel.ensure_ready()
        for address in ("7", "8"):
            assert channel.reserve_turn(delivery_to(address)) == 0.0
        for address in ("7", "8"):
            with pytest.raises(TryLater) as caught:
                await channel.send_part(delivery_to(address), TWO_PARTS, 0)
            assert caught.value.retry_after == 9
        assert channel.measure_rest(delivery_to("8")) < 2, "nothing of it is on its way"
        return [method for method, _ in telegraph.asked]

    assert asyncio.run(work()).count("sendmessage") == 1


# Its opening


def settings_with(token: str, base_url: str = "") -> Settings:
    telegram = TelegramSettings(token=Secret(token), base_url=base_url)
    return Settings(
        file=Path("zhaibao.toml"), sources=(), digests=(), channel_settings={"telegram": telegram}
    )


def test_without_a_token_the_variable_is_named() -> None:
    with pytest.raises(ConfigError, match="set ZHAIBAO_TELEGRAM_TOKEN"):
        open_channel(settings_with(""))


def test_a_bot_api_server_of_ones_own_is_asked_instead() -> None:
    assert (
        build_bot(
            settings_with(TOKEN, "http://127.0.0.1:8081").get_channel_settings(TelegramSettings)
        ).base_url
        == f"http://127.0.0.1:8081/bot{TOKEN}"
    )
    assert (
        build_bot(settings_with(TOKEN).get_channel_settings(TelegramSettings)).base_url
        == f"https://api.telegram.org/bot{TOKEN}"
    )


def test_a_proxy_is_asked_for_telegram_and_one_that_is_not_there_means_not_taken() -> None:
    async def asked() -> list[bytes]:
        lines: list[bytes] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            lines.append(await reader.readline())
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            await refused(f"http://127.0.0.1:{port}")
        await refused(f"http://127.0.0.1:{port}")
        return lines

    async def refused(proxy: str) -> None:
        settings = TelegramSettings(token=Secret("123:abc"), proxy=Secret(proxy))
        channel = TelegramChannel(build_bot(settings))
        with pytest.raises(TryLater, match="cannot be reached"):
            await channel.ensure_ready()
        await channel.close()

    assert asyncio.run(asked()) == [b"CONNECT api.telegram.org:443 HTTP/1.1\r\n"]
