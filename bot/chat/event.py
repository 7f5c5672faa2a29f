"""Something that a user did, with all that a handler needs to answer it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Message

from bot.chat.chat_user import ChatUser
from bot.chat.messenger import MessagePlace, Messenger
from bot.chat.screen import Screen
from bot.locales import Catalogue


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatEvent:
    """A message, or a button that was pressed.

    `message` is what was written, or the message under which the button stands (None where Telegram does not
    give it). `arguments` is the text after a command; `values` are those of the button's action.
    """

    user: ChatUser
    texts: Catalogue
    messenger: Messenger
    message: Message | None = None
    arguments: str = ""
    values: tuple[Any, ...] = ()
    pressed: MessagePlace | None = None  # the message whose button was pressed
    is_quiet: bool = False  # nobody else in a group may see the answer
    reply_to: int | None = None  # the message that an answer refers to

    async def show_screen(self, screen: Screen) -> MessagePlace:
        """Answer a button by changing its message, anything else by a message."""
        if self.pressed:
            return await self.messenger.edit_screen(self.user, self.pressed, screen)
        return await self.send_screen(screen)

    async def send_screen(self, screen: Screen) -> MessagePlace:
        """Answer by a new message."""
        if self.is_quiet:
            return await self.messenger.send_quietly(self.user, screen)
        return await self.messenger.send_screen(self.user, screen, reply_to=self.reply_to)


HandleEvent = Callable[[ChatEvent], Awaitable[None]]
HandlerTable = Mapping[str, HandleEvent]  # by the name of the command or the action
