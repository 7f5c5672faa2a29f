"""Mails over IMAP: each read once, none missed, nothing changed, and a hostile server costs little."""

import asyncio
import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import trustme

from bot.errors import FetchError, ForbiddenAddress, TooLarge
from bot.fetch import FetchedMails, Fetcher, FetchLimits
from bot.fetch.imap import (
    _FIRST_DAYS,
    _MAX_MAILS,
    _decode_folder_name,
    _encode_folder_name,
    list_waiting_uids,
)
from bot.models import Mailbox, Secret
from tests.fetch.imap import PASSWORD, USER, Account, imap_server, letter

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LIMITS = FetchLimits(max_bytes=100_000, max_seconds=60, pause_seconds=0)


@contextmanager
def box_of(account: Account, **changes: object) -> Iterator[Mailbox]:
    with imap_server(account) as port:
        values = {
            "host": "127.0.0.1", "port": port, "tls": "none", "user": USER, "password": Secret(PASSWORD),
            "password_env": "LETTERS_PASSWORD",
        }  # fmt: skip
        yield Mailbox(**(values | changes))  # type: ignore[arg-type]


def read(
    box: Mailbox, state: str = "", limits: FetchLimits = LIMITS, allowed: tuple[str, ...] = ("127.0.0.1",)
) -> FetchedMails:
    async def work() -> FetchedMails:
        async with Fetcher(contact="", allow_private=allowed, limits=limits, now=lambda: NOW) as fetcher:
            return await fetcher.fetch_mails(box, state)

    return asyncio.run(work())


def complaint(account: Account, **changes: object) -> str:
    with box_of(account, **changes) as box, pytest.raises(FetchError) as caught:
        read(box)
    assert PASSWORD not in str(caught.value)
    return caught.value.reason


def state_of(mails: FetchedMails) -> str:
    return mails.build_state(mails.last)


def bodies(mails: FetchedMails) -> list[bytes]:
    return [mail.data for mail in mails.mails]


def test_mails_are_read_once_and_none_is_missed() -> None:
    account = Account(mails={3: b"third", 5: b"fifth"})
    with box_of(account) as box:
        first = read(box)
        assert bodies(first) == [b"third", b"fifth"]
        again = read(box, state_of(first))
        assert (again.mails, state_of(again)) == ((), state_of(first))
        account.mails |= {6: b"sixth"}
        again = read(box, state_of(first))
        assert bodies(again) == [b"sixth"]
        assert again.mails[0].name.endswith("/INBOX mail 6")


def test_nothing_is_changed_on_the_server() -> None:
    account = Account(mails={1: b"mail"})
    with box_of(account) as box:
        read(box)
    names = {command.split()[0] for command in account.commands}
    assert "EXAMINE" in names
    assert not names & {"SELECT", "STORE", "EXPUNGE", "CLOSE", "COPY", "MOVE"}
    assert not [command for command in account.commands if "BODY[" in command]  # but BODY.PEEK[


def test_the_first_reading_takes_the_last_days_alone() -> None:
    account = Account(mails={1: b"mail"})
    with box_of(account) as box:
        state = state_of(read(box))
        read(box, state)
    first, second = (command for command in account.commands if "SEARCH" in command)
    assert first.endswith("SINCE 13-Nov-2026")
    assert (NOW - datetime(2026, 11, 13, 12, tzinfo=UTC)).days == _FIRST_DAYS
    assert second.endswith("UID 2:*")


def test_a_server_that_numbers_its_mails_anew_is_read_from_the_beginning() -> None:
    account = Account(mails={1: b"one"})
    with box_of(account) as box:
        state = state_of(read(box))
        account.validity, account.mails = 8, {1: b"other"}
        assert bodies(read(box, state)) == [b"other"]


@pytest.mark.parametrize("state", ["", "junk", '"an etag"', "7:", "99999999999:1"])
def test_a_state_that_is_none_begins_anew(state: str) -> None:
    with box_of(Account(mails={1: b"one"})) as box:
        assert bodies(read(box, state)) == [b"one"]


def test_of_many_mails_the_oldest_come_first_and_the_next_reading_goes_on() -> None:
    account = Account(mails={uid: b"%d" % uid for uid in range(1, _MAX_MAILS + 4)})
    with box_of(account) as box:
        first = read(box)
        second = read(box, state_of(first))
    assert len(first.mails) == _MAX_MAILS
    assert bodies(second) == [b"51", b"52", b"53"]


def test_a_mail_that_is_too_large_is_left_alone_and_told() -> None:
    account = Account(mails={1: b"x" * 100_001, 2: b"small"})
    with box_of(account) as box:
        got = read(box)
    assert got.too_large == (1,)
    assert bodies(got) == [b"small"]
    assert not [command for command in account.commands if command.startswith("UID FETCH 1 (UID BODY")]


def test_what_does_not_fit_into_one_reading_comes_at_the_next() -> None:
    account = Account(mails={uid: bytes([48 + uid]) * 90_000 for uid in range(1, 8)})
    with box_of(account) as box:
        first = read(box)
        second = read(box, state_of(first))
    assert [body[:1] for body in bodies(first)] == [b"1", b"2", b"3", b"4", b"5"]
    assert [body[:1] for body in bodies(second)] == [b"6", b"7"]


def test_only_the_mails_of_the_list_are_asked_for() -> None:
    account = Account(
        mails={1: letter("甲", list_id="weekly.linxi.example"), 2: letter("乙", list_id="ads.example")}
    )
    with box_of(account, list_id="weekly.linxi.example") as box:
        assert [mail.name[-1] for mail in read(box).mails] == ["1"]


def test_a_folder_may_have_a_chinese_name_and_blanks() -> None:
    account = Account(mails={1: b"x"}, folder="&i6KWBQ- &- more")
    with box_of(account, folder="订阅 & more") as box:
        assert len(read(box).mails) == 1


@pytest.mark.parametrize("name", ["INBOX", "订阅", "a&b", "新闻/每日 – x", 'say "x"', "\U0001f600"])
def test_folder_names_go_there_and_back(name: str) -> None:
    assert _decode_folder_name(_encode_folder_name(name)) == name
    assert _encode_folder_name(name).isascii()


def test_a_private_host_is_read_only_where_the_operator_lists_it() -> None:
    account = Account(mails={1: b"x"})
    with box_of(account) as box:
        with pytest.raises(ForbiddenAddress, match="public internet"):
            read(box, allowed=())
        assert not account.commands
        assert read(box, allowed=(f"127.0.0.1:{box.port}",)).mails


def test_a_missing_password_names_its_variable_and_asks_nobody() -> None:
    account = Account()
    assert "set LETTERS_PASSWORD or LETTERS_PASSWORD_FILE" in complaint(account, password=Secret(""))
    assert not account.commands


def test_a_folder_that_is_not_there_is_told_with_those_that_are() -> None:
    reason = complaint(Account(folder="&i6KWBQ-"), folder="Lettres")
    assert "no folder 'Lettres'" in reason
    assert "订阅" in reason


def test_a_refused_login_tells_what_the_server_said_without_the_password() -> None:
    sent = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode())
    answer = b"TAG NO bad credentials " + sent + b" " + PASSWORD.encode() + b"\r\n"
    reason = complaint(Account(answers={"AUTHENTICATE": answer}))
    assert reason == "refused 'reader' (bad credentials *** ***); is LETTERS_PASSWORD right?"


def test_a_server_without_plain_is_logged_into_the_old_way() -> None:
    account = Account(mails={1: b"x"}, capabilities="IMAP4rev1")
    with box_of(account, user='re "ader') as box:
        assert read(box).mails
    assert [command for command in account.commands if command.startswith("LOGIN")] == [
        f'LOGIN "re \\"ader" "{PASSWORD}"'
    ]


def test_a_password_the_old_way_cannot_carry_is_told() -> None:
    reason = complaint(Account(capabilities="IMAP4rev1"), password=Secret("密码"))
    assert "users and passwords in ASCII" in reason
    assert "密" not in reason


def test_a_password_of_two_lines_is_no_password() -> None:
    account = Account(capabilities="IMAP4rev1")
    assert "LETTERS_PASSWORD contains a line end" in complaint(
        account, password=Secret(f"{PASSWORD}\r\nA1 DELETE INBOX")
    )
    assert account.commands == ["CAPABILITY"]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"welcome": b"* BYE busy\r\n"}, "broke off"),
        ({"welcome": b"HTTP/1.1 400 Bad Request\r\n"}, "broke off"),
        ({"EXAMINE": b"TAG OK done\r\n"}, "UIDVALIDITY"),
        ({"UID SEARCH": b"TAG NO cannot\r\n"}, "cannot search"),
        ({"UID SEARCH": b"TAG BAD what\r\n"}, "broke off"),
        ({"UID FETCH": b"TAG NO cannot\r\n"}, "broke off"),
    ],
)
def test_what_a_server_does_wrong_is_told(answers: dict[str, bytes], told: str) -> None:
    assert told in complaint(Account(mails={1: b"x"}, answers=answers))


def test_a_server_that_announces_a_gigabyte_gives_none_of_it() -> None:
    with (
        box_of(Account(mails={1: b"x"}, answers={"UID FETCH": b"* 1 FETCH (BODY[] {1000000000}\r\n"})) as box,
        pytest.raises(TooLarge, match="more than was requested"),
    ):
        read(box)


def test_a_server_that_never_ends_its_lines_is_given_up() -> None:
    flood = b"* 1 FETCH (FLAGS ())\r\n" * 200_000
    with (
        box_of(Account(mails={1: b"x"}, answers={"EXAMINE": flood})) as box,
        pytest.raises(TooLarge, match="more than was requested"),
    ):
        read(box)


def test_a_server_that_says_nothing_is_given_up_when_the_time_is_over() -> None:
    with (
        box_of(Account(mails={1: b"x"}, answers={"UID SEARCH": b"* "})) as box,
        pytest.raises(TooLarge, match=r"took longer than 1 s"),
    ):
        read(box, limits=FetchLimits(max_bytes=100_000, max_seconds=1, pause_seconds=0))


def test_what_came_before_the_line_broke_is_kept_and_the_rest_comes_next() -> None:
    account = Account(mails={1: b"one", 2: b"two", 3: b"three"}, hangs_up_at=2)
    with box_of(account) as box:
        got = read(box)
        assert bodies(got) == [b"one"]
        account.hangs_up_at = 0
        assert bodies(read(box, state_of(got))) == [b"two", b"three"]


def test_a_line_that_breaks_at_the_first_mail_is_told() -> None:
    assert "broke off" in complaint(Account(mails={1: b"one"}, hangs_up_at=1))


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> trustme.CA:
    """An authority that this process trusts, as an operator would make it: by SSL_CERT_FILE."""
    made = trustme.CA()
    file = f"{tmp_path}/authority.pem"
    made.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", file)
    return made


def certified(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("tls", "capabilities"),
    [("implicit", "IMAP4rev1 AUTH=PLAIN"), ("starttls", "IMAP4rev1 STARTTLS LOGINDISABLED")],
)
def test_mails_come_encrypted(authority: trustme.CA, tls: str, capabilities: str) -> None:
    account = Account(mails={1: b"x"}, context=certified(authority), capabilities=capabilities)
    with box_of(account, tls=tls) as box:
        assert bodies(read(box)) == [b"x"]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_certificate_for_another_name_gets_no_password(authority: trustme.CA, tls: str) -> None:
    capabilities = "IMAP4rev1 STARTTLS" if tls == "starttls" else "IMAP4rev1 AUTH=PLAIN"
    account = Account(context=certified(authority, "other.example"), capabilities=capabilities)
    assert "certificate cannot be trusted" in complaint(account, tls=tls)
    assert not [command for command in account.commands if "AUTHENTICATE" in command or "LOGIN" in command]


def test_no_password_goes_out_where_encryption_is_wanted_and_not_offered() -> None:
    account = Account()
    assert 'try tls = "implicit"' in complaint(account, tls="starttls")
    assert account.commands == ["CAPABILITY"]


def test_a_plain_server_asked_for_tls_is_told(authority: trustme.CA) -> None:  # noqa: ARG001
    account = Account(answers={"welcome": b"* OK ready, and this is no TLS at all\r\n"})
    assert 'try tls = "starttls"' in complaint(account, tls="implicit")


def test_a_port_where_nobody_listens_is_told() -> None:
    with box_of(Account()) as box:
        pass
    with pytest.raises(FetchError, match="cannot be reached"):
        read(box)


def test_a_mail_that_cost_too_much_is_fetched_again_with_those_that_are_new() -> None:
    account = Account(mails={3: b"third", 5: b"fifth"})
    with box_of(account) as box:
        state = read(box).build_state(5, again=(3,))
        assert list_waiting_uids(state) == (3,)
        account.mails |= {6: b"sixth"}

        async def work() -> FetchedMails:
            async with Fetcher(
                contact="", allow_private=("127.0.0.1",), limits=LIMITS, now=lambda: NOW
            ) as fetcher:
                return await fetcher.fetch_mails(box, state, again=(3,))

        mails = asyncio.run(work())
    assert bodies(mails) == [b"third", b"sixth"]
    assert (mails.last, mails.last_before) == (6, 5)
