"""What the other side says, and what becomes of the delivery: each kind of refusal, from real servers."""

import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.models import Delivery, Message, MessagePart
from tests.real.bot_api import Chat, Double, Standing
from tests.real.installation import SENDER, Installation, mail_message, telegram_message
from tests.real.postfix import Postfix, smtp_sink
from tests.real.smtp import PASSWORD, USER, SubmissionServer

READER, GROUP, NEW_GROUP = 7, -5, -1005
WHOLE = ["第1条", "第2条"]


@pytest.fixture
def to_telegram(tmp_path: Path, double: Double) -> Installation:
    """One reader, a message of two parts."""
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    double.add(Chat(id=READER))
    house.send_to("telegram", str(READER))
    house.freeze({"telegram": telegram_message(2)})
    return house


def to_mailbox(folder: Path, port: int, address: str = "reader@example.test") -> Installation:
    house = Installation(folder, f"sqlite:///{folder / 'zhaibao.db'}", mail_port=port)
    house.send_to("mail", address)
    house.freeze({"mail": mail_message()})
    return house


def delivery(house: Installation) -> Delivery:
    with house.store() as store:
        (only,) = store.deliveries.list_deliveries()
    return only


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.BLOCKED, "bot was blocked by the user"),
        (Standing.DEACTIVATED, "user is deactivated"),
        (Standing.STRANGER, "bot can't initiate conversation"),
        (Standing.MUTED, "ot enough rights to send text messages"),
    ],
)
def test_a_reader_who_cannot_be_written_to_is_a_failure_that_says_why(
    to_telegram: Installation, double: Double, standing: Standing, said: str
) -> None:
    double.office.chats[READER].standing = standing
    to_telegram.deliver()
    to_telegram.let_time_pass()
    to_telegram.deliver()
    assert (delivery(to_telegram).state, len(double.refusals(403) + double.refusals(400))) == ("failed", 1)
    assert said in delivery(to_telegram).error


def test_an_unknown_chat_is_a_failure(to_telegram: Installation, double: Double) -> None:
    del double.office.chats[READER]
    to_telegram.deliver()
    assert delivery(to_telegram).state == "failed"
    assert "hat not found" in delivery(to_telegram).error


def test_a_group_that_became_a_supergroup_is_followed(tmp_path: Path, double: Double) -> None:
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    double.add(Chat(id=GROUP, kind="group", title="读报群", moved_to=NEW_GROUP))
    double.add(Chat(id=NEW_GROUP, kind="supergroup", title="读报群"))
    house.send_to("telegram", str(GROUP))
    house.freeze({"telegram": telegram_message(2)})
    house.deliver()
    assert double.texts(NEW_GROUP) == WHOLE
    assert (delivery(house).state, delivery(house).address) == ("sent", str(NEW_GROUP))


@pytest.mark.parametrize(
    "harm",
    [
        lambda double: double.flood(times=1, retry_after=30),
        lambda double: double.fail(502),
        lambda double: double.fail(500),
        lambda double: double.fail(503),
    ],
    ids=["429", "502", "500", "503"],
)
def test_what_was_refused_before_it_was_taken_goes_again(
    to_telegram: Installation, double: Double, harm: Callable[[Double], None]
) -> None:
    harm(double)
    to_telegram.deliver()
    assert (delivery(to_telegram).state, double.messages) == ("pending", [])
    to_telegram.let_time_pass()
    to_telegram.deliver()
    assert (delivery(to_telegram).state, double.texts(READER)) == ("sent", WHOLE)


def test_a_server_that_cannot_be_reached_is_asked_again(to_telegram: Installation, double: Double) -> None:
    double.stop()
    to_telegram.deliver()
    assert delivery(to_telegram).state == "pending"
    double.start()
    to_telegram.let_time_pass()
    to_telegram.deliver()
    assert double.texts(READER) == WHOLE


@pytest.mark.parametrize("on_uncertain", ["hold", "resend"])
@pytest.mark.parametrize(
    "harm",
    [Double.lose_reply, Double.reset, lambda double: double.fail(504)],
    ids=["connection lost after it was taken", "connection lost before", "504"],
)
def test_a_message_that_may_have_arrived_waits_for_the_operator_unless_told_otherwise(
    to_telegram: Installation, double: Double, harm: Callable[[Double], None], on_uncertain: str
) -> None:
    to_telegram.on_uncertain = on_uncertain
    harm(double)
    to_telegram.deliver()
    assert delivery(to_telegram).state == ("uncertain" if on_uncertain == "hold" else "pending")
    before = double.texts(READER)
    to_telegram.let_time_pass()
    to_telegram.deliver()
    assert double.texts(READER) == (before if on_uncertain == "hold" else before + WHOLE)


@pytest.mark.parametrize(
    ("switches", "state", "said"),
    [
        (("-r", "MAIL"), "pending", "450"),
        (("-r", "RCPT"), "pending", "450"),
        (("-r", "DATA"), "pending", "450"),
        (("-r", "."), "pending", "450"),
        (("-Q", "RCPT"), "pending", "421"),
        (("-f", "RCPT"), "failed", "500"),
        (("-f", "."), "pending", "500"),
        (("-q", "RCPT"), "pending", ""),
        (("-q", "DATA"), "pending", ""),
        (("-q", "."), "pending", ""),
    ],
)
def test_mail_goes_again_unless_the_subscriber_was_refused_for_good(
    tmp_path: Path, switches: tuple[str, ...], state: str, said: str
) -> None:
    with smtp_sink(*switches) as port:
        house = to_mailbox(tmp_path, port)
        house.deliver()
    assert (delivery(house).state, said in delivery(house).error) == (state, True), delivery(house)


def test_a_mail_repeated_after_a_lost_answer_keeps_its_message_id(tmp_path: Path, postfix: Postfix) -> None:
    with smtp_sink("-q", ".") as port:
        house = to_mailbox(tmp_path, port)
        house.deliver()
    house.mail["port"] = str(postfix.port)
    for _ in range(2):
        house.let_time_pass()
        house.deliver()
    (mail,) = postfix.wait_for(1)
    (receipt,) = delivery(house).receipts
    assert str(mail["Message-ID"]) in receipt
    assert mail["Return-Path"] == f"<{SENDER}>"


def test_a_mailbox_that_does_not_exist_is_a_failure_that_says_why(tmp_path: Path, postfix: Postfix) -> None:
    house = to_mailbox(tmp_path, postfix.refusing_port, "nobody@example.test")
    house.deliver()
    assert delivery(house).state == "failed"
    assert "5.1.1" in delivery(house).error


def test_mail_is_handed_over_encrypted_and_logged_in(tmp_path: Path, submission: SubmissionServer) -> None:
    house = to_mailbox(tmp_path, submission.port)
    house.mail |= {"host": f'"{submission.host}"', "tls": '"starttls"', "user": f'"{USER}"'}
    house.secrets |= {"SSL_CERT_FILE": str(submission.authority), "ZHAIBAO_MAIL_PASSWORD": "wrong"}
    house.run("deliver")
    assert (delivery(house).state, submission.received) == ("pending", [])
    assert "wrong" not in house.log
    house.secrets["ZHAIBAO_MAIL_PASSWORD"] = PASSWORD
    house.let_time_pass()
    house.run("deliver")
    (received,) = submission.received
    assert (received.encrypted, received.user, received.sender) == (True, USER, SENDER)
    assert PASSWORD not in house.log


def test_a_certificate_nobody_vouches_for_stops_the_mail(
    tmp_path: Path, submission: SubmissionServer
) -> None:
    house = to_mailbox(tmp_path, submission.port)
    house.mail |= {"host": f'"{submission.host}"', "tls": '"starttls"', "user": f'"{USER}"'}
    house.secrets["ZHAIBAO_MAIL_PASSWORD"] = PASSWORD
    house.run("deliver")
    assert (delivery(house).state, submission.received) == ("pending", [])
    with smtplib.SMTP(submission.host, submission.port, timeout=10) as client:
        assert client.noop()[0] == 250  # the server itself is well


RICH = Message(
    subject="摘报",
    parts=telegram_message(2).parts,
    rich=(MessagePart(html="<h2>第1条</h2><p>第2条</p>", text="第1条\n第2条", stands_for=2), None),
)


@pytest.mark.parametrize(("knows_rich", "arrives"), [(True, ["第1条\n第2条"]), (False, WHOLE)])
def test_a_rich_message_arrives_and_where_the_server_is_older_the_plain_ones_do(
    tmp_path: Path, double: Double, knows_rich: bool, arrives: list[str]
) -> None:
    double.office.knows_rich = knows_rich
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    for reader in (READER, READER + 1):
        double.add(Chat(id=reader))
        house.send_to("telegram", str(reader))
    house.freeze({"telegram": RICH})
    house.deliver()
    assert [double.texts(reader) for reader in (READER, READER + 1)] == [arrives] * 2
    assert house.states() == {"sent": 2}
    assert len(double.refusals(404)) == (0 if knows_rich else 1)


def test_a_rich_message_that_is_refused_for_what_it_is_arrives_plain(tmp_path: Path, double: Double) -> None:
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    double.add(Chat(id=READER))
    house.send_to("telegram", str(READER))
    strange = MessagePart(html="<marquee>第1条</marquee>", text="第1条", stands_for=2)
    house.freeze({"telegram": replace(RICH, rich=(strange, None))})
    house.deliver()
    assert (double.texts(READER), house.states()) == (WHOLE, {"sent": 1})


def test_one_reader_who_blocked_the_bot_holds_up_nobody(tmp_path: Path, double: Double) -> None:
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    for reader in range(1, 11):
        standing = Standing.BLOCKED if reader % 3 == 0 else Standing.MEMBER
        double.add(Chat(id=reader, standing=standing))
        house.send_to("telegram", str(reader))
    house.freeze({"telegram": telegram_message(1)})
    house.deliver()
    assert house.states() == Counter(sent=7, failed=3)
