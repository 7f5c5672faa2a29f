"""`zhaibao resend`, `settle`, `cancel`, `audit` and `backup`, as the operator types them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import operator_actions
from bot.cli.main import cli
from bot.errors import WrongState
from bot.models import DeliveryState
from bot.settings import Secret
from bot.store import Store
from bot.store.deliveries import DeliveryEnded
from tests.store.samples import freeze, to

CONFIGURATION = """
[[source]]
name = "paper"
kind = "page"
path = "pages"

[[digest]]
name = "daily"
"""


def zhaibao(folder: Path, *arguments: str) -> Result:
    assert operator_actions.resend_deliveries.name in cli.commands
    file = folder / "zhaibao.toml"
    file.write_text(CONFIGURATION, encoding="utf-8")
    return CliRunner().invoke(cli, ["--config", str(file), *arguments], catch_exceptions=False)


def in_doubt(folder: Path) -> int:
    now = datetime.now(UTC)
    with Store(Secret(f"sqlite:///{folder / 'zhaibao.sqlite'}")) as store:
        freeze(store, to("1"), now=now)
        (row,) = store.deliveries.claim_deliveries("telegram", "a", now, now + timedelta(seconds=45), 1)
        store.deliveries.record_events(
            "a", [DeliveryEnded(delivery_id=row.id, state=DeliveryState.UNCERTAIN, error="no answer")], now
        )
    return row.id


def state(folder: Path) -> DeliveryState:
    with Store(Secret(f"sqlite:///{folder / 'zhaibao.sqlite'}")) as store:
        return store.deliveries.list_deliveries()[0].state


def test_what_is_in_doubt_is_sent_again_settled_or_cancelled(tmp_path: Path) -> None:
    number = str(in_doubt(tmp_path))
    assert "1 delivery waits again" in zhaibao(tmp_path, "resend", number).output
    assert state(tmp_path) == DeliveryState.PENDING
    assert "Cancelled" in zhaibao(tmp_path, "cancel", number, "--note", "退订").output
    assert state(tmp_path) == DeliveryState.CANCELLED
    shown = zhaibao(tmp_path, "audit").output
    assert shown.index("cancel") < shown.index("resend")
    assert "退订" in shown


def test_what_did_arrive_is_settled(tmp_path: Path) -> None:
    number = str(in_doubt(tmp_path))
    assert "Settled" in zhaibao(tmp_path, "settle", number).output
    assert state(tmp_path) == DeliveryState.SENT


def test_what_cannot_be_done_is_told(tmp_path: Path) -> None:
    number = str(in_doubt(tmp_path))
    zhaibao(tmp_path, "settle", number)
    with pytest.raises(WrongState, match="is sent; settle is only for deliveries that are uncertain"):
        zhaibao(tmp_path, "settle", number)
    assert zhaibao(tmp_path, "resend").exit_code == 2
    assert zhaibao(tmp_path, "resend", "x").exit_code == 2


def test_an_audit_with_nothing_in_it_says_so(tmp_path: Path) -> None:
    assert zhaibao(tmp_path, "audit").stdout == "No decision was made by hand yet.\n"


def test_a_new_database_is_announced_once(tmp_path: Path) -> None:
    announced = zhaibao(tmp_path, "audit").stderr
    assert announced.startswith("zhaibao: a new database was made: sqlite:///")
    assert zhaibao(tmp_path, "audit").stderr == ""


def test_a_backup_says_where_it_is_and_what_it_is_for(tmp_path: Path) -> None:
    in_doubt(tmp_path)
    shown = zhaibao(tmp_path, "backup", str(tmp_path / "copy.sqlite")).output
    assert shown.startswith(f"Wrote {tmp_path / 'copy.sqlite'}.")
    with Store(Secret(f"sqlite:///{tmp_path / 'copy.sqlite'}")) as store:
        assert store.deliveries.count_by_state() == {DeliveryState.UNCERTAIN: 1}
