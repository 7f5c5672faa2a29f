"""What a person has been asked to type: the next text of that person in that chat belongs to it."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from bot.chat.screen import Action

_MAX_SECONDS = 900.0  # after which a text is a request again
_MAX_INPUTS = 10_000
MAX_INPUT_CHARACTERS = 200


class PendingInputs:
    """Chat and user → the action that takes the text, which follows the action's own values."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._inputs: OrderedDict[tuple[int, int], tuple[float, Action]] = OrderedDict()

    def expect_input(self, chat_id: int, user_id: int, name: str, values: tuple[Any, ...] = ()) -> None:
        action = Action(name=name, values=values)
        self._inputs[chat_id, user_id] = (self._clock() + _MAX_SECONDS, action)
        while len(self._inputs) > _MAX_INPUTS:
            self._inputs.popitem(last=False)

    def take_input(self, chat_id: int, user_id: int) -> Action | None:
        """Return the action that waits for a text, once; None where none does."""
        until, action = self._inputs.pop((chat_id, user_id), (0.0, None))
        return action if self._clock() < until else None
