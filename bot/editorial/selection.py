"""Chooses the stories of an edition, with their order and sections, and explains why the others are left out.

The importance of a candidate is a sum of points; the same input gives the same points. Candidates are chosen
one by one, starting with the most important. Each chosen story reduces the points of its section and its
source, so that none of them fills the digest. The points were chosen by reading digests, not fitted. `zhaibao
preview --why` shows them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.editorial.stories import Event, find_shared_terms
from bot.editorial.topics import TopicVerdict, WordSpans, judge_article
from bot.models import Article, Digest, LeftOutReason, Source
from bot.phrases import Phrase

_MIN_CHARACTERS = 40  # shorter texts are notices or fragments of a page, not articles

# Points.
_POINTS_A_DAY = 2.0  # for each day younger than _NEWS_DAYS: yesterday's front page comes after today's third
_NEWS_DAYS = 3  # days; all older stories get the same points
_POINTS_A_SOURCE = 1.5  # for each further source that reports it, up to _MAX_SOURCES
_MAX_SOURCES = 4
_POINTS_FRONT_PAGE = 1.0  # on page 1; on page n, this divided by n
_POINTS_TOP_OF_PAGE = 0.5  # for the first article of a page or feed; for the nth, this divided by n
_POINTS_A_TOPIC = 1.0  # for each term of the digest's topics that it meets, up to _MAX_TOPICS
_MAX_TOPICS = 3
# for each term of its title that many titles of the day share, up to _MAX_SHARED_TERMS
_POINTS_A_SHARED_TERM = 0.25
_MAX_SHARED_TERMS = 2
_PENALTY_LOST_HEAD = 0.5  # its beginning is missing
_PENALTY_UNCERTAIN = 1.0  # times the probability that an article's boundaries are wrong, if known
_PENALTY_SAME_SECTION = 0.6  # for each story already chosen from its section
_PENALTY_SAME_SOURCE = 0.3  # for each story already chosen from its source

_PAGE_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class _StoryCandidate:
    """An event that may become a story. `points` has the points by reason. `importance` is their sum."""

    event: Event
    section: str
    order: int  # among the events
    points: Mapping[Phrase, float] = field(default_factory=dict)
    reason_against: Phrase | None = None
    left_out_for: LeftOutReason | None = None  # None also where lack of room is the only reason against it

    @property
    def is_crowded_out(self) -> bool:
        return self.reason_against is not None and self.left_out_for is None

    @property
    def article(self) -> Article:
        return self.event.articles[0]

    @property
    def importance(self) -> float:
        return sum(self.points.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The result: `chosen` in the order of the edition, and `left_out` with the reason for each."""

    chosen: tuple[_StoryCandidate, ...]
    left_out: tuple[_StoryCandidate, ...]

    @property
    def crowded_out(self) -> tuple[_StoryCandidate, ...]:
        """Return the candidates that were left out only for lack of room, best first."""
        return tuple(candidate for candidate in self.left_out if candidate.is_crowded_out)

    def count_left_out(self) -> dict[LeftOutReason, int]:
        """Return how many stories are left out for each reason, in the order of the reasons."""
        counts = Counter(candidate.left_out_for for candidate in self.left_out)
        return {reason: counts[reason] for reason in LeftOutReason if counts[reason]}


def select_stories(
    events: Sequence[Event], sources: Sequence[Source], digest: Digest, *, now: datetime, spans: WordSpans
) -> Selection:
    """Choose at most `digest.max_stories` events.

    `sources` are in the order of the configuration. It is the order of the sections, unless the digest names
    its own.
    """
    sections_by_source = {source.name: source.section for source in sources}
    sections = [*digest.sections, *dict.fromkeys(source.section for source in sources)]
    places: Counter[tuple[str, str]] = Counter()
    candidates = []
    terms = find_shared_terms([event.articles[0].title for event in events])
    for order, event in enumerate(events):
        article = event.articles[0]
        places[article.source, article.page] += 1
        place = places[article.source, article.page]
        verdict = judge_article(digest.topics, article, spans)
        points = _score_cluster(event.articles, digest, now, place, verdict)
        points |= _score_shared_terms(terms[order])
        objection = (
            _explain_unfit(article, digest, now)
            or _explain_old_news(event)
            or _explain_unwanted(verdict)
            or _explain_unimportant(points, digest)
        )
        candidates.append(
            _StoryCandidate(
                event=event,
                section=sections_by_source.get(article.source, ""),
                order=order,
                points=points,
                reason_against=objection.explanation if objection else None,
                left_out_for=objection.reason if objection else None,
            )
        )
    return _pick_candidates(candidates, sections, digest)


def _pick_candidates(
    candidates: Sequence[_StoryCandidate], sections: Sequence[str], digest: Digest
) -> Selection:
    """Choose the most important candidate repeatedly. Record lack of room as the reason for the others."""
    waiting = [candidate for candidate in candidates if not candidate.reason_against]
    left_out = [candidate for candidate in candidates if candidate.reason_against]
    chosen: list[_StoryCandidate] = []
    section_counts: Counter[str] = Counter()
    source_counts: Counter[str] = Counter()

    def rank_candidate(candidate: _StoryCandidate) -> tuple[float, int]:
        penalty = (
            _PENALTY_SAME_SECTION * section_counts[candidate.section]
            + _PENALTY_SAME_SOURCE * source_counts[candidate.article.source]
        )
        return candidate.importance - penalty, -candidate.order

    while waiting:
        best = max(waiting, key=rank_candidate)
        waiting.remove(best)
        quota = digest.sections.get(best.section, 0)
        if len(chosen) == digest.max_stories:
            reason = Phrase("max_stories = {number}: others are more important", number=digest.max_stories)
            left_out.append(_leave_out(best, reason))
        elif quota and section_counts[best.section] == quota:
            left_out.append(_leave_out(best, Phrase("{section} has its {n}", section=best.section, n=quota)))
        else:
            chosen.append(best)
            section_counts[best.section] += 1
            source_counts[best.article.source] += 1
    ranks = {section: rank for rank, section in reversed(list(enumerate(sections)))}
    chosen.sort(
        key=lambda candidate: (
            ranks.get(candidate.section, len(ranks)),
            -candidate.importance,
            candidate.order,
        )
    )
    return Selection(chosen=tuple(chosen), left_out=tuple(left_out))


def _leave_out(candidate: _StoryCandidate, reason: Phrase) -> _StoryCandidate:
    return replace(candidate, reason_against=reason)


class _Objection(NamedTuple):
    """Why a candidate is left out: the kind of the reason, and in words."""

    reason: LeftOutReason
    explanation: Phrase


def _explain_unfit(article: Article, digest: Digest, now: datetime) -> _Objection | None:
    """Return why the article cannot be news, or None if it can."""
    if not article.title:
        return _Objection(LeftOutReason.UNTITLED, Phrase("has no title"))
    if len(article.text) < _MIN_CHARACTERS:
        explanation = Phrase("is shorter than {number} characters", number=_MIN_CHARACTERS)
        return _Objection(LeftOutReason.SHORT, explanation)
    if article.certainty is not None and article.certainty * 100 < digest.min_certainty:
        explanation = Phrase(
            "boundaries {percent} % certain, min_certainty = {number}",
            percent=round(article.certainty * 100),
            number=digest.min_certainty,
        )
        return _Objection(LeftOutReason.UNCERTAIN, explanation)
    oldest = now - timedelta(days=digest.max_age_days)
    if digest.max_age_days and article.published_at and article.published_at < oldest:
        explanation = Phrase("is older than max_age_days = {number}", number=digest.max_age_days)
        return _Objection(LeftOutReason.OLD, explanation)
    return None


def _explain_old_news(event: Event) -> _Objection | None:
    """Return when the event was printed, or None if it was not printed or has news since then."""
    if not event.first_printing or event.news:
        return None
    explanation = Phrase("was printed on {day}, nothing new since", day=event.first_printing.day)
    return _Objection(LeftOutReason.PRINTED, explanation)


def _explain_unwanted(verdict: TopicVerdict) -> _Objection | None:
    if verdict.is_wanted:
        return None
    if not verdict.terms:
        return _Objection(LeftOutReason.OFF_TOPIC, Phrase("meets none of the topics"))
    return _Objection(LeftOutReason.OFF_TOPIC, Phrase("topics: {terms}", terms=", ".join(verdict.terms)))


def _explain_unimportant(points: Mapping[Phrase, float], digest: Digest) -> _Objection | None:
    total = round(sum(points.values()), 6)  # sums of decimals are not exact
    if not digest.min_points or total >= digest.min_points:
        return None
    explanation = Phrase(
        "{points:.1f} points, min_points = {number:g}", points=total, number=digest.min_points
    )
    return _Objection(LeftOutReason.MINOR, explanation)


def _score_cluster(
    cluster: Sequence[Article], digest: Digest, now: datetime, place: int, verdict: TopicVerdict
) -> dict[Phrase, float]:
    """Return the points of a story by reason, without those that are zero."""
    article = cluster[0]
    others = len({other.source for other in cluster}) - 1
    number = _PAGE_NUMBER.search(article.page)
    terms = [term for term in verdict.terms if not term.startswith(("+", "!"))]
    points = {
        Phrase("day"): _POINTS_A_DAY * max(0, _NEWS_DAYS - _count_days_old(article, digest, now)),
        Phrase("sources"): _POINTS_A_SOURCE * min(others, _MAX_SOURCES),
        Phrase("page"): _POINTS_FRONT_PAGE / max(1, int(number[0])) if number else 0.0,
        Phrase("place"): _POINTS_TOP_OF_PAGE / place,
        Phrase("topics {terms}", terms="、".join(terms)): _POINTS_A_TOPIC * min(len(terms), _MAX_TOPICS),
        Phrase("beginning missing"): -_PENALTY_LOST_HEAD if article.cut_head else 0.0,
        **_score_certainty(article),
    }
    return {reason: value for reason, value in points.items() if value}


def _score_certainty(article: Article) -> dict[Phrase, float]:
    if article.certainty is None or not article.is_uncertain:
        return {}
    reason = Phrase("boundaries {percent} % certain", percent=round(article.certainty * 100))
    return {reason: -_PENALTY_UNCERTAIN * (1 - article.certainty)}


def _score_shared_terms(terms: Sequence[str]) -> dict[Phrase, float]:
    counted = terms[:_MAX_SHARED_TERMS]
    if not counted:
        return {}
    return {Phrase("in many titles: {terms}", terms="、".join(counted)): _POINTS_A_SHARED_TERM * len(counted)}


def _count_days_old(article: Article, digest: Digest, now: datetime) -> int:
    """Return the days from the article's date to today in the digest's zone, or 0 if it has no date."""
    if article.published_at is None:
        return 0
    return max(
        0, (now.astimezone(digest.zone).date() - article.published_at.astimezone(digest.zone).date()).days
    )
