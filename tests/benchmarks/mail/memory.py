"""How much memory a digest by mail takes, by the number of its readers: each number in a process of its own.

    python -m tests.benchmarks.mail.memory [READERS …]

Readers stand in a file; the edition is frozen for them, claimed, sent to smtp-sink and recorded, on SQLite.
Needs Postfix's smtp-sink (apt-get install postfix).
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import log
from bot.channels.mail.form import render_mail
from bot.models import Destination, Digest
from bot.pipeline.synchronization import read_file
from bot.settings import AddressFile, Secret
from bot.store import Store
from tests.benchmarks.mail.measure import edition, ours
from tests.real.postfix import smtp_sink

READERS = (1_000, 100_000)
DIGEST = Digest(
    name="daily", title="临溪摘报", language="zh", sources=(), times=(wall_time(8),), zone=ZoneInfo("UTC")
)


def once(readers: int) -> str:
    """Freeze and send one edition in this process; return its figures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        smtp_sink() as port,
        Store(Secret(f"sqlite:///{folder}/db")) as store,
    ):
        file = Path(folder) / "readers.txt"
        with file.open("w") as lines:
            lines.writelines(f"reader{number}@example.test\n" for number in range(readers))
        named = AddressFile(digest=DIGEST.name, channel="mail", file=file)
        now = datetime.now(UTC)
        started_at = time.perf_counter()
        made = edition(now)
        store.editions.freeze_edition(
            made,
            {"mail": render_mail(made)},
            (line for line in read_file(named) if isinstance(line, Destination)),
            now + timedelta(hours=23),
        )
        frozen_at = time.perf_counter()
        sent = asyncio.run(ours(store, port))
        seconds = time.perf_counter() - frozen_at
    assert sent == readers, f"{sent} of {readers} were sent"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    frozen_in = frozen_at - started_at
    return (
        f"{readers:>9,} readers  {peak:5.0f} MB at most  {frozen_in:5.1f} s to freeze  "
        f"{sent / seconds:5.0f} mails/s"
    )


def main() -> None:
    log.configure_logging((), errors_only=True)
    if sys.argv[1:2] == ["--once"]:
        print(once(int(sys.argv[2])))
        return
    for readers in map(int, sys.argv[1:] or READERS):
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.mail.memory", "--once", str(readers)], check=True
        )


if __name__ == "__main__":
    main()
