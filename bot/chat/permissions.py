"""Who may ask: everybody, or the users and the members of the chats that `[telegram] allow` names."""

from collections.abc import Callable, Sequence

from telegram import Bot, ChatMember, ChatMemberRestricted
from telegram.error import TelegramError

_CHECK_SECONDS = 600.0  # for which a membership is believed
_MAX_CHECKS = 10_000  # memberships at hand
_INSIDE = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)


class Permissions:
    """`allow` holds numbers of users, and of chats (below zero); nothing in it means everybody."""

    def __init__(self, allow: Sequence[int], clock: Callable[[], float]) -> None:
        self._users = frozenset(number for number in allow if number > 0)
        self._chats = tuple(number for number in allow if number < 0)
        self._clock = clock
        self._checks: dict[int, tuple[float, bool]] = {}  # user → until when, and whether allowed

    async def may_ask(self, user_id: int, bot: Bot) -> bool:
        if not (self._users or self._chats) or user_id in self._users:
            return True
        now = self._clock()
        until, is_allowed = self._checks.get(user_id, (now, False))
        if until <= now:
            is_allowed = await self._is_member_of_any(user_id, bot)
            if len(self._checks) >= _MAX_CHECKS:
                self._checks.clear()
            self._checks[user_id] = (now + _CHECK_SECONDS, is_allowed)
        return is_allowed

    async def _is_member_of_any(self, user_id: int, bot: Bot) -> bool:
        return any([await is_member(bot, chat, user_id) for chat in self._chats])


async def is_member(bot: Bot, chat_id: int, user_id: int) -> bool:
    """Return whether the user is in the chat; False where Telegram does not say."""
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except TelegramError:
        return False
    return member.status in _INSIDE or (isinstance(member, ChatMemberRestricted) and member.is_member)
