"""One table of the file, read key by key, so that every complaint names file, table, key and remedy."""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import cast

from bot.errors import ConfigError

SECRETS = {
    ("[telegram]", "token"): "ZHAIBAO_TELEGRAM_TOKEN",
    ("[mail]", "password"): "ZHAIBAO_MAIL_PASSWORD",
}


class Table:
    """One table of the file, read key by key; `finish` complains of keys nobody asked for."""

    def __init__(self, file: Path, where: str, values: Mapping[str, object]) -> None:
        self.file, self.where, self.values = file, where, values
        self.asked: dict[str, None] = {}  # in the order they were asked for

    def wrong(self, key: str, expected: str) -> ConfigError:
        name = f"{self.where} {key}".strip()
        if key not in self.values:
            return ConfigError(f"{self.file}: {name} is missing; it takes {expected}")
        return ConfigError(f"{self.file}: {name} = {self.values[key]!r} cannot be used; it takes {expected}")

    def hidden(self, key: str, expected: str) -> ConfigError:
        """As `wrong`, for a value that may be a secret."""
        return ConfigError(f"{self.file}: {self.where} {key} cannot be used; it takes {expected}")

    def get(self, key: str) -> object:
        self.asked[key] = None
        return self.values.get(key)

    def text(self, key: str, default: str | None = None, expected: str = "a text in quotes") -> str:
        value = self.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(key, expected)
        return value.strip()

    def number(self, key: str, default: int, low: int, high: int) -> int:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(key, f"a whole number from {low} to {high}")
        return value

    def truth(self, key: str, default: bool) -> bool:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def choice(self, key: str, known: Collection[str], default: str | None = None) -> str:
        expected = f"one of: {', '.join(word for word in known if word)}"
        value = self.text(key, default, expected=expected)
        if value in known:
            return value
        raise self.wrong(key, expected + nearest(value, known))

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, 'a list of texts: ["…", "…"]')
        return tuple(value)

    def finish(self) -> None:
        """Raise ConfigError for a key that is none; its value is not shown, it may be a secret."""
        for key in self.values:
            if key not in self.asked:
                where = f"{self.where} " if self.where else ""
                hint = self.of_the_environment(key) or nearest(key, self.asked) or f"; known: {', '.join(self.asked)}"
                raise ConfigError(f"{self.file}: {where}{key} is not a key Zhaibao knows{hint}")

    def of_the_environment(self, key: str) -> str:
        """Where a secret belongs that somebody wrote into the file; "" for other keys."""
        if self.where.startswith("[[source]]") and key == "password":
            return "; a secret does not belong in this file: put it into the environment and its name into password_env"
        variable = SECRETS.get((self.where, key))
        return f"; a secret does not belong in this file: set {variable} or {variable}_FILE" if variable else ""


def nearest(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def tables(top: Table, key: str) -> list[Table]:
    value = top.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ConfigError(f"{top.file}: {key} is written in double brackets: [[{key}]]")
    rows = cast("list[dict[str, object]]", value)
    return [
        Table(top.file, f"[[{key}]] {row.get('name') or row.get('host') or f'number {n}'}:", row)
        for n, row in enumerate(rows, 1)
    ]


def one(top: Table, key: str) -> Table:
    value = top.get(key)
    if value is not None and not isinstance(value, dict):
        raise ConfigError(f"{top.file}: {key} is written in single brackets: [{key}]")
    return Table(top.file, f"[{key}]", cast("dict[str, object]", value or {}))
