"""Writes an edition in every channel's form into a folder, to look at."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.channels.archive.channel import write_file
from bot.channels.mail.mime import build_mail
from bot.models import Edition, Message
from bot.settings import MailSettings, Settings

_EXAMPLE_RECIPIENT = "reader@example.org"
_EXAMPLE_SENDER = MailSettings(sender="Zhaibao <digest@example.org>")


def write_message_files(
    out: Path, edition: Edition, rendered: Mapping[str, Message], settings: Settings
) -> tuple[tuple[Path, str], ...]:
    """Write the files and return each with what it is. Files of an earlier preview that no longer belong go."""
    for stale in [*out.glob("telegram-*.html"), *out.glob("telegram-*.txt")]:
        stale.unlink()
    return tuple(
        (write_file(out, name, content), what)
        for name, content, what in (
            *_list_telegram_files(rendered["telegram"]),
            *_list_mail_files(rendered["mail"], edition, settings),
            *_list_archive_files(rendered["archive"]),
        )
    )


def _list_telegram_files(message: Message) -> Iterator[tuple[str, str, str]]:
    for number, part in enumerate(message.parts, 1):
        of = f"Telegram message {number} of {len(message.parts)}"
        yield f"telegram-{number}.html", part.html, f"{of}, as it is sent"
        yield f"telegram-{number}.txt", part.text, f"{of}, as it reads"
    for number, part in enumerate(filter(None, message.rich), 1):
        yield f"telegram-rich-{number}.html", part.html, f"Rich Message {number}, as it is sent"


def _list_mail_files(message: Message, edition: Edition, settings: Settings) -> Iterator[tuple[str, str, str]]:
    sender = settings.mail if settings.mail.sender else _EXAMPLE_SENDER
    eml = build_mail(
        message,
        sender,
        to=_EXAMPLE_RECIPIENT,
        digest=edition.digest,
        message_id="<preview@example.org>",
        at=edition.created_at,
    )
    yield "mail.eml", eml.decode("ascii").replace("\r\n", "\n"), "the mail, for a mail program"
    yield "mail.html", message.parts[0].html, "the mail, for a browser"


def _list_archive_files(message: Message) -> Iterator[tuple[str, str, str]]:
    what = {"index.html": "the archive: all editions", "feed.xml": "the archive's feed"}
    for part in message.parts:
        yield f"archive/{part.name}", part.html, what.get(part.name, "the archive: this edition")
