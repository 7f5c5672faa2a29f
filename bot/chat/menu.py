"""The commands that Telegram's menu shows: by kind of chat and by language, and more to the operators."""

from collections.abc import Sequence
from contextlib import suppress

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.chat.texts import choose_texts
from bot.locales import LANGUAGES, SOURCE_LANGUAGE, Catalogue


class Menu:
    """`operators` are the users that see the operator's commands too."""

    def __init__(self, operators: Sequence[int] = ()) -> None:
        self._operators = operators

    async def set_commands(self, bot: Bot) -> None:
        for code in ("", *_list_language_codes()):
            texts = choose_texts(code or SOURCE_LANGUAGE)
            private, group = _list_private_commands(texts), _list_group_commands(texts)
            administrators = [*group, *_list_administrator_commands(texts)]
            for scope, commands in (
                (BotCommandScopeAllPrivateChats(), private),
                (BotCommandScopeAllGroupChats(), group),
                (BotCommandScopeAllChatAdministrators(), administrators),
            ):
                await bot.set_my_commands(commands, scope=scope, language_code=code or None)
            for operator in self._operators:
                commands = [*private, *_list_operator_commands(texts)]
                with suppress(TelegramError):  # who has not written to the bot yet
                    await bot.set_my_commands(
                        commands, scope=BotCommandScopeChat(operator), language_code=code or None
                    )


def _list_private_commands(texts: Catalogue) -> list[BotCommand]:
    return [
        BotCommand("today", texts.gettext("The present digest")),
        BotCommand("settings", texts.gettext("Hour, topics, length, language")),
        BotCommand("digests", texts.gettext("Earlier digests")),
        BotCommand("search", texts.gettext("Search what was published")),
        BotCommand("pause", texts.gettext("Pause for some days")),
        BotCommand("stop", texts.gettext("Unsubscribe")),
        BotCommand("connect", texts.gettext("Send a digest to a channel of yours")),
        BotCommand("export", texts.gettext("All that is stored about you")),
        BotCommand("forget", texts.gettext("Delete what is stored about you")),
        BotCommand("help", texts.gettext("How to use this bot")),
    ]


def _list_group_commands(texts: Catalogue) -> list[BotCommand]:
    return [
        BotCommand("summary", texts.gettext("Summarize an article")),
        BotCommand("help", texts.gettext("How to use this bot")),
    ]


def _list_administrator_commands(texts: Catalogue) -> list[BotCommand]:
    return [BotCommand("here", texts.gettext("Send the digest into this topic"))]


def _list_operator_commands(texts: Catalogue) -> list[BotCommand]:
    return [
        BotCommand("status", texts.gettext("What is due, and what went wrong")),
        BotCommand("preview", texts.gettext("The next edition as it would be now")),
        BotCommand("publish", texts.gettext("Publish an edition now")),
        BotCommand("uncertain", texts.gettext("Messages that may have arrived")),
        BotCommand("sources", texts.gettext("The sources and their state")),
        BotCommand("subscribers", texts.gettext("How many subscribers there are")),
    ]


def _list_language_codes() -> list[str]:
    """Return the ISO 639 codes of the languages the bot speaks; Telegram's menus know no scripts."""
    return list(dict.fromkeys(tag.partition("-")[0] for tag, row in LANGUAGES.items() if row.is_complete))
