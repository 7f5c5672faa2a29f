"""The Telegram conversation: commands and on-demand summaries."""

from bot.chat.conversation import Chat

__all__ = ["Chat"]
