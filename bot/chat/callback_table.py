"""What the buttons on the screens do. Telegram carries only a token: whoever makes one up finds nothing.

The table is in memory. A button from before a restart, or one that many newer ones have displaced, is old:
the router then shows the present state.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.screen import Action

_MAX_BUTTONS = 100_000  # some 40 MB; 5,000 people with 20 buttons each
_TOKEN_BYTES = 9  # 12 characters; Telegram carries 64


class Refusal(StrEnum):
    """Why a button does nothing."""

    OLD = "old"
    NOT_YOURS = "not yours"


@dataclass(frozen=True, slots=True)
class _Entry:
    chat_id: int
    user_id: int
    action: Action


class CallbackTable:
    """Token → action, bound to the chat and the user that saw the button; 0 is a message without a chat."""

    def __init__(
        self,
        max_buttons: int = _MAX_BUTTONS,
        make_token: Callable[[], str] = lambda: secrets.token_urlsafe(_TOKEN_BYTES),
    ) -> None:
        self._max_buttons, self._make_token = max_buttons, make_token
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def add_action(self, chat_id: int, user_id: int, action: Action) -> str:
        """Return the token of a new button; the oldest button makes room for it.

        It begins with the group of its action ("answer." of "answer.why"), which an old button still tells.
        """
        token = f"{action.name.partition('.')[0]}.{self._make_token()}"
        self._entries[token] = _Entry(chat_id, user_id, action)
        while len(self._entries) > self._max_buttons:
            self._entries.popitem(last=False)
        return token

    def find_action(self, token: str, chat_id: int, user_id: int) -> Action | Refusal:
        """Return what the button does when this user presses it in this chat; 0: Telegram names no chat."""
        entry = self._entries.get(token)
        if entry is None:
            return Refusal.OLD
        if entry.user_id != user_id:
            return Refusal.NOT_YOURS
        return entry.action if chat_id in (0, entry.chat_id) else Refusal.OLD

    def find_chat(self, token: str) -> int:
        """Return the chat that the button stands in, 0 where it is in none or is old."""
        entry = self._entries.get(token)
        return entry.chat_id if entry else 0
