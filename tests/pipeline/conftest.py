"""An empty store, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator

import pytest

from bot.settings import Secret
from bot.store import Store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store(Secret(store_url)) as store:
        yield store
