"""Who gets the digest. Pure."""
