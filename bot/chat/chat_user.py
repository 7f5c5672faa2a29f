"""Who writes or presses a button, and where."""

from dataclasses import dataclass, replace

from telegram import Chat, Message, Update
from telegram.constants import ChatType

_GENERAL_TOPIC = 1  # of a forum: messages there carry no thread, and a message to thread 1 is refused


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatUser:
    """A person in a chat; `chat_id` is 0 where the bot is not in the chat (guest and inline messages)."""

    user_id: int
    chat_id: int
    chat_kind: str = ChatType.PRIVATE
    topic: int | None = None  # the forum topic, as sendMessage takes it
    language: str = ""  # as Telegram names it, "" where it names none
    name: str = ""

    @property
    def is_private(self) -> bool:
        return self.chat_kind == ChatType.PRIVATE


def get_private_user(user: ChatUser) -> ChatUser:
    """Return the same person in private."""
    return replace(user, chat_id=user.user_id, chat_kind=ChatType.PRIVATE, topic=None)


def find_chat_user(update: Update) -> ChatUser | None:
    """Return who sent an update, None of updates that no person sent (posts of channels)."""
    user, message = update.effective_user, update.effective_message
    if user is None or user.is_bot:
        return None
    chat = update.effective_chat
    is_guest = update.guest_message is not None
    return ChatUser(
        user_id=user.id,
        chat_id=chat.id if chat and not is_guest else 0,
        chat_kind=_get_kind(chat) if not is_guest else "",
        topic=_find_topic(message) if isinstance(message, Message) else None,
        language=user.language_code or "",
        name=user.full_name,
    )


def _get_kind(chat: Chat | None) -> str:
    return str(chat.type) if chat else ""


def _find_topic(message: Message) -> int | None:
    """Return the thread to answer in: None outside of forums and in a forum's General topic."""
    thread = message.message_thread_id if message.is_topic_message else None
    return None if thread == _GENERAL_TOPIC else thread
