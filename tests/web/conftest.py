"""Pages over a store with two editions, one Chinese and one English digest, and a browser for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from bot.channels.mail.settings import MailSettings
from bot.models import Article, Digest, Edition, MessagePart, Story
from bot.settings import Secret, Settings, WebSettings
from bot.store import Store
from bot.web.application import build_application
from bot.web.site import WebSite
from summarizer import summarize
from tests.fakes import NOON, Clock

CHINA = ZoneInfo("Asia/Shanghai")
ADDRESS = "https://digest.example.org"
MAIL = MailSettings(host="localhost", sender="临溪摘报 <digest@example.org>")
TEXT = (
    "临溪县急救中心11月20日启用，总投资1.26亿元。全县急救半径缩短到15分钟。\n"
    "中心配备12辆救护车，乡镇设了6个急救站。县卫健局局长林夏说，明年还要再建两个站。\n"
    + "记者在现场看到，调度大厅的屏幕上显示着每辆车的位置，三名调度员正在接听电话。"
    * 6
)
DIGESTS = (
    Digest(name="daily", sources=(), title="临溪摘报", language="zh", zone=CHINA, times=(time(8),)),
    Digest(name="world", sources=(), title="World Digest", language="en", zone=CHINA, times=(time(9),)),
)


def make_edition(digest: Digest, slot_at: datetime, stories: int = 2) -> Edition:
    articles = [
        Article(
            title=f"临溪县急救中心启用（{number}）",
            text=TEXT,
            source="临溪日报",
            page="第3版",
            url=f"https://paper.example/{number}?a=1&b=2",
            language="zh",
        )
        for number in range(1, stories + 1)
    ]
    return Edition(
        digest=digest.name,
        slot_at=slot_at,
        title=digest.title,
        language=digest.language,
        zone=digest.zone,
        theme="plain",
        created_at=slot_at,
        stories=tuple(
            Story(article=article, summary=summarize(article.text, title=article.title, characters=60))
            for article in articles
        ),
    )


@dataclass
class Pages:
    """The browser, and what lies behind the pages."""

    browser: TestClient
    store: Store
    site: WebSite
    clock: Clock

    def list_mails(self) -> list[tuple[str, str, MessagePart]]:
        """Return the address, subject and content of every mail that waits to be sent."""
        mails = []
        for delivery in self.store.deliveries.list_deliveries(limit=100):
            message = self.store.direct_messages.load_message(delivery.direct_message_id or 0)
            mails.append((delivery.address, message.subject, message.parts[0]))
        return mails

    def open_new_browser(self) -> TestClient:
        return TestClient(build_application(self.site), base_url=ADDRESS, follow_redirects=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(Secret(f"sqlite:///{tmp_path / 'zhaibao.db'}")) as store:
        yield store


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to a form does not take its usual time."""
    monkeypatch.setattr("bot.web.sign_up._WORK_SECONDS", 0.0)


@pytest.fixture
def make_pages(store: Store, tmp_path: Path) -> Callable[..., Pages]:
    def make(*, sends_mail: bool = True, themes: Path | None = None, **web: object) -> Pages:
        settings = Settings(
            file=tmp_path / "zhaibao.toml",
            sources=(),
            digests=DIGESTS,
            themes=themes,
            channel_settings={"mail": MAIL} if sends_mail else {},
            web=replace(WebSettings(listen="127.0.0.1:8410", address=ADDRESS), **web),  # type: ignore[arg-type]
        )
        clock = Clock()
        site = WebSite(settings=settings, store=store, read_time=clock)
        browser = TestClient(build_application(site), base_url=ADDRESS, follow_redirects=False)
        browser.headers["accept-language"] = "en"
        return Pages(browser, store, site, clock)

    return make


@pytest.fixture
def pages(make_pages: Callable[..., Pages], store: Store) -> Iterator[Pages]:
    for days in (2, 1):
        edition = make_edition(DIGESTS[0], NOON - timedelta(days=days))
        store.editions.freeze_edition(edition, {}, (), NOON + timedelta(days=1))
    store.editions.freeze_edition(make_edition(DIGESTS[1], NOON, 9), {}, (), NOON + timedelta(days=1))
    store.search.index_new()
    while store.search.index_next_edition():
        pass
    return make_pages()
