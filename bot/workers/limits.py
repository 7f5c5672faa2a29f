"""The limits for reading one document. A worker applies them to itself, and the kernel enforces them."""

import os
import resource
import signal
import time
from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkLimits:
    """Limits of one call. `memory_bytes` is the memory of the call without the program and its libraries.

    CPU time is limited instead of wall time, so that a busy machine does not refuse documents. `wall_seconds`
    ends a worker that waits forever.
    """

    cpu_seconds: int
    memory_bytes: int
    result_bytes: int
    wall_seconds: float
    is_scan: bool = False  # needs the worker for pictures: one page takes both cores and about 600 MB


# Chosen, not fitted: a feed of 25 articles takes 0.02 s. The hostile documents of
# tests/benchmarks/workers/hostile.py stay below these limits or are stopped by them. Feeds, web pages, mails,
# lists of feeds, plain text and Markdown:
TEXT_LIMITS = WorkLimits(
    cpu_seconds=20, memory_bytes=500 * MEGABYTE, result_bytes=16 * MEGABYTE, wall_seconds=300.0
)
PDF_LIMITS = WorkLimits(
    cpu_seconds=60, memory_bytes=800 * MEGABYTE, result_bytes=32 * MEGABYTE, wall_seconds=600.0
)
_SCAN_CPU_SECONDS = 100  # per page; about 20 s are needed (docs/measurements.md)


def build_scan_limits(pages: int) -> WorkLimits:
    """Return the limits of a document with this number of scanned pages."""
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
    """The document that a call reads: its name for messages, and its limits."""

    name: str
    limits: WorkLimits = TEXT_LIMITS


def prepare_process() -> None:
    """Let the kernel end this process at its CPU limit without a core file."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def apply_limits(limits: WorkLimits) -> None:
    """Apply the limits to this process from now on."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + limits.cpu_seconds, hard))
    if pages := _read_memory_pages():
        in_use = pages[1] * os.sysconf("SC_PAGE_SIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (in_use + limits.memory_bytes, hard))


def measure_resident_bytes() -> int:
    """Return the resident memory of this process in bytes, or 0 if the system does not report it."""
    pages = _read_memory_pages()
    return pages[0] * os.sysconf("SC_PAGE_SIZE") if pages else 0


def _read_memory_pages() -> tuple[int, int] | None:
    """Return the numbers of resident and of writable memory pages, or None on systems without /proc."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            fields = file.read().split()
    except OSError:
        return None
    return int(fields[1]), int(fields[5])
