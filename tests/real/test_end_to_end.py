"""The main job with real parts: `zhaibao run` reads a page and a feed, publishes on time, delivers once,
answers.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from bot.models import Delivery
from bot.settings import Secret
from bot.store import Store
from bot.store.tables import deliveries
from tests.real.bot_api import Chat, Double
from tests.real.bot_api_rules import Standing
from tests.real.feeds import Publisher
from tests.real.postfix import Postfix
from tests.real.smtp import PASSWORD, USER, SubmissionServer

ROOT = Path(__file__).parents[2]
READER, CHANNEL = 7, -1001
PATIENCE_SECONDS = 60.0  # until something is called missing; a busy machine takes long to load a dictionary
STOP_SECONDS = 10.0  # what an operator's init system waits before it kills
QUIET_SECONDS = 2.5  # after a restart: the knock comes at once and deliveries follow it within a second

PAGE = """\
临溪日报
2026年1月15日 星期四 第1版 要闻

全县冬季供暖提前三天达标
本报临溪1月14日讯 记者昨日从县住建局获悉，全县四座热源厂已全部并网运行，居民室内温度提前三天达到十八摄氏度。
住建局负责人介绍，今年新铺设供热管网二十六公里，覆盖城东、城南四十个小区，六千八百户居民第一次用上集中供暖。
为了让偏远村庄同样温暖，县里还为三千二百户农家更换了空气源热泵，财政补贴每户两千元，群众只需承担安装费用。
（记者 林晓溪）

县图书馆夜间开放受欢迎
本报讯 县图书馆自元旦起把开放时间延长到晚上十点，十四天来夜间读者超过五千人次，比去年同期增长一倍。
馆长说，夜间读者中六成是刚下班的年轻人，最受欢迎的是自习区和地方志阅览室，周末还会举办讲座。
"""
FEED = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>临溪在线</title><link>https://linxi.example/</link>
<item><guid>1</guid><title>老桥加固工程完成 &lt;三号桥&gt; 明日通车</title><link>https://linxi.example/1</link>
<pubDate>{date}</pubDate><description>县交通局宣布，三号桥加固工程已经全部完成，明天早上六点恢复通车。工程历时八个月，更换了
全部支座和伸缩缝，设计荷载提高到五十五吨。通车以后，城西到开发区的车程将由四十分钟缩短为十五分钟。</description></item>
</channel></rss>
"""
TITLES = ("全县冬季供暖提前三天达标", "县图书馆夜间开放受欢迎", "老桥加固工程完成 <三号桥> 明日通车")
TEXT = (
    "县里的老船厂昨天重新开工。船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。"
    "首批两艘电动渡船将在五月下水，替换河上最后的柴油渡船。厂长说，老师傅们都愿意回来带徒弟。"
)


class Newsroom:
    """A folder with zhaibao.toml, a page and an archive; `run()` is the service as a process of its own."""

    def __init__(self, folder: Path, store: Store, double: Double, publisher: Publisher) -> None:
        self.folder, self.store, self.double = folder, store, double
        self.archive = folder / "archive"
        self.environment: dict[str, str] = {}
        self.mail = ""
        self.destinations: list[str] = []
        self.answers = 0
        today = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} +0000"
        self.feed = publisher.publish("feed.xml", FEED.format(date=today).encode())
        self.trusted = publisher.host
        (folder / "pages").mkdir()
        (folder / "pages" / "1.txt").write_text(PAGE, "utf-8")

    def send_to(self, channel: str, line: str = "") -> None:
        self.destinations.append(f'[[destination]]\ndigest = "daily"\nchannel = "{channel}"\n{line}\n')

    def mail_by(self, port: int, more: str = 'tls = "none"') -> None:
        self.mail = (
            f'[mail]\nhost = "localhost"\nport = {port}\nfrom = "摘报 <digest@example.test>"\n{more}\n'
        )

    def configure(self) -> None:
        """Write zhaibao.toml with a slot that opened a minute ago, for a database that existed before it."""
        self.store.record_creation(datetime(2020, 1, 1, tzinfo=UTC))
        opened_at = datetime.now(UTC) - timedelta(minutes=1)
        (self.folder / "zhaibao.toml").write_text(
            f'[[source]]\nname = "paper"\ntitle = "临溪日报"\nkind = '
            f'"page"\npath = "pages"\nsection = "临溪"\n'
            f'[[source]]\nname = "online"\ntitle = "临溪在线"\nkind = "feed"\nurl = "{self.feed}"\n'
            "full_text = false\n"
            f'[[digest]]\nname = "daily"\ntitle = "临溪摘报"\ntime = "{opened_at:%H:%M}"\nzone = "UTC"\n'
            "max_age_days = 0\n"
            + "".join(self.destinations)
            + f'[archive]\nfolder = "archive"\n[fetch]\nallow_private = ["{self.trusted}"]\n'
            + f'[telegram]\nbase_url = "{self.double.url}"\n{self.mail}',
            "utf-8",
        )

    @contextmanager
    def run(self) -> Iterator[subprocess.Popen[bytes]]:
        """Be a running service; killed at the end unless the test has ended it."""
        self.configure()
        own = {
            "ZHAIBAO_TELEGRAM_TOKEN": self.double.token,
            "ZHAIBAO_STORE_URL": self.store.database.url.render_as_string(False),
        }
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **own, **self.environment}
        command = [sys.executable, "-m", "bot", "--config", "zhaibao.toml", "run"]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def wait_for_answer(self) -> None:
        """Wait for one more message to READER, so that answers stand in the order of the questions."""
        self.answers += 1
        self.wait_for(lambda: len(self.double.texts(READER)) == self.answers)

    def deliveries(self) -> tuple[Delivery, ...]:
        return self.store.deliveries.list_deliveries()

    def let_the_wait_pass(self) -> None:
        """Make every pending delivery due, as if the time until its next try had gone by."""
        with self.store.database.begin_write() as connection:
            connection.execute(sqlalchemy.update(deliveries).values(due_at=datetime.now(UTC)))

    def wait_for(self, holds: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
        try:
            self.double.wait_for(holds, seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.log}") from error


def end(process: subprocess.Popen[bytes]) -> float:
    """Send SIGTERM; return the seconds it took to end, which it must do with status 0."""
    started_at = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS) == 0
    return time.monotonic() - started_at


@pytest.fixture
def double(double: Double) -> Double:
    double.add(Chat(id=READER))
    double.add(Chat(id=CHANNEL, kind="channel", title="临溪摘报", standing=Standing.ADMINISTRATOR))
    return double


@pytest.fixture
def room(tmp_path: Path, double: Double, publisher: Publisher) -> Iterator[Newsroom]:
    with Store(Secret(f"sqlite:///{tmp_path / 'zhaibao.sqlite'}")) as store:
        yield Newsroom(tmp_path, store, double, publisher)


@pytest.fixture
def room_on_either(
    tmp_path: Path, store_url: str, double: Double, publisher: Publisher
) -> Iterator[Newsroom]:
    """A newsroom on SQLite, and one on PostgreSQL."""
    with Store(Secret(store_url)) as store:
        yield Newsroom(tmp_path, store, double, publisher)


def test_a_due_slot_reaches_every_reader_once(
    room_on_either: Newsroom, double: Double, submission: SubmissionServer
) -> None:
    room = room_on_either
    room.send_to("telegram", f"chat = {READER}")
    room.send_to("telegram", f"chat = {CHANNEL}")
    room.send_to("mail", 'address = "reader@example.test"')
    room.send_to("archive")
    room.mail_by(submission.port, f'user = "{USER}"')
    room.environment = {"ZHAIBAO_MAIL_PASSWORD": PASSWORD, "SSL_CERT_FILE": str(submission.authority)}
    double.flood(times=1, retry_after=1, chat=READER)
    with room.run() as process:
        room.wait_for(lambda: [d.state for d in room.deliveries()] == ["sent"] * 4)
        end(process)
    for chat in (READER, CHANNEL):
        (text,) = double.texts(chat)
        assert [title for title in TITLES if title in text] == list(TITLES)
    (mail,) = submission.received
    assert (mail.recipients, mail.encrypted, mail.user) == (("reader@example.test",), True, USER)
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert all(title in body.get_content() for title in TITLES)
    files = {path: path.read_bytes() for path in room.archive.rglob("*") if path.is_file()}
    assert {"index.html", "feed.xml"} < {path.name for path in files}
    assert any(TITLES[0] in data.decode() for data in files.values())
    with room.run() as process:
        room.wait_for(lambda: room.log.count("event=answering") == 2)
        time.sleep(QUIET_SECONDS)  # what would be repeated must have had its chance
        end(process)
    assert len(double.messages) == 2
    assert len(submission.received) == 1
    assert {path: path.read_bytes() for path in room.archive.rglob("*") if path.is_file()} == files
    assert PASSWORD not in room.log
    assert double.token not in room.log


def test_a_broken_front_door_delays_a_message_and_loses_none(room: Newsroom, double: Double) -> None:
    room.send_to("telegram", f"chat = {READER}")
    double.fail(502)
    with room.run() as process:
        room.wait_for(lambda: "502" in room.deliveries()[0].error if room.deliveries() else False)
        end(process)
    assert [(d.state, d.attempts) for d in room.deliveries()] == [("pending", 1)]
    assert double.messages == []
    room.let_the_wait_pass()
    with room.run() as process:
        room.wait_for(lambda: room.deliveries()[0].state == "sent")
        end(process)
    assert len(double.texts(READER)) == 1


def test_a_send_in_flight_is_finished_and_recorded_before_the_end(room: Newsroom, double: Double) -> None:
    room.send_to("telegram", f"chat = {READER}")
    double.latency_seconds = 1.5
    with room.run() as process:
        room.wait_for(lambda: double.messages)  # taken; its answer is still under way
        assert [d.state for d in room.deliveries()] == ["sending"]
        end(process)
    (delivery,) = room.deliveries()
    assert (delivery.state, delivery.receipts) == ("sent", (f"message {double.messages[0].message_id}",))


def test_postfix_puts_the_digest_into_the_readers_mailbox(room: Newsroom, postfix: Postfix) -> None:
    room.send_to("mail", 'address = "reader@example.test"')
    room.send_to("mail", 'address = "nobody@example.test"')
    room.mail_by(postfix.refusing_port)
    with room.run() as process:
        (arrived,) = postfix.wait_for(1)
        room.wait_for(lambda: sorted(d.state for d in room.deliveries()) == ["failed", "sent"])
        end(process)
    assert arrived["From"] == "摘报 <digest@example.test>"
    assert arrived["List-Id"] == "<daily.example.test>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    (refused,) = [d for d in room.deliveries() if d.state == "failed"]
    assert "550" in refused.error


def test_questions_are_answered_and_links_never_lead_inside(
    room: Newsroom, double: Double, publisher: Publisher
) -> None:
    private = publisher.publish("inside.html", "<h1>内部</h1>".encode(), "text/html")
    with room.run() as process:
        asked = double.receive(TEXT)
        room.wait_for_answer()
        for question in ("/help", private, f"/summary {TEXT}"):
            double.receive(question)
            room.wait_for_answer()
        double.receive("/summary", reply_to=asked)
        room.wait_for_answer()
        end(process)
    text, help_, refused, summary, reply = double.texts(READER)
    assert "/settings" in help_
    assert "公开的网站" in refused
    assert text == summary
    assert "inside.html" not in {path for path, _ in publisher.requests}
    assert "船厂" in summary
    assert reply == summary
