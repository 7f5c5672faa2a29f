"""The row of the Telegram channel."""

from bot.channels.protocol import ChannelRow, FormContext
from bot.channels.telegram.address_rules import parse_address, read_address
from bot.channels.telegram.form import render_notice, render_telegram
from bot.channels.telegram.markup_rules import find_fault
from bot.channels.telegram.preview import preview_message
from bot.channels.telegram.settings import TelegramSettings, read_settings
from bot.models import Edition, Message


def _render(edition: Edition, settings: TelegramSettings, context: FormContext) -> Message:
    return render_telegram(
        edition, archive_url=context.archive_url, themes=context.themes, rich=settings.rich
    )


ROW = ChannelRow(
    client="bot.channels.telegram.channel",
    settings=TelegramSettings,
    read_settings=read_settings,
    read_address=read_address,
    parse_address=parse_address,
    render=_render,
    preview=preview_message,
    repeatable=False,
    in_flight=1,
    address_key="chat",
    takes_topic=True,
    render_notice=render_notice,
    find_fault=find_fault,
    stale_previews=("telegram-*.html", "telegram-*.txt"),
)
