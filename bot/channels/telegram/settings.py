"""[telegram]: what the operator decides about the Telegram channel."""

from dataclasses import dataclass

from bot.config.config_table import ConfigTable, is_web_address
from bot.models import Secret
from bot.phrases import Phrase
from bot.settings import ChannelSettings

_UNCERTAIN_CHOICES = ("hold", "resend")
_CLOSED_TOPIC_CHOICES = ("fail", "general")
_MAX_IN_FLIGHT = 16  # Telegram takes 30 messages a second: enough for answers that take half a second


@dataclass(frozen=True, kw_only=True, slots=True)
class TelegramSettings(ChannelSettings):
    """`on_uncertain`: what to do with a message that may have arrived, "hold" or "resend"."""

    token: Secret = Secret("")
    proxy: Secret = Secret("")  # http(s) address of the proxy that leads to Telegram, where one is needed
    base_url: str = ""  # of a Bot API server of the operator's own, without "/bot"; "" means Telegram's
    on_closed_topic: str = "fail"  # or "general": the chat itself gets what its closed topic refuses
    on_uncertain: str = "hold"
    rich: bool = False  # Rich Messages, where the server takes them
    profile: int = 0  # the number of a user whose profile shows the channel; 0: nobody's does
    in_flight: int = 1  # messages on their way at once; a crash leaves at most as many in doubt

    @property
    def max_in_flight(self) -> int:
        return self.in_flight

    @property
    def resends_uncertain(self) -> bool:
        return self.on_uncertain == "resend"

    @property
    def has_general_topic(self) -> bool:
        return self.on_closed_topic == "general"


def read_settings(table: ConfigTable) -> TelegramSettings:
    base_url = table.read_text("base_url", "").rstrip("/")
    if base_url and not is_web_address(base_url):
        raise table.build_error("base_url", Phrase("the http(s) address of a Bot API server, without /bot"))
    proxy = table.read_text("proxy", "")
    if proxy and not is_web_address(proxy):
        raise table.build_error(
            "proxy",
            Phrase("the http(s) address of a proxy; one with a password goes into ZHAIBAO_TELEGRAM_PROXY"),
        )
    settings = TelegramSettings(
        token=table.read_secret("token", "ZHAIBAO_TELEGRAM_TOKEN"),
        proxy=table.find_secret("ZHAIBAO_TELEGRAM_PROXY") or Secret(proxy),
        base_url=base_url,
        on_uncertain=table.read_choice("on_uncertain", _UNCERTAIN_CHOICES, "hold"),
        on_closed_topic=table.read_choice("on_closed_topic", _CLOSED_TOPIC_CHOICES, "fail"),
        rich=table.read_flag("rich", False),
        profile=table.read_number("profile", 0, 1, 2**53),
        in_flight=table.read_number("in_flight", 1, 1, _MAX_IN_FLIGHT),
    )
    table.refuse_unknown_keys()
    return settings
