"""`zhaibao subscribers`, as the operator types it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.models import DeliveryState, MessageKind
from bot.settings import Secret
from bot.store import Store
from bot.store.deliveries import DeliveryEnded
from bot.subscribers.subscriber import Lookup
from tests.cli.conftest import Shell
from tests.store.samples import freeze, to

LI = "mail:li@example.org"


@pytest.fixture
def subscribers(zhaibao: Shell, folder: Path) -> Shell:
    """Call `zhaibao subscribers`."""
    assert folder
    return lambda *words: zhaibao("subscribers", *words)


def read(subscribers: Shell, *words: str) -> list[dict[str, Any]]:
    call = subscribers(*words, "--json")
    assert call.status == 0, call.err
    return [json.loads(line) for line in call.out.splitlines()]


def own(subscribers: Shell) -> list[dict[str, Any]]:
    """The subscribers that the configuration does not name."""
    return [row for row in read(subscribers, "list") if not row["subscriptions"][0]["belongs_to"]]


def test_an_added_subscriber_is_listed_and_shown(subscribers: Shell) -> None:
    (added,) = read(subscribers, "add", "daily", LI, "--name", "李明")
    assert (added["result"], added["state"]) == ("new", "active")
    assert added["next_slot_at"].endswith("Z")
    assert read(subscribers, "add", "daily", LI)[0]["result"] == "unchanged"
    (row,) = own(subscribers)
    assert row["addresses"][0]["name"] == "李明"
    assert "li@example.org" in subscribers().out
    (shown,) = read(subscribers, "show", "li@example.org")
    assert [event["what"] for event in shown["events"]] == ["subscribed"]
    assert "subscribed" in subscribers("show", LI).out


def test_destinations_of_the_configuration_are_listed_with_their_file(subscribers: Shell) -> None:
    rows = read(subscribers, "list")
    assert {row["subscriptions"][0]["belongs_to"] for row in rows} == {"zhaibao.toml"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "dayly", LI), "no digest called 'dayly'"),
        (("add", "daily", "li@example.org"), "write a channel and an address"),
        (("add", "daily", "mail:li"), "mail:li: is not a mail address"),
        (("add", "daily", "telegram:abc"), "is not a chat's number"),
        (("add", "daily", "telegram:1#x"), "a topic is a number"),
        (("add", "daily", "archive:/srv"), "the archive is a [[destination]]"),
        (("show", "nobody@example.org"), "no subscriber has the address"),
        (("forget", LI), "no subscriber and no delivery"),
        (("pause", "nobody@example.org"), "no subscriber has the address"),
        (("list", "--state", "asleep"), "there is no state 'asleep'"),
        (("resume",), "give addresses or --all"),
    ],
)
def test_what_cannot_be_done_is_told(subscribers: Shell, words: tuple[str, ...], complaint: str) -> None:
    call = subscribers(*words)
    assert call.status == 2
    assert complaint.replace("mail:li: ", "") in call.err


def test_a_pause_has_an_end_or_waits_for_the_operator(subscribers: Shell) -> None:
    subscribers("add", "daily", LI)
    (paused,) = read(subscribers, "pause", LI, "--until", "2099-01-01")
    assert (paused["state"], paused["next_slot_at"][:7]) == ("paused", "2099-01")
    assert read(subscribers, "pause", LI)[0]["next_slot_at"] is None
    assert read(subscribers, "list", "--state", "paused")[0]["paused_until"] is None
    assert read(subscribers, "resume", "li@example.org")[0]["state"] == "active"


def test_who_was_removed_stays_out_of_imports(subscribers: Shell, folder: Path) -> None:
    subscribers("add", "daily", LI)
    assert read(subscribers, "remove", LI)[0]["state"] == "left"
    file = folder / "list.txt"
    file.write_text("li@example.org\nBo <bo@example.org>\ntelegram:-100123#7\nnonsense\n", "utf-8")
    (tally,) = read(subscribers, "import", str(file))
    assert (tally["new"], tally["suppressed"]) == (2, ["li@example.org"])
    assert [fault["line"] for fault in tally["faults"]] == [4]
    (again,) = read(subscribers, "import", str(file))
    assert (again["new"], again["unchanged"]) == (0, 2)
    shown = subscribers("import", str(file))
    assert "1 stays out" in shown.out
    assert "line 4" in shown.err
    assert "left, complained or is forgotten" in subscribers("add", "daily", LI).out
    assert read(subscribers, "add", "daily", LI, "--again")[0]["result"] == "again"


def test_an_export_holds_one_person_or_everybody(subscribers: Shell) -> None:
    subscribers("add", "daily", LI)
    (person,) = read(subscribers, "export", LI)
    assert person["addresses"][0]["address"] == "li@example.org"
    assert json.loads(subscribers("export", LI).out) == person
    assert person["events"][0]["door"] == "command line"
    everybody = [json.loads(line) for line in subscribers("export").out.splitlines()]
    assert LI in [row["subscriptions"][0]["address"] for row in everybody]


def test_after_forgetting_the_address_stands_nowhere(subscribers: Shell, folder: Path) -> None:
    subscribers("add", "daily", LI)
    subscribers("add", "daily", "mail:other@example.org")
    (outcome,) = read(subscribers, "forget", LI)
    assert (outcome["result"], outcome["is_scrubbed"]) == ("forgotten", True)
    content = b"".join(path.read_bytes() for path in folder.glob("*.sqlite*"))
    assert b"li@example.org" not in content
    assert b"other@example.org" in content
    assert subscribers("show", LI).status == 2
    assert read(subscribers, "add", "daily", LI)[0]["result"] == "suppressed"


def refuse(folder: Path) -> None:
    """Let the other side say that nobody is at the address of LI."""
    now = datetime.now(UTC)
    with Store(Secret(f"sqlite:///{folder / 'zhaibao.sqlite'}")) as store:
        freeze(store, to("li@example.org", "mail"), now=now)
        (row,) = store.deliveries.claim_deliveries("mail", "a", now, now + timedelta(seconds=45), 1)
        ended = DeliveryEnded(
            delivery_id=row.id, state=DeliveryState.FAILED, error="550 no such user", should_pause=True
        )
        store.deliveries.record_events("a", [ended], now)


@pytest.mark.parametrize("who", [("li@example.org",), (LI,), ("--all",)])
def test_who_is_gone_is_listed_with_the_reason_and_resumed(
    subscribers: Shell, folder: Path, who: tuple[str, ...]
) -> None:
    subscribers("add", "daily", LI)
    refuse(folder)
    shown = subscribers("list", "--state", "gone").out
    assert "li@example.org" in shown
    assert "550 no such user" in shown
    assert f"{LI}: active" in subscribers("resume", *who).out
    assert subscribers("list", "--state", "gone").out == "There is no such subscriber.\n"
    assert subscribers("resume", "--all").out == "Nothing to change.\n"


def test_who_was_gone_before_the_tables_knew_the_address_is_gone_now(
    subscribers: Shell, folder: Path
) -> None:
    subscribers("list")
    refuse(folder)
    file = folder / "list.txt"
    file.write_text("li@example.org\n", "utf-8")
    subscribers("import", str(file))
    assert (
        read(subscribers, "list", "--state", "gone")[0]["addresses"][0]["gone_reason"] == "550 no such user"
    )


def test_an_invitation_is_a_mail_with_a_link_and_subscribes_nobody_yet(
    subscribers: Shell, folder: Path
) -> None:
    assert "needs [web] listen and address" in subscribers("invite", "daily", LI).err
    assert "invitations go by mail" in subscribers("invite", "daily", "telegram:1").err
    with (folder / "zhaibao.toml").open("a") as file:
        file.write('[web]\nlisten = "127.0.0.1:8410"\naddress = "https://digest.example.org"\n')
    invitations = [read(subscribers, "invite", "daily", LI)[0] for _ in range(4)]
    assert [each["is_mail_queued"] for each in invitations] == [True, True, True, False]
    assert invitations[0]["state"] == "unconfirmed"
    with Store(Secret(f"sqlite:///{folder / 'zhaibao.sqlite'}")) as store:
        rows = store.deliveries.list_deliveries()
        subscriber = store.subscribers.find(Lookup(address_key=LI))
        assert subscriber
        assert {(row.kind, row.address) for row in rows} == {(MessageKind.CONFIRMATION, "li@example.org")}
        (part,) = store.direct_messages.load_message(rows[0].direct_message_id or 0).parts
        assert f"https://digest.example.org/c/{subscriber.key}" in part.text
    subscribers("add", "daily", LI)
    assert "gets daily already" in subscribers("invite", "daily", LI).out
    subscribers("remove", LI)
    assert "gets no invitation" in subscribers("invite", "daily", LI).out
