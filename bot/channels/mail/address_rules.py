"""What a [[destination]] of mail names: a mailbox."""

from bot.channels.mail.settings import MailSettings
from bot.config.config_table import ConfigTable
from bot.phrases import Phrase
from bot.subscribers.address_file import is_mailbox


# a mailbox needs no setting
def read_address(table: ConfigTable, settings: MailSettings) -> str:  # noqa: ARG001
    address = table.read_text("address")
    if not is_mailbox(address):
        raise table.build_error("address", Phrase("a mail address like reader@example.org"))
    return address
