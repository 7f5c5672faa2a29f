"""While a document that was made to cost time is read, everything else goes on."""

import asyncio
import time
from dataclasses import replace

import pytest

from bot.errors import InputError, LimitExceeded, SourceError
from bot.models import Source
from bot.pipeline.source_readers.documents import parse_document
from bot.workers.limits import TEXT_LIMITS
from bot.workers.worker_pool import WorkerPool
from tests.workers.hostile import DOCUMENTS

MAX_LATE_SECONDS = 0.1  # of 99.9 % of the probes
PROBE_SECONDS = 0.01
# A machine that other programs keep busy is late by itself: the best of so many readings counts.
READINGS = 3


async def probe(late: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(PROBE_SECONDS)
        late.append(time.perf_counter() - began - PROBE_SECONDS)


async def read_with_probe(kind: str, name: str, data: bytes) -> tuple[float, str]:
    """Return how late the 99.9th percentile of the probes was during the reading, and its result."""
    late: list[float] = []
    async with WorkerPool() as workers:
        task = asyncio.create_task(probe(late))
        try:
            listing = await parse_document(data, name, Source(kind=kind, name="x", address=name), workers.run)
            outcome = f"{len(listing.articles)} articles"
        except (InputError, SourceError) as error:
            outcome = str(error)
        await asyncio.sleep(2 * PROBE_SECONDS)
        task.cancel()
    late.sort()
    return late[min(len(late) - 1, int(len(late) * 0.999))], outcome


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_loop_is_never_held_up(document: str) -> None:
    kind, name, build = DOCUMENTS[document]
    data = build()
    results = []
    for _ in range(READINGS):
        results.append(asyncio.run(read_with_probe(kind, name, data)))
        if results[-1][0] <= MAX_LATE_SECONDS:
            return
    pytest.fail(f"late by {results}")


def test_a_page_that_takes_too_long_is_ended_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bot.pipeline.source_readers.documents.TEXT_LIMITS", replace(TEXT_LIMITS, cpu_seconds=1)
    )
    kind, name, build = DOCUMENTS["a page of 50,000 lines of one character"]

    async def read() -> None:
        async with WorkerPool() as workers:
            await parse_document(build(), name, Source(kind=kind, name="x", address=name), workers.run)

    with pytest.raises(LimitExceeded, match=r"a\.txt: needs more than 1 s of CPU time to read"):
        asyncio.run(read())


def test_a_pdf_that_needs_too_much_memory_is_refused_by_name() -> None:
    kind, name, build = DOCUMENTS["a PDF that inflates to 500 MB"]

    async def read() -> None:
        async with WorkerPool() as workers:
            await parse_document(build(), name, Source(kind=kind, name="x", address=name), workers.run)

    with pytest.raises(SourceError, match=r"a\.pdf"):
        asyncio.run(read())
