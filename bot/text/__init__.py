"""Bytes and text: encoding and folding. Pure."""
