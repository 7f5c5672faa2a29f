"""Sends and edits screens, and tells apart what Telegram says about edits."""

from contextlib import suppress
from dataclasses import dataclass

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.chat.callback_table import CallbackTable
from bot.chat.chat_user import ChatUser, get_private_user
from bot.chat.newer_methods import edit_ephemeral, send_ephemeral
from bot.chat.screen import Button, Screen

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_UNCHANGED = "message is not modified"


@dataclass(frozen=True, kw_only=True, slots=True)
class MessagePlace:
    """A message of the bot's: by chat and number, or by the identifier of an inline message."""

    chat_id: int = 0
    message_id: int = 0
    inline_id: str = ""
    ephemeral_id: int = 0  # of a message in a group that one user sees


class Messenger:
    """`table` gives every button its token."""

    def __init__(self, bot: Bot, table: CallbackTable) -> None:
        self.bot, self.table = bot, table

    async def send_screen(
        self, user: ChatUser, screen: Screen, *, reply_to: int | None = None, quietly: bool = False
    ) -> MessagePlace:
        """Send a screen into the user's chat. Raises TelegramError."""
        message = await self.bot.send_message(
            user.chat_id,
            screen.html,
            parse_mode=ParseMode.HTML,
            message_thread_id=user.topic,
            reply_markup=self.build_keyboard(user, screen),
            reply_parameters=_reply_to(reply_to),
            link_preview_options=_NO_PREVIEW,
            disable_notification=quietly,
        )
        return MessagePlace(chat_id=message.chat_id, message_id=message.message_id)

    async def edit_screen(self, user: ChatUser, place: MessagePlace, screen: Screen) -> MessagePlace:
        """Show a screen in place of another one; where that is gone, send it. Raises TelegramError."""
        if place.ephemeral_id:
            return await self._edit_ephemeral(user, place, screen)
        try:
            await self.bot.edit_message_text(
                screen.html,
                chat_id=place.chat_id or None,
                message_id=place.message_id or None,
                inline_message_id=place.inline_id or None,
                parse_mode=ParseMode.HTML,
                reply_markup=self.build_keyboard(user, screen),
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            if _UNCHANGED in error.message.lower():
                return place
            if place.inline_id:
                raise
            return await self.send_screen(user, screen)
        return place

    async def send_quietly(self, user: ChatUser, screen: Screen) -> MessagePlace:
        """Show a screen to this user alone: in a group as an ephemeral message, else in private."""
        if user.chat_id != user.user_id:
            keyboard = self.build_keyboard(user, screen)
            number = await send_ephemeral(
                self.bot, user.chat_id, user.user_id, screen.html, keyboard, user.topic
            )
            if number:
                return MessagePlace(chat_id=user.chat_id, ephemeral_id=number)
        return await self.send_screen(get_private_user(user), screen)

    async def _edit_ephemeral(self, user: ChatUser, place: MessagePlace, screen: Screen) -> MessagePlace:
        keyboard = self.build_keyboard(user, screen)
        is_done = await edit_ephemeral(
            self.bot, place.chat_id, user.user_id, place.ephemeral_id, screen.html, keyboard
        )
        return place if is_done else await self.send_screen(get_private_user(user), screen)

    async def send_file(
        self, user: ChatUser, name: str, content: bytes, caption: str, *, reply_to: int | None = None
    ) -> None:
        await self.bot.send_document(
            user.chat_id,
            InputFile(content, filename=name),
            caption=caption,
            message_thread_id=user.topic,
            reply_parameters=_reply_to(reply_to),
        )

    async def show_typing(self, user: ChatUser) -> None:
        with suppress(TelegramError):  # only a courtesy
            await self.bot.send_chat_action(user.chat_id, ChatAction.TYPING, message_thread_id=user.topic)

    def build_keyboard(self, user: ChatUser, screen: Screen) -> InlineKeyboardMarkup | None:
        """Return the buttons, each bound to this user and chat."""
        if not screen.buttons:
            return None
        return InlineKeyboardMarkup(
            [[self._build_key(user, button) for button in row] for row in screen.buttons]
        )

    def _build_key(self, user: ChatUser, button: Button) -> InlineKeyboardButton:
        if button.action is None:
            return InlineKeyboardButton(button.label, url=button.url)
        token = self.table.add_action(user.chat_id, user.user_id, button.action)
        return InlineKeyboardButton(button.label, callback_data=token)


def _reply_to(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
