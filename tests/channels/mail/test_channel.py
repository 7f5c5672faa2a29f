"""Mail: what a letter holds, and what each answer of a server says about it."""

import asyncio
from collections.abc import Awaitable, Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.channel import MailChannel, open_channel
from bot.channels.mail.mime import build_mail, build_message_id, parse_mailbox
from bot.channels.mail.pool import MAX_IDLE_SECONDS
from bot.channels.mail.settings import MailSettings
from bot.errors import (
    ConfigError,
    DeliveryError,
    DeliveryUnconfirmed,
    Rejected,
    ServerUnreachable,
    SubscriberGone,
    TryLater,
)
from bot.models import Destination, Message, MessagePart
from bot.settings import Secret, Settings
from tests.channels.conftest import DELIVERY, HANG_UP, MESSAGE, ScriptedServer, delivery_to, send_mail
from tests.fakes import NOON

SENDER = "临溪摘报 <digest@example.test>"
DESTINATION = Destination(digest="daily", channel="mail", address="reader@example.test")
SETTINGS = MailSettings(host="127.0.0.1", tls="none", sender=SENDER)


def written(
    message: Message = MESSAGE, settings: MailSettings = SETTINGS, to: str = "reader@example.test"
) -> bytes:
    key = build_message_id(DELIVERY, settings)
    return build_mail(message, settings, to=to, digest="daily", message_id=key, at=NOON)


def read(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


# What a letter holds


def test_a_letter_says_in_both_parts_what_the_message_says() -> None:
    mail = read(written())
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert body(mail, "plain") == MESSAGE.parts[0].text
    assert body(mail, "html").strip() == MESSAGE.parts[0].html


def test_chinese_subject_and_sender_come_back_as_they_were() -> None:
    mail = read(written())
    assert mail["Subject"] == MESSAGE.subject
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("临溪摘报", "digest@example.test")


def test_a_letter_tells_programs_what_it_is() -> None:
    mail = read(written())
    assert mail["List-Id"] == "<daily.example.test>"
    assert mail["List-Unsubscribe"] == "<mailto:digest@example.test?subject=unsubscribe%20daily>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]) == NOON
    assert mail["MIME-Version"] == "1.0"


def test_a_reader_with_a_name_and_a_way_to_leave_of_their_own_finds_both_in_the_letter() -> None:
    own = {"name": "李明, 读者", "unsubscribe": "https://example.test/leave?r=7f"}
    mail = read(
        build_mail(MESSAGE, SETTINGS, to="r@example.test", digest="daily", message_id="<1@x>", at=NOON, **own)
    )
    (to,) = mail["To"].addresses
    assert (to.display_name, to.addr_spec) == ("李明, 读者", "r@example.test")
    assert mail["List-Unsubscribe"] == "<https://example.test/leave?r=7f>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_is_not_promised_by_an_address_that_has_none() -> None:
    assert "List-Unsubscribe-Post" not in read(written())


def test_headers_for_programs_stay_readable_however_long() -> None:
    long = MailSettings(host="localhost", sender=f"摘报 <{'d' * 60}@{'sub.' * 20}example.test>")
    data = build_mail(MESSAGE, long, to="r@example.test", digest="d" * 64, message_id="<1@x>", at=NOON)
    lines = data.split(b"\r\n")
    assert any(line.startswith(b"List-Id: <ddd") and line.endswith(b".example.test>") for line in lines)
    assert any(line.startswith(b"List-Unsubscribe: <mailto:ddd") and line.endswith(b"d>") for line in lines)
    assert max(map(len, lines)) < 998


@given(text=st.text(min_size=1, max_size=3000), subject=st.text(max_size=150))
def test_no_line_is_longer_than_servers_take_and_nothing_is_lost(text: str, subject: str) -> None:
    text = "".join(c for c in text if c.isprintable() or c == "\n")
    subject = " ".join("".join(c for c in subject if c.isprintable()).split())
    data = written(Message(subject=subject, parts=(MessagePart(html=f"<p>{len(text)}</p>", text=text),)))
    assert max(len(line) for line in data.split(b"\r\n")) < 998
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    mail = read(data)
    assert body(mail, "plain").rstrip("\n") == text.rstrip("\n")
    assert mail["Subject"] == subject


def test_every_attempt_at_a_delivery_has_the_same_message_id() -> None:
    assert build_message_id(DELIVERY, SETTINGS) == build_message_id(delivery_to(DELIVERY.address), SETTINGS)
    assert build_message_id(DELIVERY, SETTINGS) != build_message_id(
        delivery_to("other@example.test"), SETTINGS
    )
    assert build_message_id(DELIVERY, SETTINGS).endswith("@example.test>")
    assert written() == written()


def test_a_domain_in_chinese_is_written_as_servers_know_it() -> None:
    assert read(written(to="reader@例子.example"))["To"] == "reader@xn--fsqu00a.example"


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example",
        "a.b+c@d-e.example",
        "A_b-c@localhost",
        "a@[127.0.0.1]",
        "<a@b.example>",
        "甲 <a@例子.example>",
    ],
)
def test_a_mailbox_is_read_the_same_in_the_short_way_and_the_long(address: str) -> None:
    long, short = parse_mailbox(f"<{address}>" if address[-1] != ">" else address), parse_mailbox(address)
    assert (long.username, long.domain, long.addr_spec) == (short.username, short.domain, short.addr_spec)


@pytest.mark.parametrize(
    "address", ["读者@example.test", "a..b@example.test", "a b@example.test", "nobody", ""]
)
def test_what_is_no_mailbox_is_refused_by_name(address: str) -> None:
    with pytest.raises(Rejected, match="no mailbox that SMTP can name"):
        parse_mailbox(address)


# What each answer says about a mail


def exchange(
    server: ScriptedServer,
    act: Callable[[MailChannel], Awaitable[object]],
    clock: Callable[[], float] = lambda: 0.0,
) -> None:
    async def work() -> None:
        async with server:
            mail = MailChannel(
                MailSettings(host="127.0.0.1", port=server.port, tls="none", sender=SENDER), clock
            )
            try:
                await act(mail)
            finally:
                await mail.close()

    asyncio.run(work())


def refused(server: ScriptedServer, **replies: str) -> DeliveryError:
    server.replies = {stage.replace("end", "."): reply for stage, reply in replies.items()}
    with pytest.raises(DeliveryError) as caught:
        exchange(server, send_mail)
    return caught.value


def test_a_mail_that_is_taken_leaves_the_servers_words_as_receipt(server: ScriptedServer) -> None:
    receipts: list[str] = []

    async def act(mail: MailChannel) -> None:
        receipts.append(await send_mail(mail))

    exchange(server, act)
    assert receipts == [f"250 2.0.0 queued as 7F {build_message_id(DELIVERY, SETTINGS)}"]
    assert "MAIL FROM:<digest@example.test>" in " ".join(server.commands)
    assert "RCPT TO:<reader@example.test>" in " ".join(server.commands)
    assert read(server.mails[0].replace(b"\r\n..", b"\r\n."))["To"] == "reader@example.test"


@pytest.mark.parametrize(
    ("stage", "reply", "kind"),
    [
        ("greeting", "554 no service", ServerUnreachable),
        ("greeting", "421 too many connections", ServerUnreachable),
        ("greeting", HANG_UP, ServerUnreachable),
        ("EHLO", HANG_UP, ServerUnreachable),
        ("MAIL", "451 4.3.0 later", ServerUnreachable),
        ("MAIL", "550 5.7.1 not you", ServerUnreachable),  # about us, not about the reader
        ("MAIL", "421 4.3.2 closing", ServerUnreachable),
        ("MAIL", HANG_UP, TryLater),
        ("RCPT", "450 4.2.0 mailbox busy", TryLater),
        ("RCPT", "452 4.2.2 mailbox full", TryLater),
        ("RCPT", "550 5.1.1 no such user", SubscriberGone),
        ("RCPT", "421 4.3.2 closing", TryLater),
        ("RCPT", HANG_UP, TryLater),
        ("DATA", "451 4.3.0 later", TryLater),
        ("DATA", "554 5.7.1 no", ServerUnreachable),  # about our mail
        (".", "451 4.3.0 later", TryLater),
        (".", "552 5.3.4 too large", Rejected),
        (".", "421 4.3.2 closing", TryLater),
        (".", HANG_UP, DeliveryUnconfirmed),
    ],
)
def test_each_stage_says_what_is_known(
    server: ScriptedServer, stage: str, reply: str, kind: type[DeliveryError]
) -> None:
    error = refused(server, **{stage.replace(".", "end"): reply})
    assert type(error) is kind
    assert "\n" not in str(error)
    if reply != HANG_UP and stage != "greeting":
        assert reply in str(error)


def test_a_refused_reader_is_named_with_the_servers_reason(server: ScriptedServer) -> None:
    error = refused(server, RCPT="550 5.1.1 no such user")
    assert str(error) == "the mail server refuses reader@example.test: 550 5.1.1 no such user"


def test_a_refused_sender_names_the_key_to_look_at(server: ScriptedServer) -> None:
    error = refused(server, MAIL="550 5.7.1 not you")
    assert "[mail] from" in str(error)
    assert isinstance(error, TryLater)
    assert error.retry_after


def test_nobody_listening_is_tried_later() -> None:
    mail = MailChannel(MailSettings(host="127.0.0.1", port=1, tls="none", sender=SENDER))
    with pytest.raises(TryLater, match=r"127\.0\.0\.1:1 cannot be reached"):
        asyncio.run(send_mail(mail))


def test_a_reader_that_smtp_cannot_name_costs_no_connection(server: ScriptedServer) -> None:
    with pytest.raises(Rejected):
        exchange(server, lambda mail: send_mail(mail, "读者@example.test"))
    assert server.connections == 0


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("x@faß.example", "x@xn--fa-hia.example"),  # not fass.example: that is somebody else's domain
        ("x@ΣΊΣΥΦΟΣ.example", "x@xn--kxa6akbbkh.example"),
        ("读@例子.example", None),
        ("x@exa mple.example", None),
        ("x@-a-.例子", None),
    ],
)
def test_an_address_is_sent_to_its_own_domain_or_nowhere(address: str, sent_to: str | None) -> None:
    if sent_to is None:
        with pytest.raises(Rejected):
            parse_mailbox(address)
    else:
        assert parse_mailbox(address).addr_spec == sent_to


# The connection


def test_the_connection_is_kept_for_the_next_mail(server: ScriptedServer) -> None:
    async def act(mail: MailChannel) -> None:
        for _ in range(3):
            await send_mail(mail)

    exchange(server, act)
    assert server.connections == 1
    assert len(server.mails) == 3
    assert server.commands[-1] == "QUIT"


def test_a_refused_reader_costs_no_connection(server: ScriptedServer) -> None:
    server.replies = {"RCPT": ["550 5.1.1 no such user", "450 4.2.0 busy"]}

    async def act(mail: MailChannel) -> None:
        for _ in range(2):
            with pytest.raises(DeliveryError):
                await send_mail(mail)
        await send_mail(mail)

    exchange(server, act)
    assert server.connections == 1
    assert server.commands.count("RSET") == 2
    assert len(server.mails) == 1


@pytest.mark.parametrize(("stage", "reply"), [("RCPT", "421 closing"), (".", HANG_UP), ("MAIL", HANG_UP)])
def test_a_lost_connection_is_replaced(server: ScriptedServer, stage: str, reply: str) -> None:
    server.replies = {stage: [reply]}

    async def act(mail: MailChannel) -> None:
        with pytest.raises(DeliveryError):
            await send_mail(mail)
        await send_mail(mail)

    exchange(server, act)
    assert server.connections == 2


def test_a_server_that_refuses_to_start_afresh_is_left(server: ScriptedServer) -> None:
    server.replies = {"RCPT": ["550 5.1.1 no such user"], "RSET": ["500 what?"]}

    async def act(mail: MailChannel) -> None:
        with pytest.raises(Rejected):
            await send_mail(mail)
        await send_mail(mail)

    exchange(server, act)
    assert server.connections == 2


def test_an_old_connection_is_not_trusted(server: ScriptedServer) -> None:
    times = [0.0]

    async def act(mail: MailChannel) -> None:
        await send_mail(mail)
        times.append(MAX_IDLE_SECONDS + 1)
        await send_mail(mail)

    exchange(server, act, lambda: times[-1])
    assert server.connections == 2


def test_a_check_asks_whether_mail_would_be_taken_and_hands_over_none(server: ScriptedServer) -> None:
    exchange(server, lambda mail: mail.check_destination(DESTINATION))
    assert server.mails == []
    assert [line.split()[0] for line in server.commands] == ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


def test_a_check_tells_of_a_reader_nobody_knows(server: ScriptedServer) -> None:
    server.replies = {"RCPT": "550 5.1.1 no such user"}
    with pytest.raises(Rejected, match=r"reader@example\.test: 550 5\.1\.1 no such user"):
        exchange(server, lambda mail: mail.check_destination(DESTINATION))


def test_a_login_that_is_refused_names_the_remedy_and_hides_the_password(server: ScriptedServer) -> None:
    server.replies = {"EHLO": "250-scripted\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 bad credentials"}

    async def work() -> None:
        async with server:
            settings = MailSettings(
                host="127.0.0.1",
                port=server.port,
                tls="none",
                sender=SENDER,
                user="me",
                password=Secret("hunter2"),
            )
            await send_mail(MailChannel(settings))

    with pytest.raises(TryLater, match="ZHAIBAO_MAIL_PASSWORD") as caught:
        asyncio.run(work())
    assert "hunter2" not in str(caught.value)
    assert caught.value.retry_after


def test_a_server_without_encryption_is_refused_by_name(server: ScriptedServer) -> None:
    async def work() -> None:
        async with server:
            settings = MailSettings(host="127.0.0.1", port=server.port, tls="starttls", sender=SENDER)
            await send_mail(MailChannel(settings))

    with pytest.raises(TryLater, match=r"\[mail\] tls"):
        asyncio.run(work())
    assert server.mails == []


def test_mail_without_a_server_or_a_usable_sender_is_a_faulty_configuration() -> None:
    def settings(mail: MailSettings) -> Settings:
        return Settings(file=Path("zhaibao.toml"), sources=(), digests=(), channel_settings={"mail": mail})

    with pytest.raises(ConfigError, match=r"zhaibao\.toml: mail needs \[mail\] host and from"):
        open_channel(settings(MailSettings(sender=SENDER)))
    with pytest.raises(ConfigError, match=r"zhaibao\.toml: \[mail\] from"):
        open_channel(settings(MailSettings(host="localhost", sender="摘报@example.test")))
