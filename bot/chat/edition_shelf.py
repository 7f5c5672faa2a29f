"""The editions that were published: the present one, earlier ones, and what they are about."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.chat.target import CHANNEL
from bot.models import Digest, Edition, Message
from bot.pipeline.condensing import list_shared_terms
from bot.pipeline.rendering import render_messages
from bot.settings import Settings
from bot.store import Store
from bot.store.search import SearchHit
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_LISTED = 10  # earlier editions
_MAX_TERMS = 12  # of today
_SEARCHED_HITS = 100  # articles that match, of which those that were printed are shown


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionShelf:
    """Reads the store in threads. `workers` find the terms of an edition."""

    settings: Settings
    store: Store
    workers: RunInWorker
    terms: dict[tuple[str, datetime], tuple[str, ...]] = field(default_factory=dict)  # by digest and edition

    async def find_latest(self, digest: Digest) -> Edition | None:
        editions = await self.list_editions([digest.name], 1)
        return editions[0] if editions else None

    async def list_editions(self, names: Sequence[str], limit: int = _MAX_LISTED) -> tuple[Edition, ...]:
        """Return the last editions of these digests, the newest first."""
        return await asyncio.to_thread(self.store.editions.load_recent_editions, names, _EPOCH, limit)

    async def render(self, edition: Edition) -> Message:
        """Return the edition as Telegram messages."""
        rendered = await asyncio.to_thread(render_messages, edition, [CHANNEL], self.settings, self.store)
        return rendered[CHANNEL]

    async def list_terms(self, digest: Digest) -> tuple[str, ...]:
        """Return what the present edition is about, in a dozen terms."""
        edition = await self.find_latest(digest)
        if edition is None:
            return ()
        key = (edition.digest, edition.created_at)
        if key not in self.terms:
            texts = [f"{story.article.title}\n{story.summary.display}" for story in edition.stories]
            self.terms.clear()
            self.terms[key] = await self.workers(
                WorkItem(name="an edition"), list_shared_terms, texts, _MAX_TERMS
            )
        return self.terms[key]

    async def search(self, words: str, names: Sequence[str], limit: int = _MAX_LISTED) -> list[SearchHit]:
        """Return the articles that the digests printed and that match. Raises InputError."""

        def search() -> list[SearchHit]:
            hits = self.store.search.find_articles(words, _SEARCHED_HITS)
            printed = [hit for hit in hits if any(each.digest in names for each in hit.printings)]
            return printed[:limit]

        return await asyncio.to_thread(search)
