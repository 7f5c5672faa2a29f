"""`zhaibao status`, what `check` says of the next slot, and `send-test`."""

import email
import email.policy
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.models import DeliveryState
from tests.cli.conftest import CONFIGURATION, Shell

THEMES = '[themes]\nfolder = "themes"\n'


def use_theme(folder: Path, **files: str) -> None:
    """Give the digest a theme with these files; `__` stands for a dot."""
    theme = folder / "themes" / "mine"
    theme.mkdir(parents=True)
    for name, content in files.items():
        (theme / name.replace("__", ".")).write_text(content, "utf-8")
    digest = CONFIGURATION.replace("max_age_days = 0", 'max_age_days = 0\ntheme = "mine"')
    telegram = '[[destination]]\ndigest = "daily"\nchannel = "telegram"\nchat = 7\n'
    (folder / "zhaibao.toml").write_text(digest + THEMES + telegram, "utf-8")


@pytest.mark.usefixtures("folder")
def test_status_says_what_is_out_and_what_comes(zhaibao: Shell) -> None:
    zhaibao("collect")
    before = zhaibao("status")
    assert before.status == 0
    assert "daily: no edition today; next on" in before.out
    assert "Asia/Shanghai" in before.out
    zhaibao("publish", "daily")
    zhaibao("deliver")
    after = zhaibao("status", "--json")
    row = json.loads(after.out)
    (digest,) = row["digests"]
    assert (digest["stories"], digest["deliveries"]) == (1, {"sent": 1})
    (source,) = row["sources"]
    assert (source["articles"], source["printed"]) == (1, 1)
    assert row["problems"] == []
    assert " UTC" in zhaibao("status", "--utc").out


def test_status_says_with_its_exit_status_that_something_needs_a_hand(zhaibao: Shell, folder: Path) -> None:
    (folder / "archive").write_text("a file where a folder must be")
    zhaibao("collect")
    zhaibao("publish", "daily")
    zhaibao("deliver")
    ended = zhaibao("status")
    assert ended.status == 1
    assert "! archive: " in ended.out
    assert "zhaibao" in ended.out
    (problem,) = json.loads(zhaibao("status", "--json").out)["problems"]
    assert problem["key"].endswith(":archive")


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("<p>{{ edition.title }}</p>", "Telegram knows no tag <p>"),
        ("<b>{{ edition.title }}", "<b> is not closed"),
        ("&nbsp;{{ edition.title }}", "Telegram knows no entity &nbsp;"),
        ("{{ edition.titel }}", "titel"),
    ],
)
def test_check_finds_what_telegram_would_refuse_of_a_theme(
    zhaibao: Shell, folder: Path, template: str, fault: str
) -> None:
    use_theme(folder, telegram__html=template)
    ended = zhaibao("check")
    assert ended.status == 2
    assert fault in ended.out


def test_check_takes_the_themes_that_are_delivered(zhaibao: Shell, folder: Path) -> None:
    use_theme(folder, telegram__html='{% extends "plain/telegram.html" %}')
    zhaibao("collect")
    lines = zhaibao("check").out.splitlines()
    assert not [line for line in lines if line.startswith("no") and "theme" in line]


def test_check_finds_a_misspelt_theme_file_but_not_one_that_is_included(zhaibao: Shell, folder: Path) -> None:
    use_theme(
        folder,
        mail__htm="x",
        telegram__html='{% include "telegram.storys.html" %}',
        telegram__storys__html="<b>{{ edition.title }}</b>",
    )
    out = zhaibao("check").out
    assert "mine/mail.htm is used by no form; did you mean mail.html?" in out
    assert "telegram.storys.html is used" not in out


def test_check_says_what_the_next_edition_has(zhaibao: Shell, folder: Path) -> None:
    (folder / "zhaibao.toml").write_text(CONFIGURATION.replace("max_age_days = 0", ""), "utf-8")
    zhaibao("collect")
    assert "0 stories for the next edition (left out: 1 too old: max_age_days = 7)" in zhaibao("check").out


class _Mailbox:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        self.mails.append(envelope.original_content or b"")
        return "250 taken"


@pytest.fixture
def mailbox(folder: Path) -> Iterator[_Mailbox]:
    box = _Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    (folder / "zhaibao.toml").write_text(
        f'{CONFIGURATION}\n[mail]\nhost = "127.0.0.1"\nport = {port}\n'
        'tls = "none"\nfrom = "digest@example.org"\n',
        "utf-8",
    )
    yield box
    server.stop()


def test_a_test_edition_arrives_marked_and_is_recorded_nowhere(zhaibao: Shell, mailbox: _Mailbox) -> None:
    zhaibao("collect")
    for _ in range(2):
        assert zhaibao("send-test", "daily", "--to", "li@example.org").status == 0
    mails = [email.message_from_bytes(mail, policy=email.policy.default) for mail in mailbox.mails]
    assert all("[测试]" in mail["Subject"] for mail in mails)
    assert len({mail["Message-ID"] for mail in mails}) == 2, "the second is no copy of the first"
    row = json.loads(zhaibao("status", "--json").out)
    assert (row["deliveries"], row["digests"][0]["edition"]) == ({}, None)
    assert DeliveryState.SENT not in row["deliveries"]


@pytest.mark.usefixtures("folder")
def test_a_test_needs_an_address_of_a_channel(zhaibao: Shell) -> None:
    ended = zhaibao("send-test", "daily", "--to", "nobody")
    assert (ended.status, "is no mail address and no Telegram chat" in ended.complaint) == (2, True)
