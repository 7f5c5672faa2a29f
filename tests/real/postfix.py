"""A private Postfix on loopback with Maildirs for example.test, and smtp-sink, which takes mail and drops it.

Nothing leaves the machine: every other domain is an error. Postfix listens on two ports: `port` takes mail
for unknown users and returns it to the envelope sender, as a relay does; `refusing_port` says 550 at once.
"""

import mailbox
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.leaving_out import leave_out
from tests.real.postgresql import free_port

DOMAIN = "example.test"
USERS = ("reader", "editor", "bounces")
DAEMONS = Path("/usr/lib/postfix/sbin")
WAIT_SECONDS = 20.0
LOOK_SECONDS = 0.05
NOBODY = 65534

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log/maillog
maillog_file_prefixes = {folder}
myhostname = mail.{domain}
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
recipient_delimiter = +
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
default_transport = error:5.1.2 nothing leaves this machine
relay_transport = error:5.1.2 nothing leaves this machine
local_transport = error:5.1.1 no local users
notify_classes =
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
in_flow_delay = 0
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd -o smtpd_reject_unlisted_recipient=no
127.0.0.1:{refusing_port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
showq unix n - n - - showq
pickup unix n - n 60 1 pickup
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One instance in `folder`; `mails(user)` reads what arrived."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.refusing_port = free_port()
        self._master: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        """Write the configuration, with `settings` in place of or beside ours, and start."""
        for name in ("queue", "data", "log", "mail", "etc"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        shutil.chown(self.folder / "data", "postfix")
        for user in USERS:
            mailbox.Maildir(self.folder / "mail" / user)
            own(self.folder / "mail" / user)
        self._configure(settings)
        self._start_master()

    def _configure(self, settings: dict[str, str]) -> None:
        boxes = "".join(f"{user}@{DOMAIN} {user}/\n" for user in USERS)
        (self.folder / "mailboxes").write_text(boxes)
        main = MAIN.format(folder=self.folder, daemons=DAEMONS, domain=DOMAIN, nobody=NOBODY)
        main += "".join(f"{name} = {value}\n" for name, value in settings.items())
        (self.folder / "etc/main.cf").write_text(main)
        ports = MASTER.format(port=self.port, refusing_port=self.refusing_port)
        (self.folder / "etc/master.cf").write_text(ports)

    def _start_master(self) -> None:
        etc = str(self.folder / "etc")
        with (self.folder / "log/output").open("wb") as output:
            # "check" makes the queue's folders. "start-fg" would too, but leaves a shell between us and the
            # master, and ending that shell does not end the master.
            subprocess.run(
                ["/usr/sbin/postfix", "-c", etc, "check"], check=True, stdout=output, stderr=output
            )
            command = [str(DAEMONS / "master"), "-c", etc, "-s"]
            self._master = subprocess.Popen(command, start_new_session=True, stdout=output, stderr=output)
        wait_for_port(self.port, lambda: (self.folder / "log/output").read_text())

    def stop(self) -> None:
        """End the master, which ends its children; what is still in the queue goes with the folder."""
        if self._master is not None:
            self._master.send_signal(signal.SIGTERM)
            self._master.wait(WAIT_SECONDS)
            self._master = None

    def mails(self, user: str = "reader") -> list[EmailMessage]:
        """Return what arrived for `user`, tagged addresses included, in order of arrival."""
        folder = self.folder / "mail" / user / "new"
        files = sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [parsed(path.read_bytes()) for path in files]

    def wait_for(self, count: int, user: str = "reader", seconds: float = WAIT_SECONDS) -> list[EmailMessage]:
        """Return the mails of `user` once there are `count`; raise TimeoutError with the end of the log."""
        ends_at = time.monotonic() + seconds
        while len(list((self.folder / "mail" / user / "new").iterdir())) < count:
            if time.monotonic() > ends_at:
                raise TimeoutError("\n".join(self.log().splitlines()[-10:]))
            time.sleep(LOOK_SECONDS)
        return self.mails(user)

    def log(self) -> str:
        path = self.folder / "log/maillog"
        return path.read_text() if path.exists() else ""


def parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def own(folder: Path) -> None:
    for path in [folder, *folder.iterdir()]:
        os.chown(path, NOBODY, NOBODY)


def wait_for_port(port: int, log: Callable[[], str]) -> None:
    ends_at = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=2).close()
        except OSError:
            if time.monotonic() > ends_at:
                raise RuntimeError(f"nothing answers on port {port}: {log()}") from None
            time.sleep(LOOK_SECONDS)
        else:
            return


def need_postfix() -> None:
    if not (DAEMONS / "master").exists():
        leave_out("Postfix is not installed", "apt-get install postfix")
    if os.geteuid() != 0:
        leave_out("Postfix starts as root only", "run the tests as root")


@pytest.fixture(scope="session")
def postfix_server() -> Iterator[Postfix]:
    need_postfix()
    with tempfile.TemporaryDirectory(prefix="zhaibao-postfix-") as folder:
        server = Postfix(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def postfix(postfix_server: Postfix) -> Postfix:
    """A running Postfix with empty Maildirs."""
    for user in USERS:
        for path in (postfix_server.folder / "mail" / user / "new").iterdir():
            path.unlink()
    return postfix_server


@contextmanager
def smtp_sink(*switches: str, folder: Path | None = None) -> Iterator[int]:
    """Run Postfix's smtp-sink with `switches` and give its port; with `folder` it keeps each mail as a file
    there.

    "-r", "RCPT" answers 450, "-f", "RCPT" 500, "-q", "." hangs up after DATA, "-Q", "RCPT" answers 421 and
    hangs up, "-W", "data:2" waits.
    """
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    if not Path(program).exists():
        leave_out("smtp-sink is not installed", "apt-get install postfix")
    port = free_port()
    kept = ["-d", f"{folder}/%Y%m%d%H%M%S."] if folder is not None else []
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    if folder is not None and os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    command = [program, *user, *kept, *switches, f"127.0.0.1:{port}", "1024"]
    sink = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_listener(port)
        yield port
    finally:
        sink.kill()
        sink.wait(WAIT_SECONDS)


def wait_for_listener(port: int) -> None:
    ends_at = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            if time.monotonic() > ends_at:
                raise RuntimeError(f"nothing listens on port {port}") from None
            time.sleep(LOOK_SECONDS)
        else:
            return
