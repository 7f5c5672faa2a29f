"""The real parts as fixtures: each is started on loopback, on a port and in a folder of its own."""

from collections.abc import Iterator

import pytest

from tests.real.bot_api import Double
from tests.real.browser import browser, page
from tests.real.dovecot import dovecot
from tests.real.feeds import publisher
from tests.real.postfix import postfix, postfix_server
from tests.real.smtp import submission

__all__ = ["browser", "double", "dovecot", "page", "postfix", "postfix_server", "publisher", "submission"]


@pytest.fixture
def double() -> Iterator[Double]:
    """A running Bot API double that knows no chat yet."""
    with Double() as started:
        yield started
