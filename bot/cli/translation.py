"""Translates the command line into the user's language. The environment selects Chinese or English."""

import copy
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from bot.locales.languages import SOURCE_LANGUAGE
from bot.masking import mask_urls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.locales import Catalogue

CLICK_MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)
_UNTRANSLATED = ("C", "POSIX")
_MIN_TEXT_CELLS = 10  # of the column that explains options and commands
_FIRST_SENTENCE = re.compile(r"\A.*?(?=。|\.\s|\.?\Z|\n\n)", re.DOTALL)


def detect_language(environment: Mapping[str, str]) -> str:
    """Return the interface language that a POSIX environment selects. An unsupported language gives English.

    LANGUAGE is a list in order of preference. As in GNU programs, it has no effect if the locale is C.

    >>> detect_language({"LANG": "zh_CN.UTF-8"})
    'zh-Hans'
    >>> detect_language({"LANGUAGE": "fr:zh_TW", "LANG": "fr_FR.UTF-8"})
    'zh-Hant'
    """
    from bot.locales.languages import match_language

    locale = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "C"
    )
    if locale.partition(".")[0] in _UNTRANSLATED:
        return SOURCE_LANGUAGE
    wishes = [*filter(None, environment.get("LANGUAGE", "").split(":")), locale]
    return next((tag for wish in wishes if (tag := match_language(wish, complete=True))), SOURCE_LANGUAGE)


def _get_texts() -> "Catalogue":
    return _load_texts(detect_language(os.environ))


@cache
def _load_texts(language: str) -> "Catalogue":
    from bot.locales import load_catalogue

    return load_catalogue("cli", language)


def _(text: str, /, **values: Any) -> str:  # Any: all values that str.format accepts
    """Translate a text and fill in its values."""
    return _get_texts().gettext(text, **values)


def ngettext(singular: str, plural: str, n: int, /, **values: Any) -> str:
    """Translate a text about `n` things."""
    return _get_texts().ngettext(singular, plural, n, **values)


def translate(value: object) -> str:
    """Return a phrase, or an error with a phrase, in the user's language. Return other values as text.

    Mask web addresses in the text.
    """
    return mask_urls(str(_get_texts().translate(value)))


def translate_click() -> None:
    """Make click use the user's language. Its modules look up these two names of gettext."""
    for module in CLICK_MODULES:
        for name in ("_", "ngettext"):
            if not hasattr(module, name):
                continue
            method = "gettext" if name == "_" else name
            setattr(
                module, name, lambda *texts, method=method: getattr(_get_texts().translations, method)(*texts)
            )


def translate_command(command: click.Command) -> click.Command:
    """Return a copy of the command with its options and subcommands. Its help is in the user's language."""
    if _get_texts().tag == SOURCE_LANGUAGE:
        return command
    translated = copy.copy(command)
    translated.context_class = _Context
    if command.help:
        translated.help = _(join_help_lines(command.help))
        translated.short_help = _cut_first_sentence(translated.help)
    translated.params = [_translate_parameter(parameter) for parameter in command.params]
    if isinstance(translated, click.Group):
        translated.commands = {name: translate_command(each) for name, each in translated.commands.items()}
    return translated


def join_help_lines(text: str) -> str:
    """Return a docstring as a message in which each paragraph is one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _translate_parameter(parameter: click.Parameter) -> click.Parameter:
    translated = copy.copy(parameter)
    if isinstance(translated, click.Option) and translated.help:
        translated.help = _(translated.help)
    return translated


def _cut_first_sentence(text: str) -> str:
    sentence = _FIRST_SENTENCE.match(text)
    return " ".join(sentence[0].split()) if sentence else text


class _Formatter(click.HelpFormatter):
    """Breaks lines by the width of characters on a terminal. A Chinese character takes two cells."""

    def write_text(self, text: str) -> None:
        from bot.cli.line_breaking import break_lines

        indent = " " * self.current_indent
        paragraphs = (
            break_lines(" ".join(each.split()), self.width - len(indent)) for each in text.split("\n\n")
        )
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def write_dl(self, rows: "Iterable[tuple[str, str]]", col_max: int = 30, col_spacing: int = 2) -> None:
        from rich.cells import cell_len

        from bot.cli.line_breaking import break_lines

        indent = " " * self.current_indent
        rows = list(rows)
        column = min(max(cell_len(term) for term, _ in rows), col_max) + col_spacing
        for term, text in rows:
            first, *others = break_lines(text, max(self.width - len(indent) - column, _MIN_TEXT_CELLS)) or [
                ""
            ]
            gap = " " * (column - cell_len(term)) if cell_len(term) < column else f"\n{indent}{' ' * column}"
            self.write(f"{indent}{term}{gap}{first}".rstrip() + "\n")
            self.write("".join(f"{indent}{' ' * column}{line}\n" for line in others))


class _Context(click.Context):
    formatter_class = _Formatter
