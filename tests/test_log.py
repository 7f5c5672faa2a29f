"""The log: one line an event, and no secret in any line, whoever wrote it."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log
from bot.settings import Secret

TOKEN = "123456:AAHrF0-secret_token"
PASSWORD = "p%ss/wörd"
SECRETS = (Secret(TOKEN), Secret(PASSWORD), Secret(""))


@pytest.fixture(autouse=True)
def started() -> Iterator[None]:
    """Logging as the service has it; afterwards as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_an_event_is_one_line_with_its_time_level_and_logger(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging(SECRETS)
    structlog.get_logger("collect").info("collected", source="临溪日报", new=3)
    (line,) = lines(capsys)
    assert line.startswith("timestamp=2")
    assert "level=info logger=collect event=collected source=临溪日报 new=3" in line


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD])
def test_no_secret_stands_in_an_event(capsys: pytest.CaptureFixture[str], secret: str) -> None:
    log.configure_logging(SECRETS)
    logger = structlog.get_logger("deliver")
    logger.info(f"event {secret}", plain=secret, nested={"deep": [secret]}, error=ValueError(f"bad {secret}"))
    logger.info("more", **{f"key{secret[:3]}": f"https://api.telegram.org/bot{secret}/sendMessage"})
    shown = "\n".join(lines(capsys))
    assert secret not in shown
    assert shown.count("***") >= 4


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD])
def test_no_secret_stands_in_a_traceback(capsys: pytest.CaptureFixture[str], secret: str) -> None:
    log.configure_logging(SECRETS)
    try:
        raise RuntimeError(f"The token `{secret}` was rejected")
    except RuntimeError:
        structlog.get_logger("chat").exception("answer")
        logging.getLogger("telegram.ext").exception("while polling")
    shown = "\n".join(lines(capsys))
    assert "RuntimeError" in shown
    assert secret not in shown


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD])
def test_no_secret_stands_in_what_a_library_logs(capsys: pytest.CaptureFixture[str], secret: str) -> None:
    log.configure_logging(SECRETS, verbose=True)
    for name in ("httpx", "telegram.Bot", "sqlalchemy.engine", "mail.log"):
        logging.getLogger(name).warning(
            "HTTP Request: POST %s %r", f"https://x/bot{secret}/getMe", {"password": secret}
        )
    shown = lines(capsys)
    assert len(shown) == 4
    assert not [line for line in shown if secret in line]


def test_a_secret_escaped_for_an_address_is_taken_out_too(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging(SECRETS)
    structlog.get_logger("store").error("store", error="postgresql://me:p%25ss%2Fw%C3%B6rd@host/db")
    assert "p%25ss%2Fw%C3%B6rd" not in "\n".join(lines(capsys))


def test_libraries_that_tell_of_every_request_are_kept_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging(SECRETS)
    for name in (
        "httpx",
        "apscheduler.executors.default",
        "telegram.ext.Application",
        "alembic.runtime.migration",
    ):
        logging.getLogger(name).info("Running job")
    assert lines(capsys) == []


def test_more_is_told_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging(SECRETS)
    structlog.get_logger("fetch").debug("asked")
    assert lines(capsys) == []
    log.configure_logging(SECRETS, verbose=True)
    structlog.get_logger("fetch").debug("asked")
    assert len(lines(capsys)) == 1


def test_an_event_of_many_lines_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging(SECRETS)
    structlog.get_logger("deliver").warning("failed", error="550 5.1.1\r\n no such user")
    assert len(lines(capsys)) == 1


def test_a_command_that_prints_its_results_logs_only_errors_and_in_the_same_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure_logging(SECRETS, errors_only=True)
    structlog.get_logger("collect").warning("failed", source="paper")
    assert capsys.readouterr() == ("", "")
    structlog.get_logger("missed").error("missed")
    out, err = capsys.readouterr()
    assert "level=error logger=missed event=missed" in err
    assert out == ""
