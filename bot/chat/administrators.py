"""Who may change what goes to a chat: its present administrators, asked each time."""

from telegram import Bot, ChatMember
from telegram.error import TelegramError

from bot.chat.chat_user import ChatUser
from bot.chat.target import Target

_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


async def may_change(bot: Bot, target: Target, user: ChatUser) -> bool:
    """Return whether the user may change the subscriptions of the target, now."""
    return target.is_own(user) or await _is_administrator(bot, target.chat_id, user.user_id)


async def _is_administrator(bot: Bot, chat_id: int, user_id: int) -> bool:
    """Return whether the user administers the chat; False where Telegram does not say."""
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except TelegramError:
        return False
    return member.status in _ADMINISTRATORS
