"""The Telegram channel: a message a part, to chats, groups and channels."""
