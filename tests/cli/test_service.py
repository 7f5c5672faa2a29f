"""`zhaibao run` takes over a changed configuration, refuses a faulty one, and SIGHUP ends nothing."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIGURATION

_SECONDS = 60


class Run:
    """A running service; `expect` waits for a line of its log."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "--config", folder / "zhaibao.toml", "run"],
            stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.put(line)

    def expect(self, *words: str) -> str:
        passed = []
        while True:
            try:
                line = self.lines.get(timeout=_SECONDS)
            except queue.Empty:
                pytest.fail(f"no line with {words} in: {''.join(passed)}")
            if all(word in line for word in words):
                return line
            passed.append(line)


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    running = Run(folder)
    running.expect("waiting")
    yield running
    running.process.kill()
    running.process.wait()
    running.thread.join()
    assert running.process.stderr
    running.process.stderr.close()


def test_a_changed_configuration_is_taken_over_and_a_faulty_one_refused(run: Run, folder: Path) -> None:
    file = folder / "zhaibao.toml"
    run.process.send_signal(signal.SIGHUP)
    run.expect("configuration unchanged")
    file.write_text(CONFIGURATION.replace('kind = "page"', 'kind = "pgae"') + "[nonsense]\n", "utf-8")
    run.process.send_signal(signal.SIGHUP)
    run.expect("configuration refused", "did you mean 'page'?")
    run.expect("configuration refused", "nonsense")
    file.write_text(CONFIGURATION.replace('name = "daily"', 'name = "morning"').replace(
        'digest = "daily"', 'digest = "morning"'), "utf-8")  # fmt: skip
    run.expect("configuration taken over")
    run.expect("waiting", "morning")
    file.write_text(file.read_text("utf-8") + '[store]\nurl = "sqlite:///other.sqlite"\n', "utf-8")
    run.process.send_signal(signal.SIGHUP)
    run.expect("needs a restart", "[store] url")
    assert run.process.poll() is None
    run.process.send_signal(signal.SIGTERM)
    run.expect("stopped")
    assert run.process.wait(timeout=_SECONDS) == 0
