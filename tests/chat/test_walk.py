"""A person who presses and writes anything: no traceback, no dead end, and the screen says what is stored."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.fetch import Fetcher
from bot.settings import Secret
from bot.store import Store
from bot.subscribers.subscriber import SubscriberState, SubscriptionState
from tests.chat.dialogue import DAILY, PERSON, WEEKLY, ChatRoom, Dialogue, find_data, list_labels
from tests.chat.test_subscribing import MORNING, freeze_edition
from tests.real.bot_api import Double

WORDS = (
    *("/start", "/start daily_0730", "/settings", "/pause", "/pause two weeks", "/stop", "/resume", "/today"),
    *("/digests", "/search 渡船", "/search", "/help", "/forget", "/connect", "/here", "/nonsense", "/status"),
    *("东京", "7:30 18:00", "！广告 急救", "你好", "99:99", "!", "/", "明天", "<b>", "x" * 300),
)
# a step presses a button of the last screen by its place, or writes
STEPS = st.lists(st.integers(0, 30) | st.sampled_from(WORDS), min_size=1, max_size=14)
LIMIT_SECONDS = 20.0


@contextmanager
def open_room(fetcher: Fetcher) -> Iterator[ChatRoom]:
    with (
        TemporaryDirectory() as folder,
        Double() as double,
        Store(Secret(f"sqlite:///{Path(folder) / 'chat.sqlite'}")) as store,
    ):
        freeze_edition(store, MORNING)
        yield ChatRoom(double=double, store=store, fetcher=fetcher, digests=(DAILY, WEEKLY))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_a_random_walk_meets_no_dead_end_and_the_screen_says_what_is_stored(
    fetcher_of: Callable[..., Fetcher], steps: list[int | str]
) -> None:
    with open_room(fetcher_of()) as room, capture_logs() as lines:
        asyncio.run(walk(room, steps))
    assert not [line for line in lines if line["log_level"] in ("error", "critical")]


async def walk(room: ChatRoom, steps: list[int | str]) -> None:
    async with room.answering():
        dialogue = Dialogue(room.double)
        room.double.receive("/start")
        await settle(room, dialogue)
        for step in steps:
            if isinstance(step, str):
                room.double.receive(step)
            else:
                await press_any(dialogue, step)
            await settle(room, dialogue)
            assert dialogue.screens, "everything is answered"
        room.double.receive("/settings")
        await settle(room, dialogue)
        check_settings(room, dialogue)


async def press_any(dialogue: Dialogue, place: int) -> None:
    """Press a button of the last screen that has one."""
    for screen in dialogue.screens:
        if labels := list_labels(screen):
            label = labels[place % len(labels)]
            dialogue.double.press(screen, find_data(screen, label), PERSON)
            return


async def settle(room: ChatRoom, dialogue: Dialogue) -> None:
    """Wait until the bot has answered: what it was sent before a command is answered when that is."""
    before = len(room.double.calls)
    await dialogue.wait_until(lambda: len(room.double.calls) > before, "an answer")
    quiet = 0
    count = -1
    while quiet < 3:  # nothing has been called for a moment
        now = sum(call.method != "getupdates" for call in room.double.calls)
        quiet = quiet + 1 if now == count else 0
        count = now
        await asyncio.sleep(0.03)


def check_settings(room: ChatRoom, dialogue: Dialogue) -> None:
    """Compare what /settings shows with what is stored."""
    subscriber = room.find_subscriber()
    active = [
        each
        for each in (subscriber.subscriptions if subscriber else ())
        if each.state is SubscriptionState.ACTIVE
    ]
    text = dialogue.screen.text
    assert dialogue.labels, f"a dead end: {text}"
    if len(active) != 1 or subscriber is None:
        return
    (subscription,) = active
    for at in subscription.wishes.times:
        assert f"{at:%H:%M}" in text
    for topic in subscription.wishes.topics:
        assert topic.lstrip("!+") in text
    is_paused = subscriber.state is SubscriberState.PAUSED
    assert is_paused == any(word in text for word in ("已暂停", "已暫停", "Paused"))
