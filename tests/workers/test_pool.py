"""Worker processes do what they are asked, stay within their limits, and cost nobody else anything when they
fail.
"""

import asyncio
import os
import pickle
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from bot.errors import InputError, LimitExceeded, SourceError
from bot.models import Article
from bot.workers.limits import WorkItem, WorkLimits
from bot.workers.worker_pool import WorkerPool

T = TypeVar("T")
SMALL = WorkLimits(cpu_seconds=1, memory_bytes=100_000_000, result_bytes=1_000_000, wall_seconds=30.0)
ITEM = WorkItem(name="page.pdf", limits=SMALL)


def use_pool(ask: Callable[[WorkerPool], Awaitable[T]], workers: int = 1) -> T:
    async def run() -> T:
        async with WorkerPool(workers) as pool:
            return await ask(pool)

    return asyncio.run(run())


def test_a_call_runs_in_another_process_and_the_next_one_in_the_same() -> None:
    async def ask(pool: WorkerPool) -> set[int]:
        return {await pool.run(ITEM, os.getpid), await pool.run(ITEM, os.getpid)}

    (pid,) = use_pool(ask)
    assert pid != os.getpid()


def test_a_value_comes_back_as_it_was() -> None:
    article = Article(title="水库蓄水", text="一\n二", subheadings=(1,))
    assert use_pool(lambda pool: pool.run(ITEM, max, [article], key=str)) == article


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [
        (exec, "while True: pass", "needs more than 1 s of CPU time"),
        (exec, "import re; re.match('(a|a)*b', 'a' * 60)", "needs more than 1 s of CPU time"),
        (bytearray, 300_000_000, "needs more than 100 MB of memory"),
        (bytes, 2_000_000, "gives more than 1 MB of text"),
        (os.abort, None, "crashes the program that reads it"),
        (os._exit, 3, "ends the program that reads it .exit status 3"),
    ],
)
def test_a_document_over_a_limit_is_named_with_the_limit_and_costs_nothing_else(
    function: Callable[..., object], argument: object, reason: str
) -> None:
    async def ask(pool: WorkerPool) -> int:
        with pytest.raises(LimitExceeded, match=f"page.pdf: {reason}"):
            await pool.run(ITEM, function, *([] if argument is None else [argument]))
        return await pool.run(ITEM, abs, -7)

    assert use_pool(ask) == 7


def test_a_worker_that_waits_for_ever_is_ended() -> None:
    item = WorkItem(
        name="page.pdf",
        limits=WorkLimits(cpu_seconds=1, memory_bytes=100_000_000, result_bytes=1_000, wall_seconds=0.5),
    )

    async def ask(pool: WorkerPool) -> int:
        with pytest.raises(LimitExceeded, match="takes longer than"):
            await pool.run(item, time.sleep, 60)
        return await pool.run(ITEM, abs, -7)

    assert use_pool(ask) == 7


def test_limits_are_of_one_call_and_not_of_all_that_a_worker_ever_does() -> None:
    async def ask(pool: WorkerPool) -> int:
        for _ in range(3):
            await pool.run(ITEM, exec, "import time\nwhile time.process_time() % 1 < 0.6: pass")
            await pool.run(ITEM, exec, "import time\nwhile time.process_time() % 1 > 0.4: pass")
        return await pool.run(ITEM, abs, -7)

    assert use_pool(ask) == 7


def test_a_worker_that_somebody_ended_between_two_calls_is_replaced() -> None:
    async def ask(pool: WorkerPool) -> int:
        os.kill(await pool.run(ITEM, os.getpid), signal.SIGKILL)
        return await pool.run(ITEM, abs, -7)

    assert use_pool(ask) == 7


def test_an_error_keeps_its_words() -> None:
    with pytest.raises(SourceError, match="is no feed"):
        use_pool(
            lambda pool: pool.run(
                ITEM, exec, "from bot.errors import SourceError as E; raise E('x: is no feed')"
            )
        )


def test_a_bug_comes_back_with_the_place_it_happened_at() -> None:
    with pytest.raises(TypeError) as caught:
        use_pool(lambda pool: pool.run(ITEM, divmod, 1, "two"))  # type: ignore[arg-type]
    assert "Traceback" in caught.value.__notes__[0]


def test_an_error_that_cannot_be_sent_becomes_one_that_can() -> None:
    # it takes more to be made than it says of itself
    with pytest.raises(RuntimeError, match="OddError"):
        use_pool(lambda pool: pool.run(ITEM, exec, "raise type('OddError', (Exception,), {})('x')"))


class _Command:
    """What a worker that a document took over would answer: unpickled, it runs a command."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch taken-over",)


@pytest.mark.parametrize(
    "answer",
    [
        pickle.dumps((_Command(), None)),
        pickle.dumps((None, "no error")),
        b"\x80\x04cbuiltins\neval\n(V1\ntR.",
        b"nonsense",
        b"",
    ],
)
def test_an_answer_runs_no_code_here(answer: bytes, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    forged = (
        "import sys; from bot.workers import serving, messages\n"
        f"serving.answer_call = lambda call: messages.frame_answer(messages.AnswerStatus.DONE, {answer!r})"
    )

    async def ask(pool: WorkerPool) -> int:
        await pool.run(ITEM, exec, forged, {})
        with pytest.raises(
            LimitExceeded, match=r"page\.pdf: makes the program that reads it answer nonsense"
        ):
            await pool.run(ITEM, abs, -1)
        return await pool.run(ITEM, abs, -7)

    assert use_pool(ask) == 7
    assert not list(tmp_path.iterdir())


def test_a_call_that_is_given_up_answers_nobody_else() -> None:
    async def ask(pool: WorkerPool) -> str:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await pool.run(ITEM, time.strftime, "late")
        return await pool.run(ITEM, time.strftime, "mine")

    assert use_pool(ask) == "mine"


def test_more_calls_than_workers_all_get_their_own_answer() -> None:
    async def ask(pool: WorkerPool) -> list[int]:
        return await asyncio.gather(*(pool.run(ITEM, abs, -number) for number in range(50)))

    assert use_pool(ask, workers=2) == list(range(50))


def test_a_strangers_work_waits_for_nobody_of_ours_and_is_less_urgent() -> None:
    async def ask(pool: WorkerPool) -> tuple[int, int]:
        strangers = [asyncio.create_task(pool.run_in_background(ITEM, time.sleep, 0.2)) for _ in range(20)]
        await asyncio.sleep(0)
        ours = await pool.run(ITEM, os.nice, 0)
        assert not any(task.done() for task in strangers[5:])
        for task in strangers:
            task.cancel()
        return ours, await pool.run_in_background(ITEM, os.nice, 0)

    ours, theirs = use_pool(ask)
    assert theirs > ours


def test_a_worker_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAIBAO_TELEGRAM_TOKEN", "123:secret")

    async def ask(pool: WorkerPool) -> str:
        return str(
            await pool.run(ITEM, eval, "open('/proc/self/environ').read() + str(__import__('os').environ)")
        )

    assert "secret" not in use_pool(ask)


def test_a_worker_has_no_open_file_of_ours(tmp_path) -> None:
    with (tmp_path / "database").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        look = "[__import__('os').path.realpath(f'/proc/self/fd/{n}') for n in range(50)]"
        files = use_pool(lambda pool: pool.run(ITEM, eval, look))
    assert str(tmp_path / "database") not in files


def test_what_a_library_prints_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    assert use_pool(lambda pool: pool.run(ITEM, print, "a library says hello", flush=True)) is None
    assert "says hello" in capfd.readouterr().err


def test_idle_workers_give_back_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.workers.worker_pool.IDLE_SECONDS", 0.0)

    async def ask(pool: WorkerPool) -> tuple[int, int]:
        first = await pool.run(ITEM, os.getpid)
        for _ in range(1000):
            await asyncio.sleep(0.01)
            if not _is_running(first):
                break
        return first, await pool.run(ITEM, os.getpid)

    first, second = use_pool(ask)
    assert first != second


def test_no_worker_outlives_the_pool() -> None:
    async def ask(pool: WorkerPool) -> int:
        task = asyncio.create_task(pool.run(ITEM, exec, "while True: pass"))
        pid = await pool.run_in_background(ITEM, os.getpid)
        task.cancel()
        return pid

    assert not _is_running(use_pool(ask))


def _is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_a_phrase_comes_back_to_be_translated_whatever_stood_in_it() -> None:
    code = """
from bot.errors import InputError
from bot.phrases import Phrase
from click import ClickException
raise InputError(Phrase("{path}: {error}", path="a.txt", error=ClickException("odd")))
"""
    with pytest.raises(InputError) as caught:
        use_pool(lambda pool: pool.run(ITEM, exec, code))
    assert str(caught.value) == "a.txt: odd"
    assert caught.value.args[0].text == "{path}: {error}"
