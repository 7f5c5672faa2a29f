"""Themes: folders of templates named by what they produce. A file that a theme lacks is taken from `plain`."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

import bot
from bot.errors import UnknownName

FOLDER = Path(bot.__file__).parents[1] / "templates"
FALLBACK = "plain"


def fill(theme: str, template: str, extra: Path | None = None, **values: Any) -> str:  # Any: each template its own
    """Return the template of the theme, filled with `values`. `extra` is the operator's own folder of themes.

    Raises UnknownName when there is no such theme.
    """
    return environment(theme, extra).get_template(template).render(**values).strip() + "\n"


@lru_cache(maxsize=32)
def environment(theme: str, extra: Path | None = None) -> jinja2.Environment:
    """Return a sandbox that escapes and refuses unknown names; "plain/…" in an `extends` means the original."""
    if theme not in known(extra):
        raise UnknownName(f"no theme called {theme!r}; known: {', '.join(sorted(known(extra)))}")
    folders = [root / theme for root in (extra, FOLDER) if root is not None]
    original = jinja2.FileSystemLoader(FOLDER / FALLBACK)
    own = jinja2.FileSystemLoader([*folders, FOLDER / FALLBACK])
    return ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader([own, jinja2.PrefixLoader({FALLBACK: original})]),
        autoescape=jinja2.select_autoescape(("html", "xml"), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def known(extra: Path | None = None) -> set[str]:
    """Return the names of all themes."""
    roots = [root for root in (extra, FOLDER) if root is not None and root.is_dir()]
    return {
        folder.name for root in roots for folder in root.iterdir() if folder.is_dir() and folder.name[0] not in "._"
    }
