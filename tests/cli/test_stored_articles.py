"""`zhaibao search`, `zhaibao render` and `zhaibao vacuum`."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.assembly import load_configuration
from bot.cli.main import cli
from bot.errors import InputError, UnknownName
from bot.models import Article
from bot.pipeline.publish import publish_now
from bot.store import Store

CONFIG = """
[[source]]
name = "paper"
kind = "page"
path = "pages"
[[digest]]
name = "daily"
[store]
keep_days = 30
"""
TEXT = "县里修好了通往大坪乡的最后一段公路，全长十七公里，总投资八千二百万元，十一月二十日通车。"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "zhaibao.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def article(title: str) -> Article:
    return Article(title=title, text=TEXT + title + "。", source="paper", publisher="临溪日报")


async def published(config: Path) -> None:
    settings = load_configuration(config)
    with Store(settings.store_url) as store:
        now = datetime.now(UTC)
        store.articles.add_articles([article("公路通车")], now)
        await publish_now(settings, store, settings.digests[0], now)


def run(config: Path, *words: str) -> str:
    result = CliRunner().invoke(cli, ["--config", str(config), *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_render_writes_the_edition_as_it_was_published(config: Path, tmp_path: Path) -> None:
    asyncio.run(published(config))
    run(config, "render", "1", "--out", str(tmp_path / "first"))
    run(config, "vacuum")
    run(config, "render", "1", "--out", str(tmp_path / "second"))
    first, second = (
        {p.name: p.read_bytes() for p in (tmp_path / n).rglob("*.*")} for n in ("first", "second")
    )
    assert first == second
    assert "公路通车" in first["telegram-1.txt"].decode()


def test_render_names_an_edition_that_is_not_there(config: Path) -> None:
    with pytest.raises(UnknownName, match="no edition 7; `zhaibao editions`"):
        run(config, "render", "7")


def test_vacuum_lets_go_what_is_older_than_keep_days(config: Path) -> None:
    now = datetime.now(UTC)
    with Store(load_configuration(config).store_url) as store:
        store.articles.add_articles([article("旧闻")], now - timedelta(days=31))
        store.articles.add_articles([article("新闻")], now - timedelta(days=29))
    assert "Deleted 1 article older than 30 days" in run(config, "vacuum")
    with Store(load_configuration(config).store_url) as store:
        assert [a.title for a in store.articles.load_articles_since(now - timedelta(days=99), ["paper"])] == [
            "新闻"
        ]


def test_search_tells_which_edition_told_an_article(config: Path) -> None:
    asyncio.run(published(config))
    told = run(config, "search", "公路")
    assert "公路通车\n" in told
    assert re.search(r"printed in daily \d{4}-\d\d-\d\d \(edition 1\)", told)


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        (("公路", "乡"), True),
        (("大坪乡 的最后",), False),
        (("大坪乡的最后 一段",), False),
        (('"大坪乡的最后一段"',), True),
        (("公路", "-通车"), False),
        (("公路", "!水库"), True),
        (("-水库", "公路"), True),
        (("--", "-水库", "公路"), True),
    ],
)
def test_search_takes_quotes_and_signs_as_they_are_typed(
    config: Path, words: tuple[str, ...], is_found: bool
) -> None:
    asyncio.run(published(config))
    assert ("公路通车" in run(config, "search", *words).splitlines()) is is_found


def test_search_says_when_nothing_fits(config: Path) -> None:
    run(config, "search", "水库")  # which makes the database, and says so
    assert run(config, "search", "水库", "-公路") == "No article matches: 水库 -公路\n"
    with pytest.raises(InputError, match="at least one word"):
        run(config, "search", "-公路")
