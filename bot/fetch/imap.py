"""The mails of an IMAP folder that arrived since the last reading. Nothing in the folder is changed.

The folder is opened by EXAMINE and mails are read by BODY.PEEK, so that the server itself keeps them as they
are. imaplib speaks the protocol (RFC 3501), but sets no limit on memory or time; `_BoundedConnection` does.
"""

import base64
import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from bot.errors import FetchError, ForbiddenAddress, TooLarge
from bot.fetch.addresses import OPEN_PORTS, classify_closed_address, describe_remedy, is_listed
from bot.models import Mailbox
from bot.phrases import Phrase

_FIRST_DAYS = 14  # days; the first reading takes the mails of this period
_MAX_MAILS = 50  # of one reading, the oldest first; the next reading continues
_MAX_LARGEST = 5  # one reading takes the bytes of five mails of the largest size
_OVERHEAD_BYTES = 2_000_000  # of the protocol around the mails; the numbers of 200,000 mails are 1.4 MB
_CONNECT_SECONDS = 8.0  # for each address of a host
_MAX_FOLDERS_LISTED = 12
# UIDVALIDITY, the UID of the last mail that was read, and the UIDs of earlier mails to read again.
_STATE = re.compile(r"(\d{1,10}):(\d{1,10})((?: \d{1,10})*)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_LISTED = re.compile(rb'\([^()]*\) (?:"(?:[^"\\]|\\.)*"|NIL) "?(.+?)"?')

# (host, port, seconds) → an open connection
_Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedMail:
    uid: int
    name: str  # for messages
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedMails:
    """The mails of a reading, in order of arrival; `last` is the UID of the last mail that was handled.

    `too_large` are the UIDs of mails that were skipped.
    """

    validity: int
    last: int
    last_before: int = 0  # at the reading before
    mails: tuple[FetchedMail, ...] = ()
    too_large: tuple[int, ...] = ()

    def build_state(self, last: int, again: Sequence[int] = ()) -> str:
        """Return the state for the next reading, which starts after the mail `last` and reads `again` once
        more.
        """
        return " ".join(map(str, [f"{self.validity}:{last}", *again]))


def list_waiting_uids(state: str) -> tuple[int, ...]:
    """Return the UIDs of the mails to read again.

    >>> list_waiting_uids("7:120 80 95"), list_waiting_uids("")
    ((80, 95), ())
    """
    match = _STATE.fullmatch(state)
    return tuple(map(int, match[3].split())) if match else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLimits:
    """The limits of a reading: bytes of one mail, seconds of the whole reading."""

    max_bytes: int
    max_seconds: float


def fetch_mails(
    box: Mailbox, state: str, now: datetime, caps: MailLimits, connect: _Connect, again: Sequence[int] = ()
) -> FetchedMails:
    """Return the mails that came after `state` ("" at first: those of the last FIRST_DAYS), within the caps.

    `again` are the UIDs of earlier mails to read once more. If the time runs out, the mails that were read
    are returned, and the next reading continues after them. Raises FetchError; its reason says what the
    operator can do and never contains the password.
    """
    if not box.password:
        raise _build_refusal(
            box, f"the password is missing; set {box.password_env} or {box.password_env}_FILE"
        )
    reading = _MailboxReading(box=box, caps=caps)
    ends_at = time.monotonic() + caps.max_seconds
    try:
        with _open_session(box, caps, connect) as line:
            _log_in(line, box)
            validity = _open_folder(line, box)
            reading.continue_from(validity, state)
            waiting = again if reading.last else ()  # old UIDs mean nothing after a new UIDVALIDITY
            reading.read_mails(line, [*sorted(waiting), *_search_mails(line, box, reading.last, now)])
    except (imaplib.IMAP4.error, OSError, ssl.SSLError, ValueError) as error:
        if not reading.mails and time.monotonic() >= ends_at:
            raise TooLarge(
                box.address, Phrase("took longer than {seconds:g} s", seconds=caps.max_seconds)
            ) from None
        if not reading.mails:
            raise _translate_error(error, box) from None  # its words may contain the password
    return reading.result


@dataclass(kw_only=True, slots=True)
class _MailboxReading:
    """A reading in progress. The mails that were read are kept if the connection fails."""

    box: Mailbox
    caps: MailLimits
    validity: int = 0
    last: int = 0  # UID of the last mail that was handled; 0: none yet
    last_before: int = 0
    mails: list[FetchedMail] = field(default_factory=list)
    too_large: list[int] = field(default_factory=list)

    @property
    def result(self) -> FetchedMails:
        return FetchedMails(
            validity=self.validity,
            last=self.last,
            last_before=self.last_before,
            mails=tuple(self.mails),
            too_large=tuple(self.too_large),
        )

    def continue_from(self, validity: int, state: str) -> None:
        """Continue after the state's last mail; start anew if the server has a new UIDVALIDITY, so new
        numbers.
        """
        match = _STATE.fullmatch(state)
        self.validity = validity
        self.last = self.last_before = int(match[2]) if match and int(match[1]) == validity else 0

    def read_mails(self, line: "_BoundedConnection", uids: list[int]) -> None:
        uids = uids[:_MAX_MAILS]
        sizes = _fetch_sizes(line, uids)
        left = _MAX_LARGEST * self.caps.max_bytes
        for uid in uids:
            size = sizes.get(uid, 0)
            if size > self.caps.max_bytes:
                self.too_large.append(uid)
            elif size > left:
                return
            elif size:
                left -= size
                self.mails.append(
                    FetchedMail(uid=uid, name=name_mail(self.box, uid), data=_fetch_content(line, uid))
                )
            self.last = max(self.last, uid)


def name_mail(box: Mailbox, uid: int) -> str:
    return f"{box.address} mail {uid}"


class _BoundedConnection(imaplib.IMAP4):
    """A connection that reads a limited number of bytes, even if the server announces more."""

    def __init__(self, sock: socket.socket, box: Mailbox, max_bytes: int) -> None:
        self._given, self._left = sock, max_bytes
        super().__init__(box.host, box.port)

    # (imaplib's)
    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:  # noqa: ARG002
        self.host, self.port, self.sock = host, port, self._given
        self.file = self.sock.makefile("rb")

    def read(self, size: int) -> bytes:
        self._spend_bytes(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._spend_bytes(len(line))
        return line

    def _spend_bytes(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _ServerSendsTooMuch


class _ServerSendsTooMuch(OSError):
    """The server sends more bytes than a reading accepts."""


@contextmanager
def _open_session(box: Mailbox, caps: MailLimits, connect: _Connect) -> Iterator[_BoundedConnection]:
    """Open a connection with the encryption that the operator chose, and close it when the time is over."""
    raw = connect(box.host, box.port, min(caps.max_seconds, _CONNECT_SECONDS))
    # A server that sends a byte now and then never reaches the timeout of a call, so another thread closes
    # the socket.
    watched = raw.dup()
    end = threading.Timer(caps.max_seconds, _shut_down_socket, [watched])
    end.daemon = True
    end.start()
    opened: socket.socket = raw
    try:
        raw.settimeout(caps.max_seconds)
        if box.tls == "implicit":
            opened = ssl.create_default_context().wrap_socket(raw, server_hostname=box.host)
        line = _BoundedConnection(opened, box, _MAX_LARGEST * caps.max_bytes + _OVERHEAD_BYTES)
        try:
            if box.tls == "starttls":
                line.starttls(ssl.create_default_context())
            yield line
            with suppress(imaplib.IMAP4.error, OSError):
                line.logout()  # no logout after a failure: the server may never answer
        finally:
            with suppress(OSError):
                line.shutdown()
    finally:
        end.cancel()
        _shut_down_socket(watched)
        watched.close()
        opened.close()


def _shut_down_socket(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _log_in(line: _BoundedConnection, box: Mailbox) -> None:
    if line.state == "AUTH":
        return  # the server has authenticated us in another way
    secret = box.password.reveal()
    if not secret.isprintable():
        raise _build_refusal(
            box, f"{box.password_env} contains a line end or another character that a password cannot have"
        )
    try:
        if "AUTH=PLAIN" in line.capabilities:
            line.authenticate("PLAIN", lambda _: f"\0{box.user}\0{secret}".encode())
        else:
            line.login(_quote_argument(box.user), secret)
    except imaplib.IMAP4.abort:
        raise
    except UnicodeEncodeError:
        raise _build_refusal(
            box, "accepts only users and passwords in ASCII (it offers no AUTH=PLAIN)"
        ) from None
    except imaplib.IMAP4.error as error:
        answer = _clean_server_words(str(error), box)
        raise _build_refusal(box, f"refused '{box.user}' ({answer}); is {box.password_env} right?") from None


def _open_folder(line: _BoundedConnection, box: Mailbox) -> int:
    """Open the folder read-only and return its UIDVALIDITY."""
    status, _ = line.select(_quote_argument(_encode_folder_name(box.folder)), readonly=True)
    if status != "OK":
        raise _build_refusal(
            box,
            f"there is no folder '{box.folder}' for '{box.user}'; there are: "
            f"{', '.join(_list_folders(line))}",
        )
    _, numbers = line.response("UIDVALIDITY")
    if not numbers or not numbers[0] or not numbers[0].isdigit():
        raise _build_refusal(
            box, "the server does not number its mails (UIDVALIDITY), so a mail might be read twice"
        )
    return int(numbers[0])


def _list_folders(line: _BoundedConnection) -> list[str]:
    _, rows = line.list()
    matches = (_LISTED.fullmatch(row) for row in rows if isinstance(row, bytes))
    return [_decode_folder_name(name[1].decode("ascii", "replace"))[:60] for name in matches if name][
        :_MAX_FOLDERS_LISTED
    ]


def _search_mails(line: _BoundedConnection, box: Mailbox, last: int, now: datetime) -> list[int]:
    """Return the UIDs after `last`, in order; in the first reading those of the last _FIRST_DAYS."""
    words = [
        f"UID {last + 1}:*" if last else f"SINCE {_format_search_day(now - timedelta(days=_FIRST_DAYS))}"
    ]
    words += ["HEADER", "List-Id", _quote_argument(box.list_id)] if box.list_id else []
    status, rows = line.uid("SEARCH", *words)
    if status != "OK":
        raise _build_refusal(
            box, f"the server cannot search its mails ({_clean_server_words(str([*rows]), box)})"
        )
    numbers = (int(number) for row in rows if row for number in row.split() if number.isdigit())
    # "n:*" gives the last mail even where its number is below n:
    # https://www.rfc-editor.org/rfc/rfc3501#section-6.4.8
    return sorted({number for number in numbers if number > last})


def _format_search_day(moment: datetime) -> str:
    """
    >>> _format_search_day(datetime(2026, 11, 7))
    '7-Nov-2026'
    """
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{moment.day}-{months[moment.month - 1]}-{moment.year}"


def _fetch_sizes(line: _BoundedConnection, uids: list[int]) -> dict[int, int]:
    """Return UID → bytes, without mails that were deleted meanwhile."""
    if not uids:
        return {}
    status, rows = line.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH: {rows}")
    matches = ((_UID.search(row), _SIZE.search(row)) for row in rows if isinstance(row, bytes))
    return {int(uid[1]): int(size[1]) for uid, size in matches if uid and size}


def _fetch_content(line: _BoundedConnection, uid: int) -> bytes:
    """Return the bytes of a mail, without marking it as seen."""
    _, rows = line.uid("FETCH", str(uid), "(UID BODY.PEEK[])")
    return next((row[1] for row in rows if isinstance(row, tuple) and b"BODY[]" in row[0].upper()), b"")


def _translate_error(error: Exception, box: Mailbox) -> FetchError:
    """Return an error that says what the operator can do."""
    match error:
        case _ServerSendsTooMuch():
            return TooLarge(box.address, Phrase("the server sends more than was requested"))
        case ssl.SSLCertVerificationError():
            return _build_refusal(
                box, f"its certificate cannot be trusted ({_clean_server_words(error.verify_message, box)})"
            )
        case ssl.SSLError():
            remedy = 'try tls = "starttls"' if box.tls == "implicit" else 'try tls = "implicit"'
            return _build_refusal(box, f"does not speak TLS on this port; {remedy}, or another port")
        case TimeoutError():
            return _build_refusal(box, "did not answer in time; are host and port right?")
        case OSError():
            return _build_refusal(
                box, f"cannot be reached ({error.strerror or _clean_server_words(str(error), box)})"
            )
        case _ if "TLS not supported" in str(error):
            return _build_refusal(box, 'the server offers no STARTTLS; try tls = "implicit" and port = 993')
        case _:
            return _build_refusal(box, f"broke off ({_clean_server_words(str(error), box)})")


def _build_refusal(box: Mailbox, reason: str) -> FetchError:
    return FetchError(box.address, reason)


def _clean_server_words(words: str, box: Mailbox) -> str:
    """Return the server's words as one short line, without the password in any form in which it was sent."""
    secret = box.password.reveal()
    sent = base64.b64encode(f"\0{box.user}\0{secret}".encode()).decode()
    for shape in (sent, secret):
        words = words.replace(shape, "***") if shape else words
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:200]


def _quote_argument(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _encode_folder_name(folder: str) -> str:
    """Return a folder's name as IMAP writes it: https://www.rfc-editor.org/rfc/rfc3501#section-5.1.3.

    >>> _encode_folder_name("订阅 & more"), _decode_folder_name(_encode_folder_name("订阅 & more"))
    ('&i6KWBQ- &- more', '订阅 & more')
    """

    def shifted(match: re.Match[str]) -> str:
        packed = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{packed.replace('/', ',')}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, folder.replace("&", "&-"))


def _decode_folder_name(name: str) -> str:
    def unshifted(match: re.Match[str]) -> str:
        packed = match[1].replace(",", "/")
        return (
            base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be", "replace")
            if packed
            else "&"
        )

    return re.sub(r"&([A-Za-z0-9+,]*)-", unshifted, name)


def connect_checked(host: str, port: int, seconds: float, listed: Collection[str]) -> socket.socket:
    """Return a connection to a checked address of `host`. Raises OSError, ForbiddenAddress."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
    # The operator chose the port, so a host that is listed without a port is allowed for its mail too.
    if not any(is_listed(host, at, listed) for at in (port, *OPEN_PORTS.values())):
        for address in addresses:
            if classify_closed_address(ip_address(address.partition("%")[0])):
                raise ForbiddenAddress(
                    f"{host}:{port}",
                    Phrase("is not on the public internet{hint}", hint=describe_remedy(host, port)),
                )
    failure: OSError = OSError(f"{host} has no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            failure = error
    raise failure
