"""Whoever was removed from the configuration gets nothing more; nobody is taken for removed by mistake."""

import asyncio
import os
from dataclasses import replace
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.models import Delivery, DeliveryState, Destination, Digest
from bot.pipeline.current_destinations import CurrentDestinations
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.settings import AddressFile, Settings
from bot.store import Store
from tests.fakes import Clock, FakeChannel
from tests.store.samples import freeze, to

DIGEST = Digest(name="daily", title="摘报", language="zh", sources=(), times=(time(8),), zone=ZoneInfo("UTC"))


def settings(*destinations: Destination, file: Path | None = None, digest: str = "daily") -> Settings:
    return Settings(
        file=Path("zhaibao.toml"),
        sources=(),
        digests=(replace(DIGEST, name=digest),),
        destinations=tuple(replace(destination, digest=digest) for destination in destinations),
        address_files=(AddressFile(digest=digest, channel="mail", file=file),) if file else (),
    )


def write(file: Path, *lines: str, seconds_ago: float = 60.0) -> None:
    file.write_text("\n".join(lines), "utf-8")
    moment = file.stat().st_mtime - seconds_ago
    os.utime(file, (moment, moment))


def deliver(store: Store, configured: Settings, **channels: FakeChannel) -> dict[str, tuple[str, str]]:
    """Deliver by this configuration; return state and reason by address."""

    async def work() -> None:
        context = DeliveryContext(
            store=store,
            channels=channels,
            clock=Clock(),
            worker="me",
            destinations=CurrentDestinations(configured),
        )
        async with DeliveryWorker(context) as worker:
            await worker.deliver_due()

    asyncio.run(work())
    return {row.address: (row.state, row.error) for row in store.deliveries.list_deliveries()}


def reason(state: tuple[str, str]) -> tuple[str, str]:
    return (state[0], state[1].partition(":")[0])


def test_a_destination_that_was_removed_is_cancelled_and_the_others_get_it(store: Store) -> None:
    freeze(store, to("1"), to("2"))
    telegram = FakeChannel()
    rows = deliver(store, settings(to("2")), telegram=telegram)
    assert reason(rows["1"]) == (DeliveryState.CANCELLED, "removed")
    assert rows["2"] == (DeliveryState.SENT, "")
    assert [sent.address for sent in telegram.sent] == ["2"]


def test_a_channel_without_any_destination_left_is_cancelled_too(store: Store) -> None:
    freeze(store, to("1"), to("a@b.example", "mail"))
    rows = deliver(store, settings(to("1")), telegram=FakeChannel())
    assert rows["1"] == (DeliveryState.SENT, "")
    assert reason(rows["a@b.example"]) == (DeliveryState.CANCELLED, "removed")


def test_a_channel_that_cannot_be_opened_keeps_its_deliveries(store: Store) -> None:
    freeze(store, to("1"), to("a@b.example", "mail"))
    rows = deliver(store, settings(to("1"), to("a@b.example", "mail")), telegram=FakeChannel())
    assert rows["a@b.example"] == (DeliveryState.PENDING, "")


def test_a_topic_that_was_removed_is_another_destination_than_its_chat(store: Store) -> None:
    freeze(store, to("1"), to("1", topic=7))
    telegram = FakeChannel()
    deliver(store, settings(to("1")), telegram=telegram)
    assert [(sent.address, sent.topic) for sent in telegram.sent] == [("1", None)]


def test_a_digest_that_was_renamed_still_reaches_its_destinations(store: Store) -> None:
    freeze(store, to("1"), to("2"))
    rows = deliver(store, settings(to("1"), digest="morning"), telegram=FakeChannel())
    assert rows["1"] == (DeliveryState.SENT, "")
    assert reason(rows["2"]) == (DeliveryState.CANCELLED, "removed")


def test_a_chat_that_moved_is_known_by_the_address_in_the_configuration(store: Store) -> None:
    freeze(store, to("1"))
    with store.database.begin_write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET address = '-1001'")
    assert deliver(store, settings(to("1")), telegram=FakeChannel()) == {"-1001": (DeliveryState.SENT, "")}


def test_a_line_that_was_removed_from_a_file_gets_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "readers.txt"
    write(file, "b@b.example", "名字 <C@b.example>")
    freeze(store, *(to(f"{name}@b.example", "mail") for name in ("a", "b", "C")))
    mail = FakeChannel()
    rows = deliver(store, settings(file=file), mail=mail)
    assert reason(rows["a@b.example"]) == (DeliveryState.CANCELLED, "removed")
    assert sorted(sent.address for sent in mail.sent) == ["C@b.example", "b@b.example"]


def test_a_file_that_is_away_removes_nobody(store: Store, tmp_path: Path) -> None:
    freeze(store, to("a@b.example", "mail"))
    rows = deliver(store, settings(file=tmp_path / "readers.txt"), mail=FakeChannel())
    assert rows == {"a@b.example": (DeliveryState.SENT, "")}


def delivery(address: str) -> Delivery:
    return Delivery(
        id=1, edition_id=1, digest="daily", edition_name="", channel="mail", address=address, topic=None,  # type: ignore[arg-type]
        state=DeliveryState.SENDING, parts_sent=0, attempts=0, due_at=None, expires_at=None,  # type: ignore[arg-type]
        destination=f"mail:{address}",
    )  # fmt: skip


def test_a_file_is_read_again_when_it_changes_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "readers.txt"
    write(file, *(f"{n}@b.example" for n in range(500)))
    current = CurrentDestinations(settings(file=file))
    wanted = [delivery(f"{n}@b.example") for n in range(0, 600, 50)]
    assert [row.address for row in current.find_removed(wanted)] == ["500@b.example", "550@b.example"]
    with monkeypatch.context() as patched:
        patched.setattr("bot.files.read_lines", lambda *_: pytest.fail("it did not change"))
        assert len(current.find_removed(wanted)) == 2
    write(file, "550@b.example", seconds_ago=50)
    assert len(current.find_removed(wanted)) == len(wanted) - 1


def test_a_file_that_is_being_written_is_read_when_it_has_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "readers.txt"
    write(file, seconds_ago=0)  # an editor has emptied it and not written it yet

    def settle(_: float) -> None:
        write(file, "a@b.example")

    monkeypatch.setattr("time.sleep", settle)
    assert CurrentDestinations(settings(file=file)).find_removed([delivery("a@b.example")]) == ()
