"""A mail as files to look at: one for a mail program, one for a browser."""

from collections.abc import Iterator

from bot.channels.mail.mime import build_mail
from bot.channels.mail.settings import MailSettings
from bot.channels.protocol import PreviewFile
from bot.models import Edition, Message
from bot.phrases import Phrase

_SUBSCRIBER = "reader@example.org"
_WITHOUT_SENDER = MailSettings(sender="Zhaibao <digest@example.org>")


def preview_message(message: Message, edition: Edition, settings: MailSettings) -> Iterator[PreviewFile]:
    mail = build_mail(
        message,
        settings if settings.sender else _WITHOUT_SENDER,
        to=_SUBSCRIBER,
        digest=edition.digest,
        message_id="<preview@example.org>",
        at=edition.created_at,
    )
    yield PreviewFile(
        "mail.eml", mail.decode("ascii").replace("\r\n", "\n"), Phrase("the mail, for a mail program")
    )
    yield PreviewFile("mail.html", message.parts[0].html, Phrase("the mail, for a browser"))
