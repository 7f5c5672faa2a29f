"""Logging for the service: one line for each event, ours and the libraries', without secrets."""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any
from urllib.parse import quote

import structlog

from bot.masking import mask_urls
from bot.settings import Secret

# Any: structlog's own type for event dictionaries.
_EventFields = MutableMapping[str, Any]
_NOISY_LOGGERS = ("alembic", "apscheduler", "httpx", "httpcore", "telegram", "asyncio")


def configure_logging(secrets: Iterable[Secret], *, verbose: bool = False, errors_only: bool = False) -> None:
    """Send everything to standard error: coloured lines at a terminal, `key=value` lines elsewhere.

    `errors_only` is for commands that print their results themselves.
    """
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
        _build_redactor([secret.reveal() for secret in secrets if secret]),
        _mask_addresses,
        _join_lines,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    level = logging.ERROR if errors_only else logging.DEBUG if verbose else logging.INFO
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _build_redactor(secrets: list[str]) -> structlog.typing.Processor:
    """Return a step that replaces each secret by ***, also in the form it has in an address."""
    shapes = [shape for secret in secrets for shape in (secret, quote(secret, safe=""))]

    def redact(_: object, __: str, event: _EventFields) -> _EventFields:
        for key, value in event.items():
            text = str(value)
            if any(shape in text for shape in shapes):
                for shape in shapes:
                    text = text.replace(shape, "***")
                event[key] = text
        return event

    return redact


def _mask_addresses(_: object, __: str, event: _EventFields) -> _EventFields:
    """Mask queries, users and passwords of web addresses: they may contain the key of a private feed."""
    for key, value in event.items():
        if "://" in (text := str(value)):
            event[key] = mask_urls(text)
    return event


def _join_lines(_: object, __: str, event: _EventFields) -> _EventFields:
    """Replace line ends in a server's words: they would begin a line that looks like one of ours."""
    for key, value in event.items():
        if isinstance(value, str) and "\r" in value:
            event[key] = value.replace("\r\n", "\n").replace("\r", "\n")
    return event
