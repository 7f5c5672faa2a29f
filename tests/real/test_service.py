"""`zhaibao run` with everything real around it: a feed, Telegram's double, a mail server, both databases."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.real.bot_api import Chat, Double, Standing
from tests.real.feeds import Publisher
from tests.real.installation import Installation, feed, telegram_message, wait_until
from tests.real.postfix import Postfix
from tests.real.postgresql import Server

STORIES = [
    (
        "我县新建儿童之家五十处",
        "记者从县民政局获悉，截至本月底，我县已建成儿童之家五十处，覆盖全部十二个乡镇。每处都有专人值守，周末也开放。"
        "县里明年计划再建二十处，重点放在山区村庄。村民李秀英说，孩子放学后有了去处，家里老人也放心了。",
    ),
    (
        "分布式光伏并网突破两万户",
        "县供电公司昨日发布数据，全县分布式光伏并网用户已突破两万户，年发电量可达三亿千瓦时。"
        "新增用户中六成是农户，平均每户每年增收三千元。公司将在年底前改造四条线路，解决午间电压偏高的问题。",
    ),
]
CHANNEL, READER = -1001, 7
# What a full disk does, without the right to mount one: no file may grow beyond this. SQLite's index of its
# journal takes 32 kB and must fit, the edition must not.
FULL_BYTES = 40_000
STARTED = "event=waiting"
STOP_SECONDS = 10.0
QUIET_SECONDS = 3.0  # how long nothing must happen for "nothing more" to be believed


@pytest.fixture
def installation(
    tmp_path: Path, store_url: str, double: Double, postfix: Postfix, publisher: Publisher
) -> Installation:
    """A digest whose slot opened a minute ago, from a feed on loopback to a channel, a mailbox and an
    archive.
    """
    house = Installation(tmp_path, store_url, telegram=double.url, mail_port=postfix.port)
    address = publisher.publish("feed.xml", feed(STORIES, datetime.now(UTC) - timedelta(hours=1)))
    house.source = f'url = "{address}"'
    house.fetch = {"allow_private": f'["{publisher.host}"]'}
    house.due_now()
    double.add(Chat(id=CHANNEL, kind="channel", title="摘报频道", standing=Standing.ADMINISTRATOR))
    double.add(Chat(id=READER))
    house.send_to("telegram", str(CHANNEL))
    house.send_to("mail", "reader@example.test")
    house.send_to("archive", "")
    return house


@contextmanager
def running(installation: Installation, services: int = 1) -> Iterator[None]:
    """Run the service, several times at once if asked to; at the end each must stop when it is asked to."""
    before = installation.log.count(STARTED)
    processes = [installation.start("run") for _ in range(services)]
    try:
        assert wait_until(lambda: installation.log.count(STARTED) == before + services, 60), installation.log[
            -3000:
        ]
        yield
        for process in processes:
            process.send_signal(signal.SIGTERM)
        asked_at = time.monotonic()
        assert [process.wait(STOP_SECONDS * 2) for process in processes] == [0] * services, installation.log[
            -3000:
        ]
        assert time.monotonic() - asked_at <= STOP_SECONDS
    finally:
        for process in processes:
            process.kill()
            process.wait()


def everything_sent(installation: Installation) -> bool:
    return wait_until(lambda: installation.states()["sent"] == 3, 60)


def test_a_slot_comes_due_everything_arrives_once_and_nothing_more_after_a_restart(
    installation: Installation, double: Double, postfix: Postfix, publisher: Publisher
) -> None:
    with running(installation):
        assert everything_sent(installation), installation.log[-3000:]
    told = "\n".join(double.texts(CHANNEL))
    (mail,) = postfix.wait_for(1)
    body = mail.get_body(("plain",))
    assert body is not None
    page = "".join(path.read_text("utf-8") for path in (installation.folder / "archive").rglob("*.html"))
    for title, _ in STORIES:
        for form in (told, body.get_content(), page):
            assert title in form
    before = (len(double.messages), publisher.requests.count(("feed.xml", 200)))

    with running(installation):
        time.sleep(QUIET_SECONDS)
    assert (len(double.messages), len(postfix.mails())) == (before[0], 1)
    assert installation.states() == {"sent": 3}


def test_two_services_on_one_database_publish_and_deliver_once(
    installation: Installation, double: Double, postfix: Postfix
) -> None:
    with running(installation, services=2):
        assert everything_sent(installation), installation.log[-3000:]
        time.sleep(QUIET_SECONDS)
    with installation.store() as store:
        assert len(store.editions.list_slots(10)) == 1
    texts = double.texts(CHANNEL)
    assert texts
    assert len(texts) == len(set(texts))
    assert len(postfix.wait_for(1)) == 1


def test_a_storm_of_429_and_broken_fronts_is_waited_out(installation: Installation, double: Double) -> None:
    double.flood(times=3, retry_after=1)
    with running(installation):
        assert everything_sent(installation), installation.log[-3000:]
    assert len(double.refusals(429)) == 3
    for earlier, later in zip(double.refusals(429), sends(double)[1:], strict=False):
        assert later >= earlier.at + 1, "a message came before the time Telegram had asked for"
    assert len(double.texts(CHANNEL)) == len(set(double.texts(CHANNEL)))


def sends(double: Double) -> list[float]:
    return [call.at for call in double.calls if call.method == "sendmessage"]


def test_a_reader_gets_an_answer_while_the_service_runs(installation: Installation, double: Double) -> None:
    with running(installation):
        asked = double.receive(f"/summary {STORIES[0][1]}", chat=READER)
        sentences = [sentence for sentence in STORIES[0][1].split("。") if sentence]

        def is_answered() -> bool:  # the line that it is being read becomes the answer
            return any(sentence in text for text in double.texts(READER) for sentence in sentences)

        double.wait_for(is_answered, 60)
    assert is_answered(), asked


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_database_that_restarts_in_the_middle_costs_at_most_what_was_on_its_way(
    tmp_path: Path, store_url: str, double: Double, postgresql: Server
) -> None:
    chats = range(1000, 1060)
    house = Installation(tmp_path, store_url, telegram=double.url)
    for chat in chats:
        double.add(Chat(id=chat))
        house.send_to("telegram", str(chat))
    house.freeze({"telegram": telegram_message(2)})
    house.digest["weekdays"] = (
        f'["{(datetime.now(UTC) + timedelta(days=3)):%a}"]'.lower()
    )  # no edition of its own
    with running(house):
        double.wait_for(lambda: len(double.messages) > 30, 60)
        postgresql.restart()
        if not wait_until(house.is_settled, 10):
            house.let_time_pass()  # what could not be written down is free again when its lease ends
        assert wait_until(house.is_settled, 60), house.log[-3000:]
    states = house.states()
    texts = [double.texts(chat) for chat in chats]
    assert states["uncertain"] <= 1
    assert states["sent"] + states["uncertain"] == len(chats)
    assert sum(each == ["第1条", "第2条"] for each in texts) >= states["sent"]
    assert all(len(each) == len(set(each)) for each in texts)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_and_leaves_nothing_half_frozen(installation: Installation) -> None:
    assert installation.run("collect") == 0
    assert installation.run("publish", under=["prlimit", f"--fsize={FULL_BYTES}"]) != 0
    assert "Traceback" not in installation.log
    with installation.store() as store:
        assert store.editions.list_slots(10) == ()
    assert not installation.states()
    assert installation.run("publish") == 0
    assert installation.states() == {"pending": 3}
