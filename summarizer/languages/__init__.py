"""The properties of each language, as a row in LANGUAGES, and the detection of a text's language."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module

from summarizer.languages.detection import detect_language
from summarizer.languages.language import Language

# BCP 47 primary tag → the module of its row. The row has the module's name in capitals. "" is the neutral
# row.
MODULES = {"zh": "chinese", "en": "english", "ja": "japanese", "ko": "korean", "": "neutral"}


class _LanguageTable(Mapping[str, Language]):
    """The rows by tag. A row is loaded on first use, because the Chinese patterns take 20 ms to compile."""

    def __getitem__(self, tag: str) -> Language:
        return _load_language(MODULES[tag])

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


@cache
def _load_language(module: str) -> Language:
    row: Language = getattr(import_module(f"{__name__}.{module}"), module.upper())
    return row


LANGUAGES: Mapping[str, Language] = _LanguageTable()


@lru_cache(maxsize=64)
def get_language(tag: str) -> Language:
    """Return the row for a BCP 47 tag ("zh-Hant" → zh); A language without a row gets the neutral row with
    its tag.
    """
    primary = tag.replace("_", "-").split("-")[0].lower()
    return LANGUAGES[primary] if primary in MODULES else replace(LANGUAGES[""], tag=primary)


__all__ = ["LANGUAGES", "Language", "detect_language", "get_language"]
