"""The progress of long work on a terminal: how many of how many, and how much time is left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from bot.cli.translation import _

_MIN_STEPS = 2  # one step needs no bar


@contextmanager
def show_progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error while the block runs; the block calls what it is given after each step.

    Into a file or a pipe no bar is drawn. After Ctrl-C it is said how far the work came.
    """
    done = 0

    def count_step() -> None:
        nonlocal done
        done += 1
        advance()

    with _open_bar(label, total) as advance:
        try:
            yield count_step
        except KeyboardInterrupt:
            stopped_after = _("{label}: stopped after {done} of {total}", label=label, done=done, total=total)
            click.echo(f"\nzhaibao: {stopped_after}", err=True)
            raise


@contextmanager
def _open_bar(label: str, total: int) -> Iterator[Callable[[], None]]:
    if total < _MIN_STEPS or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)
