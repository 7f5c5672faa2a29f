"""Each real part does what the tests that use it take for granted."""

import smtplib
import ssl
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
import sqlalchemy
from playwright.sync_api import Page

from tests.real.feeds import Publisher
from tests.real.postfix import Postfix, smtp_sink
from tests.real.postgresql import Server
from tests.real.smtp import PASSWORD, USER, SubmissionServer


def mail(recipient: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "摘报：我区儿童之家已建成五十处"
    message["From"] = "摘报 <digest@example.test>"
    message["To"] = recipient
    message["Message-ID"] = "<1.reader@example.test>"
    message.set_content("今天没有新的消息。\n", cte="base64")
    return message


def send(port: int, recipient: str, sender: str = "bounces+1.reader@example.test") -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(mail(recipient), from_addr=sender, to_addrs=[recipient])


def test_postgresql_gives_each_test_an_empty_database(postgresql: Server) -> None:
    for _ in range(2):
        engine = sqlalchemy.create_engine(postgresql.database())
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE story (title text)"))
            connection.execute(sqlalchemy.text("INSERT INTO story VALUES ('首善之区')"))
            assert connection.scalar(sqlalchemy.text("SELECT title FROM story")) == "首善之区"
        engine.dispose()


def test_every_store_test_meets_both_engines(store_url: str) -> None:
    engine = sqlalchemy.create_engine(store_url)
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT 1")) == 1
    engine.dispose()


def test_postgresql_comes_back_from_a_restart(postgresql: Server) -> None:
    engine = sqlalchemy.create_engine(postgresql.database(), pool_pre_ping=True)
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT 1")) == 1
    postgresql.restart()
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT 1")) == 1
    engine.dispose()


def test_postfix_puts_a_chinese_mail_into_the_maildir(postfix: Postfix) -> None:
    send(postfix.port, "reader+daily@example.test")
    (arrived,) = postfix.wait_for(1)
    assert arrived["Subject"] == "摘报：我区儿童之家已建成五十处"
    assert arrived["Delivered-To"] == "reader+daily@example.test"
    assert arrived.get_content() == "今天没有新的消息。\n"


def test_postfix_returns_mail_for_an_unknown_reader_to_its_tagged_sender(postfix: Postfix) -> None:
    send(postfix.port, "nobody@example.test")
    (returned,) = postfix.wait_for(1, "bounces")
    assert returned["Delivered-To"] == "bounces+1.reader@example.test"
    assert returned.get_content_type() == "multipart/report"
    status = next(part for part in returned.walk() if part.get_content_type() == "message/delivery-status")
    assert "Status: 5.1.1" in status.as_string()
    assert "Final-Recipient: rfc822; nobody@example.test" in status.as_string()


def test_postfix_refuses_an_unknown_reader_at_once_on_its_other_port(postfix: Postfix) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        send(postfix.refusing_port, "nobody@example.test")
    code, text = caught.value.recipients["nobody@example.test"]
    assert (code, text[:5]) == (550, b"5.1.1")


def test_postfix_lets_nothing_leave(postfix: Postfix) -> None:
    send(postfix.port, "someone@example.org")
    (returned,) = postfix.wait_for(1, "bounces")
    assert "nothing leaves this machine" in returned.as_string()


def test_the_sink_takes_mail_and_keeps_it_where_asked() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to the sink's user
        Path(folder).chmod(0o755)
        with smtp_sink(folder=Path(folder)) as port:
            send(port, "reader@example.test")
        (kept,) = Path(folder).iterdir()
        assert "Message-ID: <1.reader@example.test>" in kept.read_text()


@pytest.mark.parametrize(
    ("switches", "error", "code"),
    [
        (("-r", "RCPT"), smtplib.SMTPRecipientsRefused, 450),
        (("-f", "RCPT"), smtplib.SMTPRecipientsRefused, 500),
        (("-Q", "RCPT"), smtplib.SMTPRecipientsRefused, 421),
        (("-q", "."), smtplib.SMTPServerDisconnected, None),
    ],
)
def test_the_sink_refuses_as_it_is_told(
    switches: tuple[str, ...], error: type[Exception], code: int | None
) -> None:
    with smtp_sink(*switches) as port, pytest.raises(error) as caught:
        send(port, "reader@example.test")
    if isinstance(caught.value, smtplib.SMTPRecipientsRefused):
        assert caught.value.recipients["reader@example.test"][0] == code


def test_the_sink_waits_as_it_is_told() -> None:
    started_at = time.monotonic()
    with smtp_sink("-W", "data:1") as port:
        send(port, "reader@example.test")
    assert time.monotonic() - started_at >= 1


def test_submission_asks_for_encryption_and_a_login(submission: SubmissionServer) -> None:
    context = ssl.create_default_context(cafile=str(submission.authority))
    with smtplib.SMTP(submission.host, submission.port, timeout=10) as client:
        client.ehlo()
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.send_message(mail("reader@example.test"))
        client.starttls(context=context)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(USER, "wrong")
        client.login(USER, PASSWORD)
        client.send_message(mail("reader@example.test"))
    (received,) = submission.received
    assert (received.encrypted, received.user) == (True, USER)
    assert received.message["Subject"] == "摘报：我区儿童之家已建成五十处"


def test_a_publisher_says_when_nothing_changed(publisher: Publisher) -> None:
    address = publisher.publish("feed.xml", "<rss>早报</rss>".encode())
    first = httpx.get(address)
    again = httpx.get(address, headers={"If-None-Match": first.headers["ETag"]})
    dated = httpx.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    publisher.publish("feed.xml", "<rss>晚报</rss>".encode())
    changed = httpx.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert [reply.status_code for reply in (first, again, dated, changed)] == [200, 304, 304, 200]
    assert changed.text == "<rss>晚报</rss>"
    assert publisher.requests[1] == ("feed.xml", 304)


def test_the_browser_draws_chinese(page: Page) -> None:
    page.set_content("<meta charset=utf-8><p id=a>摘</p><p id=b>报</p>")
    assert page.locator("#a").inner_text() == "摘"
    assert page.locator("#a").screenshot() != page.locator("#b").screenshot()  # boxes would look the same
