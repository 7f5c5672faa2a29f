"""A web address → the best source that is there, for `zhaibao sources add` and `zhaibao init`."""

from dataclasses import replace

from bot.cli.assembly import build_fetcher
from bot.errors import FetchError, SourceError
from bot.phrases import Phrase
from bot.settings import Settings
from bot.sources.discovery import SourceCandidate, discover_sources, list_usual_places, recognize_feed
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import WorkerPool


async def discover_source(settings: Settings, url: str) -> SourceCandidate:
    """Return the best source at `url`. Raises SourceError if there is none."""
    async with WorkerPool() as workers, build_fetcher(settings, workers.run) as fetcher:
        page = await fetcher.fetch_url(url, trusted=True)
        item = WorkItem(name=page.url)
        candidates = await workers.run(item, discover_sources, page.content, page.url, page.charset)
        feeds = {candidate.url: candidate.title for candidate in candidates if candidate.kind == "feed"}
        best = candidates[0] if candidates else None
        if best and (best.kind in ("telegram", "epaper") or (best.kind, best.url) == ("feed", page.url)):
            return best
        for place in dict.fromkeys([*feeds, *list_usual_places(page.url)]):
            try:
                document = await fetcher.fetch_url(place, trusted=True)
            except FetchError:
                continue
            item = WorkItem(name=document.url)
            if feed := await workers.run(
                item, recognize_feed, document.content, document.url, document.charset
            ):
                return replace(feed, title=feed.title or feeds.get(place, ""))
    if len(candidates) == len(feeds):
        raise SourceError(
            Phrase("{url}: there is no feed, no article and no page of links to articles", url=url)
        )
    return candidates[len(feeds)]
