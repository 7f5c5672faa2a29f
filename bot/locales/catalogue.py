"""Loads gettext catalogues and answers with their texts.

The .po files themselves are read, so nothing has to be compiled and nothing compiled can be older than its
source. English is the language of the code: it has no catalogue, and what is not translated stays English.
"""

import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from babel import Locale

from bot.locales.languages import SOURCE_LANGUAGE, match_language
from bot.phrases import Phrase

FOLDER = Path(__file__).parent


class Catalogue:
    """The texts of one domain in one language, with values filled into their {placeholders}.

    The methods have gettext's own names: extraction looks for them.
    """

    def __init__(self, tag: str, translations: NullTranslations) -> None:
        self.tag = tag
        self.translations = translations  # for texts whose values somebody else fills in
        self._locale = Locale.parse(tag, sep="-")

    def gettext(self, text: str, /, **values: Any) -> str:  # Any: whatever str.format can show
        return self._fill(self.translations.gettext(text), values)

    def pgettext(self, context: str, text: str, /, **values: Any) -> str:
        return self._fill(self.translations.pgettext(context, text), values)

    def ngettext(self, singular: str, plural: str, n: int, /, **values: Any) -> str:
        return self._fill(self.translations.ngettext(singular, plural, n), {"n": n, **values})

    def npgettext(self, context: str, singular: str, plural: str, n: int, /, **values: Any) -> str:
        return self._fill(self.translations.npgettext(context, singular, plural, n), {"n": n, **values})

    def translate(self, value: object) -> object:
        """Return the text of a phrase, or of an error about one; other values unchanged."""
        phrase = value.args[0] if isinstance(value, Exception) and value.args else value
        if not isinstance(phrase, Phrase):
            return value
        if phrase.plural:
            text = self.translations.ngettext(phrase.text, phrase.plural, phrase.number)
        else:
            text = self.translations.gettext(phrase.text)
        return self._fill(text, phrase.values)

    def format_date(self, day: date, pattern: str) -> str:
        """Return the day by a pattern of Unicode's CLDR, with the language's names of months and weekdays."""
        from babel.dates import format_date

        return format_date(day, pattern, locale=self._locale)

    def _fill(self, text: str, values: Mapping[str, Any]) -> str:
        if not values:
            return text
        return text.format(**{name: self.translate(value) for name, value in values.items()})


@cache
def load_catalogue(domain: str, language: str) -> Catalogue:
    """Return the texts of a domain in the language of a BCP 47 tag, in English where it has none."""
    tag = match_language(language) or SOURCE_LANGUAGE
    path = FOLDER / tag / f"{domain}.po"
    if not path.exists():
        return Catalogue(SOURCE_LANGUAGE, NullTranslations())
    return Catalogue(tag, _read_translations(path, tag))


def _read_translations(path: Path, tag: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=Locale.parse(tag, sep="-")))
    compiled.seek(0)
    return GNUTranslations(compiled)
