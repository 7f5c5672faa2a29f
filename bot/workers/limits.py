"""What reading one document may cost, and how a worker enforces it on itself: the kernel counts and ends it."""

import os
import resource
import signal
import time
from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkLimits:
    """Limits of one call. `memory_bytes` counts what the call needs beside the program and its libraries.

    CPU time is limited, and not the time of the clock, so that a busy machine refuses nothing. `wall_seconds`
    is for a worker that waits for ever.
    """

    cpu_seconds: int
    memory_bytes: int
    result_bytes: int
    wall_seconds: float
    is_scan: bool = False  # needs the worker for pictures: a page of them takes both cores and some 600 MB


# Chosen, not fitted: a feed of 25 articles takes 0.02 s. The hostile collection of
# tests/benchmarks/workers/hostile.py stays below these limits or is ended by them. Feeds, web pages, mails,
# lists of feeds, plain text and Markdown:
TEXT_LIMITS = WorkLimits(
    cpu_seconds=20, memory_bytes=500 * MEGABYTE, result_bytes=16 * MEGABYTE, wall_seconds=300.0
)
PDF_LIMITS = WorkLimits(
    cpu_seconds=60, memory_bytes=800 * MEGABYTE, result_bytes=32 * MEGABYTE, wall_seconds=600.0
)
_SCAN_CPU_SECONDS = 100  # a page; some 20 s are needed (docs/measurements.md)


def build_scan_limits(pages: int) -> WorkLimits:
    """Return the limits of a document with so many pages that are pictures."""
    cpu_seconds = PDF_LIMITS.cpu_seconds + _SCAN_CPU_SECONDS * pages
    return WorkLimits(
        cpu_seconds=cpu_seconds,
        memory_bytes=2500 * MEGABYTE,
        result_bytes=PDF_LIMITS.result_bytes,
        wall_seconds=cpu_seconds * 5.0,
        is_scan=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkItem:
    """What a call reads: the document's name for messages, and its limits."""

    name: str
    limits: WorkLimits = TEXT_LIMITS


def prepare_process() -> None:
    """Let the kernel end this process at its CPU limit, and leave no core file."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def apply_limits(limits: WorkLimits) -> None:
    """Limit what this process may use from now on."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + limits.cpu_seconds, hard))
    if pages := _read_memory_pages():
        in_use = pages[1] * os.sysconf("SC_PAGE_SIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (in_use + limits.memory_bytes, hard))


def measure_resident_bytes() -> int:
    """Return how much memory this process holds; 0 where the system does not say."""
    pages = _read_memory_pages()
    return pages[0] * os.sysconf("SC_PAGE_SIZE") if pages else 0


def _read_memory_pages() -> tuple[int, int] | None:
    """Return the pages that are resident and those of writable memory; None on systems without /proc."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            fields = file.read().split()
    except OSError:
        return None
    return int(fields[1]), int(fields[5])
