"""Tests whose server or data is missing are left out, each with its reason; with ZHAIBAO_REAL=1 that is a
failure.
"""

import os
from typing import NoReturn

import pytest

PREFIX = "left out: "


def leave_out(what: str, remedy: str) -> NoReturn:
    """End the test here. `what` is missing ("PostgreSQL is not installed"), `remedy` a command or setting."""
    reason = f"{PREFIX}{what} ({remedy})"
    if os.environ.get("ZHAIBAO_REAL") == "1":
        pytest.fail(f"{reason}; ZHAIBAO_REAL=1 allows no test to be left out", pytrace=False)
    pytest.skip(reason)


def told(reasons: list[str]) -> list[str]:
    """Return one line a reason, the most frequent first: "7 tests: PostgreSQL is not installed (…)"."""
    counts = {reason: reasons.count(reason) for reason in reasons}
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"{count} test{'s' if count > 1 else ''}: {reason.removeprefix(PREFIX)}" for reason, count in ordered
    ]
