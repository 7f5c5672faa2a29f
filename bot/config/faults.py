"""Collects every fault of the configuration, so that all are reported at once."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.config.config_table import ConfigTable
from bot.errors import ConfigError, ConfigErrors, KeyFault

_T = TypeVar("_T")


class FaultCollector:
    """Reads tables and keeps their faults. `is_whole`: every table could be read, perhaps with defaults."""

    def __init__(self) -> None:
        self.errors: list[ConfigError] = []
        self.is_whole = True

    def read_table(self, read: Callable[[ConfigTable], _T], table: ConfigTable) -> _T | None:
        """Return the table's value; None if a needed key is faulty.

        A faulty key is left out, and the table is read again, so that its other faults are found too.
        """
        removed: set[str] = set()
        while True:
            try:
                return read(table)
            except KeyFault as error:
                if error.key not in removed:
                    self.errors.append(error)
                if error.key not in table.values:
                    self.is_whole = False
                    return None
                removed.add(error.key)
                table = table.remove_key(error.key)
            except ConfigError as error:
                self.errors.append(error)
                self.is_whole = False
                return None

    def read_tables(self, read: Callable[[ConfigTable], _T], tables: Iterable[ConfigTable]) -> tuple[_T, ...]:
        values = (self.read_table(read, table) for table in tables)
        return tuple(value for value in values if value is not None)

    def attempt(self, read: Callable[[], _T]) -> _T | None:
        """Return what `read` returns; None if it raises, which is kept."""
        try:
            return read()
        except ConfigError as error:
            self.errors.append(error)
            self.is_whole = False
            return None

    def raise_errors(self) -> None:
        """Raise the one fault, or ConfigErrors with all of them; return if there is none."""
        if len(self.errors) == 1:
            raise self.errors[0]
        if self.errors:
            raise ConfigErrors(self.errors)
