"""`zhaibao sources`: list, add, import, export."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.assembly import load_configuration
from bot.cli.main import cli
from bot.errors import ForbiddenAddress, InputError, SourceError
from tests.sources.papers import founder

CONFIG = """# mine
[[source]]
name = "paper"
kind = "page"
path = "pages"
[[digest]]
name = "daily"
[fetch]
allow_private = ["127.0.0.1:{port}"]
"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel>
<title>临溪新闻网</title><link>x</link><description>d</description>
<item><title>蓄水</title><guid>1</guid><description>今天开始蓄水。</description></item></channel></rss>"""
PAGE = (
    '<html><head><link rel="alternate" type="application/rss+xml" title="临溪新闻" '
    'href="/news.xml"></head><p>x</html>'
)
OPML = """<opml version="2.0"><body><outline text="要闻">
<outline text="甲 &quot;报&quot;" xmlUrl="https://a.example/feed"/><outline text="乙" xmlUrl="https://b.example/feed"/>
</outline></body></opml>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[int]:
    """A site on loopback: a page that names its feed. The port."""
    root = tmp_path / "site"
    root.mkdir()
    (root / "index.html").write_text(PAGE, encoding="utf-8")
    (root / "news.xml").write_text(FEED, encoding="utf-8")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def config(tmp_path: Path, site: int) -> Path:
    path = tmp_path / "zhaibao.toml"
    path.write_text(CONFIG.format(port=site), encoding="utf-8")
    return path


def run(config: Path, *words: str) -> Result:
    result = CliRunner().invoke(cli, ["--config", str(config), "sources", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result


def test_add_finds_a_sites_feed_and_keeps_what_was_written(config: Path, site: int) -> None:
    assert (
        "Added 'news-1' (feed" in run(config, "add", f"http://127.0.0.1:{site}/", "--name", "news-1").output
    )
    assert config.read_text("utf-8").startswith("# mine\n")
    added = load_configuration(config).sources[-1]
    assert (added.kind, added.address) == ("feed", f"http://127.0.0.1:{site}/news.xml")
    assert added.title == "临溪新闻网", "what the feed calls itself goes before what the page calls it"
    assert "is there already, as 'news-1'" in run(config, "add", f"http://127.0.0.1:{site}/").output


def test_add_calls_a_feed_without_a_title_as_the_page_does(config: Path, site: int, tmp_path: Path) -> None:
    (tmp_path / "site" / "news.xml").write_text(FEED.replace("临溪新闻网", ""), "utf-8")
    run(config, "add", f"http://127.0.0.1:{site}/")
    assert load_configuration(config).sources[-1].title == "临溪新闻"


def test_add_passes_over_a_feed_that_does_not_answer(config: Path, site: int, tmp_path: Path) -> None:
    (tmp_path / "site" / "news.xml").rename(tmp_path / "site" / "feed")
    run(config, "add", f"http://127.0.0.1:{site}/")
    assert load_configuration(config).sources[-1].address == f"http://127.0.0.1:{site}/feed"


def test_add_tells_how_an_address_of_ones_own_is_allowed(config: Path) -> None:
    with pytest.raises(ForbiddenAddress, match=r'allow_private = \["127\.0\.0\.1:9"\]'):
        run(config, "add", "http://127.0.0.1:9/")


def test_add_recognizes_an_electronic_newspaper_and_makes_its_day_a_field(
    config: Path, site: int, tmp_path: Path
) -> None:
    for where, page in founder().items():
        path = tmp_path / "site" / where[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page)
    address = f"http://127.0.0.1:{site}/html/2026-11/20/node_2.htm"
    assert "(epaper, " in run(config, "add", address, "--name", "daily").output
    added = load_configuration(config).sources[-1]
    assert (added.kind, added.title) == ("epaper", "临溪日报数字报")
    assert added.address == f"http://127.0.0.1:{site}/html/{{day:%Y-%m/%d}}/node_1.htm"


def test_add_says_when_nothing_there_can_be_read(config: Path, site: int, tmp_path: Path) -> None:
    (tmp_path / "site" / "index.html").write_text("<html><p>x</html>", encoding="utf-8")
    (tmp_path / "site" / "news.xml").unlink()
    before = config.read_bytes()
    with pytest.raises(SourceError, match="there is no feed, no article"):
        run(config, "add", f"http://127.0.0.1:{site}/")
    assert config.read_bytes() == before


def test_add_says_how_a_mailbox_becomes_a_source(config: Path) -> None:
    with pytest.raises(InputError, match=r"write it into .*zhaibao.toml by hand"):
        run(config, "add", "imaps://imap.example/INBOX")


def test_import_adds_each_feed_once_and_export_gives_them_back(config: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_text(OPML, encoding="utf-8")
    assert "Added 2 sources" in run(config, "import", str(tmp_path / "mine.opml")).output
    assert "Added 0 sources" in run(config, "import", str(tmp_path / "mine.opml")).output
    added = load_configuration(config).sources[1:]
    assert [(row.address, row.title, row.section) for row in added] == [
        ("https://a.example/feed", '甲 "报"', "要闻"),
        ("https://b.example/feed", "乙", "要闻"),
    ]
    assert 'xmlUrl="https://b.example/feed"' in run(config, "export").output


def test_the_list_says_how_each_source_is(config: Path) -> None:
    assert "never" in run(config).output
