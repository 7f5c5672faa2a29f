"""An SMTP server in the test's own process, with STARTTLS and AUTH: what a provider's submission port looks
like.
"""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.real.postgresql import free_port

USER, PASSWORD = "zhaibao", "correct horse"


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One mail as it came: who sent it (the envelope's word), to whom, over what."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    encrypted: bool
    user: str


class Keeper:
    """aiosmtpd's handler: keeps every mail; answers what `replies` holds for a recipient instead of taking
    it.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.replies: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        parsed = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        login = session.auth_data
        received = Received(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=parsed,
            encrypted=session.ssl is not None,
            user=login.login.decode() if isinstance(login, LoginPassword) else "",
        )
        self.received.append(received)
        return f"250 2.0.0 OK queued as {len(self.received)}"


class SubmissionServer:
    """Takes mail on `host`:`port` after STARTTLS and a login; `authority` is the certificate to trust."""

    host = "localhost"

    def __init__(self, folder: Path) -> None:
        self.keeper = Keeper()
        authority = trustme.CA()
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        self._controller = Controller(
            self.keeper,
            hostname="127.0.0.1",
            port=free_port(),
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=authenticated,
        )

    @property
    def received(self) -> list[Received]:
        return self.keeper.received

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


def authenticated(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    if data == known:
        return AuthResult(success=True, auth_data=data)
    return AuthResult(success=False, handled=False)  # handled=True would leave the client without an answer


@pytest.fixture
def submission(tmp_path: Path) -> Iterator[SubmissionServer]:
    """A running submission server with STARTTLS and AUTH."""
    started = SubmissionServer(tmp_path)
    started.start()
    try:
        yield started
    finally:
        started.stop()
