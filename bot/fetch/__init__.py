"""Polite, guarded HTTP and IMAP: one address in, its bytes out. Never parses what it fetched.

addresses   which URLs and IP addresses may be asked at all (pure)
network     the guard at the connection: resolve, check, connect to the checked address
body        compressed stream → bytes, within the limit
pace        one request at a time and a pause for each host, and Retry-After
mailbox     an IMAP folder → the mails that came since last time
fetcher     the door: Fetcher.get, Fetcher.mails
"""

from bot.fetch.fetcher import FetchedContent, Fetcher, FetchLimits
from bot.fetch.imap import FetchedMails

__all__ = ["FetchLimits", "FetchedContent", "FetchedMails", "Fetcher"]
