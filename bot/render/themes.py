"""Themes: folders of templates, named by what they produce. `plain` provides the files that a theme lacks."""

import difflib
import traceback
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

import bot
from bot.errors import ConfigError, UnknownName
from bot.phrases import Phrase

_THEMES_FOLDER = Path(bot.__file__).parents[1] / "templates"
FALLBACK_THEME = "plain"


def fill_template(
    theme: str, template: str, extra: Path | None = None, **values: Any
) -> str:  # Any: each template has its own values
    """Return the output of the theme's template for `values`. `extra` is the operator's own folder of themes.

    Raises UnknownName if there is no such theme, ConfigError if the template has an error.
    """
    try:
        return _build_environment(theme, extra).get_template(template).render(**values).strip() + "\n"
    except jinja2.TemplateError as error:
        raise ConfigError(
            Phrase(
                "theme {theme!r}: {place}: {message}; see docs/how-to/write-a-theme.md",
                theme=theme,
                place=_locate_fault(error, template),
                message=error.message,
            )
        ) from error


def _locate_fault(error: jinja2.TemplateError, template: str) -> str:
    """Return the file and line of the error: Jinja adds the lines of templates to the traceback."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.name or template}, line {error.lineno}"
    lines = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.endswith(".py")
    ]
    return f"{Path(lines[-1].filename).name}, line {lines[-1].lineno}" if lines else template


class _ThemeEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, without its checks for fields of our own values: they take most of its time."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        names = _list_fields(type(obj))  # type: ignore[arg-type]  # mypy takes a class for unhashable
        return attr in names or super().is_safe_attribute(obj, attr, value)


@lru_cache(maxsize=256)
def _list_fields(kind: type) -> frozenset[str]:
    """Return the public fields of a dataclass; other types have none."""
    names = (field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return frozenset(name for name in names if not name.startswith("_"))


@lru_cache(maxsize=32)
def _build_environment(theme: str, extra: Path | None = None) -> jinja2.Environment:
    """Return a sandbox that escapes values and refuses unknown names. `extends "plain/…"` is the original."""
    if theme not in list_themes(extra):
        raise UnknownName(
            Phrase(
                "no theme called {theme!r}; known: {names}",
                theme=theme,
                names=", ".join(sorted(list_themes(extra))),
            )
        )
    folders = [root / theme for root in (extra, _THEMES_FOLDER) if root is not None]
    original = jinja2.FileSystemLoader(_THEMES_FOLDER / FALLBACK_THEME)
    own = jinja2.FileSystemLoader([*folders, _THEMES_FOLDER / FALLBACK_THEME])
    return _ThemeEnvironment(
        loader=jinja2.ChoiceLoader([own, jinja2.PrefixLoader({FALLBACK_THEME: original})]),
        autoescape=jinja2.select_autoescape(("html", "xml"), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def list_themes(extra: Path | None = None) -> set[str]:
    """Return the names of all themes."""
    roots = [root for root in (extra, _THEMES_FOLDER) if root is not None and root.is_dir()]
    return {
        folder.name
        for root in roots
        for folder in root.iterdir()
        if folder.is_dir() and folder.name[0] not in "._"
    }


def find_misspelt_files(theme: str, extra: Path | None) -> dict[str, str]:
    """Return files of the operator's own theme that no form uses → the similar name that a form would use.

    A file that another template of the theme names belongs to it.
    """
    if extra is None or not (extra / theme).is_dir():
        return {}
    file_names = {
        path.relative_to(folder).as_posix()
        for folder in _THEMES_FOLDER.iterdir()
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.is_file()
    }
    own = {
        path.relative_to(extra / theme).as_posix(): path
        for path in (extra / theme).rglob("*")
        if path.is_file()
    }
    texts = [path.read_text("utf-8", "replace") for path in own.values()]
    similar = {
        name: difflib.get_close_matches(name, file_names, n=1)
        for name in own
        if name not in file_names and not any(f'"{name}"' in text or f"'{name}'" in text for text in texts)
    }
    return {name: names[0] for name, names in similar.items() if names}
