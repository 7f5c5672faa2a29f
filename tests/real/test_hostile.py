"""The service while a document that was made to cost time is being read."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.real.installation import Installation, wait_until
from tests.workers.hostile import DOCUMENTS

STOP_SECONDS = 10.0
CPU_SECONDS = 2.0  # that a worker has used when it has surely loaded its libraries and is reading


def cpu_seconds_of_children(pid: int) -> float:
    """Return the CPU time of the process's worker that used most."""
    ticks = [0]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        ticks.append(int(fields[11]) + int(fields[12]))
    return max(ticks) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "document", ["a page of 50,000 lines of one character", "Markdown of 100,000 links that do not close"]
)
def test_a_service_told_to_stop_in_the_middle_of_it_ends_in_time(
    tmp_path: Path, store_url: str, document: str
) -> None:
    house = Installation(tmp_path, store_url)
    kind, name, build = DOCUMENTS[document]
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / name).write_bytes(build())
    house.source += f'\n[[source]]\nkind = "{kind}"\nname = "drop"\npath = "drop"\n'
    house.send_to("archive", "")
    process = house.start("run")
    try:
        assert wait_until(lambda: cpu_seconds_of_children(process.pid) >= CPU_SECONDS, 120), house.log[-3000:]
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        asked_at = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_SECONDS) == 0, house.log[-3000:]
        assert time.monotonic() - asked_at <= STOP_SECONDS
        assert wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), 5)
    finally:
        process.kill()
        process.wait()
