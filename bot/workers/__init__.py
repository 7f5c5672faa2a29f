"""Runs the parsing of bytes from outside in processes of their own, with limits on time, memory and size of
the result.

    async with WorkerPool() as workers:
        listing = await workers.run(WorkItem(name="feed.xml"), parse_listing, data, url, source)

limits     what reading one document may cost, and how a worker enforces it on itself
messages   calls and answers as bytes; what an answer may hold
serving    the worker process: it answers one call after another
pool       this side: worker processes, started when they are needed, ended when they are idle or over a limit

A worker has none of our environment and so none of our secrets, and hears no Ctrl-C. It ends when its pipe
does: with us, however we end. A document that ends its worker raises LimitExceeded and costs nothing else;
the next call gets a new worker. Nothing is imported here, so that a worker starts fast.
"""
