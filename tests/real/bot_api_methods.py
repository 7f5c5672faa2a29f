"""The methods of the Bot API double: parameters in, result out, or a Refusal.

What was taken is kept in Office.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.real.bot_api_rules import (
    Chat,
    Json,
    Refusal,
    bad_request,
    check_chat,
    check_markup,
    judge,
    judge_rich,
    linked,
    too_many,
)

BOT = {"id": 123, "is_bot": True, "first_name": "Zhaibao", "username": "zhaibao_test_bot"}
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current "
    "content and reply markup of the message"
)
NO_RIGHTS = {  # python-telegram-bot needs every field of an administrator to be there
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": False,
    "can_delete_messages": False,
    "can_manage_video_chats": False,
    "can_restrict_members": False,
    "can_promote_members": False,
    "can_change_info": False,
    "can_invite_users": False,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A message the double has taken: `raw` as it was sent, `text` as a reader sees it; `at` is
    time.monotonic().

    `is_rich`: it came by sendRichMessage.
    """

    chat: int
    message_id: int
    raw: str
    text: str
    entities: tuple[Json, ...]
    topic: int | None
    reply_to: int | None
    markup: Json | None
    at: float
    is_rich: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The documented limits, each counted over any window of that length; see core.telegram.org/bots/faq."""

    bot_per_second: int = 30
    chat_per_second: int = 1
    group_per_minute: int = 20


@dataclass
class Office:
    """What the double knows.

    Only the server's own thread writes here; `changed` wakes whoever waits for updates.
    """

    chats: dict[int, Chat] = field(default_factory=dict)
    messages: list[Taken] = field(default_factory=list)
    profiles: dict[int, int] = field(default_factory=dict)  # user → the channel that the profile shows
    edits: list[Taken] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    heard: set[tuple[int, int]] = field(default_factory=set)  # chat and number of messages people wrote
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # by scope and language
    written: dict[tuple[int, int], Json] = field(default_factory=dict)  # what people wrote, whole
    files: dict[str, bytes] = field(default_factory=dict)
    documents: list[Json] = field(default_factory=list)  # that the bot sent: chat, name, content, caption
    guest_answers: dict[str, Json] = field(default_factory=dict)  # by the identifier of the query
    inline_answers: dict[str, list[Json]] = field(default_factory=dict)
    members: dict[tuple[int, int], str] = field(default_factory=dict)  # chat and user → status
    ephemeral: list[Json] = field(default_factory=list)  # what one user of a group saw
    knows_ephemeral: bool = True  # a server before Bot API 10.2 does not
    webhook: Json = field(default_factory=dict)
    sent_updates: list[Json] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    actions: list[Json] = field(default_factory=list)
    limits: Limits | None = None
    knows_rich: bool = True  # a server before Bot API 10.1 does not
    arrivals: dict[int, list[float]] = field(default_factory=dict)
    recent: list[float] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    poll: int = 0  # number of the getUpdates that may go on
    last_id: int = 0

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def keep_file(self, content: bytes) -> Json:
        number = f"file{self.next_id()}"
        self.files[number] = content
        return {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(content)}

    def chat(self, parameters: Json) -> Chat:
        wanted = str(parameters.get("chat_id", ""))
        if not wanted:
            raise bad_request("chat_id is empty")
        for chat in [self.chats.get(int(wanted))] if wanted.lstrip("-").isdigit() else self.chats.values():
            if chat is not None and (wanted == str(chat.id) or wanted.lower() == f"@{chat.username}".lower()):
                return chat
        raise bad_request("chat not found")

    def message(self, chat: Chat, message_id: int) -> Taken | None:
        known = [*self.messages, *self.edits]
        return next((m for m in reversed(known) if m.chat == chat.id and m.message_id == message_id), None)

    def check_pace(self, chat: Chat, now: float) -> None:
        """Raise 429 where this message comes sooner than the limits allow; else count it."""
        if self.limits is None:
            return
        self.recent = [at for at in self.recent if now - at < 1]
        here = [at for at in self.arrivals.get(chat.id, ()) if now - at < 60]
        if len(self.recent) >= self.limits.bot_per_second:
            raise too_many(1)
        if sum(now - at < 1 for at in here) >= self.limits.chat_per_second:
            raise too_many(1)
        if chat.kind != "private" and len(here) >= self.limits.group_per_minute:
            raise too_many(int(60 - (now - here[0])) + 1)
        self.recent.append(now)
        self.arrivals[chat.id] = [*here, now]


async def get_me(_office: Office, _parameters: Json) -> Json:
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
    }


async def get_chat(office: Office, parameters: Json) -> Json:
    chat = office.chat(parameters)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    return {**chat.json, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


async def send_message(office: Office, parameters: Json) -> Json:
    if "receiver_user_id" in parameters and office.knows_ephemeral:
        return send_ephemeral(office, parameters)
    text, entities = judge(parameters.get("text", ""), parameters.get("parse_mode", ""))
    markup = markup_of(parameters)
    chat = office.chat(parameters)
    topic = int(parameters["message_thread_id"]) if parameters.get("message_thread_id") else None
    check_chat(chat, topic)
    reply_to = replied(office, chat, parameters)
    now = time.monotonic()
    office.check_pace(chat, now)
    taken = Taken(
        chat=chat.id,
        message_id=office.next_id(),
        raw=parameters["text"],
        text=text,
        entities=entities,
        topic=topic,
        reply_to=reply_to,
        markup=markup,
        at=now,
    )
    office.messages.append(taken)
    return message_json(chat, taken)


def send_ephemeral(office: Office, parameters: Json) -> Json:
    """A message that one user of a group sees (Bot API 10.2)."""
    text, entities = judge(parameters.get("text", ""), parameters.get("parse_mode", ""))
    markup = markup_of(parameters)
    chat = office.chat(parameters)
    check_chat(chat, None)
    if chat.kind not in ("group", "supergroup"):
        raise bad_request("ephemeral messages can be sent only to groups")
    number = office.next_id()
    row = {
        "id": number,
        "chat": chat.id,
        "user": int(parameters["receiver_user_id"]),
        "text": text,
        "markup": markup,
    }
    office.ephemeral.append({**row, "entities": entities})
    body = {"date": int(time.time()), "chat": chat.json, "from": BOT, "text": text}
    return {"message_id": 0, "ephemeral_message_id": number, **body}


async def send_rich_message(office: Office, parameters: Json) -> Json:
    if not office.knows_rich:
        raise Refusal(404, "Not Found: method not found")
    rich: Json = parsed_json(parameters.get("rich_message") or "{}", "rich message")
    text = judge_rich(rich)
    chat = office.chat(parameters)
    topic = int(parameters["message_thread_id"]) if parameters.get("message_thread_id") else None
    check_chat(chat, topic)
    now = time.monotonic()
    office.check_pace(chat, now)
    taken = Taken(
        chat=chat.id,
        message_id=office.next_id(),
        raw=rich["html"],
        text=text,
        entities=(),
        topic=topic,
        reply_to=None,
        markup=None,
        at=now,
        is_rich=True,
    )
    office.messages.append(taken)
    answer = message_json(chat, taken)
    del answer["text"]
    return answer | {"rich_message": {"blocks": []}}


async def edit_message_text(office: Office, parameters: Json) -> Json | bool:
    text, entities = judge(parameters.get("text", ""), parameters.get("parse_mode", ""))
    markup = markup_of(parameters)
    if inline := parameters.get("inline_message_id"):
        office.guest_answers[inline] = {"text": text, "markup": markup}
        return True
    chat = office.chat(parameters)
    check_chat(chat, None)
    old = office.message(chat, int(parameters.get("message_id") or 0))
    if old is None:
        raise bad_request("message to edit not found")
    if (old.text, old.entities, old.markup) == (text, entities, markup):
        raise bad_request(UNCHANGED)
    new = Taken(
        chat=chat.id,
        message_id=old.message_id,
        raw=parameters["text"],
        text=text,
        entities=entities,
        topic=old.topic,
        reply_to=old.reply_to,
        markup=markup,
        at=time.monotonic(),
    )
    office.edits.append(new)
    return message_json(chat, new) | {"edit_date": int(time.time())}


def markup_of(parameters: Json) -> Json | None:
    if not parameters.get("reply_markup"):
        return None
    markup: Json = parsed_json(parameters["reply_markup"], "reply markup")
    check_markup(markup)
    return markup


def replied(office: Office, chat: Chat, parameters: Json) -> int | None:
    if not parameters.get("reply_parameters"):
        return None
    reply: Json = parsed_json(parameters["reply_parameters"], "reply parameters")
    wanted = int(reply["message_id"])
    if office.message(chat, wanted) is not None or (chat.id, wanted) in office.heard:
        return wanted
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def parsed_json(value: Any, name: str) -> Any:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise bad_request(f"can't parse {name} JSON object") from error
    return found


def message_json(chat: Chat, taken: Taken) -> Json:
    answer: Json = {
        "message_id": taken.message_id,
        "date": int(time.time()),
        "chat": chat.json,
        "text": taken.text,
    }
    answer["sender_chat" if chat.kind == "channel" else "from"] = chat.json if chat.kind == "channel" else BOT
    entities = [*taken.entities, *without_overlap(linked(taken.text), taken.entities)]
    if entities:
        answer["entities"] = sorted(entities, key=lambda one: (one["offset"], -one["length"]))
    if taken.topic is not None:
        answer |= {"message_thread_id": taken.topic, "is_topic_message": True}
    if taken.markup is not None and "inline_keyboard" in taken.markup:
        answer["reply_markup"] = taken.markup
    return answer


def without_overlap(candidates: Sequence[Json], taken: Sequence[Json]) -> list[Json]:
    def apart(one: Json, other: Json) -> bool:
        ends: bool = one["offset"] + one["length"] <= other["offset"]
        starts: bool = other["offset"] + other["length"] <= one["offset"]
        return ends or starts

    return [one for one in candidates if all(apart(one, other) for other in taken)]


async def get_updates(office: Office, parameters: Json) -> list[Json]:
    """Long poll; a newer poll ends this one with 409, as the server does."""
    if office.webhook:
        raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
    office.poll += 1
    mine = office.poll
    office.bell.set()
    offset = int(parameters.get("offset") or 0)
    limit = int(parameters.get("limit") or 100)
    if offset < 0:
        offset = office.updates[offset:][0]["update_id"] if office.updates else 0
    office.updates = [update for update in office.updates if update["update_id"] >= offset]
    ends_at = time.monotonic() + float(parameters.get("timeout") or 0)
    while not office.updates and time.monotonic() < ends_at:
        office.bell.clear()
        try:
            await asyncio.wait_for(office.bell.wait(), ends_at - time.monotonic())
        except TimeoutError:
            break
        if office.poll != mine:
            raise Refusal(409, CONFLICT)
    return office.updates[:limit]


async def answer_callback_query(office: Office, parameters: Json) -> bool:
    office.answers.append(parameters)
    return True


async def send_chat_action(office: Office, parameters: Json) -> bool:
    chat = office.chat(parameters)
    check_chat(chat, None)
    office.actions.append(parameters)
    return True


async def get_user_personal_chat_messages(office: Office, parameters: Json) -> list[Json]:
    """The last messages of the channel that the user shows on the profile, newest first."""
    chat = office.chats.get(office.profiles.get(int(parameters["user_id"]), 0))
    if chat is None:
        return []
    here = [taken for taken in office.messages if taken.chat == chat.id]
    last = here[::-1][: int(parameters["limit"])]
    now = time.monotonic()
    return [message_json(chat, taken) | {"date": int(time.time() - (now - taken.at))} for taken in last]


METHODS: dict[str, Callable[[Office, Json], Awaitable[Any]]] = {
    "getme": get_me,
    "getchat": get_chat,
    "getuserpersonalchatmessages": get_user_personal_chat_messages,
    "sendmessage": send_message,
    "sendrichmessage": send_rich_message,
    "editmessagetext": edit_message_text,
    "getupdates": get_updates,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
}
