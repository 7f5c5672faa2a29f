"""One table of the file, read key by key, so that every complaint names file, table, key and remedy."""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import cast

from bot.errors import ConfigError

_SECRETS = {
    ("[telegram]", "token"): "ZHAIBAO_TELEGRAM_TOKEN",
    ("[mail]", "password"): "ZHAIBAO_MAIL_PASSWORD",
}
_RENAMED_KEYS = {("[[digest]]", "told_days"): "printed_days"}  # by the name of the table and the key's old name


class ConfigTable:
    """One table of the file, read key by key; `finish` complains of keys nobody asked for."""

    def __init__(self, file: Path, where: str, values: Mapping[str, object]) -> None:
        self.file, self.where, self.values = file, where, values
        self.requested: dict[str, None] = {}  # in the order they were asked for

    def build_error(self, key: str, expected: str) -> ConfigError:
        name = f"{self.where} {key}".strip()
        if key not in self.values:
            return ConfigError(f"{self.file}: {name} is missing; it takes {expected}")
        return ConfigError(f"{self.file}: {name} = {self.values[key]!r} cannot be used; it takes {expected}")

    def build_hidden_error(self, key: str, expected: str) -> ConfigError:
        """As `wrong`, for a value that may be a secret."""
        return ConfigError(f"{self.file}: {self.where} {key} cannot be used; it takes {expected}")

    def get_value(self, key: str) -> object:
        self.requested[key] = None
        return self.values.get(key)

    def read_text(self, key: str, default: str | None = None, expected: str = "a text in quotes") -> str:
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
            raise self.build_error(key, f"a whole number from {low} to {high}")
        return value

    def read_flag(self, key: str, default: bool) -> bool:
        value = self.get_value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.build_error(key, "true or false")
        return value

    def read_choice(self, key: str, known: Collection[str], default: str | None = None) -> str:
        expected = f"one of: {', '.join(word for word in known if word)}"
        value = self.read_text(key, default, expected=expected)
        if value in known:
            return value
        raise self.build_error(key, expected + suggest_name(value, known))

    def read_texts(self, key: str) -> tuple[str, ...]:
        value = self.get_value(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.build_error(key, 'a list of texts: ["…", "…"]')
        return tuple(value)

    def refuse_unknown_keys(self) -> None:
        """Raise ConfigError for a key that is none; its value is not shown, it may be a secret."""
        for key in self.values:
            if key not in self.requested:
                where = f"{self.where} " if self.where else ""
                hint = (
                    self._name_variable(key)
                    or self._name_successor(key)
                    or suggest_name(key, self.requested)
                    or f"; known: {', '.join(self.requested)}"
                )
                raise ConfigError(f"{self.file}: {where}{key} is not a key Zhaibao knows{hint}")

    def _name_variable(self, key: str) -> str:
        """Where a secret belongs that somebody wrote into the file; "" for other keys."""
        if self.where.startswith("[[source]]") and key == "password":
            return "; a secret does not belong in this file: put it into the environment and its name into password_env"
        variable = _SECRETS.get((self.where, key))
        return f"; a secret does not belong in this file: set {variable} or {variable}_FILE" if variable else ""

    def _name_successor(self, key: str) -> str:
        """What the key is called today; "" for a key that never was one."""
        successor = _RENAMED_KEYS.get((self.where.partition(" ")[0], key))
        return f" any more; it is called '{successor}' now" if successor else ""


def suggest_name(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def read_tables(top: ConfigTable, key: str) -> list[ConfigTable]:
    value = top.get_value(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ConfigError(f"{top.file}: {key} is written in double brackets: [[{key}]]")
    rows = cast("list[dict[str, object]]", value)
    return [
        ConfigTable(top.file, f"[[{key}]] {row.get('name') or row.get('host') or f'number {n}'}:", row)
        for n, row in enumerate(rows, 1)
    ]


def read_table(top: ConfigTable, key: str) -> ConfigTable:
    value = top.get_value(key)
    if value is not None and not isinstance(value, dict):
        raise ConfigError(f"{top.file}: {key} is written in single brackets: [{key}]")
    return ConfigTable(top.file, f"[{key}]", cast("dict[str, object]", value or {}))
