"""SMTP: what is known of a mail after everything that can go wrong at each step."""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from bot.channels.mail.channel import MailChannel
from bot.channels.mail.session import SmtpTimeouts
from bot.channels.mail.settings import MailSettings
from bot.errors import (
    DeliveryError,
    DeliveryUnconfirmed,
    Rejected,
    ServerUnreachable,
    SubscriberGone,
    TryLater,
)
from bot.settings import Secret
from tests.channels.conftest import HANG_UP, MESSAGE, SILENT, ScriptedServer, send_mail

SETTINGS = MailSettings(host="127.0.0.1", tls="none", sender="摘报 <digest@example.test>")
SETUP = ("greeting", "EHLO")
LOGIN = {"user": "me", "password": Secret("hunter2")}


def talk(
    server: ScriptedServer,
    act: Callable[[MailChannel], Awaitable[object]],
    timeouts: SmtpTimeouts = SmtpTimeouts(),  # noqa: B008  # noqa: B008 - it is frozen
    **changes: object,
) -> None:
    async def work() -> None:
        async with server:
            settings = replace(SETTINGS, port=server.port, **changes)  # type: ignore[arg-type]
            mail = MailChannel(settings, lambda: 0.0, timeouts)
            try:
                await act(mail)
            finally:
                await mail.close()

    asyncio.run(work())


def failure(
    server: ScriptedServer,
    timeouts: SmtpTimeouts = SmtpTimeouts(),  # noqa: B008
    **changes: object,
) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        talk(server, send_mail, timeouts, **changes)
    return caught.value


# What is known after each thing that can go wrong at each stage: not taken (TryLater, Rejected) or unknown

BABBLE = "HTTP/1.1 400 Bad Request"
ENDLESS_LINE = "250 " + "x" * 100_000
ENDLESS_REPLY = "\r\n".join(["250-and"] * 10_000) + "\r\n250 so on"
SILENCE = {
    **dict.fromkeys(("greeting", "EHLO"), SmtpTimeouts(setup=0.05)),
    **dict.fromkeys(("MAIL", "RCPT", "DATA"), SmtpTimeouts(command=0.05)),
    ".": SmtpTimeouts(data=0.05),
}


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(
    "harm",
    [HANG_UP, SILENT, BABBLE, ENDLESS_LINE, ENDLESS_REPLY, "25"],
    ids=[
        "hangs up",
        "is silent",
        "babbles",
        "has a line without end",
        "has a reply without end",
        "breaks off",
    ],
)
def test_a_mail_is_in_doubt_only_when_it_was_handed_over_whole(
    server: ScriptedServer, stage: str, harm: str
) -> None:
    server.replies = {stage: harm}
    error = failure(server, SILENCE[stage] if harm == SILENT else SmtpTimeouts())
    assert type(error) is (
        DeliveryUnconfirmed if stage == "." else ServerUnreachable if stage in SETUP else TryLater
    )
    assert len(server.mails) == (stage == ".")
    assert len(str(error)) < 1000


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("reply", ["421 4.3.2 closing", "450 4.2.0 later", "554 5.7.1 no"])
def test_what_is_refused_is_not_taken(server: ScriptedServer, stage: str, reply: str) -> None:
    server.replies = {stage: reply}
    error = failure(server)
    is_about_us = stage in (*SETUP, "MAIL") or (reply[0] == "5" and stage != "RCPT")
    about_the_reader = Rejected if reply[0] == "5" else TryLater
    assert type(error) is (ServerUnreachable if is_about_us else about_the_reader)
    assert reply in str(error)


@pytest.mark.parametrize(
    ("stage", "reply", "kind"),
    [
        ("RCPT", "550 5.1.1 <reader@example.test>: Recipient address rejected", SubscriberGone),
        ("RCPT", "550 5.1.10 domain takes no mail", SubscriberGone),
        ("RCPT", "550 5.2.1 mailbox disabled", SubscriberGone),
        ("RCPT", "550 no such user here", SubscriberGone),
        ("RCPT", "550 User unknown", SubscriberGone),
        (".", "550 5.1.1 no such user", SubscriberGone),
        ("RCPT", "550 5.7.1 no such user may be told to you", Rejected),  # the code counts, not the words
        ("RCPT", "550 rejected", Rejected),
        ("RCPT", "554 5.7.1 listed as spam", ServerUnreachable),
        (".", "550 user unknown? this is spam", ServerUnreachable),
        ("DATA", "554 5.1.1 no valid recipients", SubscriberGone),
        ("RCPT", "450 4.1.1 user unknown", TryLater),
    ],
)
def test_a_reader_who_is_gone_is_told_from_a_mail_that_is_not_wanted(
    server: ScriptedServer, stage: str, reply: str, kind: type[DeliveryError]
) -> None:
    server.replies = {stage: reply}
    assert type(failure(server)) is kind


@pytest.mark.parametrize("reply", ["354 go on and on", "150 wait"])
def test_an_answer_that_says_neither_yes_nor_no_leaves_a_mail_in_doubt(
    server: ScriptedServer, reply: str
) -> None:
    server.replies = {".": reply}
    assert type(failure(server)) is DeliveryUnconfirmed


@pytest.mark.parametrize(
    ("stage", "reply"), [("MAIL", "354 go on"), ("RCPT", "354 go on"), ("DATA", "250 ok")]
)
def test_an_answer_out_of_turn_takes_no_mail(server: ScriptedServer, stage: str, reply: str) -> None:
    server.replies = {stage: reply}
    assert isinstance(failure(server), TryLater)
    assert server.mails == []


def test_a_yes_that_comes_with_the_end_of_the_connection_counts(server: ScriptedServer) -> None:
    server.replies = {".": "250 2.0.0 queued\r\n421 4.3.2 closing"}
    receipts: list[str] = []

    async def act(mail: MailChannel) -> None:
        receipts.extend([await send_mail(mail), await send_mail(mail)])

    talk(server, act)
    assert [receipt[:16] for receipt in receipts] == ["250 2.0.0 queued"] * 2


def test_a_mail_whose_end_never_left_is_not_taken() -> None:
    """The server reads no more after it asked for the mail."""
    big = replace(MESSAGE, parts=(replace(MESSAGE.parts[0], text="摘报\n" * 1_000_000),))

    async def work() -> None:
        done = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 deaf\r\n")
            for answer in (b"250 deaf\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
                await reader.readline()
                writer.write(answer)
            writer.transport.pause_reading()
            await done.wait()
            writer.transport.abort()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            mail = MailChannel(replace(SETTINGS, port=port), lambda: 0.0, SmtpTimeouts(block=0.3))
            with pytest.raises(TryLater, match=r"it takes nothing for 0\.3 s"):
                await send_mail(mail, message=big)
            await mail.close()
            done.set()

    asyncio.run(work())


# One mail after another


def test_answers_go_to_the_mails_they_are_about(server: ScriptedServer) -> None:
    server.replies = {
        "RCPT": ["250 ok", "550 5.1.1 no such user", "250 ok", "250 ok"],
        ".": ["250 first", "552 5.2.2 full", "250 fourth"],
    }
    ends: list[object] = []

    async def act(mail: MailChannel) -> None:
        mails = (send_mail(mail, f"r{number}@example.test") for number in range(1, 5))
        ends.extend(await asyncio.gather(*mails, return_exceptions=True))

    talk(server, act, connections=1)
    assert server.connections == 1
    first, second, third, fourth = map(str, ends)
    assert first.startswith("250 first")
    assert "r2@example.test: 550 5.1.1 no such user" in second
    assert "r3@example.test: 552 5.2.2 full" in third
    assert fourth.startswith("250 fourth")
    assert [mail.split(b"\r\n")[0] for mail in server.mails] == [
        b"To: r1@example.test",
        b"To: r3@example.test",
        b"To: r4@example.test",
    ]


@pytest.mark.parametrize("harm", [HANG_UP, "421 4.3.2 closing"])
def test_a_mail_behind_one_that_was_lost_goes_over_a_new_connection(
    server: ScriptedServer, harm: str
) -> None:
    server.replies = {".": ["250 first", harm]}
    ends: list[object] = []

    async def act(mail: MailChannel) -> None:
        mails = (send_mail(mail, f"r{number}@example.test") for number in range(1, 5))
        ends.extend(await asyncio.gather(*mails, return_exceptions=True))

    talk(server, act, connections=1)
    lost = [end for end in ends if isinstance(end, DeliveryError)]
    assert [type(error) for error in lost] == (
        [DeliveryUnconfirmed] if harm == HANG_UP else []
    )  # 421: not taken, so at once
    assert server.connections == 2
    assert len({mail.split(b"\r\n")[0] for mail in server.mails}) == 4


def test_a_kept_connection_that_ended_meanwhile_costs_the_next_mail_nothing(server: ScriptedServer) -> None:
    server.replies = {"MAIL": ["250 ok", "421 4.4.2 idle for too long"]}

    async def act(mail: MailChannel) -> None:
        await send_mail(mail)
        await send_mail(mail)

    talk(server, act)
    assert (server.connections, len(server.mails)) == (2, 2)


def test_an_answer_too_many_is_never_taken_for_another_mails(server: ScriptedServer) -> None:
    server.replies = {".": ["250 2.0.0 first\r\n250 2.0.0 and more"]}
    ends: list[object] = []

    async def act(mail: MailChannel) -> None:
        for number in range(3):
            ends.extend(
                await asyncio.gather(send_mail(mail, f"r{number}@example.test"), return_exceptions=True)
            )

    talk(server, act)
    taken = [mail.split(b"\r\n")[0] for mail in server.mails]
    assert taken == [f"To: r{n}@example.test".encode() for n, end in enumerate(ends) if isinstance(end, str)]


def test_who_is_stopped_while_a_mail_is_on_its_way_leaves_no_answer_for_the_next(
    server: ScriptedServer,
) -> None:
    server.replies = {".": [SILENT, "250 2.0.0 second"]}

    async def act(mail: MailChannel) -> None:
        first = asyncio.create_task(send_mail(mail, "first@example.test"))
        while not server.mails:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0)
        first.cancel()
        assert (await send_mail(mail, "second@example.test")).startswith("250 2.0.0 second")

    talk(server, act)
    assert server.connections == 2


def test_a_large_mail_arrives_whole(server: ScriptedServer) -> None:
    big = replace(MESSAGE, parts=(replace(MESSAGE.parts[0], text="摘报\n" * 300_000),))
    talk(server, lambda mail: send_mail(mail, message=big))
    assert len(server.mails[0]) > 2_500_000
    assert server.mails[0].endswith(b"--\r\n.\r\n")


# What the server offers


def test_a_mail_larger_than_the_server_takes_is_refused_before_it_leaves() -> None:
    server = ScriptedServer("SIZE 5000")
    error = failure(server)
    assert isinstance(error, Rejected)
    assert "and the server takes 5000" in str(error)
    assert "max_stories" in str(error)
    assert "MAIL" not in " ".join(server.commands)


@pytest.mark.parametrize("offer", ["SIZE", "SIZE 0", "SIZE 100000"])
def test_the_size_of_a_mail_is_told_where_that_is_understood(offer: str) -> None:
    server = ScriptedServer(offer)
    talk(server, send_mail)
    (line,) = (line for line in server.commands if line.startswith("MAIL"))
    assert line == f"MAIL FROM:<digest@example.test> SIZE={len(server.mails[0]) - len('.') - 2}"


def test_a_server_that_knows_no_ehlo_is_greeted_in_the_old_way(server: ScriptedServer) -> None:
    server.replies = {"EHLO": "502 5.5.1 what?"}
    talk(server, send_mail)
    assert [line.split()[0] for line in server.commands][:3] == ["EHLO", "HELO", "MAIL"]


# Logins and encryption


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ("AUTH CRAM-MD5 PLAIN LOGIN", ["AUTH PLAIN AG1lAGh1bnRlcjI="]),
        ("AUTH LOGIN", ["AUTH LOGIN bWU=", "aHVudGVyMg=="]),
    ],
)
def test_a_login_is_said_in_a_way_the_server_knows(ways: str, said: list[str]) -> None:
    server = ScriptedServer(ways)
    server.replies = {"AUTH": "334 VXNlcm5hbWU6" if len(said) > 1 else "235 2.7.0 welcome"}
    server.replies |= {said[-1].upper(): "235 2.7.0 welcome"}
    talk(server, send_mail, **LOGIN)
    assert server.commands[1 : 1 + len(said)] == said
    assert b64decode(said[-1].split()[-1]).endswith(b"hunter2")


def test_a_login_the_server_does_not_know_is_named(server: ScriptedServer) -> None:
    server.offers += ("AUTH XOAUTH2",)
    error = failure(server, **LOGIN)
    assert isinstance(error, TryLater)
    assert "no login by PLAIN or LOGIN" in str(error)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize(("reply", "seconds"), [("535 5.7.8 bad", 600.0), ("454 4.7.0 busy", None)])
def test_a_refused_login_waits_long_and_a_busy_one_does_not(
    server: ScriptedServer, reply: str, seconds: float | None
) -> None:
    server.offers += ("AUTH PLAIN",)
    server.replies = {"AUTH": reply}
    error = failure(server, **LOGIN)
    assert isinstance(error, TryLater)
    assert error.retry_after == seconds


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Certificates of this authority are trusted."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def encrypted(authority: trustme.CA, tls: str, name: str = "127.0.0.1") -> ScriptedServer:
    server = ScriptedServer(*(["STARTTLS"] if tls == "starttls" else []), "AUTH PLAIN")
    server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(server.context)
    server.is_encrypted_at_once = tls == "implicit"
    return server


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_mail_goes_out_encrypted(authority: trustme.CA, tls: str) -> None:
    server = encrypted(authority, tls)
    talk(server, send_mail, tls=tls, **LOGIN)
    assert len(server.mails) == 1
    verbs = [line.split()[0] for line in server.commands]
    assert verbs == [
        *(["EHLO", "STARTTLS"] if tls == "starttls" else []),
        "EHLO",
        "AUTH",
        "MAIL",
        "RCPT",
        "DATA",
        "QUIT",
    ]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("wrong", ["name", "authority"])
def test_a_certificate_that_is_not_the_servers_ends_it(authority: trustme.CA, tls: str, wrong: str) -> None:
    server = encrypted(
        trustme.CA() if wrong == "authority" else authority,
        tls,
        "mail.test" if wrong == "name" else "127.0.0.1",
    )
    error = failure(server, tls=tls, **LOGIN)
    assert type(error) is ServerUnreachable
    assert "certificate" in str(error)
    assert not [line for line in server.commands if line.startswith(("AUTH", "MAIL"))]


@pytest.mark.parametrize(
    ("replies", "told"),
    [
        ({"STARTTLS": "454 4.7.0 not now"}, "STARTTLS with 454 4.7.0 not now"),
        ({"STARTTLS": "554 5.7.0 never"}, "STARTTLS with 554 5.7.0 never"),
        ({"STARTTLS": HANG_UP}, "hung up"),
    ],
)
def test_encryption_that_fails_sends_nothing(
    authority: trustme.CA, replies: dict[str, str], told: str
) -> None:
    server = encrypted(authority, "starttls")
    server.replies = {**replies}
    error = failure(server, tls="starttls", **LOGIN)
    assert type(error) is ServerUnreachable
    assert told in str(error)
    assert server.commands[1:] in (["STARTTLS"], ["STARTTLS", "QUIT"])


def test_a_server_that_speaks_no_tls_at_once_is_left(server: ScriptedServer) -> None:
    error = failure(server, SmtpTimeouts(setup=5.0), tls="implicit")
    assert type(error) is ServerUnreachable
    assert "[mail] tls = 'implicit'" in str(error)
