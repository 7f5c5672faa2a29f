"""How the service ends: in order at the first signal, at once at the second, never later than promised."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Stops when told, but a thread goes on for a minute, as one in the middle of a huge page would.
STUCK = """\
import asyncio, time
from bot.cli.signals import stop_on_signal

async def work():
    stop = asyncio.Event()
    stop_on_signal(stop.set, grace_seconds={grace})
    stuck = asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)
    print("ready", flush=True)
    await stop.wait()
    print("told", flush=True)
    await stuck

asyncio.run(work())
"""


@pytest.mark.parametrize(("grace", "signals", "status"), [(0.2, 1, 128 + 15), (60, 2, -signal.SIGTERM)])
def test_a_stuck_thread_holds_up_the_end_no_longer_than_promised(
    grace: float, signals: int, status: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK.format(grace=grace)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "told\n"
        told_at = time.monotonic()
        if signals == 2:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == status
        assert time.monotonic() - told_at < 30
    finally:
        process.kill()
        process.communicate()
