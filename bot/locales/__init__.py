"""The texts of the interface, in every language it speaks.

    languages    which languages there are, and which of them a tag means
    catalogue    the texts of one domain in one language
    zones        time zones and the cities that people know them by
    TAG/*.po     the translations: digest, mail, chat, web, cli

`make messages` brings the catalogues up to date with the code; see docs/how-to/add-a-language.md.
"""

from bot.locales.catalogue import Catalogue, load_catalogue
from bot.locales.languages import LANGUAGES, SOURCE_LANGUAGE, InterfaceLanguage, match_language

__all__ = [
    "LANGUAGES",
    "SOURCE_LANGUAGE",
    "Catalogue",
    "InterfaceLanguage",
    "load_catalogue",
    "match_language",
]
