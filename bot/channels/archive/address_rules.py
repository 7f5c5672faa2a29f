"""What a [[destination]] of the archive names: nothing, its address is the folder of [archive]."""

from bot.channels.archive.settings import ArchiveSettings
from bot.config.config_table import ConfigTable
from bot.errors import ConfigError, InputError
from bot.phrases import Phrase


def read_address(table: ConfigTable, settings: ArchiveSettings) -> str:
    if settings.folder is None:
        raise ConfigError(
            Phrase(
                "{file}: {where} channel archive needs [archive] folder", file=table.file, where=table.where
            )
        )
    return str(settings.folder)


def parse_address(text: str) -> str:  # noqa: ARG001 - nothing that is written here can be right
    """Raises InputError: only the configuration names the folder."""
    raise InputError(
        Phrase("the archive is a [[destination]] of zhaibao.toml, and nothing else subscribes it")
    )
