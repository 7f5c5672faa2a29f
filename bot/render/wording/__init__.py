"""The words around the stories, a file and a row a language. A language without a row is worded in English."""

from bot.render.wording.chinese import CHINESE, TRADITIONAL_CHINESE
from bot.render.wording.english import ENGLISH
from bot.render.wording.french import FRENCH
from bot.render.wording.german import GERMAN
from bot.render.wording.japanese import JAPANESE
from bot.render.wording.korean import KOREAN
from bot.render.wording.row import Wording, format_count
from bot.render.wording.spanish import SPANISH
from bot.render.wording.vietnamese import VIETNAMESE

__all__ = ["WORDINGS", "Wording", "find_wording", "format_count"]

WORDINGS = {
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "ja": JAPANESE,
    "ko": KOREAN,
    "vi": VIETNAMESE,
    "zh": CHINESE,
    "zh-hant": TRADITIONAL_CHINESE,
    "zh-hk": TRADITIONAL_CHINESE,
    "zh-tw": TRADITIONAL_CHINESE,
}


def find_wording(language: str) -> Wording:
    """Return the row for a BCP 47 tag: the tag itself, else its primary language, else English."""
    tag = language.lower().replace("_", "-")
    return WORDINGS.get(tag) or WORDINGS.get(tag.split("-")[0]) or ENGLISH
