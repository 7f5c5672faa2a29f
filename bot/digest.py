"""Which slot is due, and what stands in its edition. Pure: takes `now`, reads no clock and no store."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest

from bot.models import Article, Digest, Edition, Source, Story
from summarizer import keywords, summarize

MAX_KEYWORDS = 5
MIN_CHARACTERS = 40  # shorter texts are notices or leftovers of a page, not articles


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A digest's place on a day: published from `opens_at` until `closes_at` (UTC), not before and not after."""

    day: date  # in the digest's zone
    opens_at: datetime
    closes_at: datetime


def slot_on(digest: Digest, day: date) -> Slot | None:
    """The slot of that day; None on a weekday the digest does not come out.

    The digest's wall time decides: an hour that the clocks leave out moves forward, one they repeat counts once.
    """
    if day.weekday() not in digest.weekdays:
        return None
    opens_at = datetime.combine(day, digest.at, digest.zone).astimezone(UTC)
    return Slot(day=day, opens_at=opens_at, closes_at=opens_at + timedelta(minutes=digest.lateness_minutes))


def latest_slot(digest: Digest, now: datetime) -> Slot | None:
    """The last slot that has opened, today's or yesterday's; None when neither has."""
    today = now.astimezone(digest.zone).date()
    slots = (slot_on(digest, today - timedelta(days=days)) for days in range(2))
    return next((slot for slot in slots if slot and slot.opens_at <= now), None)


def next_slot(digest: Digest, now: datetime) -> Slot:
    """The first slot that opens after `now`."""
    today = now.astimezone(digest.zone).date()
    slots = (slot_on(digest, today + timedelta(days=days)) for days in range(9))
    return next(slot for slot in slots if slot and slot.opens_at > now)


def compose(
    digest: Digest,
    slot: date,
    clusters: Sequence[Sequence[Article]],
    sources: Sequence[Source],
    *,
    now: datetime,
    unread: Sequence[str] = (),
) -> Edition:
    """Choose, order and summarize the stories of an edition.

    `clusters` are articles that tell the same event, best first; `sources` in the order of the configuration,
    which is the order of sections; `unread` names sources that could not be read.
    """
    fresh = [cluster for cluster in clusters if is_news(cluster[0], digest, now)]
    return Edition(
        digest=digest.name,
        slot=slot,
        title=digest.title,
        language=digest.language,
        zone=digest.zone,
        theme=digest.theme,
        created_at=now,
        stories=tuple(story(cluster, section, digest) for section, cluster in chosen(fresh, sources, digest)),
        empty_sources=tuple(unread),
    )


def is_news(article: Article, digest: Digest, now: datetime) -> bool:
    if len(article.text) < MIN_CHARACTERS or not article.title:
        return False
    oldest = now - timedelta(days=digest.max_age_days)
    return not (digest.max_age_days and article.published_at and article.published_at < oldest)


def chosen(
    clusters: Sequence[Sequence[Article]], sources: Sequence[Source], digest: Digest
) -> list[tuple[str, Sequence[Article]]]:
    """At most `max_stories` clusters with their sections, section by section.

    Within a section newer days come first, then what more sources tell, then the order of the page. Sections are
    drawn from in turn, so that a full page does not swallow the digest.
    """
    by_section: dict[str, list[Sequence[Article]]] = {source.section: [] for source in sources}
    of_source = {source.name: source.section for source in sources}
    for cluster in clusters:
        by_section.setdefault(of_source.get(cluster[0].source, ""), []).append(cluster)
    for section in by_section.values():
        section.sort(key=lambda cluster: (-day_number(cluster[0], digest), -len(sources_of(cluster))))
    turns = zip_longest(*([(name, cluster) for cluster in rows] for name, rows in by_section.items()))
    drawn = [pick for turn in turns for pick in turn if pick][: digest.max_stories]
    kept: dict[str, list[Sequence[Article]]] = defaultdict(list)
    for name, cluster in drawn:
        kept[name].append(cluster)
    return [(name, cluster) for name in by_section for cluster in kept[name]]


def day_number(article: Article, digest: Digest) -> int:
    return article.published_at.astimezone(digest.zone).toordinal() if article.published_at else 0


def sources_of(cluster: Sequence[Article]) -> frozenset[str]:
    return frozenset(article.source for article in cluster)


def story(cluster: Sequence[Article], section: str, digest: Digest) -> Story:
    article, *others = cluster
    language = article.language or None
    return Story(
        article=article,
        section=section,
        summary=summarize(
            article.text,
            title=article.title,
            language=language,
            characters=digest.max_characters,
            cut_head=article.cut_head,
            cut_tail=article.cut_tail,
            subheadings=article.subheadings,
        ),
        keywords=tuple(
            str(term) for term in keywords(article.text, title=article.title, language=language, limit=MAX_KEYWORDS)
        ),
        others=tuple(others),
    )
