"""`make messages`: collect the texts of the code, bring the catalogues up to date, report what is not
translated.
"""

import string
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from bot.cli.main import cli
from bot.cli.translation import CLICK_MODULES, join_help_lines
from bot.locales import LANGUAGES, SOURCE_LANGUAGE

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "bot" / "locales"
# Where the texts of a domain stand: files, and the calls that hold a text there.
GETTEXT: Mapping[str, Any] = DEFAULT_KEYWORDS
PHRASES: Mapping[str, Any] = {"Phrase": None, "CountPhrase": (1, 2)}
SOURCES: Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]] = {
    "digest": (("bot/render/wording.py", GETTEXT),),
    "mail": (("bot/channels/mail/mail_texts.py", GETTEXT),),
    "chat": (("bot/chat/*.py", GETTEXT),),
    "web": (("bot/web/*.py", GETTEXT),),
    "cli": (("bot/cli/*.py", GETTEXT), ("bot/**/*.py", PHRASES)),
}
EDITION_DOMAINS = ("digest", "mail")  # what a digest needs of every language it may have
EXTRA_PLACEHOLDERS = {"total"}  # given beside {n} for languages that count all
LINE_WIDTH = 110
HEADER = """\
msgid ""
msgstr ""
"Language: {tag}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def extract_messages(domain: str) -> Catalog:
    """Return every text of the domain, in the order of the files."""
    catalog = Catalog(charset="utf-8")
    for pattern, keywords in SOURCES[domain]:
        for path in sorted(ROOT.glob(pattern)):
            add_texts(catalog, path, keywords)
    if domain == "cli":
        for module in CLICK_MODULES:
            add_texts(catalog, Path(str(module.__file__)), GETTEXT)
        for text in list_help_texts(cli):
            catalog.add(text)
    return catalog


def add_texts(catalog: Catalog, path: Path, keywords: Mapping[str, Any]) -> None:
    for _, message, comments, context in extract_from_file(
        "python", path, keywords=keywords, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        catalog.add(message, auto_comments=comments, context=context)


def list_help_texts(command: click.Command) -> Iterator[str]:
    """Yield what `--help` says about a command, its options and its subcommands."""
    if command.help:
        yield join_help_lines(command.help)
    yield from filter(None, (getattr(parameter, "help", None) for parameter in command.params))
    for subcommand in getattr(command, "commands", {}).values():
        yield from list_help_texts(subcommand)


def list_domains(tag: str) -> tuple[str, ...]:
    """Return the domains that a language has to translate."""
    if tag == SOURCE_LANGUAGE:
        return ()
    return tuple(SOURCES) if LANGUAGES[tag].is_complete else EDITION_DOMAINS


def find_missing(tag: str, domain: str, template: Catalog, folder: Path = LOCALES) -> list[str]:
    """Return what is wrong with the translations of a domain, a line each; nothing where all is well."""
    catalog = read_catalog(tag, domain, folder)
    return [
        f"{tag}/{domain}.po: {fault}: {message.id!r}"
        for message in template
        if message.id and (fault := find_fault(message, catalog.get(message.id, message.context), catalog))
    ]


def find_fault(message: Message, translated: Message | None, catalog: Catalog) -> str:
    forms = list_texts(translated.string) if translated else []
    if translated is None or not all(forms) or translated.fuzzy:
        return "not translated"
    if message.pluralizable and len(forms) != catalog.num_plurals:
        return f"needs {catalog.num_plurals} plural forms"
    given = set().union(*map(list_placeholders, list_texts(message.id)))
    unknown = (
        set().union(*map(list_placeholders, forms)) - given - (EXTRA_PLACEHOLDERS if "n" in given else set())
    )
    return f"has no value for {', '.join(sorted(unknown))}" if unknown else ""


def list_texts(forms: Any) -> list[str]:  # Any: Babel gives a text or the texts of the plural forms
    return [forms] if isinstance(forms, str) else list(forms)


def list_placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def read_catalog(tag: str, domain: str, folder: Path = LOCALES) -> Catalog:
    """Return the catalogue as it is; empty where there is none."""
    locale, path = Locale.parse(tag, sep="-"), folder / tag / f"{domain}.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def write_catalog(tag: str, domain: str, catalog: Catalog, folder: Path = LOCALES) -> None:
    path = folder / tag / f"{domain}.po"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(tag=tag, plural_forms=catalog.plural_forms).encode())
        write_po(file, catalog, width=LINE_WIDTH, omit_header=True, no_location=True, ignore_obsolete=True)


def update_catalogues(folder: Path = LOCALES) -> list[str]:
    """Write every catalogue with the texts of the code and return what is not translated, a line each."""
    missing = []
    for domain in SOURCES:
        template = extract_messages(domain)
        for tag in LANGUAGES:
            if domain in list_domains(tag):
                catalog = read_catalog(tag, domain, folder)
                catalog.update(template, no_fuzzy_matching=True)
                write_catalog(tag, domain, catalog, folder)
                missing += find_missing(tag, domain, template, folder)
    return missing


if __name__ == "__main__":
    faults = update_catalogues()
    print("\n".join(faults) or "Everything is translated.")
    sys.exit(bool(faults))
