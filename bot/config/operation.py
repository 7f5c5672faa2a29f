"""[alarms] and [operation]: who is told of problems, and where metrics and health are served."""

from collections.abc import Mapping
from typing import Any

from bot.channels.protocol import ChannelRow
from bot.config.config_table import ConfigTable, is_web_address
from bot.errors import ConfigError
from bot.models import Destination, Secret
from bot.phrases import Phrase
from bot.settings import AlarmSettings, ChannelSettings, OperationSettings


def read_alarms(
    table: ConfigTable,
    channels: Mapping[str, ChannelRow[Any]],
    channel_settings: Mapping[str, ChannelSettings],
) -> AlarmSettings:
    destinations = []
    for name, row in channels.items():
        if not row.address_key or table.get_value(row.address_key) is None:
            continue
        if gap := channel_settings[name].find_gap():
            raise ConfigError(Phrase("{file}: {where} {gap}", file=table.file, where=table.where, gap=gap))
        address = row.read_address(table, channel_settings[name])
        destinations.append(Destination(digest="", channel=name, address=address))
    url = table.read_text("heartbeat", "")
    if url and not is_web_address(url):
        raise table.build_hidden_error("heartbeat", Phrase("an http:// or https:// address"))
    heartbeat = table.find_secret("ZHAIBAO_HEARTBEAT_URL") or Secret(url)
    table.refuse_unknown_keys()
    return AlarmSettings(destinations=tuple(destinations), heartbeat=heartbeat)


def read_operation(table: ConfigTable) -> OperationSettings:
    text = table.read_text("listen", "")
    host, _, port = text.rpartition(":")
    if text and not (host and port.isdecimal() and 1 <= int(port) <= 65_535):
        raise table.build_error("listen", Phrase('an address and a port like "127.0.0.1:9464"'))
    table.refuse_unknown_keys()
    return OperationSettings(host=host.strip("[]"), port=int(port)) if text else OperationSettings()
