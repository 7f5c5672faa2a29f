"""Logging for the service: one line an event, ours and the libraries', with every secret taken out."""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

from bot.settings import Secret

# Any: structlog's own type for event dictionaries.
Event = MutableMapping[str, Any]
LOUD = ("alembic", "apscheduler", "httpx", "httpcore", "telegram", "asyncio")


def start(secrets: Iterable[Secret], *, verbose: bool = False) -> None:
    """Send everything to standard error: coloured lines at a terminal, `key=value` lines elsewhere."""
    at_terminal = sys.stderr.isatty()
    last = (
        structlog.dev.ConsoleRenderer()
        if at_terminal
        else structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "logger", "event"))
    )
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redactor([secret.reveal() for secret in secrets if secret]),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler], force=True)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def silence() -> None:
    """Log nothing but errors: a command that shows its work itself says what matters."""
    logging.getLogger().setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def redactor(secrets: list[str]) -> structlog.typing.Processor:
    """A step that replaces each secret by *** wherever a line holds it."""

    def redact(_: object, __: str, event: Event) -> Event:
        for key, value in event.items():
            text = str(value)
            if any(secret in text for secret in secrets):
                for secret in secrets:
                    text = text.replace(secret, "***")
                event[key] = text
        return event

    return redact
