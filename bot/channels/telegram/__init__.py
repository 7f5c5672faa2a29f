"""The Telegram channel: messages in HTML by the Bot API."""
