"""A private Dovecot on loopback: two accounts' Maildirs, with TLS by an authority of its own.

Nothing leaves it.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.leaving_out import leave_out
from tests.real.postgresql import free_port

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
USER, PASSWORD = "reader", 'geheim "7" \\ 密码'
NOBODY = 65534
WAIT_SECONDS = 20.0
LOOK_SECONDS = 0.05

CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
ssl_min_protocol = TLSv1.2
mail_location = maildir:{folder}/mail/%u
first_valid_uid = {nobody}
disable_plaintext_auth = yes
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={nobody} gid={nobody} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """One instance in `folder`. `port` offers STARTTLS, `tls_port` is encrypted from the beginning."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.authority = folder / "authority.pem"
        self._number = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.chmod(0o755)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.authority))
        certificate = authority.issue_cert("127.0.0.1")
        certificate.private_key_pem.write_to_path(str(self.folder / "key.pem"))
        (self.folder / "certificate.pem").write_bytes(
            b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
        )
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        for box in ("cur", "new", "tmp"):
            (self.folder / "mail" / USER / box).mkdir(parents=True)
        for path in (self.folder / "mail", *(self.folder / "mail").rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        text = CONFIGURATION.format(folder=self.folder, nobody=NOBODY, port=self.port, tls_port=self.tls_port)
        (self.folder / "dovecot.conf").write_text(text)
        with (self.folder / "output").open("wb") as output:
            command = [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")]
            self._process = subprocess.Popen(command, start_new_session=True, stdout=output, stderr=output)
        self._wait()

    def _wait(self) -> None:
        ends_at = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                    if line.recv(200).startswith(b"* OK"):
                        return
            except OSError:
                pass
            if time.monotonic() > ends_at:
                raise RuntimeError(
                    f"Dovecot does not answer: {(self.folder / 'output').read_text()} {self.log()}"
                )
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """End the master, which ends its children."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(WAIT_SECONDS)
            self._process = None

    def put(self, mail: bytes) -> Path:
        """Lay a mail into the inbox, as a delivery agent does; return its file."""
        self._number += 1
        place = self.folder / "mail" / USER / "new" / f"{time.time_ns()}.{self._number}.test"
        temporary = self.folder / "mail" / USER / "tmp" / place.name
        temporary.write_bytes(mail)
        os.chown(temporary, NOBODY, NOBODY)
        temporary.rename(place)
        return place

    def flags(self) -> set[str]:
        """Return the flags that any mail bears, as Maildir writes them: S is seen."""
        return {
            flag
            for path in (self.folder / "mail" / USER / "cur").iterdir()
            for flag in path.name.partition(":2,")[2]
        }

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""


@pytest.fixture
def dovecot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    """A running Dovecot with an empty inbox, whose authority this process trusts."""
    if not Path(PROGRAM).exists():
        leave_out("Dovecot is not installed", "apt-get install dovecot-imapd")
    if os.geteuid() != 0:
        leave_out("Dovecot with accounts of its own starts as root only", "run the tests as root")
    with tempfile.TemporaryDirectory(prefix="zhaibao-dovecot-") as folder:
        server = Dovecot(Path(folder))
        server.start()
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        try:
            yield server
        finally:
            server.stop()
