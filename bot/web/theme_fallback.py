"""A template of a theme filled in; `plain` stands in for a theme that is faulty."""

from pathlib import Path
from typing import Any  # each template has its own values

import structlog

from bot.errors import ConfigError, UnknownName
from bot.render.themes import FALLBACK_THEME, fill_template

_log = structlog.get_logger("web")


def fill_with_fallback(theme: str, template: str, themes: Path | None, **values: Any) -> str:
    """Return the output of the theme's template; where it has an error, log that and use `plain`.

    `themes` is the operator's own folder of themes.
    """
    try:
        return fill_template(theme, template, themes, **values)
    except (ConfigError, UnknownName) as error:
        _log.error("theme", template=template, error=str(error))
        return fill_template(FALLBACK_THEME, template, **values)
