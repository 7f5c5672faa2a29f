"""What an address of mail is: a mailbox."""

from bot.channels.mail.settings import MailSettings
from bot.config.config_table import ConfigTable
from bot.errors import InputError
from bot.phrases import Phrase
from bot.subscribers.address_file import is_mailbox

_EXPECTED = Phrase("a mail address like reader@example.org")


# a mailbox needs no setting
def read_address(table: ConfigTable, settings: MailSettings) -> str:  # noqa: ARG001
    address = table.read_text("address")
    if not is_mailbox(address):
        raise table.build_error("address", _EXPECTED)
    return address


def parse_address(text: str) -> str:
    """Return the mailbox, its domain in lower case. Raises InputError."""
    local, _, domain = text.rpartition("@")
    if not is_mailbox(text):
        raise InputError(Phrase("{address} is not {expected}", address=text, expected=_EXPECTED))
    if not local.isascii():
        raise InputError(Phrase("{address}: SMTP accepts only ASCII letters before the @", address=text))
    return f"{local}@{domain.lower()}"
