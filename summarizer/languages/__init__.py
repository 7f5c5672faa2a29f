"""What differs by language: a row in LANGUAGES each, and how a language is told from its text."""

from summarizer.languages.chinese import CHINESE
from summarizer.languages.detection import detect_language
from summarizer.languages.english import ENGLISH
from summarizer.languages.japanese import JAPANESE
from summarizer.languages.korean import KOREAN
from summarizer.languages.language import NEVER, Language
from summarizer.languages.neutral import NEUTRAL

LANGUAGES: dict[str, Language] = {row.tag: row for row in (CHINESE, ENGLISH, JAPANESE, KOREAN, NEUTRAL)}


def language_of(tag: str) -> Language:
    """Return the row for a BCP 47 tag ("zh-Hant" → zh); the neutral one for a language that has none."""
    return LANGUAGES.get(tag.replace("_", "-").split("-")[0].lower(), NEUTRAL)


__all__ = ["LANGUAGES", "NEVER", "Language", "detect_language", "language_of"]
