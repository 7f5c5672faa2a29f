"""The mail channel: one recipient a message, over SMTP."""
