"""Reads zhaibao.toml and the environment. Nothing else reads the environment.

Every error names the file, the key, the value and what is expected. The error for an unknown key names the
most similar key. Secrets come from the environment (ZHAIBAO_STORE_URL, the variables of the channels, and the
variable that a mailbox names in password_env) or from a file that the variable NAME_FILE names.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.config import rows
from bot.config.config_table import ConfigTable, read_table, read_tables, suggest_name
from bot.config.faults import FaultCollector
from bot.config.operation import read_alarms, read_operation
from bot.config.personal_digests import derive_personal_digests
from bot.config.rows import TableRows
from bot.config.rule import read_rule
from bot.config.source import read_source
from bot.errors import ConfigError
from bot.models import Destination, Digest, Secret
from bot.phrases import Phrase
from bot.settings import (
    AddressFile,
    AlarmSettings,
    FetchSettings,
    OperationSettings,
    Settings,
    WebSettings,
)

_MAX_CONFIG_BYTES = 1_000_000


def load_settings(
    path: Path,
    environ: Mapping[str, str],
    table_rows: TableRows,
    digest_changes: Mapping[str, object] | None = None,
) -> Settings:
    """Read the configuration. `environ` is os.environ as it was at the start. `digest_changes` replace keys
    of every [[digest]].

    Raises ConfigError, for several faults ConfigErrors with all of them.
    """
    values = _parse_toml(path)
    _change_digests(values, digest_changes or {})
    top = ConfigTable(path, "", values, partial(_find_secret, environ))
    faults = FaultCollector()
    themes = faults.read_table(rows.read_themes_folder, _read_single(top, "themes", faults))
    table_rows = replace(table_rows, themes=[*table_rows.themes, *_list_theme_names(themes)])
    sources = faults.read_tables(
        lambda table: read_source(table, table_rows), _read_several(top, "source", faults)
    )
    digests = faults.read_tables(
        lambda table: rows.read_digest(table, table_rows), _read_several(top, "digest", faults)
    )
    channel_settings = {
        name: faults.read_table(row.read_settings, _read_single(top, name, faults)) or row.settings()
        for name, row in table_rows.channels.items()
    }
    destinations = faults.read_tables(
        lambda table: rows.read_destination(table, table_rows, channel_settings),
        _read_several(top, "destination", faults),
    )
    targets = [destination.target for destination in destinations]
    rules = faults.read_tables(read_rule, _read_several(top, "rule", faults))
    store = faults.read_table(rows.read_store, _read_single(top, "store", faults))
    alarms = faults.read_table(
        lambda table: read_alarms(table, table_rows.channels, channel_settings),
        _read_single(top, "alarms", faults),
    )
    operation = faults.read_table(read_operation, _read_single(top, "operation", faults))
    fetch = faults.read_table(rows.read_fetch_settings, _read_single(top, "fetch", faults))
    web = faults.read_table(rows.read_web_settings, _read_single(top, "web", faults))
    personal = faults.attempt(lambda: derive_personal_digests(path, digests, destinations))
    settings = Settings(
        file=path,
        sources=tuple(replace(source, rules=rules) for source in sources),
        rules=rules,
        digests=(*digests, *(personal or ())),
        destinations=tuple(target for target in targets if isinstance(target, Destination)),
        address_files=tuple(target for target in targets if isinstance(target, AddressFile)),
        channel_settings=channel_settings,
        alarms=alarms or AlarmSettings(),
        operation=operation or OperationSettings(),
        store_url=store.url if store else Secret(""),
        keep_days=store.keep_days if store else 0,
        themes=themes,
        fetch=fetch or FetchSettings(),
        web=web or WebSettings(),
    )
    faults.errors += _find_unknown_tables(top)
    if faults.is_whole:  # otherwise what is missing may only be faulty
        faults.errors += _find_disagreements(settings)
    faults.raise_errors()
    return settings


def _read_single(top: ConfigTable, key: str, faults: FaultCollector) -> ConfigTable:
    empty = ConfigTable(top.file, f"[{key}]", {}, top.find_secret)
    return faults.attempt(lambda: read_table(top, key)) or empty


def _read_several(top: ConfigTable, key: str, faults: FaultCollector) -> list[ConfigTable]:
    return faults.attempt(lambda: read_tables(top, key)) or []


def _find_unknown_tables(top: ConfigTable) -> Iterator[ConfigError]:
    """Yield an error for each table that nobody reads."""
    for key in top.values:
        if key not in top.requested:
            unknown = ConfigTable(top.file, "", {key: top.values[key]}, top.find_secret)
            unknown.requested = dict(top.requested)
            try:
                unknown.refuse_unknown_keys()
            except ConfigError as error:
                yield error


def _list_theme_names(folder: Path | None) -> list[str]:
    """Return the names of the themes in the operator's own folder."""
    return (
        sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")
        if folder
        else []
    )


def _parse_toml(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > _MAX_CONFIG_BYTES:
            raise ConfigError(
                Phrase(
                    "{path}: has over {number:,} bytes; this is not a configuration",
                    path=path,
                    number=_MAX_CONFIG_BYTES,
                )
            )
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(
            Phrase("no configuration at {path}; `zhaibao init` writes one, --config names another", path=path)
        ) from error
    except OSError as error:
        raise ConfigError(
            Phrase("{path}: cannot be read: {reason}", path=path, reason=error.strerror or error)
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            Phrase("{path}: is not in UTF-8 (byte {number}); save it as UTF-8", path=path, number=error.start)
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(Phrase("{path}: not valid TOML: {error}", path=path, error=error)) from error


def _change_digests(values: Mapping[str, object], changes: Mapping[str, object]) -> None:
    digests = values.get("digest")
    for digest in digests if isinstance(digests, list) else ():
        if isinstance(digest, dict):
            digest.update(changes)


def _find_disagreements(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each contradiction between tables."""
    file = settings.file
    for kind, names in (
        ("source", [source.name for source in settings.sources]),
        ("digest", [digest.name for digest in settings.digests]),
    ):
        if not names:
            yield ConfigError(
                Phrase(
                    "{file}: there is no [[{kind}]]; `zhaibao init` writes an example", file=file, kind=kind
                )
            )
        for name, number in Counter(names).items():
            if number > 1:
                yield ConfigError(
                    Phrase(
                        "{file}: two [[{kind}]] have the name '{name}'; give each its own name",
                        file=file,
                        kind=kind,
                        name=name,
                    )
                )
    for digest in settings.digests:
        yield from _check_digest(settings, digest)
    for destination in settings.destinations:
        yield from _check_destination(settings, destination)
    for address_file in settings.address_files:
        yield from _check_destination(settings, address_file)
    for destination, number in Counter(settings.destinations).items():
        if number > 1:
            yield ConfigError(
                Phrase(
                    "{file}: [[destination]] {channel}: {address} appears {number} times for "
                    "{digest}; keep one",
                    file=file,
                    channel=destination.channel,
                    address=destination.address,
                    number=number,
                    digest=destination.digest,
                )
            )


def _check_digest(settings: Settings, digest: Digest) -> Iterator[ConfigError]:
    sources = [source.name for source in settings.sources]
    for name in digest.sources:
        if name not in sources:
            hint = suggest_name(name, sources)
            yield ConfigError(
                Phrase(
                    "{file}: [[digest]] {digest}: no source called '{name}'{hint}",
                    file=settings.file,
                    digest=digest.name,
                    name=name,
                    hint=hint,
                )
            )


def _check_destination(settings: Settings, destination: Destination | AddressFile) -> Iterator[ConfigError]:
    file, where = settings.file, f"[[destination]] {destination.channel}:"
    digests = [digest.name for digest in settings.digests if "." not in digest.name]
    name = destination.digest.partition(".")[0]  # without the subscriber's name
    if name not in digests:
        hint = suggest_name(name, digests)
        yield ConfigError(
            Phrase(
                "{file}: {where} no digest called '{name}'{hint}",
                file=file,
                where=where,
                name=name,
                hint=hint,
            )
        )
    if gap := settings.channel_settings[destination.channel].find_gap():
        yield ConfigError(Phrase("{file}: {where} {gap}", file=file, where=where, gap=gap))


def _find_secret(environ: Mapping[str, str], name: str) -> Secret:
    """Return the secret in the variable, or in the file that the variable NAME_FILE names."""
    if value := environ.get(name, "").strip():
        return Secret(value)
    if not (file := environ.get(f"{name}_FILE", "").strip()):
        return Secret("")
    try:
        value = Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(
            Phrase(
                "{name}_FILE = {file}: cannot be read: {reason}", name=name, file=file, reason=error.strerror
            )
        ) from error
    except UnicodeDecodeError:
        # the library's message shows bytes of the secret
        raise ConfigError(
            Phrase("{name}_FILE = {file}: is not text in UTF-8", name=name, file=file)
        ) from None
    if not value:
        raise ConfigError(Phrase("{name}_FILE = {file}: is empty", name=name, file=file))
    return Secret(value)
