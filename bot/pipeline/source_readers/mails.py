"""Transport `mails`: the mails of an account that arrived since the last reading."""

import asyncio
from dataclasses import replace

import structlog

from bot.errors import LimitExceeded, SourceError
from bot.fetch.imap import FetchedMail, list_waiting_uids, name_mail
from bot.models import Source
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.disk_files import forbid_links, join_listings
from bot.pipeline.source_readers.reading import SourceReading
from bot.sources.kinds.table import KINDS
from bot.sources.listing import Listing
from bot.workers.limits import WorkItem

_log = structlog.get_logger("collect")


async def read_mails(source: Source, context: ReadingContext) -> SourceReading:
    """Return the articles of new mails. A mail that cannot be read does not affect the others.

    A link in a mail may act for the person it was sent to, so links are followed only with full_text = true.
    A mail that costs too much to read is fetched again, less and less often. Raises FetchError.
    """
    box = source.mailbox
    assert box is not None  # noqa: S101  (for mypy: this transport is chosen for sources with an account)
    waiting = {name_mail(box, uid): uid for uid in list_waiting_uids(context.etag)}
    due = await asyncio.to_thread(context.select_unread, tuple(waiting))
    fetched = await context.fetcher.fetch_mails(box, context.etag, [waiting[name] for name in due])
    for uid in fetched.too_large:
        _log.warning("mail too large", source=source.name, uid=uid)
    listings: list[Listing] = []
    over_limit: dict[str, LimitExceeded] = {}
    done: list[FetchedMail] = []
    for mail in fetched.mails:
        if not context.has_time():
            break
        done.append(mail)
        try:
            listings.append(await _parse_mail(mail, forbid_links(source), context))
        except LimitExceeded as error:
            over_limit[mail.name] = error
        except SourceError as error:
            _log.warning("unread", source=source.name, error=str(error))
        except Exception:
            _log.exception("bug", source=source.name, mail=mail.name)
    is_finished = len(done) == len(fetched.mails)
    read = {mail.name for mail in done} - over_limit.keys()
    again = {uid for name, uid in waiting.items() if name not in read}
    again |= {mail.uid for mail in done if mail.name in over_limit}
    last = fetched.last if is_finished else max([mail.uid for mail in done], default=0)
    reading = await join_listings(listings, source, context.workers)
    return replace(
        reading,
        keys=tuple(name for name in due if name in read),
        over_limit=over_limit,
        etag=fetched.build_state(max(last, fetched.last_before), sorted(again)),
        is_finished=is_finished,
    )


async def _parse_mail(mail: FetchedMail, source: Source, context: ReadingContext) -> Listing:
    return await context.workers(
        WorkItem(name=mail.name), KINDS[source.kind].parse_listing, mail.data, mail.name, source
    )
