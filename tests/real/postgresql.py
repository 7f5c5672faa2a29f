"""A private PostgreSQL server on loopback, and a fresh database a test."""

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.leaving_out import leave_out

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # a test's data need not outlive the machine
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "log_min_messages": "warning",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
START_SECONDS = 30


PORTS = range(
    15_000, 32_000
)  # below those the system gives to outgoing connections, so none is taken meanwhile


def free_port() -> int:
    """Return a port nothing listens on, picked at random: tests run in several processes, and each picks its
    own.
    """
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def binaries() -> Path:
    """Return the folder of Debian's newest PostgreSQL, or leave the test out."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    if found is None:
        leave_out("PostgreSQL is not installed", "apt-get install postgresql")
    return Path(found).resolve().parent


def unprivileged(command: list[str]) -> list[str]:
    """Return `command` as nobody runs it, since PostgreSQL will not run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


class Server:
    """A cluster of its own in a temporary folder."""

    def __init__(self, programs: Path, folder: Path, *, durable: bool = False) -> None:
        self.programs = programs
        self.durable = durable  # as an operator has it: what is committed survives a power cut
        self.folder = folder
        self.port = free_port()
        self._names = count(1)

    def create(self) -> None:
        owner = "nobody" if os.geteuid() == 0 else getpass.getuser()
        shutil.chown(self.folder, owner)
        options = ["--username=zhaibao", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run("initdb", "--pgdata", str(self.folder / "data"), *options)

    def start(self) -> None:
        flags = " ".join(
            f"-c {name}={value!r}"
            for name, value in {
                **SETTINGS,
                **(DURABLE if self.durable else {}),
                "port": str(self.port),
            }.items()
        )
        self._control("start", "--log", str(self.folder / "log"), "--options", flags)

    def stop(self, mode: str = "immediate") -> None:
        self._control("stop", "--mode", mode)

    def restart(self) -> None:
        self.stop("fast")
        self.start()

    def database(self) -> str:
        """Create an empty database and return its URL for SQLAlchemy."""
        name = f"test_{next(self._names)}"
        address = f"postgresql://zhaibao@127.0.0.1:{self.port}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{address}/{name}".replace("postgresql://", "postgresql+psycopg://")

    def _control(self, action: str, *arguments: str) -> None:
        self._run(
            "pg_ctl",
            action,
            "--pgdata",
            str(self.folder / "data"),
            "--wait",
            f"--timeout={START_SECONDS}",
            *arguments,
        )

    def _run(self, program: str, *arguments: str) -> None:
        command = unprivileged([str(self.programs / program), *arguments])
        # The server inherits these: a pipe would keep us waiting for as long as it runs.
        with (self.folder / f"{program}.out").open("wb") as output:
            done = subprocess.run(
                command, cwd=self.folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {(self.folder / f'{program}.out').read_text()}")


@contextmanager
def serve_durably() -> Iterator[str]:
    """Yield the URL of a database on a server of its own, for measurements."""
    with tempfile.TemporaryDirectory(prefix="zhaibao-postgresql-") as folder:
        server = Server(binaries(), Path(folder), durable=True)
        server.create()
        server.start()
        try:
            yield server.database()
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL server."""
    programs = binaries()
    with tempfile.TemporaryDirectory(prefix="zhaibao-postgresql-") as folder:
        server = Server(programs, Path(folder))
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def postgresql_url(postgresql: Server) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgresql.database()
