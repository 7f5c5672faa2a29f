"""A small IMAP server on loopback: it holds mails, records each command, and fails where a test asks."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

USER, PASSWORD = "reader", "wachtwoord-7"


@dataclass
class Account:
    """What the server holds and how it behaves; `commands` is what it was told, without the tag."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    folder: str = "INBOX"
    capabilities: str = "IMAP4rev1 AUTH=PLAIN"
    sizes: dict[int, int] = field(default_factory=dict)  # where RFC822.SIZE is to be a lie
    answers: dict[str, bytes] = field(default_factory=dict)  # command → what is sent in place of the answer
    hangs_up_at: int = 0  # UID of the mail in the middle of which the line breaks
    commands: list[str] = field(default_factory=list)
    context: ssl.SSLContext | None = None

    def uids(self, words: str) -> list[int]:
        found = sorted(self.mails)
        if first := re.search(r"UID (\d+):\*", words):
            # as the protocol has it: "n:*" holds the last mail even when n is beyond it
            found = [uid for uid in found if uid >= int(first[1])] or found[-1:]
        if header := re.search(r'HEADER List-Id "(.*?)"', words):
            found = [
                uid
                for uid in found
                if header[1].lower() in self.mails[uid].decode("utf-8", "replace").lower()
            ]
        return found


class Handler(socketserver.StreamRequestHandler):
    server: "Server"

    def handle(self) -> None:
        account = self.server.account
        if account.context and "STARTTLS" not in account.capabilities:
            self.encrypt()
        self.say(account.answers.get("welcome", b"* OK ready\r\n"))
        while line := self.rfile.readline(10_000):
            tag, _, command = line.decode("utf-8").strip().partition(" ")
            account.commands.append(command)
            name = " ".join(command.split()[: 2 if command.startswith("UID") else 1]).upper()
            if name in account.answers:
                self.say(account.answers[name].replace(b"TAG", tag.encode()))
            elif not self.answered(tag, name, command):
                return

    def answered(self, tag: str, name: str, command: str) -> bool:
        account, done = self.server.account, f"{tag} OK done\r\n".encode()
        match name:
            case "CAPABILITY":
                self.say(f"* CAPABILITY {account.capabilities}\r\n".encode() + done)
            case "STARTTLS":
                self.say(done)
                account.capabilities = account.capabilities.replace("STARTTLS", "AUTH=PLAIN")
                self.encrypt()
            case "AUTHENTICATE":
                self.say(b"+ \r\n")
                account.commands.append(self.rfile.readline(10_000).decode().strip())
                self.say(done)
            case "LIST":
                self.say(f'* LIST (\\HasNoChildren) "/" {account.folder}\r\n'.encode() + done)
            case "EXAMINE" if f'"{account.folder}"' not in command:
                self.say(f"{tag} NO no such mailbox\r\n".encode())
            case "EXAMINE":
                self.say(
                    (
                        f"* OK [UIDVALIDITY {account.validity}] valid\r\n* {len(account.mails)} EXISTS\r\n"
                    ).encode()
                )
                self.say(done)
            case "UID SEARCH":
                self.say(f"* SEARCH {' '.join(map(str, account.uids(command)))}\r\n".encode() + done)
            case "UID FETCH":
                self.fetch(command)
                self.say(done)
            case "LOGOUT":
                self.say(b"* BYE\r\n" + done)
                return False
            case _:
                self.say(done)
        return True

    def fetch(self, command: str) -> None:
        account = self.server.account
        for number in command.split()[2].split(","):
            mail = account.mails.get(int(number), b"")
            if int(number) == account.hangs_up_at and "BODY" in command:
                self.say(b"* 1 FETCH (UID %s BODY[] {%d}\r\nx" % (number.encode(), len(mail)))
                raise ConnectionAbortedError
            if "BODY.PEEK[]" in command:
                self.say(b"* 1 FETCH (UID %s BODY[] {%d}\r\n%s)\r\n" % (number.encode(), len(mail), mail))
            else:
                size = account.sizes.get(int(number), len(mail))
                self.say(f"* 1 FETCH (UID {number} RFC822.SIZE {size})\r\n".encode())

    def say(self, data: bytes) -> None:
        self.wfile.write(data)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()  # the encrypted one is not the server's to close

    def encrypt(self) -> None:
        context = self.server.account.context
        assert context is not None
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, account: Account) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.account = account

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is what some tests are about."""


@contextmanager
def imap_server(account: Account) -> Iterator[int]:
    """Run the server; give its port."""
    with Server(account) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def letter(subject: str, body: str = "", list_id: str = "", **headers: str) -> bytes:
    """A newsletter of plain text."""
    told = {
        "Subject": subject,
        "Date": "Fri, 20 Nov 2026 08:00:00 +0800",
        "From": "编辑部 <desk@linxi.example>",
    } | headers
    rows = [f"{name}: {value}" for name, value in told.items()] + (
        [f"List-Id: 周报 <{list_id}>"] if list_id else []
    )
    return "\r\n".join(
        [*rows, "Content-Type: text/plain; charset=utf-8", "", body or f"{subject}的正文。"]
    ).encode()
