"""The Telegram conversation: subscribing, reading digests, and summaries on request."""

from bot.chat.conversation import Chat
from bot.chat.parts import ChatParts

__all__ = ["Chat", "ChatParts"]
