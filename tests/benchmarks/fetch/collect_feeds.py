"""Collect 1,000 feeds from loopback with every limit on, and measure time, memory and how long the loop was
blocked.

    python tests/benchmarks/fetch/collect_feeds.py [--feeds 1000]

Each feed is a host of its own (127.1.x.y); 20 % are unchanged, 5 % dead (nobody listens), 2 % slow (1 byte a
second), the rest bring 25 new items of some 600 characters. The server is a process of its own. Memory is
that of the program and of its workers together, what they share counted for each. Exits 1 beyond the aims: 60
s, 300 MB, 100 ms.
"""

import argparse
import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bot.fetch import Fetcher
from bot.models import Source
from bot.pipeline.collect import CollectOutcome, collect_sources
from bot.settings import Secret, Settings
from bot.store import Store
from bot.workers.worker_pool import WorkerPool

MAX_SECONDS, MAX_MEGABYTES, MAX_BLOCKED_MILLISECONDS = 60.0, 300.0, 100.0
ITEMS = 25
ETAG = '"same"'
SENTENCE = "第{n}条：临溪县{k}个乡镇的急救站今年共出车{n}{k}次，平均{k}分钟到达，比去年缩短了{n}秒，县里说明年还要再建两个。"  # noqa: E501
HOSTS_A_ROW = 250
BLINK = 0.005  # seconds between two looks at the loop
WEIGHED = 0.5  # seconds between two looks at the memory


def feed(number: int) -> bytes:
    items = "".join(
        f"<item><title>第{number}号报第{item}条</title><link>https://f{number}.example/{item}</link>"
        f"<pubDate>Fri, 20 Nov 2026 08:{item:02}:00 +0800</pubDate><description><![CDATA["
        + "".join(f"<p>{SENTENCE.format(n=item * 7 + number, k=part + 2)}</p>" for part in range(11))
        + "]]></description></item>"
        for item in range(ITEMS)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'
    ).encode()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    kind, number = head.split(" ")[1].strip("/").split("/")
    if kind == "slow":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"<")
            await asyncio.sleep(1)
    elif ETAG in head:
        writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    else:
        body = feed(int(number))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
    writer.close()


async def serve() -> None:
    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def kind_of(number: int) -> str:
    share = number % 100
    return "same" if share < 20 else "dead" if share < 25 else "slow" if share < 27 else "new"


def sources(count: int, port: int) -> tuple[Source, ...]:
    rows = []
    for number in range(count):
        host = (
            f"127.1.{number // HOSTS_A_ROW}.{number % HOSTS_A_ROW + 1}:"
            f"{1 if kind_of(number) == 'dead' else port}"
        )
        rows.append(
            Source(kind="feed", name=f"f{number}", address=f"http://{host}/{kind_of(number)}/{number}")
        )
    return tuple(rows)


class Watch:
    """Looks at the loop all the time and remembers how long it did not look back, by the clock and by the
    processor.
    """

    def __init__(self) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []  # of the loop's thread: what other programs take does not count
        self.megabytes = 0.0  # at most, of this program and its workers

    async def look(self) -> None:
        while True:
            began, busy = time.perf_counter(), time.thread_time()
            await asyncio.sleep(BLINK)
            self.late.append(time.perf_counter() - began - BLINK)
            self.busy.append(time.thread_time() - busy)

    async def weigh(self, server: int) -> None:
        while True:
            self.megabytes = max(self.megabytes, sum(map(resident, ours(server))))
            await asyncio.sleep(WEIGHED)


def ours(server: int) -> set[str]:
    """The numbers of this program and its workers."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {str(os.getpid()), *children} - {str(server)}


def resident(pid: str) -> float:
    """The memory in MB that a program has in use, 0 where it has ended."""
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


async def measure(
    count: int, port: int, server: int, folder: Path
) -> tuple[tuple[CollectOutcome, ...], float, Watch]:
    rows = sources(count, port)
    settings = Settings(file=folder / "zhaibao.toml", sources=rows, digests=())
    hosts = frozenset(row.address.split("/")[2] for row in rows)
    now = datetime.now(UTC)
    watch = Watch()
    with Store(Secret(f"sqlite:///{folder / 'benchmark.db'}")) as store:
        for number, row in enumerate(rows):
            if kind_of(number) == "same":
                store.sources.record_success(row.name, now, etag=ETAG, last_modified="")
        async with (
            WorkerPool() as workers,
            Fetcher(contact="benchmark@linxi.example", allow_private=hosts) as fetcher,
        ):
            watching = [asyncio.create_task(watch.look()), asyncio.create_task(watch.weigh(server))]
            began = time.perf_counter()
            found = await collect_sources(settings, store, fetcher, workers.run, now)
            seconds = time.perf_counter() - began
            for task in watching:
                task.cancel()
    return found, seconds, watch


def report(found: tuple[CollectOutcome, ...], seconds: float, watch: Watch) -> bool:
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    megabytes = watch.megabytes
    busy, theirs = own.ru_utime + own.ru_stime, workers.ru_utime + workers.ru_stime
    late = sorted(watch.late)
    blocked = late[-1] * 1000
    print(Counter(each.error.split(": ", 1)[-1] or "read" for each in found).most_common(8))
    print(
        f"{len(found)} feeds, {sum(each.new for each in found)} articles in {seconds:.1f} s, "
        f"{megabytes:.0f} MB"
    )
    print(
        f"loop blocked at most {blocked:.0f} ms; 99 % of looks under "
        f"{late[len(late) * 99 // 100] * 1000:.0f} ms"
    )
    print(f"of a processor: {busy:.1f} s, the workers {theirs:.1f} s")
    print(f"between two looks at most {max(watch.busy) * 1000:.0f} ms of the loop's own")
    return seconds <= MAX_SECONDS and megabytes <= MAX_MEGABYTES and blocked <= MAX_BLOCKED_MILLISECONDS


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return 0
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            is_within = report(*asyncio.run(measure(options.feeds, port, server.pid, Path(folder))))
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    return int(not is_within)


if __name__ == "__main__":
    sys.exit(main())
