"""What people do in the double's chats: they write, forward, press buttons and add the bot to chats."""

import time
from collections.abc import Callable
from typing import Any

from tests.real.bot_api_methods import BOT, NO_RIGHTS, Office, Taken, message_json
from tests.real.bot_api_rules import Chat, Json, Standing, linked

PERSON_ID = 7


class People:
    """The acts of people; each becomes an update that the bot finds at its next getUpdates."""

    office: Office
    deliver: Callable[[Json], None]

    def add(self, chat: Chat) -> Chat:
        self.office.chats[chat.id] = chat
        return chat

    def receive(
        self,
        text: str,
        chat: int = PERSON_ID,
        user: int | None = None,
        reply_to: Json | None = None,
        language: str = "zh-hans",
        **more: Any,
    ) -> Json:
        """Let a person write `text`; `more` are further fields of the message. Returns the message."""
        message = self._write(chat, user or chat, language)
        if text:
            message |= {"text": text, "entities": list(linked(text))}
        if reply_to is not None:
            message["reply_to_message"] = reply_to
        message |= more
        self.deliver({"message": message})
        return message

    def send_file(
        self, name: str, content: bytes, chat: int = PERSON_ID, mime: str = "", **more: Any
    ) -> Json:
        """Let a person send a document."""
        file = self.office.keep_file(content)
        document = {**file, "file_name": name, **({"mime_type": mime} if mime else {})}
        return self.receive("", chat, document=document, **more)

    def send_photo(self, content: bytes, chat: int = PERSON_ID) -> Json:
        file = self.office.keep_file(content)
        small = {**file, "file_id": "small", "width": 90, "height": 60}
        return self.receive("", chat, photo=[small, {**file, "width": 1280, "height": 960}])

    def forward(self, text: str, title: str, chat: int = PERSON_ID, username: str = "") -> Json:
        """Let a person forward a post of a channel."""
        channel = {"id": -1009, "type": "channel", "title": title}
        if username:
            channel["username"] = username
        origin = {"type": "channel", "chat": channel, "message_id": 12, "date": int(time.time())}
        return self.receive(text, chat, forward_origin=origin)

    def press(
        self,
        taken: Taken,
        data: str,
        user: int | None = None,
        *,
        has_message: bool = True,
        language: str = "zh-hans",
    ) -> None:
        """Let a person press the button of `taken` that carries `data`."""
        person = self._person(user or taken.chat, language)
        query = {"id": str(self.office.next_id()), "from": person, "chat_instance": "1", "data": data}
        if has_message:
            message = message_json(self.office.chats[taken.chat], taken)
            if taken.reply_to and (replied := self.office.written.get((taken.chat, taken.reply_to))):
                message["reply_to_message"] = replied
            query["message"] = message
        self.deliver({"callback_query": query})

    def press_ephemeral(self, row: Json, data: str) -> None:
        """Let the user who sees an ephemeral message press its button."""
        message = {"message_id": 0, "date": int(time.time()), "chat": self.office.chats[row["chat"]].json}
        message |= {"text": row["text"], "ephemeral_message_id": row["id"], "from": BOT}
        person = self._person(row["user"], "zh-hans")
        query = {"id": str(self.office.next_id()), "from": person, "chat_instance": "1", "data": data}
        self.deliver({"callback_query": {**query, "message": message}})

    def mention_as_guest(self, text: str, reply_to: Json | None = None, user: int = PERSON_ID) -> str:
        """Let a person mention the bot in a chat that it is not in; returns the query's identifier."""
        query = f"guest{self.office.next_id()}"
        message: Json = {
            "message_id": self.office.next_id(),
            "date": int(time.time()),
            "chat": {"id": -100777, "type": "supergroup", "title": "别人的群"},
            "from": self._person(user, "zh-hans"),
            "text": text,
            "entities": list(linked(text)),
            "guest_query_id": query,
        }
        if reply_to is not None:
            message["reply_to_message"] = reply_to
        self.deliver({"guest_message": message})
        return query

    def ask_inline(self, text: str, user: int = PERSON_ID) -> str:
        query = f"inline{self.office.next_id()}"
        person = self._person(user, "zh-hans")
        self.deliver({"inline_query": {"id": query, "from": person, "query": text, "offset": ""}})
        return query

    def change_standing(self, chat: int, standing: Standing, user: int = PERSON_ID) -> None:
        """Let a person change what the bot may do in a chat."""
        place = self.office.chats[chat]
        old, place.standing = place.standing, standing
        change = {
            "chat": place.json,
            "from": self._person(user, "zh-hans"),
            "date": int(time.time()),
            "old_chat_member": member_json(place, old),
            "new_chat_member": member_json(place, standing),
        }
        self.deliver({"my_chat_member": change})

    def _write(self, chat: int, user: int, language: str) -> Json:
        place = self.office.chats.get(chat) or self.add(Chat(id=chat))
        number = self.office.next_id()
        self.office.heard.add((chat, number))
        person = self._person(user, language)
        message: Json = {"message_id": number, "date": int(time.time()), "chat": place.json, "from": person}
        self.office.written[chat, number] = message
        return message

    def _person(self, user: int, language: str) -> Json:
        person = {"id": user, "is_bot": False, "first_name": "读者"}
        return {**person, "language_code": language} if language else person


def member_json(chat: Chat, standing: Standing) -> Json:
    """Return the bot as a member of a chat."""
    if standing is Standing.ADMINISTRATOR:
        channel = {"can_post_messages": True} if chat.kind == "channel" else {}
        return {"user": BOT, "status": "administrator", **NO_RIGHTS, **channel}
    if standing in (Standing.KICKED, Standing.BLOCKED):
        return {"user": BOT, "status": "kicked", "until_date": 0}
    return {"user": BOT, "status": "left" if standing is Standing.LEFT else "member"}
