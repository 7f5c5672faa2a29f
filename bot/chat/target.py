"""Where a digest goes to: a person's own chat, or a group, topic or channel that a person administers."""

from dataclasses import dataclass

from bot.chat.chat_user import ChatUser
from bot.subscribers.subscriber import SubscriberAddress

CHANNEL = "telegram"  # the row of CHANNELS that this door belongs to


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A chat by number, with `topic` of a forum; `title` is "" of a person's own chat."""

    chat_id: int
    topic: int | None = None
    title: str = ""

    @property
    def address(self) -> SubscriberAddress:
        return SubscriberAddress(channel=CHANNEL, address=str(self.chat_id), topic=self.topic)

    def is_own(self, user: ChatUser) -> bool:
        return self.chat_id == user.user_id


def get_own_target(user: ChatUser) -> Target:
    return Target(chat_id=user.user_id)
