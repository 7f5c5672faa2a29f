"""The row of the mail channel."""

from bot.channels.mail.address_rules import parse_address, read_address
from bot.channels.mail.form import find_fault, render_mail, render_notice
from bot.channels.mail.preview import preview_message
from bot.channels.mail.settings import MailSettings, read_settings
from bot.channels.protocol import ChannelRow, FormContext
from bot.models import Edition, Message


def _render(edition: Edition, settings: MailSettings, context: FormContext) -> Message:
    return render_mail(
        edition,
        archive_url=context.archive_url,
        unsubscribe_url=settings.build_unsubscribe_url(edition.digest),
        themes=context.themes,
    )


ROW = ChannelRow(
    client="bot.channels.mail.channel",
    settings=MailSettings,
    read_settings=read_settings,
    read_address=read_address,
    parse_address=parse_address,
    render=_render,
    preview=preview_message,
    repeatable=True,
    in_flight=32,  # more than connections: while some mails are on their way, the next ones are made
    address_key="address",
    takes_address_file=True,
    render_notice=render_notice,
    find_fault=find_fault,
)
