"""The words that only mails have, beside those around the stories."""

from functools import cache

from bot.locales import Catalogue, load_catalogue
from bot.render.wording import Wording


class _MailWording(Wording):
    """What the templates of mails use as `words`."""

    def __init__(self, texts: Catalogue, mail_texts: Catalogue) -> None:
        super().__init__(texts)
        self._mail_texts = mail_texts

    @property
    def unsubscribe(self) -> str:
        return self._mail_texts.gettext("Unsubscribe")


@cache
def find_mail_wording(language: str) -> _MailWording:
    return _MailWording(load_catalogue("digest", language), load_catalogue("mail", language))
