"""What a person sees: a text with buttons. Pure values, without Telegram."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """What a button does: the name of an action, and the values that it is called with."""

    name: str
    values: tuple[Any, ...] = ()  # each action has its own


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A button does an `action` or opens a `url`."""

    label: str
    action: Action | None = None
    url: str = ""


ButtonRows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """A message: `html` in Telegram's dialect, with rows of buttons."""

    html: str
    buttons: ButtonRows = ()


def make_button(label: str, name: str, *values: Any) -> Button:
    return Button(label=label, action=Action(name=name, values=values))


def arrange_buttons(buttons: Sequence[Button], columns: int) -> ButtonRows:
    """Return the buttons in rows of so many.

    >>> [len(row) for row in arrange_buttons([Button(label=str(n)) for n in range(5)], 3)]
    [3, 2]
    """
    return tuple(tuple(buttons[start : start + columns]) for start in range(0, len(buttons), columns))
