"""Edition + theme → messages in the form a channel sends them. Pure but for reading template files.

    galley     what every form shows, cleaned and worded (wording: the words of a language; plaintext: cut and measured)
    themes     templates/<theme>/, a file a form
    to_…       the galley set for Telegram, for mail, for the archive

What to publish is chosen in bot.digest; sending is the channels' work.
"""

from bot.render.to_archive import archive, page_address, page_name
from bot.render.to_mail import mail
from bot.render.to_telegram import summary, telegram

__all__ = ["archive", "mail", "page_address", "page_name", "summary", "telegram"]
