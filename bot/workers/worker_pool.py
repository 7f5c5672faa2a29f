"""Starts worker processes when they are needed, and ends those that are idle or exceed a limit."""

import asyncio
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import ParamSpec, Protocol, Self, TypeVar, cast

from bot.errors import LimitExceeded
from bot.phrases import Phrase
from bot.workers.limits import MEGABYTE, WorkItem, WorkLimits
from bot.workers.messages import LENGTH_BYTES, AnswerStatus, frame_call, load_answer, parse_answer_head

P = ParamSpec("P")
T = TypeVar("T")

WORKERS = 2  # at the same time; each needs half a second of CPU time to start and about 60 MB
IDLE_SECONDS = 60.0  # after which a worker is ended to free its memory
NICENESS, BACKGROUND_NICENESS = 0, 15  # requests of users get the CPU time that our own work leaves
_END_SECONDS = 5.0  # that a process may take to end after its pipe is closed
_ANSWER_MARGIN_BYTES = 1_000_000  # for an error with its traceback
_KEPT_VARIABLES = ("HOME", "TMPDIR", "XDG_CACHE_HOME")  # the locations of the libraries' caches
# The worker gets the folders of our modules, regardless of the current folder.
_START = (
    "import sys; sys.path[:] = {path!r}; from bot.workers.serving import serve_calls; serve_calls({niceness})"
)


class RunInWorker(Protocol):
    """Calls a function in another process. Raises LimitExceeded and the errors of the function."""

    async def __call__(
        self, item: WorkItem, function: Callable[P, T], /, *args: P.args, **options: P.kwargs
    ) -> T: ...


class WorkerPool:
    """Runs calls in worker processes. Use it as `async with WorkerPool() as workers`.

    `run` is for our own work. `run_in_background` is for users' requests: they run one at a time in a worker
    with low CPU priority. Pictures also have only one worker, because each takes both cores and 600 MB.
    """

    def __init__(self, workers: int = WORKERS) -> None:
        self._ordinary = _WorkerGroup(workers, NICENESS)
        self._scans = _WorkerGroup(1, NICENESS)
        self._background = _WorkerGroup(1, BACKGROUND_NICENESS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for group in (self._ordinary, self._scans, self._background):
            await group.close()

    @property
    def queue_length(self) -> int:
        """How many calls wait for a worker."""
        return sum(group.waiting for group in (self._ordinary, self._scans, self._background))

    async def run(self, item: WorkItem, function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
        """Return the result of the function. The function, its arguments and its result are pickled."""
        group = self._scans if item.limits.is_scan else self._ordinary
        return cast("T", await group.call_function(item, function, args, options))

    async def run_in_background(
        self, item: WorkItem, function: Callable[P, T], /, *args: P.args, **options: P.kwargs
    ) -> T:
        """Return the result of the function for a user's request, at low priority."""
        return cast("T", await self._background.call_function(item, function, args, options))


def run_in_worker(item: WorkItem, function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    """Return the result of the function from a new worker process. For programs without an event loop."""

    async def run() -> T:
        async with WorkerPool(1) as workers:
            return await workers.run(item, function, *args, **options)

    return asyncio.run(run())


class _WorkerGroup:
    """Workers for the same kind of work. The last used worker is used first, so that the others become idle
    and end.
    """

    def __init__(self, count: int, niceness: int) -> None:
        self._workers = [_Worker(niceness) for _ in range(count)]
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        for worker in self._workers:
            self._idle.put_nowait(worker)
        self.waiting = 0  # calls that wait for an idle worker

    async def call_function(
        self, item: WorkItem, function: Callable[..., object], args: object, options: object
    ) -> object:
        self.waiting += 1
        try:
            worker = await self._idle.get()
        finally:
            self.waiting -= 1
        try:
            result, error = await worker.send_call(item, pickle.dumps((function, args, options, item.limits)))
        finally:
            self._idle.put_nowait(worker)
        if error is not None:
            raise error
        return result

    async def close(self) -> None:
        for worker in self._workers:
            await worker.close()


class _KilledFromOutside(LimitExceeded):
    """Another program killed the worker, perhaps before it read the call. The call goes to another worker."""


class _Worker:
    """One process. A call starts it if it is not running."""

    def __init__(self, niceness: int) -> None:
        self._niceness = niceness
        self._process: Process | None = None
        self._end_when_idle: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()

    async def send_call(self, item: WorkItem, call: bytes) -> tuple[object, Exception | None]:
        """Return the function's result and its error. One of them is None. Raises LimitExceeded."""
        if self._end_when_idle:
            self._end_when_idle.cancel()
        try:
            try:
                answer = await self._exchange(item, call)
            except _KilledFromOutside:
                await self.end_process()
                answer = await self._exchange(item, call)
        except BaseException:
            await self.end_process()  # its answer is not needed any more
            raise
        self._end_when_idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_soon)
        return answer

    async def _exchange(self, item: WorkItem, call: bytes) -> tuple[object, Exception | None]:
        if self._process and self._process.returncode is not None:
            self._process = None  # another program ended it while it was idle
        is_new = self._process is None
        process = self._process = self._process or await _start_process(self._niceness)
        assert process.stdin  # noqa: S101  (for mypy: both are pipes)
        assert process.stdout  # noqa: S101
        try:
            async with asyncio.timeout(item.limits.wall_seconds):
                process.stdin.write(frame_call(call))
                await process.stdin.drain()
                status, size = parse_answer_head(await process.stdout.readexactly(1 + LENGTH_BYTES))
                if size > item.limits.result_bytes + _ANSWER_MARGIN_BYTES:
                    status = AnswerStatus.RESULT_TOO_LARGE
                if status in _REFUSALS:
                    raise LimitExceeded(item.name, _REFUSALS[status](item.limits))
                answer = load_answer(await process.stdout.readexactly(size))
        except TimeoutError as error:
            raise LimitExceeded(
                item.name, Phrase("takes longer than {seconds:g} s to read", seconds=item.limits.wall_seconds)
            ) from error
        except (ValueError, pickle.UnpicklingError) as error:
            raise LimitExceeded(
                item.name, Phrase("makes the program that reads it answer nonsense")
            ) from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            end = await _wait_for_end(process)
            if end in (-signal.SIGKILL, -signal.SIGTERM) and not is_new:
                raise _KilledFromOutside(
                    item.name,
                    Phrase("was being read when its reader was killed (signal {signal})", signal=-end),
                ) from error
            raise LimitExceeded(item.name, _explain_end(end, item.limits)) from error
        if status == AnswerStatus.LAST:
            await self.end_process()
        return answer

    def _end_soon(self) -> None:
        task = asyncio.get_running_loop().create_task(self.end_process())
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    async def close(self) -> None:
        await self.end_process()
        await asyncio.gather(*self._endings)

    async def end_process(self) -> None:
        if self._end_when_idle:
            self._end_when_idle.cancel()
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _wait_for_end(process: Process) -> int | None:
    """Return the exit status of a process after its pipe has closed, or None if the process does not end."""
    with suppress(TimeoutError):
        # Do not kill it first: in Python 3.11, the waiting task would then lose the exit status.
        return await asyncio.wait_for(process.wait(), _END_SECONDS)
    return None


async def _start_process(niceness: int) -> Process:
    code = _START.format(path=sys.path, niceness=niceness)
    variables = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    variables |= {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "LC_ALL": "C.UTF-8",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", code, stdin=PIPE, stdout=PIPE, env=variables, start_new_session=True
    )


def _describe_memory(limits: WorkLimits) -> Phrase:
    return Phrase("needs more than {number} MB of memory to read", number=limits.memory_bytes // MEGABYTE)


def _describe_result(limits: WorkLimits) -> Phrase:
    return Phrase("gives more than {number} MB of text", number=limits.result_bytes // MEGABYTE)


_REFUSALS = {AnswerStatus.OUT_OF_MEMORY: _describe_memory, AnswerStatus.RESULT_TOO_LARGE: _describe_result}


def _explain_end(status: int | None, limits: WorkLimits) -> Phrase:
    """Return the reason why a worker ended, from its exit status."""
    if status == -signal.SIGXCPU:
        return Phrase("needs more than {number} s of CPU time to read", number=limits.cpu_seconds)
    if status is not None and status < 0:
        return Phrase(
            "crashes the program that reads it (signal {signal}), which may use {number} MB of memory",
            signal=-status,
            number=limits.memory_bytes // MEGABYTE,
        )
    return Phrase("ends the program that reads it (exit status {status})", status=status)
