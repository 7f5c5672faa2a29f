"""How a running command ends: cleanly at the first signal, at once at the second."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_GRACE_SECONDS = 9.5  # service managers kill after ten seconds


def stop_on_signal(stop: Callable[[], None], grace_seconds: float = _GRACE_SECONDS) -> None:
    """Call `stop` at the first SIGTERM or Ctrl-C. End at once at the second, or after `grace_seconds`."""
    loop = asyncio.get_running_loop()

    def stop_once() -> None:
        for name in _STOP_SIGNALS:
            loop.remove_signal_handler(name)
        # A thread that parses a page cannot be interrupted, and Python would wait for it. It is safe to end
        # at any time: the next start finds the messages that were being sent.
        timer = threading.Timer(grace_seconds, os._exit, [128 + signal.SIGTERM])
        timer.daemon = True
        timer.start()
        stop()

    for name in _STOP_SIGNALS:
        loop.add_signal_handler(name, stop_once)
