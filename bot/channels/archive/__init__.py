"""The archive channel: a folder of web pages and a feed."""
