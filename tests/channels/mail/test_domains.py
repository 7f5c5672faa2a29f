"""A provider that is slow, or says "later", holds up nobody but its own readers."""

import asyncio
from collections.abc import Callable

import pytest

from bot.channels.mail.channel import MailChannel
from bot.channels.mail.domains import (
    DOMAIN_RETRIES,
    MAX_DEFERRALS,
    MAX_DOMAINS,
    MAX_MAILS_TO_SLOW,
    DomainTable,
    RecipientDomain,
)
from bot.channels.mail.session import SmtpTimeouts
from bot.channels.mail.settings import MailSettings
from bot.channels.protocol import PATIENCE_SECONDS
from bot.errors import DeliveryError, ServerUnreachable
from tests.channels.conftest import ScriptedServer, delivery_to, send_mail

SLOW = 3.0
REST_SECONDS = DOMAIN_RETRIES.first_seconds


class Times:
    """A clock that stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def times() -> Times:
    return Times()


def domain(times: Times, per_minute: int = 0) -> RecipientDomain:
    return RecipientDomain("example.test", per_minute, SLOW, times)


# How fast


def test_no_domain_waits_without_a_reason(times: Times) -> None:
    one = domain(times)
    assert [one.reserve_turn() for _ in range(1000)] == [0.0] * 1000


def test_a_domain_gets_so_many_mails_a_minute_and_every_other_mail_a_time_of_its_own(times: Times) -> None:
    one = domain(times, per_minute=6)
    waits = [one.reserve_turn() for _ in range(12)]
    assert waits == [0.0] * 6 + [60.0, 70.0, 80.0, 90.0, 100.0, 110.0]
    times.now += 60.0
    assert one.reserve_turn() == 0.0


def test_each_domain_has_its_own_limit_or_that_of_all_others(times: Times) -> None:
    domains = DomainTable({"slow.example": 1, "*": 2, "free.example": 0}, SLOW, times)
    counts = {
        name: sum(
            domains.get_domain(f"r{number}@{name}").reserve_turn() <= PATIENCE_SECONDS for number in range(10)
        )
        for name in ("slow.example", "other.example", "Free.Example")
    }
    assert counts == {"slow.example": 1, "other.example": 2, "Free.Example": 10}


def test_a_domain_that_answers_slowly_has_few_mails_under_way(times: Times) -> None:
    one = domain(times)
    with one.track_mail(), one.track_mail():
        assert one.reserve_turn() == 0.0
        times.now += 10.0
        assert MAX_MAILS_TO_SLOW == 2
        first, second = one.reserve_turn(), one.reserve_turn()
        assert PATIENCE_SECONDS < first < second
    assert one.reserve_turn() == 0.0, "none is under way any more"
    with one.track_mail(), one.track_mail():
        assert one.reserve_turn() > PATIENCE_SECONDS, "the last ones were slow"
    assert one.reserve_turn() == 0.0
    with one.track_mail(), one.track_mail():
        assert one.reserve_turn() == 0.0, "the last ones were not"


def test_idle_domains_are_forgotten(times: Times) -> None:
    domains = DomainTable({}, SLOW, times)
    busy = domains.get_domain("r@busy.example")
    with busy.track_mail():
        for number in range(MAX_DOMAINS + 5):
            domains.get_domain(f"r@{number}.example")
        assert len(domains) < MAX_DOMAINS
        assert domains.get_domain("r@busy.example") is busy


# Over the wire


def talk(
    server: ScriptedServer, act: Callable[[MailChannel], object], times: Times, slow: float = SLOW
) -> None:
    async def work() -> None:
        async with server:
            settings = MailSettings(
                host="127.0.0.1", port=server.port, tls="none", sender="d@example.test", connections=8
            )
            mail = MailChannel(settings, times, SmtpTimeouts(slow=slow))
            try:
                await act(mail)  # type: ignore[misc]
            finally:
                await mail.close()

    asyncio.run(work())


async def failed(mail: MailChannel, address: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await send_mail(mail, address)
    return caught.value


@pytest.mark.parametrize(
    "reply", ["421 4.7.0 later", "451 4.7.1 greylisted", "450 4.4.2 no route", "451 later"]
)
def test_a_domain_that_puts_off_several_mails_rests_and_no_other_does(
    server: ScriptedServer, times: Times, reply: str
) -> None:
    async def act(mail: MailChannel) -> None:
        server.replies = {"RCPT": reply}
        errors = [await failed(mail, f"r{number}@far.example") for number in range(MAX_DEFERRALS)]
        assert [isinstance(error, ServerUnreachable) for error in errors] == [False] * (MAX_DEFERRALS - 1) + [
            True
        ]
        last = errors[-1]
        assert isinstance(last, ServerUnreachable)
        assert (last.whose, last.retry_after) == ("far.example", REST_SECONDS)
        assert mail.reserve_turn(delivery_to("r9@far.example")) == REST_SECONDS
        assert mail.reserve_turn(delivery_to("r9@near.example")) == 0.0
        server.replies = {}
        await send_mail(mail, "r9@near.example")
        times.now += REST_SECONDS
        assert mail.reserve_turn(delivery_to("r9@far.example")) == 0.0
        await send_mail(mail, "r9@far.example")
        assert mail.domains.get_domain("r@far.example").retries.failures == 0

    talk(server, act, times)


@pytest.mark.parametrize(
    ("stage", "reply", "seconds"),
    [
        ("RCPT", "550 Domain frequency limited", 300.0),
        ("end", "550 5.7.26 unauthenticated", 1800.0),
        ("end", "554 nobody wants this", 1800.0),
    ],
)
def test_a_domain_that_says_why_it_takes_nothing_rests_at_once_and_no_other_does(
    server: ScriptedServer, times: Times, stage: str, reply: str, seconds: float
) -> None:
    async def act(mail: MailChannel) -> None:
        server.replies = {stage.replace("end", "."): reply}
        error = await failed(mail, "r1@far.example")
        assert isinstance(error, ServerUnreachable)
        assert (error.whose, error.retry_after) == ("far.example", seconds)
        assert mail.reserve_turn(delivery_to("r2@far.example")) == seconds
        assert mail.reserve_turn(delivery_to("r2@near.example")) == 0.0
        server.replies = {}
        times.now += seconds
        await send_mail(mail, "r2@far.example")
        assert mail.domains.get_domain("r@far.example").retries.failures == 0

    talk(server, act, times)


def test_a_relay_whose_quota_is_used_up_rests_for_everybody(server: ScriptedServer, times: Times) -> None:
    async def act(mail: MailChannel) -> None:
        server.replies = {"RCPT": "550 5.4.5 Daily user sending limit exceeded"}
        error = await failed(mail, "r1@far.example")
        assert isinstance(error, ServerUnreachable)
        assert error.whose == ""
        assert mail.reserve_turn(delivery_to("r2@near.example")) == 300.0

    talk(server, act, times)


@pytest.mark.parametrize(
    "reply", ["450 4.2.1 mailbox busy", "452 4.2.2 mailbox full", "450 busy", "550 5.7.1 no"]
)
def test_what_is_about_one_mailbox_is_no_matter_of_the_domain(
    server: ScriptedServer, times: Times, reply: str
) -> None:
    async def act(mail: MailChannel) -> None:
        server.replies = {"RCPT": reply}
        for number in range(MAX_DEFERRALS * 2):
            assert not isinstance(await failed(mail, f"r{number}@far.example"), ServerUnreachable)
        assert mail.reserve_turn(delivery_to("r9@far.example")) == 0.0

    talk(server, act, times)


def test_a_server_that_cannot_be_reached_is_left_alone_for_longer_and_longer(
    server: ScriptedServer, times: Times
) -> None:
    async def act(mail: MailChannel) -> None:
        server.replies = {"greeting": "554 no service"}
        rests = []
        for _ in range(6):
            tried = server.connections
            errors = await asyncio.gather(*(failed(mail, f"r{number}@x.example") for number in range(20)))
            assert all(
                isinstance(error, ServerUnreachable) and "554 no service" in str(error) for error in errors
            )
            assert server.connections - tried <= 8, "who comes later does not try"
            rests.append(mail.reserve_turn(delivery_to("r@x.example")))
            times.now += rests[-1]
        assert rests == [30.0, 60.0, 120.0, 240.0, 480.0, 600.0]
        server.replies = {}
        await send_mail(mail, "r@x.example")
        assert mail.reserve_turn(delivery_to("r@x.example")) == 0.0

    talk(server, act, times)


def test_a_login_that_is_refused_is_not_tried_for_every_reader(server: ScriptedServer, times: Times) -> None:
    server.replies = {"MAIL": "550 5.7.1 not you"}

    async def act(mail: MailChannel) -> None:
        await failed(mail, "a@x.example")
        assert mail.reserve_turn(delivery_to("b@x.example")) == 600.0

    talk(server, act, times)


class SlowServer(ScriptedServer):
    """Does not answer RCPT for slow.example until `done`."""

    def __init__(self, *offers: str) -> None:
        super().__init__(*offers)
        self.done = asyncio.Event()
        self.all_asked = asyncio.Event()
        self.asked = 0

    async def say(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stage: str, friendly: str
    ) -> bool:
        if stage == "RCPT" and "slow.example" in self.commands[-1]:
            self.asked += 1
            if self.asked == 6:
                self.all_asked.set()
            await self.done.wait()
        return await super().say(reader, writer, stage, friendly)


def test_a_slow_domain_holds_up_no_other(times: Times) -> None:
    server = SlowServer()

    async def act(mail: MailChannel) -> None:
        slow = [asyncio.create_task(send_mail(mail, f"r{number}@slow.example")) for number in range(6)]
        await server.all_asked.wait()
        times.now += 2 * SLOW
        more = await asyncio.gather(*(failed(mail, f"m{number}@slow.example") for number in range(5)))
        assert all(isinstance(error, ServerUnreachable) and error.whose == "slow.example" for error in more)
        assert mail.reserve_turn(delivery_to("n@slow.example")) > PATIENCE_SECONDS
        receipts = await asyncio.gather(
            *(send_mail(mail, f"r{number}@quick.example") for number in range(20))
        )
        assert len(receipts) == 20
        assert not any(task.done() for task in slow)
        assert server.connections <= 8
        server.done.set()
        await asyncio.gather(*slow)

    talk(server, act, times, slow=0.05)
