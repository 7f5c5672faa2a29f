"""One table of the file, read key by key.

Every error names the file, the table, the key and the remedy. Pure.
"""

import difflib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from bot.errors import ConfigError, KeyFault
from bot.models import Secret
from bot.phrases import Phrase

_TEXT = Phrase("a text in quotes")


class ConfigTable:
    """One table of the file, read key by key; `refuse_unknown_keys` comes last.

    `find_secret` returns the secret in an environment variable. Paths are relative to the folder of the file.
    """

    def __init__(
        self, file: Path, where: str, values: Mapping[str, object], find_secret: Callable[[str], Secret]
    ) -> None:
        self.file, self.where, self.values, self.find_secret = file, where, values, find_secret
        self.requested: dict[str, None] = {}  # the keys that were read, in order
        self._hints: dict[str, Phrase] = {}  # wrong keys → what to do instead

    def build_error(self, key: str, expected: str | Phrase) -> KeyFault:
        name = f"{self.where} {key}".strip()
        if key not in self.values:
            return KeyFault(
                Phrase(
                    "{file}: {name} is missing; it takes {expected}",
                    file=self.file,
                    name=name,
                    expected=expected,
                ),
                key,
            )
        return KeyFault(
            Phrase(
                "{file}: {name} = {value!r} cannot be used; it takes {expected}",
                file=self.file,
                name=name,
                value=self.values[key],
                expected=expected,
            ),
            key,
        )

    def build_hidden_error(self, key: str, expected: str | Phrase) -> KeyFault:
        """Return the same error without the value, which may be a secret."""
        return KeyFault(
            Phrase(
                "{file}: {where} {key} cannot be used; it takes {expected}",
                file=self.file,
                where=self.where,
                key=key,
                expected=expected,
            ),
            key,
        )

    def get_value(self, key: str) -> object:
        self.requested[key] = None
        return self.values.get(key)

    def read_text(self, key: str, default: str | None = None, expected: str | Phrase = _TEXT) -> str:
        value = self.get_value(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.build_error(key, expected)
        return value.strip()

    def read_number(self, key: str, default: int, low: int, high: int) -> int:
        value = self.get_value(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.build_error(key, Phrase("a whole number from {low} to {high}", low=low, high=high))
        return value

    def read_decimal(self, key: str, default: float, low: float, high: float) -> float:
        value = self.get_value(key)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise self.build_error(key, Phrase("a number from {low:g} to {high:g}", low=low, high=high))
        return float(value)

    def read_flag(self, key: str, default: bool) -> bool:
        value = self.get_value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.build_error(key, Phrase("true or false"))
        return value

    def read_choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        expected = Phrase("one of: {names}", names=", ".join(word for word in choices if word))
        value = self.read_text(key, default, expected=expected)
        if value in choices:
            return value
        raise self.build_error(key, suggest_name(value, choices, expected))

    def read_texts(self, key: str) -> tuple[str, ...]:
        value = self.get_value(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.build_error(key, Phrase('a list of texts: ["…", "…"]'))
        return tuple(value)

    def read_path(self, key: str) -> Path | None:
        path = self.read_text(key, "")
        return self.resolve_path(path) if path else None

    def read_secret(self, key: str, variable: str) -> Secret:
        """Return the secret in `variable`; `key` is the key in which somebody may write it by mistake."""
        self.forbid_secret(key, Phrase("set {variable} or {variable}_FILE", variable=variable))
        return self.find_secret(variable)

    def forbid_secret(self, key: str, remedy: str | Phrase) -> None:
        """Make the error for `key` say what to do instead of writing a secret in the file."""
        self._hints[key] = Phrase("; a secret does not belong in this file: {remedy}", remedy=remedy)

    def rename_key(self, old: str, new: str) -> None:
        """Make the error for the old name of a key say the new name."""
        self._hints[old] = Phrase(" any more; it is called '{name}' now", name=new)

    def resolve_path(self, path: str) -> Path:
        return (self.file.resolve().parent / Path(path).expanduser()).resolve()

    def remove_key(self, key: str) -> "ConfigTable":
        """Return the table without the key."""
        values = {name: value for name, value in self.values.items() if name != key}
        return ConfigTable(self.file, self.where, values, self.find_secret)

    def refuse_unknown_keys(self) -> None:
        """Raise ConfigError for a key that was not read. Its value is not shown: it may be a secret."""
        for key in self.values:
            if key not in self.requested:
                where = f"{self.where} " if self.where else ""
                hint = self._hints.get(key) or suggest_name(key, self.requested)
                raise KeyFault(
                    Phrase(
                        "{file}: {where}{key} is not a key Zhaibao knows{hint}",
                        file=self.file,
                        where=where,
                        key=key,
                        hint=hint,
                    ),
                    key,
                )


def suggest_name(word: str, names: Collection[str], expected: Phrase | None = None) -> Phrase:
    """Return the end of a message about an unknown word: the most similar name, or all names.

    `expected` replaces the list of names, if the message should say something else.
    """
    close = difflib.get_close_matches(word, list(names), n=1)
    if close and expected:
        return Phrase("{expected}; did you mean '{name}'?", expected=expected, name=close[0])
    if close:
        return Phrase("; did you mean '{name}'?", name=close[0])
    return expected or Phrase("; known: {names}", names=", ".join(names))


def read_tables(top: ConfigTable, key: str) -> list[ConfigTable]:
    value = top.get_value(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ConfigError(
            Phrase("{file}: {key} is written in double brackets: [[{key}]]", file=top.file, key=key)
        )
    rows = cast("list[dict[str, object]]", value)
    return [
        ConfigTable(
            top.file,
            f"[[{key}]] {row.get('name') or row.get('host') or f'number {n}'}:",
            row,
            top.find_secret,
        )
        for n, row in enumerate(rows, 1)
    ]


def read_table(top: ConfigTable, key: str) -> ConfigTable:
    value = top.get_value(key)
    if value is not None and not isinstance(value, dict):
        raise ConfigError(
            Phrase("{file}: {key} is written in single brackets: [{key}]", file=top.file, key=key)
        )
    return ConfigTable(top.file, f"[{key}]", cast("dict[str, object]", value or {}), top.find_secret)


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
