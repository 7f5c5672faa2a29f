"""Files of newspaper pages → the articles of their pages, in several worker processes."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import files
from bot.errors import InputError, SourceError, ZhaibaoError
from bot.models import Page
from bot.pipeline.source_readers.documents import choose_limits
from bot.sources.parsing import split_pages
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker

_MAX_FILES_IN_HAND = 32  # files that were read and are not parsed yet


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitFiles:
    """The pages of files with their names, in order, and the errors of the files that cannot be read."""

    pages: tuple[tuple[Path, Page], ...]
    errors: tuple[ZhaibaoError, ...] = ()


async def split_files(
    paths: Sequence[Path],
    workers: RunInWorker,
    *,
    articles_only: bool,
    progress: Callable[[], None] = lambda: None,
) -> SplitFiles:
    """Return the pages with their names: one for a text; one or more, with numbered names, for a PDF.

    The parts of an article on two pages are joined. `articles_only` leaves out the pages' blocks.
    `progress` is called after each file.
    """
    places = asyncio.Semaphore(_MAX_FILES_IN_HAND)

    async def split_file(path: Path) -> list[tuple[str, Page]] | ZhaibaoError:
        async with places:
            try:
                data = await asyncio.to_thread(files.read_file, path)
                item = WorkItem(name=str(path), limits=await choose_limits(data, str(path), workers))
                return await workers(
                    item, split_pages, data, str(path), articles_only=articles_only, join=len(paths) == 1
                )
            except (InputError, SourceError) as error:
                return error
            finally:
                progress()

    results = await asyncio.gather(*map(split_file, paths))
    errors = tuple(result for result in results if isinstance(result, ZhaibaoError))
    named = [
        (path.with_stem(stem), page)
        for path, result in zip(paths, results, strict=True)
        if not isinstance(result, ZhaibaoError)
        for stem, page in result
    ]
    if len(paths) > 1:
        from bot.newspaper import (
            join_halves,
        )  # here because it is large; for one file the worker has joined them

        joined = join_halves([page for _, page in named])
        named = [(name, page) for (name, _), page in zip(named, joined, strict=True)]
    return SplitFiles(pages=tuple(named), errors=errors)
