"""Stories → which of them an edition tells, in which order, under which heading; and why it leaves out the others.

An article's importance is a sum of points, the same for the same inputs. Stories are taken one after another, the
most important first, each section and each source counting for less the more it has already: no one swallows the
digest. The points are a choice, made by looking at digests, not fitted to anything; `zhaibao preview --why` shows them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.editorial.stories import Event, find_shared_terms
from bot.editorial.topics import TopicVerdict, WordSpans, judge_article
from bot.models import Article, Digest, Source

_MIN_CHARACTERS = 40  # shorter texts are notices or leftovers of a page, not articles

_POINTS_A_DAY = 2.0  # points: yesterday's front page comes after today's third
_NEWS_DAYS = 3  # days after which a story is as old as any
_POINTS_A_SOURCE = 1.5  # points for each further source that tells it, up to MOST_SOURCES
_MAX_SOURCES = 4
_POINTS_FRONT_PAGE = 1.0  # points on page 1; on page n an nth of them
_POINTS_TOP_OF_PAGE = 0.5  # points of the first article of a page or feed; of the nth an nth of them
_POINTS_A_TOPIC = 1.0  # points for each of the reader's terms it meets, up to MOST_TOPICS
_MAX_TOPICS = 3
_POINTS_A_SHARED_TERM = 0.25  # points for each term of its title that many of the day's titles share, up to MOST_TERMS
_MAX_SHARED_TERMS = 2
_PENALTY_LOST_HEAD = 0.5  # points lost: its beginning is not here
_PENALTY_SAME_SECTION = 0.6  # points lost for each story its section has already
_PENALTY_SAME_SOURCE = 0.3  # points lost for each story its source has already

_PAGE_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A story that may be told. `points` by reason; `importance` is their sum."""

    event: Event
    section: str
    order: int  # as it came
    points: dict[str, float] = field(default_factory=dict)
    reason_against: str = ""
    is_crowded_out: bool = False  # why_not is this alone: nothing else speaks against it

    @property
    def article(self) -> Article:
        return self.event.articles[0]

    @property
    def importance(self) -> float:
        return sum(self.points.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """`chosen` section by section, as they will stand; `left_out` with the reason of each, best first."""

    chosen: tuple[Candidate, ...]
    left_out: tuple[Candidate, ...]

    @property
    def crowded_out(self) -> tuple[Candidate, ...]:
        """Those left out for lack of room alone, best first."""
        return tuple(one for one in self.left_out if one.is_crowded_out)


def select_stories(
    events: Sequence[Event], sources: Sequence[Source], digest: Digest, *, now: datetime, spans: WordSpans
) -> Selection:
    """Choose at most `digest.max_stories`.

    `sources` in the order of the configuration, which is the order of the sections unless the digest names its own.
    """
    of_source = {source.name: source.section for source in sources}
    sections = [*digest.sections, *dict.fromkeys(source.section for source in sources)]
    places: Counter[tuple[str, str]] = Counter()
    candidates = []
    terms = find_shared_terms([event.articles[0].title for event in events])
    for order, event in enumerate(events):
        article = event.articles[0]
        places[article.source, article.page] += 1
        section = of_source.get(article.source, "")
        found = judge_article(digest.topics, article, spans)
        candidates.append(
            Candidate(
                event=event,
                section=section,
                order=order,
                points=_score_cluster(event.articles, digest, now, places[article.source, article.page], found)
                | _score_shared_terms(terms[order]),
                reason_against=_explain_unfit(article, digest, now)
                or _explain_old_news(event)
                or _explain_unwanted(found),
            )
        )
    return _pick_candidates(candidates, sections, digest)


def _pick_candidates(candidates: Sequence[Candidate], sections: Sequence[str], digest: Digest) -> Selection:
    """Take the most important again and again; what has no room says so."""
    waiting = [candidate for candidate in candidates if not candidate.reason_against]
    left_out = [candidate for candidate in candidates if candidate.reason_against]
    chosen: list[Candidate] = []
    of_section: Counter[str] = Counter()
    of_source: Counter[str] = Counter()

    def claim(candidate: Candidate) -> tuple[float, int]:
        had = (
            _PENALTY_SAME_SECTION * of_section[candidate.section]
            + _PENALTY_SAME_SOURCE * of_source[candidate.article.source]
        )
        return candidate.importance - had, -candidate.order

    while waiting:
        best = max(waiting, key=claim)
        waiting.remove(best)
        quota = digest.sections.get(best.section, 0)
        if len(chosen) == digest.max_stories:
            left_out.append(_leave_out(best, f"max_stories = {digest.max_stories} are more important"))
        elif quota and of_section[best.section] == quota:
            left_out.append(_leave_out(best, f"{best.section} has its {quota}"))
        else:
            chosen.append(best)
            of_section[best.section] += 1
            of_source[best.article.source] += 1
    rank = {section: place for place, section in reversed(list(enumerate(sections)))}
    chosen.sort(key=lambda one: (rank.get(one.section, len(rank)), -one.importance, one.order))
    return Selection(chosen=tuple(chosen), left_out=tuple(left_out))


def _leave_out(candidate: Candidate, why: str) -> Candidate:
    return replace(candidate, reason_against=why, is_crowded_out=True)


def _explain_unfit(article: Article, digest: Digest, now: datetime) -> str:
    """Why it is no news, "" if it is."""
    if not article.title:
        return "has no title"
    if len(article.text) < _MIN_CHARACTERS:
        return f"is shorter than {_MIN_CHARACTERS} characters"
    oldest = now - timedelta(days=digest.max_age_days)
    if digest.max_age_days and article.published_at and article.published_at < oldest:
        return f"is older than max_age_days = {digest.max_age_days}"
    return ""


def _explain_old_news(event: Event) -> str:
    """When it was told, if nothing is new since, else ""."""
    return (
        f"was told on {event.first_printing.slot}, nothing new since" if event.first_printing and not event.news else ""
    )


def _explain_unwanted(found: TopicVerdict) -> str:
    if found.is_wanted:
        return ""
    return f"topics: {', '.join(found.terms)}" if found.terms else "meets none of the topics"


def _score_cluster(
    cluster: Sequence[Article], digest: Digest, now: datetime, place: int, found: TopicVerdict
) -> dict[str, float]:
    """What speaks for a story, by reason; what adds nothing is left out."""
    article = cluster[0]
    others = len({other.source for other in cluster}) - 1
    number = _PAGE_NUMBER.search(article.page)
    met = [term for term in found.terms if not term.startswith(("+", "!"))]
    counted = {
        "day": _POINTS_A_DAY * max(0, _NEWS_DAYS - _count_days_old(article, digest, now)),
        "sources": _POINTS_A_SOURCE * min(others, _MAX_SOURCES),
        "page": _POINTS_FRONT_PAGE / max(1, int(number[0])) if number else 0.0,
        "place": _POINTS_TOP_OF_PAGE / place,
        f"topics {'、'.join(met)}": _POINTS_A_TOPIC * min(len(met), _MAX_TOPICS),
        "head lost": -_PENALTY_LOST_HEAD if article.cut_head else 0.0,
    }
    return {reason: value for reason, value in counted.items() if value}


def _score_shared_terms(terms: Sequence[str]) -> dict[str, float]:
    counted = terms[:_MAX_SHARED_TERMS]
    return {f"in many titles: {'、'.join(counted)}": _POINTS_A_SHARED_TERM * len(counted)} if counted else {}


def _count_days_old(article: Article, digest: Digest, now: datetime) -> int:
    """Days between the article's date and today in the digest's zone; 0 where it has none."""
    if article.published_at is None:
        return 0
    return max(0, (now.astimezone(digest.zone).date() - article.published_at.astimezone(digest.zone).date()).days)
