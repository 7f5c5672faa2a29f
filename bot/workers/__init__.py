"""Parses untrusted bytes in separate processes, with limits on time, memory and the size of the result.

    async with WorkerPool() as workers:
        listing = await workers.run(WorkItem(name="feed.xml"), parse_listing, data, url, source)

limits     the limits for reading one document, and how a worker applies them to itself
messages   calls and answers as bytes, and the values that an answer may contain
serving    the worker process: it answers one call after another
pool       the parent process: starts workers when needed, ends idle workers and those that exceed a limit

A worker does not get our environment and therefore no secrets. It ignores Ctrl-C. It ends when its pipe
closes, which always happens when this process ends. A document that ends its worker raises LimitExceeded and
has no other effect; the next call gets a new worker. This module imports nothing, so that a worker starts
fast.
"""
