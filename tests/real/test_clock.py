"""The machine's clock: daylight saving both ways, leap day, a clock set back.

By libfaketime, on real processes.
"""

import shutil
from pathlib import Path

import pytest

from tests.leaving_out import leave_out
from tests.real.bot_api import Chat, Double
from tests.real.installation import Installation, telegram_message


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    if shutil.which("faketime") is None:
        leave_out("faketime is not installed", "apt-get install faketime")
    return Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}")


def at(moment: str) -> list[str]:
    """Run under a clock that starts at `moment`, UTC."""
    return ["env", "TZ=UTC", "faketime", "-f", f"@{moment}"]


def slots(installation: Installation) -> list[str]:
    with installation.store() as store:
        return sorted(row.name for row in store.editions.list_slots(100) if row.edition_id is not None)


@pytest.mark.parametrize(
    ("zone", "time", "moments"),
    [
        # 02:30 comes twice, at 00:30 and 01:30 UTC: once is enough.
        (
            "Europe/Berlin",
            "02:30",
            [
                ("2026-10-25 00:29:30", []),
                ("2026-10-25 00:30:30", ["2026-10-25"]),
                ("2026-10-25 01:29:30", ["2026-10-25"]),
                ("2026-10-25 01:30:30", ["2026-10-25"]),
            ],
        ),
        # 02:30 does not come: 03:30 stands in for it, an hour after it would have been, at 01:30 UTC.
        (
            "Europe/Berlin",
            "02:30",
            [
                ("2026-03-29 00:59:30", []),
                ("2026-03-29 01:31:00", ["2026-03-29"]),
                ("2026-03-29 02:31:00", ["2026-03-29"]),
            ],
        ),
        (
            "America/New_York",
            "01:30",
            [
                ("2026-11-01 05:29:30", []),
                ("2026-11-01 05:30:30", ["2026-11-01"]),
                ("2026-11-01 06:30:30", ["2026-11-01"]),
            ],
        ),
        (
            "America/New_York",
            "02:30",
            [("2026-03-08 06:59:30", []), ("2026-03-08 07:31:00", ["2026-03-08"])],
        ),
        (
            "Asia/Shanghai",
            "08:00",
            [
                ("2026-10-24 23:59:30", []),
                ("2026-10-25 00:00:30", ["2026-10-25"]),
                ("2026-10-25 23:59:30", ["2026-10-25"]),
                ("2026-10-26 00:00:30", ["2026-10-25", "2026-10-26"]),
            ],
        ),
        (
            "Asia/Shanghai",
            "08:00",
            [
                ("2028-02-28 00:00:30", ["2028-02-28"]),
                ("2028-02-29 00:00:30", ["2028-02-28", "2028-02-29"]),
                ("2028-03-01 00:00:30", ["2028-02-28", "2028-02-29", "2028-03-01"]),
            ],
        ),
        # Set back an hour after publishing: the slot opens again, its edition does not.
        ("UTC", "08:00", [("2026-05-05 08:00:30", ["2026-05-05"]), ("2026-05-05 07:10:00", ["2026-05-05"])]),
        # Off at 08:00, on at 10:40: published late. Off until 11:20: past the three hours, not published.
        ("UTC", "08:00", [("2026-05-05 07:00:00", []), ("2026-05-05 10:40:00", ["2026-05-05"])]),
        ("UTC", "08:00", [("2026-05-05 07:00:00", []), ("2026-05-05 11:20:00", [])]),
    ],
    ids=["autumn", "spring", "NY autumn", "NY spring", "Shanghai", "leap day", "set back", "late", "missed"],
)
def test_each_slot_is_published_once_whatever_the_clock_does(
    installation: Installation, zone: str, time: str, moments: list[tuple[str, list[str]]]
) -> None:
    installation.digest |= {"zone": f'"{zone}"', "time": f'"{time}"'}
    installation.store().database.close()  # it is there before the first slot
    for moment, published in moments:
        assert installation.run("publish", under=at(moment)) == 0, installation.log
        assert slots(installation) == published, moment


def test_a_missed_slot_is_told_once(installation: Installation) -> None:
    installation.digest |= {"zone": '"UTC"', "time": '"08:00"'}
    for moment in ("2026-05-05 07:00:00", "2026-05-05 11:20:00", "2026-05-05 11:30:00"):
        installation.run("publish", under=at(moment))
    with installation.store() as store:
        (row,) = store.editions.list_slots(10)
    assert (row.edition_id, row.slot_at.date().isoformat()) == (None, "2026-05-05")
    assert installation.log.count("lateness_minutes=") == 1


def test_a_delivery_past_its_lateness_expires_and_is_told(tmp_path: Path, double: Double) -> None:
    if shutil.which("faketime") is None:
        leave_out("faketime is not installed", "apt-get install faketime")
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    double.add(Chat(id=7))
    house.send_to("telegram", "7")
    house.freeze({"telegram": telegram_message(1)})
    house.run("deliver", under=["faketime", "-f", "+4h"])
    assert (house.states(), double.messages) == ({"expired": 1}, [])
    assert "event=expired" in house.log
