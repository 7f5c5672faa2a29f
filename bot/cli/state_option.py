"""The option --state of lists: one of the states of what is listed."""

from collections.abc import Callable
from enum import StrEnum

import click

from bot.cli.translation import _


def parse_state(
    load_states: Callable[[], type[StrEnum]],
) -> Callable[[click.Context, click.Parameter, str | None], StrEnum | None]:
    """Return a callback that makes a state of the option's value.

    `load_states` imports the states when they are needed, so that other commands start without them.
    """

    def parse(_context: click.Context, _parameter: click.Parameter, name: str | None) -> StrEnum | None:
        if name is None:
            return None
        states = load_states()
        try:
            return states(name)
        except ValueError as error:
            raise click.BadParameter(
                _("there is no state '{name}'; the states are {names}", name=name, names=", ".join(states))
            ) from error

    return parse
