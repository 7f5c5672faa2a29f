"""What a mail program decodes from the headers is what was given, in every script and length."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from email.utils import quote as email_quote

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.mail.mime import build_mail
from bot.channels.mail.settings import MailSettings
from bot.models import Message, MessagePart

SIGNS = "临溪摘报急救中心 abcXYZ 0123,;:\"'()<>@=?_-…·éßЖñ日本語한국어😀👩‍🔬עבריתالعربية&%#!。，（）“”"
MAX_LINE_BYTES = 998  # RFC 5322, 2.1.1
TEXTS = st.text(st.sampled_from(SIGNS), max_size=160).map(lambda text: " ".join(text.split()))


@settings(deadline=None)
@given(subject=TEXTS, name=TEXTS, sender=TEXTS)
def test_subject_and_names_are_read_back_as_given(subject: str, name: str, sender: str) -> None:
    data = build_mail(
        Message(subject=subject, parts=(MessagePart(html="<p>x</p>", text="x"),)),
        MailSettings(sender=f'"{email_quote(sender)}" <digest@example.test>'),
        to="li@example.test",
        digest="daily",
        message_id="<a@b>",
        at=datetime(2026, 11, 30, tzinfo=UTC),
        name=name,
    )
    assert max(map(len, data.split(b"\r\n"))) <= MAX_LINE_BYTES
    mail = message_from_bytes(data)
    assert decode(mail["Subject"]) == subject
    for header, given_name, mailbox in (("To", name, "li"), ("From", sender, "digest")):
        shown, address = parseaddr(mail[header])
        assert (decode(shown), address) == (given_name, f"{mailbox}@example.test")


def decode(value: str | None) -> str:
    """Return a header's text as RFC 2047 has it: no blank between two encoded words.

    `email.policy.default` of Python 3.11 puts one between those of a name.
    """
    return str(make_header(decode_header(value or "")))
