"""A key in a source's address is shown by no command, in no warning and in no log."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog

from bot import log
from bot.errors import BadStatus
from tests.cli.conftest import CONFIGURATION, Shell

SECRET = "k3y-of-mine"
TEXT = "县里的老船厂昨天重新开工。船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。" * 6
ITEMS = "".join(
    f"<item><title>老船厂重新开工第{n}天</title><link>https://reader:{SECRET}@a.example/{n}</link>"
    f"<description>{n}{TEXT}</description></item>"
    for n in range(3)
)
FEED = f'<rss version="2.0"><channel><title>临溪新闻网</title>{ITEMS}</channel></rss>'
SOURCES = """
[[source]]
name = "answers"
kind = "feed"
url = "http://127.0.0.1:{port}/feed.xml?key={secret}"

[[source]]
name = "missing"
kind = "feed"
url = "http://127.0.0.1:{port}/gone.xml?token={secret}&page=1"

[[source]]
name = "nonsense"
kind = "feed"
url = "http://127.0.0.1:{port}/page.txt?{secret}"

[[source]]
name = "refused"
kind = "feed"
url = "http://127.0.0.1:1/feed.xml?key={secret}"

[fetch]
allow_private = ["127.0.0.1:{port}", "127.0.0.1:1"]
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[int]:
    root = tmp_path / "site"
    root.mkdir()
    (root / "feed.xml").write_text(FEED, "utf-8")
    (root / "page.txt").write_text("nonsense", "utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def configure(folder: Path, site: int) -> None:
    (folder / "zhaibao.toml").write_text(CONFIGURATION + SOURCES.format(port=site, secret=SECRET), "utf-8")


@pytest.mark.parametrize("commands", [["check"], ["collect", "sources"], ["preview daily"]])
def test_no_command_shows_the_key(zhaibao: Shell, folder: Path, site: int, commands: list[str]) -> None:
    configure(folder, site)
    shown = ""
    for command in commands:
        ended = zhaibao(*command.split())
        shown += "".join((ended.out + ended.err).split())  # without the line breaks of a narrow terminal
    assert f"127.0.0.1:{site}/gone.xml?***" in shown
    assert SECRET not in shown


def test_a_links_user_and_password_reach_no_subscriber(zhaibao: Shell, folder: Path, site: int) -> None:
    configure(folder, site)
    zhaibao("preview", "daily", "--out", "out")
    texts = [path.read_text("utf-8", "replace") for path in (folder / "out").rglob("*") if path.is_file()]
    assert any("https://a.example/" in text for text in texts)
    assert not any(SECRET in text for text in texts)


def test_no_log_line_holds_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging(())
    address = f"https://reader:{SECRET}@a.example/feed.xml?key={SECRET}"
    logger = structlog.get_logger("collect")
    logger.warning("unread", url=address, error=BadStatus(address, 403))
    try:
        raise ValueError(f"cannot read {address}")
    except ValueError:
        logger.exception("bug")
    shown = capsys.readouterr().err
    assert shown.count("https://a.example/feed.xml?***") >= 3
    assert SECRET not in shown
