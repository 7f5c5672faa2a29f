"""Starts `zhaibao` often: forked from a process that has imported it once, since importing takes longer than
sending.

What is forked is a process like any other: it opens its own database and connections, and can be killed by
its pid. As a program (`python -m tests.real.nursery`) it is that process: a line of JSON in, a line with the
child's pid out.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


class Forked:
    """A forked command, with those of Popen's methods that `installation.kill` asks for.

    Its status is not kept.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.handle = os.pidfd_open(pid)  # names this process even when the number is given to another

    def poll(self) -> int | None:
        return 0 if select.select([self.handle], [], [], 0)[0] else None

    def wait(self, timeout: float | None = None) -> int:
        if not select.select([self.handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return 0

    def send_signal(self, number: int) -> None:
        signal.pidfd_send_signal(self.handle, number)

    def __del__(self) -> None:
        os.close(self.handle)


class Nursery:
    """The process that forks; `with Nursery() as nursery: nursery.start(…)`."""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.real.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
        """Start `zhaibao ARGUMENTS`; what it says is added to `log`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"arguments": list(arguments), "environment": dict(environment), "log": str(log)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return Forked(int(self.process.stdout.readline()))


def grow_up(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """Be the command, in the forked process, and end with it."""
    from bot.cli.main import main as zhaibao

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for mine, theirs in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(mine, theirs)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["zhaibao", *arguments]
    zhaibao()  # raises SystemExit


def main() -> None:
    import bot.channels.mail.channel
    import bot.channels.telegram.channel
    import bot.cli.assembly
    import bot.cli.steps  # noqa: F401 - imported to be there already

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here asks how they ended
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            grow_up(order["arguments"], order["environment"], order["log"])
        print(pid, flush=True)


if __name__ == "__main__":
    main()
