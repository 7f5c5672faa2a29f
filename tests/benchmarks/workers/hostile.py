"""Read every document of tests/workers/hostile.py in a worker; probe the event loop every 10 ms.

    python -m tests.benchmarks.workers.hostile [WORD]      # only those with WORD in their names

Prints the seconds by the clock, how late 99.9 % of the probes were at most, and what came of the
document. Exits 1 beyond the aim of 100 ms.
"""

import asyncio
import sys
import time

from tests.workers.hostile import DOCUMENTS
from tests.workers.test_hostile import MAX_LATE_SECONDS, read_with_probe


def main() -> int:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    latest = 0.0
    for document, (kind, name, build) in DOCUMENTS.items():
        if word not in document:
            continue
        data = build()
        began = time.perf_counter()
        late, outcome = asyncio.run(read_with_probe(kind, name, data))
        latest = max(latest, late)
        seconds = time.perf_counter() - began
        print(
            f"{seconds:6.1f} s, late {late * 1000:4.0f} ms: {document} "
            f"({len(data) / 1e6:.2f} MB): {outcome[:90]}"
        )
    return int(latest > MAX_LATE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
