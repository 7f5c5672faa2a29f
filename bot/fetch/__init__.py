"""Polite, guarded HTTP and IMAP: from an address to its bytes. Nothing here parses what it fetched.

addresses   which URLs and IP addresses may be requested at all (pure)
network     the guard at the connection: resolve, check, connect to the checked address
decompression compressed stream → bytes, within the limit
host_turns  one request at a time and a pause for each host, and Retry-After
imap        an IMAP folder → the mails that arrived since the last reading
robots      which pages a site's robots.txt allows
fetcher     what other packages use: Fetcher
"""

from bot.fetch.fetcher import FetchedContent, Fetcher, FetchLimits
from bot.fetch.imap import FetchedMails

__all__ = ["FetchLimits", "FetchedContent", "FetchedMails", "Fetcher"]
