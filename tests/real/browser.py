"""Debian's Chromium by playwright, for pages as readers see them."""

from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.leaving_out import leave_out

CHROMIUM = Path("/usr/bin/chromium")
CJK_FONTS = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SWITCHES = [
    "--no-sandbox",  # as root Chromium refuses to start without
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


# Not for the whole session: while playwright is up an event loop runs in this thread, and asyncio.run refuses
# to.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running browser. In a module that also calls asyncio.run its tests come last."""
    if not CHROMIUM.exists():
        leave_out("Chromium is not installed", "apt-get install chromium")
    if not CJK_FONTS.exists():
        leave_out(
            "the Chinese fonts are not installed", "apt-get install fonts-noto-cjk fonts-noto-color-emoji"
        )
    if find_library("atomic") is None:
        leave_out("playwright's driver cannot start without libatomic", "apt-get install libatomic1")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        try:
            yield started
        finally:
            started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that reaches nothing but loopback and files."""
    context = browser.new_context()
    context.route(
        lambda url: not url.startswith(("http://127.0.0.1", "file:", "data:")),
        lambda route: route.abort(),
    )
    try:
        yield context.new_page()
    finally:
        context.close()
