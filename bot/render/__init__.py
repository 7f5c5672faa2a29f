"""Edition + theme → messages in the form a channel sends them. Pure but for reading template files.

    galley     what every form shows, cleaned and worded (wording: the words of a language; plaintext: cut and measured)
    themes     templates/<theme>/, a file a form
    to_…       the galley set for Telegram, for mail, for the archive

What to publish is chosen in bot.digest; sending is the channels' work.
"""

from bot.render.to_archive import build_page_address, build_page_path, render_archive
from bot.render.to_mail import render_mail
from bot.render.to_telegram import render_summary, render_telegram

__all__ = [
    "build_page_address",
    "build_page_path",
    "render_archive",
    "render_mail",
    "render_summary",
    "render_telegram",
]
