"""Telegram's limits: as its server counts arrivals none is ever broken, and where nothing hinders they are
used.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.rate_limits import (
    BOT_LIMIT,
    CHAT_LIMIT,
    GROUP_LIMIT,
    MAX_CHATS,
    UNANSWERED_SECONDS,
    TelegramRateLimiter,
)

PATIENCE = 3.0
SECOND, MINUTE = 1.0, 60.0  # the documented windows, as the server counts
CLOSE = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """Seconds a message takes to the server and its answer back; the bare way is the same for all."""

    there: float
    back: float


def drive(chats: Sequence[str], ways: Callable[[int], Way], in_flight: int) -> list[tuple[float, str]]:
    """Send a message to each of `chats` in order, `in_flight` at once; return when each arrived at the
    server.
    """
    traffic, now, arrived = TelegramRateLimiter(), 0.0, []
    answers: list[tuple[float, str]] = []
    for number, chat in enumerate(chats):
        while len(answers) >= in_flight or chat in [to for _, to in answers]:
            now, other = heapq.heappop(answers)
            traffic.record_answer(other, now, is_answered=True)
        while True:
            wait = traffic.reserve_turn(chat, now, PATIENCE)
            while answers and answers[0][0] <= now + wait:
                at, other = heapq.heappop(answers)
                traffic.record_answer(other, at, is_answered=True)
            now += wait
            if wait <= PATIENCE:
                break
        traffic.record_departure(chat, now)
        way = ways(number)
        arrived.append((now + way.there, chat))
        heapq.heappush(answers, (now + way.there + way.back, chat))
    return arrived


def most_in(times: list[float], seconds: float) -> int:
    return max((sum(start <= at < start + seconds - CLOSE for at in times) for start in times), default=0)


CHATS = st.sampled_from(["7", "8", "9", "-1001", "@zhaibao", *map(str, range(100, 140))])
SPENT = st.floats(0, 0.4)  # beyond the bare way


@settings(deadline=None)
@given(
    chats=st.lists(CHATS, min_size=40, max_size=120),
    bare=st.floats(0, 0.5),
    spent=st.lists(st.tuples(SPENT, SPENT), min_size=7, max_size=7),
    in_flight=st.integers(1, 16),
)
def test_no_limit_is_broken_however_long_messages_are_on_their_way(
    chats: list[str], bare: float, spent: list[tuple[float, float]], in_flight: int
) -> None:
    ways = [Way(there=bare, back=bare), *(Way(there=bare + there, back=bare + back) for there, back in spent)]
    arrived = drive(["1", *chats], lambda number: ways[number % len(ways)], in_flight)
    assert most_in([at for at, _ in arrived], SECOND) <= 30
    for chat in set(chats):
        times = [at for at, to in arrived if to == chat]
        assert most_in(times, SECOND) <= 1
        if chat.startswith(("-", "@")):
            assert most_in(times, MINUTE) <= 20


@pytest.mark.parametrize(("round_trip", "in_flight"), [(0.01, 1), (0.03, 1), (0.1, 4), (0.25, 8), (0.5, 16)])
def test_the_limits_are_used_to_the_full_where_enough_is_in_flight(round_trip: float, in_flight: int) -> None:
    chats = [str(number) for number in range(1, 3001)]
    arrived = drive(chats, lambda _: Way(there=round_trip / 2, back=round_trip / 2), in_flight)
    assert arrived[-1][0] - arrived[0][0] <= 1.02 * (len(chats) - 30) / 30


def test_one_in_flight_sends_as_many_a_second_as_round_trips_fit_into_one() -> None:
    arrived = drive([str(number) for number in range(1, 101)], lambda _: Way(there=0.05, back=0.05), 1)
    assert arrived[-1][0] - arrived[0][0] == pytest.approx(99 * 0.1)


def test_the_limits_kept_are_no_wider_than_the_documented_ones() -> None:
    assert BOT_LIMIT[0] / BOT_LIMIT[1] <= 30
    assert CHAT_LIMIT[0] / CHAT_LIMIT[1] <= 1
    assert GROUP_LIMIT[0] / GROUP_LIMIT[1] <= 20 / 60


def test_who_must_wait_long_takes_no_turn_from_others() -> None:
    traffic = TelegramRateLimiter()
    for _ in range(100):
        traffic.reserve_turn("-1001", 0.0, PATIENCE)
    assert traffic.reserve_turn("-1001", 0.0, PATIENCE) > PATIENCE
    assert traffic.reserve_turn("7", 0.0, PATIENCE) == 0.0


def test_silence_is_kept_towards_every_chat() -> None:
    traffic = TelegramRateLimiter()
    traffic.suspend_until(9.0)
    traffic.suspend_until(5.0)
    assert traffic.reserve_turn("7", 1.0, PATIENCE) == 8.0


def test_a_message_never_heard_of_again_blocks_its_chat_for_a_while_and_the_others_not_at_all() -> None:
    traffic = TelegramRateLimiter()
    assert traffic.reserve_turn("7", 0.0, PATIENCE) == 0.0
    traffic.record_departure("7", 0.0)
    assert traffic.measure_rest("7", 0.0) > UNANSWERED_SECONDS
    assert traffic.measure_rest("7", UNANSWERED_SECONDS + CHAT_LIMIT[1]) == 0.0
    assert traffic.reserve_turn("8", 0.0, PATIENCE) == 0.0


def test_turns_that_were_not_used_hold_up_nobody_for_long() -> None:
    traffic = TelegramRateLimiter()
    for number in range(100):
        traffic.reserve_turn(str(number), 0.0, PATIENCE)
    assert traffic.reserve_turn("7", 4.0, PATIENCE) < PATIENCE


def test_without_an_answer_the_message_counts_from_when_it_was_given_up() -> None:
    traffic = TelegramRateLimiter()
    traffic.reserve_turn("7", 0.0, PATIENCE)
    traffic.record_departure("7", 0.0)
    traffic.record_answer("7", 20.0, is_answered=False)
    assert traffic.measure_rest("7", 20.0) == pytest.approx(CHAT_LIMIT[1])


def test_chats_that_rest_are_forgotten() -> None:
    traffic = TelegramRateLimiter()
    for number in range(MAX_CHATS + 5):
        traffic.reserve_turn(str(number), float(number), PATIENCE)
        traffic.record_answer(str(number), float(number), is_answered=True)
    assert len(traffic.chats) < 100
