"""Where messages go: one package a channel, and the table of channels in registry.py.

A channel's package holds all that differs between channels: settings, address rules, message form, preview,
client and rate limits; its row.py refers to them. protocol.py says what a row and a client are.
docs/how-to/add-a-channel.md adds one.
"""
