"""What a [[destination]] of the archive names: nothing, its address is the folder of [archive]."""

from bot.channels.archive.settings import ArchiveSettings
from bot.config.config_table import ConfigTable
from bot.errors import ConfigError


def read_address(table: ConfigTable, settings: ArchiveSettings) -> str:
    if settings.folder is None:
        raise ConfigError(f"{table.file}: {table.where} channel archive needs [archive] folder")
    return str(settings.folder)
