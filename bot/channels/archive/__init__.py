"""The archive channel: pages and a feed in a folder."""
