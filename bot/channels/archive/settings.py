"""[archive]: what the operator decides about the archive."""

from dataclasses import dataclass
from pathlib import Path

from bot.config.config_table import ConfigTable, is_web_address
from bot.phrases import Phrase
from bot.settings import ChannelSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveSettings(ChannelSettings):
    """`public_url` is where the folder is served, without a trailing slash; "" means nowhere."""

    folder: Path | None = None
    public_url: str = ""


def read_settings(table: ConfigTable) -> ArchiveSettings:
    public_url = table.read_text("public_url", "").rstrip("/")
    if public_url and not is_web_address(public_url):
        raise table.build_error("public_url", Phrase("the http(s) address the folder is served at"))
    settings = ArchiveSettings(folder=table.read_path("folder"), public_url=public_url)
    table.refuse_unknown_keys()
    return settings
