"""Files of newspaper pages → the articles of their pages, in several worker processes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot import files
from bot.models import Page
from bot.pipeline.source_readers.documents import choose_limits
from bot.sources.parsing import split_pages
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker

_MAX_FILES_IN_HAND = 32  # files that were read and are not parsed yet


async def split_files(
    paths: Sequence[Path], workers: RunInWorker, *, articles_only: bool
) -> list[tuple[Path, Page]]:
    """Return the pages with their names, in order: one for a text; one or more, with numbered names, for a
    PDF.

    The parts of an article on two pages are joined. `articles_only` leaves out the pages' blocks. Raises
    InputError, SourceError for the first file that cannot be read.
    """
    places = asyncio.Semaphore(_MAX_FILES_IN_HAND)

    async def split_file(path: Path) -> list[tuple[str, Page]]:
        async with places:
            data = await asyncio.to_thread(files.read_file, path)
            item = WorkItem(name=str(path), limits=await choose_limits(data, str(path), workers))
            return await workers(
                item, split_pages, data, str(path), articles_only=articles_only, join=len(paths) == 1
            )

    results = await asyncio.gather(*map(split_file, paths))
    names = [path.with_stem(stem) for path, pages in zip(paths, results, strict=True) for stem, _ in pages]
    pages = [page for result in results for _, page in result]
    if len(paths) > 1:
        from bot.newspaper import (
            join_halves,
        )  # imported here because it is large; for one file the worker has joined them

        pages = list(join_halves(pages))
    return list(zip(names, pages, strict=True))
