"""What a server's refusal means: each row of the table by its example, and other answers."""

import re

import pytest

from bot.channels.mail.answers import AnswerMeaning, AnswerRow, classify_answer, load_answer_rows


@pytest.mark.parametrize("row", load_answer_rows(), ids=lambda row: row.example[:40])
def test_every_row_decides_its_own_example_and_says_where_it_is_documented(row: AnswerRow) -> None:
    answer = classify_answer(row.steps[0] if row.steps else "RCPT", row.example)
    assert (answer.meaning, answer.of_relay, answer.is_known) == (row.meaning, row.of_relay, True)
    assert re.match(r"\d{3} ", row.example)
    assert row.origin


@pytest.mark.parametrize(
    ("step", "answer", "meaning"),
    [
        ("RCPT", "550 Ip frequency limited [abc]. http://service.mail.qq.com/cgi-bin/help", "too fast"),
        ("MAIL", "550 Sender frequency limited", "too fast"),
        ("DATA", "550 Connection frequency limited", "too fast"),
        ("RCPT", "421 4.7.28 Our system has detected an unusual rate of email from you", "too fast"),
        ("RCPT", "450 4.7.1 Error: too many connections from 192.0.2.1", "too fast"),
        ("RCPT", "421 HL:IFC 163 mx1", "too fast"),
        (".", "451 RP:QRC 126 smtp2", "too fast"),
        (".", "550 5.2.0 SubmissionQuotaExceeded; sender's submission quota was exceeded", "too fast"),
        (".", "550-5.7.26 Your email has been blocked because the sender is unauthenticated.", "our fault"),
        (".", "550 5.7.515 Access denied, sending domain example.org does not meet the level", "our fault"),
        ("RCPT", "550 SPF check failed", "our fault"),
        (".", "550 5.7.1 rejected due to DMARC policy", "our fault"),
        (".", "550 Mail content denied", "our fault"),
        (".", "554 DT:SUM 163 smtp13", "our fault"),
        ("RCPT", "554 5.7.1 Client host blocked using Barracuda Reputation", "our fault"),
        ("RCPT", "550 5.7.25 the sending address has no PTR record", "our fault"),
        ("RCPT", "554 5.7.1 <li@far.example>: Relay access denied", "our fault"),
        ("RCPT", "550 Mailbox unavailable or access denied", "mailbox full"),
        ("RCPT", "452 4.2.2 mailbox full", "mailbox full"),
        (".", "552 5.2.2 over quota", "mailbox full"),
        ("RCPT", "550 收件人空间不足", "mailbox full"),
        ("RCPT", "550 5.1.1 no such user", "no mailbox"),
        ("RCPT", "550 5.1.1 User is not listed in the public directory, spam or not", "no mailbox"),
        ("RCPT", "550 Mailbox not found", "no mailbox"),
        ("RCPT", "550 li@far.example... User not listed in Domino Directory", "no mailbox"),
        ("RCPT", "554 delivery error: dd This user doesn't have a yahoo.com account", "no mailbox"),
        ("RCPT", "550 该用户不存在", "no mailbox"),
        ("RCPT", "550 5.7.1 no such user may be known to you", "unknown"),  # the status counts, not the words
        ("RCPT", "450 4.1.1 user unknown", "mailbox later"),
        ("RCPT", "451 4.7.1 greylisted, try again in 5 minutes", "domain later"),
        ("RCPT", "450 busy", "mailbox later"),
        ("RCPT", "421 closing", "domain later"),
        ("RCPT", "550 rejected", "unknown"),
        ("DATA", "554 no", "unknown"),
        ("MAIL", "552 message size exceeds fixed maximum message size", "too large"),
        (".", "552 5.3.4 too large", "too large"),
        ("MAIL", "", "mailbox later"),
    ],
)
def test_answers_of_servers_mean_what_their_operators_document(step: str, answer: str, meaning: str) -> None:
    assert classify_answer(step, answer).meaning == AnswerMeaning(meaning)


def test_a_long_hostile_answer_is_judged_at_once() -> None:
    assert classify_answer("RCPT", "550 " + "user exceeds " * 100_000).meaning == AnswerMeaning.UNKNOWN
