"""zhaibao.toml and the environment → Settings. The only reader of the environment.

Every error names file, key and value and says what would be right; an unknown key is an error that names the
nearest known one. Secrets come from the environment (ZHAIBAO_TELEGRAM_TOKEN, ZHAIBAO_MAIL_PASSWORD,
ZHAIBAO_STORE_URL, and what a mailbox names in password_env) or from the file that NAME_FILE points to.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.config import rows
from bot.config.readers import own_digests
from bot.config.rows import Known
from bot.config.rule import rule_of
from bot.config.source import source_of
from bot.config.table import Table, nearest, one, tables
from bot.errors import ConfigError
from bot.models import Destination, Digest
from bot.settings import Readers, Settings

__all__ = ["Known", "load"]

MAX_BYTES = 1_000_000


def load(path: Path, environ: Mapping[str, str], known: Known) -> Settings:
    """Read the configuration. `environ` is os.environ as it was at the start. Raises ConfigError."""
    values = parse(path)
    top = Table(path, "", values)
    folder = path.resolve().parent
    themes = rows.themes(one(top, "themes"), folder)
    known = replace(known, themes=[*known.themes, *names_in(themes)])
    sources = tuple(source_of(table, folder, known, environ) for table in tables(top, "source"))
    digests = tuple(rows.digest(table, known) for table in tables(top, "digest"))
    kept = rows.archive(one(top, "archive"), folder)
    recipients = [rows.recipient(table, folder, known, kept) for table in tables(top, "destination")]
    rules = tuple(rule_of(table) for table in tables(top, "rule"))
    kept_in = one(top, "store")
    settings = Settings(
        file=path,
        sources=tuple(replace(source, rules=rules) for source in sources),
        rules=rules,
        digests=(*digests, *own_digests(path, digests, recipients)),
        destinations=tuple(one.whom for one in recipients if isinstance(one.whom, Destination)),
        readers=tuple(one.whom for one in recipients if isinstance(one.whom, Readers)),
        telegram=rows.telegram(one(top, "telegram"), environ),
        mail=rows.mail(one(top, "mail"), environ),
        store_url=rows.store(kept_in, folder, environ),
        keep_days=rows.keep_days(kept_in),
        archive=kept,
        themes=themes,
        fetch=rows.fetch(one(top, "fetch")),
    )
    top.finish()
    agree(settings)
    return settings


def names_in(folder: Path | None) -> list[str]:
    """The themes of the operator's own folder."""
    return (
        sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._") if folder else []
    )


def parse(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"{path}: over {MAX_BYTES:,} bytes; this is no configuration")
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"no configuration at {path}; `zhaibao init` writes one, --config names another") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not in UTF-8 (byte {error.start}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error


def agree(settings: Settings) -> None:
    """Raise ConfigError where the tables do not fit together."""
    file = settings.file
    for kind, names in (
        ("source", [source.name for source in settings.sources]),
        ("digest", [digest.name for digest in settings.digests]),
    ):
        if not names:
            raise ConfigError(f"{file}: there is no [[{kind}]]; `zhaibao init` writes an example")
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(f"{file}: two [[{kind}]] are called '{name}'; each needs a name of its own")
    for digest in settings.digests:
        agree_digest(settings, digest)
    for destination in settings.destinations:
        agree_destination(settings, destination)
    for readers in settings.readers:
        agree_destination(settings, readers)
    for destination, number in Counter(settings.destinations).items():
        if number > 1:
            raise ConfigError(
                f"{file}: [[destination]] {destination.channel}: {destination.address} stands there {number} times "
                f"for {destination.digest}; leave one"
            )


def agree_digest(settings: Settings, digest: Digest) -> None:
    sources = [source.name for source in settings.sources]
    for name in digest.sources:
        if name not in sources:
            hint = nearest(name, sources) or f"; known: {', '.join(sources)}"
            raise ConfigError(f"{settings.file}: [[digest]] {digest.name}: no source called '{name}'{hint}")


def agree_destination(settings: Settings, destination: Destination | Readers) -> None:
    file, where = settings.file, f"[[destination]] {destination.channel}:"
    digests = [digest.name for digest in settings.digests if "." not in digest.name]
    name = destination.digest.partition(".")[0]  # without the reader's
    if name not in digests:
        hint = nearest(name, digests) or f"; known: {', '.join(digests)}"
        raise ConfigError(f"{file}: {where} no digest called '{name}'{hint}")
    if destination.channel == "mail" and not (settings.mail.host and settings.mail.sender):
        raise ConfigError(f"{file}: {where} mail needs [mail] host and from")
