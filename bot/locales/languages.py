"""The languages that the interface speaks, one row each, and which of them a language tag means."""

from dataclasses import dataclass
from functools import lru_cache

from babel.core import get_global, parse_locale


@dataclass(frozen=True, kw_only=True, slots=True)
class InterfaceLanguage:
    """A language that has catalogues in the folder `tag` beside this file."""

    tag: str  # BCP 47, with the script where the language has several; also the lang attribute of pages
    name: str  # its own name
    is_complete: bool = False  # every domain is translated, not the digest alone; a test holds it to that


LANGUAGES = {
    row.tag: row
    for row in (
        InterfaceLanguage(tag="zh-Hans", name="简体中文", is_complete=True),
        InterfaceLanguage(tag="zh-Hant", name="繁體中文", is_complete=True),
        InterfaceLanguage(tag="en", name="English", is_complete=True),
        InterfaceLanguage(tag="ja", name="日本語"),
        InterfaceLanguage(tag="ko", name="한국어"),
        InterfaceLanguage(tag="de", name="Deutsch"),
        InterfaceLanguage(tag="fr", name="Français"),
        InterfaceLanguage(tag="es", name="Español"),
        InterfaceLanguage(tag="vi", name="Tiếng Việt"),
    )
}
SOURCE_LANGUAGE = "en"  # the language the messages are written in


def match_language(tag: str, *, complete: bool = False) -> str | None:
    """Return the tag of the row that a BCP 47 tag or a POSIX locale means, None where no row does.

    Tags match by language and script; a region tells the script. `complete` leaves out the languages that
    translate the digest alone.

    >>> match_language("zh-TW"), match_language("zh_SG.UTF-8"), match_language("zh"), match_language("de-AT")
    ('zh-Hant', 'zh-Hans', 'zh-Hans', 'de')
    """
    written = _find_writing(tag)
    if written is None:
        return None
    rows = (row for row in LANGUAGES.values() if row.is_complete or not complete)
    return next((row.tag for row in rows if _find_writing(row.tag) == written), None)


@lru_cache(maxsize=256)
def _find_writing(tag: str) -> tuple[str, str] | None:
    """Return language and script of a tag, the script by Unicode's likely subtags; None where it is no tag.

    >>> _find_writing("zh-HK"), _find_writing("en"), _find_writing("not a tag")
    (('zh', 'Hant'), ('en', 'Latn'), None)
    """
    try:
        language, territory, script, *_ = parse_locale(tag.replace("-", "_"))
    except ValueError:
        return None
    if not script:
        likely = get_global("likely_subtags")
        subtags = likely.get(f"{language}_{territory}") or likely.get(language)
        script = parse_locale(subtags)[2] if subtags else None
    return language, script or ""
