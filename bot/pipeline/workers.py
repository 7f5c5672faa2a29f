"""Programs beside this one that take apart what was fetched: a thread would share one core with the loop and block it.

    async with workers(2) as work:
        listing = await work(KINDS["feed"].listing, content, url, source)

A worker is a Python of our own that reads calls from a pipe and writes what they gave into another, one at a time. It
has none of our environment and so none of our secrets, hears no Ctrl-C, and ends when its pipe does: with us, however
we end.
"""

import asyncio
import logging
import os
import pickle
import sys
import traceback
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import BinaryIO, ParamSpec, Protocol, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_LENGTH = 8  # bytes before a message, which say how many it has
# What the worker is started with: the folders that our modules are from, whatever the folder we stand in.
_START = "import sys; sys.path[:] = {path!r}; from bot.pipeline.workers import serve_calls; serve_calls()"


class RunElsewhere(Protocol):
    """Calls a function somewhere else: in another thread or program."""

    async def __call__(self, function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T: ...


class WorkerDied(Exception):
    """A worker ended before it answered. What it had to do may be to blame; the next call gets a new worker."""


class Worker:
    """One program; it is started by its first call, and again after one that killed it."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def call_function(self, call: bytes) -> bytes:
        """Return what the worker answers. Raises WorkerDied."""
        process = self._process = self._process or await _start_process()
        assert process.stdin  # noqa: S101  (for mypy: both are pipes)
        assert process.stdout  # noqa: S101
        try:
            process.stdin.write(len(call).to_bytes(_LENGTH) + call)
            await process.stdin.drain()
            size = await process.stdout.readexactly(_LENGTH)
            return await process.stdout.readexactly(int.from_bytes(size))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            await self.end_process()
            raise WorkerDied(f"the worker ended with {process.returncode}") from error
        except BaseException:
            await self.end_process()  # cancelled: what it answers later is for nobody
            raise

    async def end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _start_process() -> Process:
    code = _START.format(path=sys.path)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", code, stdin=PIPE, stdout=PIPE, env={}, start_new_session=True
    )


@asynccontextmanager
async def open_workers(count: int) -> AsyncIterator[RunElsewhere]:
    """Give what calls functions in `count` other programs, in threads of this one where it is 0.

    A function, its arguments, its result and the error it raises are pickled.
    """
    if not count:
        yield asyncio.to_thread
        return
    every = [Worker() for _ in range(count)]
    idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
    for one in every:
        idle.put_nowait(one)

    async def work(function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
        worker = await idle.get()
        try:
            answer = await worker.call_function(pickle.dumps((function, args, options)))
        finally:
            idle.put_nowait(worker)
        result, error = pickle.loads(answer)  # noqa: S301  (from our own program)
        if error is not None:
            raise error
        return cast("T", result)

    try:
        yield work
    finally:
        for one in every:
            await one.end_process()


def serve_calls() -> None:
    """Be a worker: answer calls until there are no more."""
    logging.disable()  # what went wrong is in the answer
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    while call := _read_message(calls):
        answer = _answer_call(call)
        answers.write(len(answer).to_bytes(_LENGTH) + answer)
        answers.flush()


def _read_message(stream: BinaryIO) -> bytes:
    """Return the next message, b"" at the end."""
    size = stream.read(_LENGTH)
    return stream.read(int.from_bytes(size)) if len(size) == _LENGTH else b""


def _answer_call(call: bytes) -> bytes:
    """Return a call's result and the error it raised, one of them None."""
    try:
        function, args, options = pickle.loads(call)  # noqa: S301  (from our own program)
        return pickle.dumps((function(*args, **options), None))
    except Exception as error:
        error.add_note(traceback.format_exc())
        try:
            answer = pickle.dumps((None, error))
            pickle.loads(answer)  # noqa: S301  (some errors can be written and not read)
        except Exception:
            return pickle.dumps((None, RuntimeError("".join(traceback.format_exception(error)))))
        return answer
