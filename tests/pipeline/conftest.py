"""An empty store, once on SQLite and once on PostgreSQL; what is logged."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.settings import Secret
from bot.store import Store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store(Secret(store_url)) as store:
        yield store


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as lines:
        yield lines
