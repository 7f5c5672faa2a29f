"""Fixtures every test may use: the shared evaluation texts and the databases.

The summary says what was left out.
"""

import logging
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.leaving_out import told
from tests.real.postgresql import postgresql, postgresql_url

__all__ = ["postgresql", "postgresql_url", "shared", "store_url", "tell"]

MEASURED = "measured"  # a test's property: it comes along when a test runs in another process


@pytest.fixture(autouse=True)
def english_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the language of the machine; programs that a test starts speak English too."""
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """What a test sets up to log to ends with it: its standard error is gone by then."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of texts that are not ours to publish: beside the checkout, or where ZHAIBAO_SHARED says."""
    folder = Path(os.environ.get("ZHAIBAO_SHARED") or Path(__file__).parents[2] / "shared")
    if not folder.is_dir():
        pytest.skip(
            f"left out: the shared evaluation texts are not at hand (set ZHAIBAO_SHARED; looked in {folder})"
        )
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'zhaibao.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Keep a measured line for the end of the run's report."""
    return partial(record_property, MEASURED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in (
        report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])
    ):
        for name, line in report.user_properties:
            if name == MEASURED:
                terminalreporter.write_line(f"measured: {line}")
    reports = terminalreporter.stats.get("skipped", [])
    reasons = [
        report.longrepr[2].removeprefix("Skipped: ")
        for report in reports
        if isinstance(report.longrepr, tuple)
    ]
    for line in told(reasons):
        terminalreporter.write_line(f"left out: {line}")


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    """The lines that are logged meanwhile."""
    with capture_logs() as lines:
        yield lines
