"""Chooses the stories of an edition, with their order and sections, and explains why the others are left out.

The importance of a candidate is a sum of points; the same input gives the same points. Candidates are chosen
one by one, starting with the most important. Each chosen story reduces the points of its section and its
source, so that none of them fills the digest. The points were chosen by reading digests, not fitted. `zhaibao
preview --why` shows them.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import numpy as np

from bot.editorial.stories import Event, find_shared_terms
from bot.editorial.topics import TopicMatcher, WordSpans
from bot.models import Article, Digest, LeftOutReason, Source, StoryReference
from bot.phrases import Phrase

_MIN_CHARACTERS = 40  # shorter texts are notices or fragments of a page, not articles

# Points.
_POINTS_A_DAY = 2.0  # for each day younger than _NEWS_DAYS: yesterday's front page comes after today's third
_NEWS_DAYS = 3  # days; all older stories get the same points
_POINTS_A_SOURCE = 1.5  # for each further source that reports it, up to _MAX_SOURCES
_MAX_SOURCES = 4
_POINTS_AN_UPDATE = 1.5  # in a review, for each further day on which it was reported, up to _MAX_UPDATES
_MAX_UPDATES = 4
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

_Points = np.ndarray[tuple[int], np.dtype[np.float64]]
_Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
_NO_REFERENCE = StoryReference(title="")
_PAGE_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryCandidate:
    """An event that may become a story. `points` has the points by reason. `importance` is their sum."""

    event: Event
    section: str
    order: int  # among the events
    points: Mapping[Phrase, float] = field(default_factory=dict)
    reason_against: Phrase | None = None
    left_out_for: LeftOutReason | None = None  # None also where lack of room is the only reason against it
    reference: StoryReference = _NO_REFERENCE  # what an edition without room for it names

    @property
    def article(self) -> Article:
        return self.event.articles[0]

    @property
    def importance(self) -> float:
        return sum(self.points.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The result: `chosen` in the order of the edition; the others, with the reason for each on request.

    `crowded_out` are those left out only for lack of room, best first. `unwanted` are those that miss the
    topics, `minor` those with too few points, `rejected` those that no edition would print.
    """

    chosen: tuple[StoryCandidate, ...]
    crowded_out: tuple[StoryCandidate, ...] = ()
    unwanted: tuple[StoryCandidate, ...] = ()
    minor: tuple[StoryCandidate, ...] = ()
    rejected: tuple[StoryCandidate, ...] = ()
    explain_crowded: Callable[[StoryCandidate], Phrase] | None = field(
        default=None, compare=False, repr=False
    )
    explain_unwanted: Callable[[StoryCandidate], Phrase] | None = field(
        default=None, compare=False, repr=False
    )
    explain_minor: Callable[[StoryCandidate], Phrase] | None = field(default=None, compare=False, repr=False)

    @property
    def left_out(self) -> tuple[StoryCandidate, ...]:
        """Return the candidates that were left out, with the reason for each."""
        unwanted = (
            replace(
                candidate,
                reason_against=self.explain_unwanted and self.explain_unwanted(candidate),
                left_out_for=LeftOutReason.OFF_TOPIC,
            )
            for candidate in self.unwanted
        )
        crowded = (
            replace(candidate, reason_against=self.explain_crowded and self.explain_crowded(candidate))
            for candidate in self.crowded_out
        )
        minor = (
            replace(
                candidate,
                reason_against=self.explain_minor and self.explain_minor(candidate),
                left_out_for=LeftOutReason.MINOR,
            )
            for candidate in self.minor
        )
        rejected = sorted((*self.rejected, *unwanted, *minor), key=lambda candidate: candidate.order)
        return (*rejected, *crowded)

    def count_left_out(self) -> dict[LeftOutReason, int]:
        """Return how many stories are left out for each reason, in the order of the reasons."""
        counts = Counter(candidate.left_out_for for candidate in self.rejected)
        counts[LeftOutReason.OFF_TOPIC] += len(self.unwanted)
        counts[LeftOutReason.MINOR] += len(self.minor)
        return {reason: counts[reason] for reason in LeftOutReason if counts[reason]}


class CandidateTable:
    """The candidates of a span of time, scored once for all wishes.

    `sources` are in the order of the configuration. It is the order of the sections, unless the digest names
    its own. `is_review`: the edition looks back on a long time, so it counts how often a story was reported,
    not how new it is.
    """

    def __init__(
        self,
        events: Sequence[Event],
        sources: Sequence[Source],
        digest: Digest,
        *,
        now: datetime,
        spans: WordSpans,
        from_at: datetime | None = None,
    ) -> None:
        self._digest, self._now, self._from_at = digest, now, from_at
        self.is_review = is_review(from_at, now)
        self._sections_by_source = {source.name: source.section for source in sources}
        self._sections = list(dict.fromkeys(source.section for source in sources))
        places: Counter[tuple[str, str]] = Counter()
        terms = find_shared_terms([event.articles[0].title for event in events])
        self._extra_points: list[tuple[int, tuple[str, ...]]] = []
        for event, shared in zip(events, terms, strict=True):
            article = event.articles[0]
            places[article.source, article.page] += 1
            self._extra_points.append((places[article.source, article.page], shared))
        self.candidates = tuple(self.build_candidate(event, order) for order, event in enumerate(events))
        articles = {article.fingerprint: article for event in events for article in event.articles}
        self._article_places = {fingerprint: place for place, fingerprint in enumerate(articles)}
        self._matcher = TopicMatcher(tuple(articles.values()), spans)
        self._leads = np.array([self._find_place(each) for each in self.candidates], dtype=np.int64)
        self._importance = np.array([candidate.importance for candidate in self.candidates])
        self._is_fit = np.array([not candidate.reason_against for candidate in self.candidates], dtype=bool)

    def build_candidate(self, event: Event, order: int) -> StoryCandidate:
        """Return the event as a candidate, without the points for topics."""
        article, (place, shared) = event.articles[0], self._extra_points[order]
        oldest = None if self._from_at is None or not self.is_review else self._from_at
        objection = _explain_unfit(article, self._digest, oldest or self._now) or _explain_old_news(event)
        points = _score_cluster(event.articles, self._digest, self._now, place, is_review=self.is_review)
        return StoryCandidate(
            event=event,
            section=self._sections_by_source.get(article.source, ""),
            order=order,
            points=points | _score_shared_terms(shared),
            reason_against=objection.explanation if objection else None,
            left_out_for=objection.reason if objection else None,
            reference=StoryReference(title=article.title, url=article.url),
        )

    def _find_place(self, candidate: StoryCandidate) -> int:
        return self._article_places[candidate.article.fingerprint]

    def select(self, digest: Digest, changed: Mapping[int, StoryCandidate | None] | None = None) -> Selection:
        """Choose at most `digest.max_stories` candidates.

        `changed` replaces candidates by their order; None removes one.
        """
        changed = changed or {}
        candidates, leads, importance, is_fit = self.candidates, self._leads, self._importance, self._is_fit
        is_present = np.ones(len(candidates), dtype=bool)
        if changed:
            rows = list(candidates)
            leads, importance, is_fit = leads.copy(), importance.copy(), is_fit.copy()
            for order, candidate in changed.items():
                is_present[order] = candidate is not None
                if candidate is not None:
                    rows[order] = candidate
                    leads[order], importance[order] = self._find_place(candidate), candidate.importance
                    is_fit[order] = not candidate.reason_against
            candidates = tuple(rows)
        is_wanted = self._matcher.find_wanted(digest.topics)[leads]
        if digest.only_sections:
            is_wanted &= np.array(
                [candidate.section in digest.sections for candidate in candidates], dtype=bool
            )
        meeting = np.minimum(self._matcher.count_terms(digest.topics)[leads], _MAX_TOPICS)
        importance = importance + _POINTS_A_TOPIC * meeting
        # sums of decimals are not exact
        is_minor = (np.round(importance, 6) < digest.min_points) & bool(digest.min_points)
        waiting = np.flatnonzero(is_present & is_fit & is_wanted & ~is_minor)
        chosen, crowded = _pick(
            [candidates[place] for place in waiting.tolist()],
            importance[waiting],
            digest,
        )
        ranks = {
            section: rank for rank, section in reversed(list(enumerate([*digest.sections, *self._sections])))
        }
        full = Counter(candidate.section for candidate in chosen)
        chosen = [self._add_topic_points(candidate, digest) for candidate in chosen]
        chosen.sort(key=lambda each: (ranks.get(each.section, len(ranks)), -each.importance, each.order))
        return Selection(
            chosen=tuple(chosen),
            crowded_out=tuple(crowded),
            unwanted=_take(candidates, is_present & is_fit & ~is_wanted),
            minor=_take(candidates, is_present & is_fit & is_wanted & is_minor),
            rejected=_take(candidates, is_present & ~is_fit),
            explain_crowded=partial(_explain_crowded, digest, full, len(chosen)),
            explain_unwanted=partial(self._explain_unwanted, digest),
            explain_minor=partial(self._explain_minor, digest),
        )

    def _add_topic_points(self, candidate: StoryCandidate, digest: Digest) -> StoryCandidate:
        if not digest.topics:
            return candidate
        verdict = self._matcher.judge(digest.topics, self._find_place(candidate))
        terms = [term for term in verdict.terms if not term.startswith(("+", "!"))]
        if not terms:
            return candidate
        reason = Phrase("topics {terms}", terms="、".join(terms))
        return replace(
            candidate, points={**candidate.points, reason: _POINTS_A_TOPIC * min(len(terms), _MAX_TOPICS)}
        )

    def _explain_minor(self, digest: Digest, candidate: StoryCandidate) -> Phrase:
        points = self._add_topic_points(candidate, digest).importance
        return Phrase("{points:.1f} points, min_points = {number:g}", points=points, number=digest.min_points)

    def _explain_unwanted(self, digest: Digest, candidate: StoryCandidate) -> Phrase:
        verdict = self._matcher.judge(digest.topics, self._find_place(candidate))
        if verdict.is_wanted:
            return Phrase("is in another section")
        if not verdict.terms:
            return Phrase("meets none of the topics")
        return Phrase("topics: {terms}", terms=", ".join(verdict.terms))


def is_review(from_at: datetime | None, until_at: datetime) -> bool:
    """Return whether an edition looks back on a time that is too long for what is new to come first."""
    return from_at is not None and until_at - from_at > timedelta(days=_NEWS_DAYS)


def select_stories(
    events: Sequence[Event], sources: Sequence[Source], digest: Digest, *, now: datetime, spans: WordSpans
) -> Selection:
    """Choose at most `digest.max_stories` events."""
    return CandidateTable(events, sources, digest, now=now, spans=spans).select(digest)


def _take(candidates: Sequence[StoryCandidate], places: _Flags) -> tuple[StoryCandidate, ...]:
    return tuple(candidates[place] for place in np.flatnonzero(places).tolist())


def _pick(
    candidates: Sequence[StoryCandidate], importance: _Points, digest: Digest
) -> tuple[list[StoryCandidate], list[StoryCandidate]]:
    """Choose the most important candidate repeatedly; return the chosen ones, and those without room.

    Of equally important ones the first is chosen.
    """
    sections = _number_values([candidate.section for candidate in candidates])
    sources = _number_values([candidate.article.source for candidate in candidates])
    section_counts, source_counts = np.zeros(len(candidates)), np.zeros(len(candidates))
    waiting = np.ones(len(candidates), dtype=bool)
    chosen: list[StoryCandidate] = []
    crowded: list[StoryCandidate] = []

    def rank() -> _Points:
        penalty = (
            _PENALTY_SAME_SECTION * section_counts[sections] + _PENALTY_SAME_SOURCE * source_counts[sources]
        )
        return np.where(waiting, importance - penalty, -np.inf)

    while waiting.any() and len(chosen) < digest.max_stories:
        best = int(np.argmax(rank()))
        waiting[best] = False
        quota = digest.sections.get(candidates[best].section, 0)
        if quota and section_counts[sections[best]] == quota:
            crowded.append(candidates[best])
            continue
        chosen.append(candidates[best])
        section_counts[sections[best]] += 1
        source_counts[sources[best]] += 1
    order = np.argsort(-rank(), kind="stable")[: int(waiting.sum())]
    return chosen, crowded + [candidates[place] for place in order.tolist()]


def _number_values(values: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return a number for each value, the same for equal ones."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def _explain_crowded(digest: Digest, full: Counter[str], number: int, candidate: StoryCandidate) -> Phrase:
    quota = digest.sections.get(candidate.section, 0)
    if number < digest.max_stories or (quota and full[candidate.section] == quota):
        return Phrase("{section} has its {n}", section=candidate.section, n=quota)
    return Phrase("max_stories = {number}: others are more important", number=digest.max_stories)


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


def _score_cluster(
    cluster: Sequence[Article], digest: Digest, now: datetime, place: int, *, is_review: bool
) -> dict[Phrase, float]:
    """Return the points of a story by reason, without those that are zero and those for topics."""
    article = cluster[0]
    days = {each.published_at.astimezone(digest.zone).date() for each in cluster if each.published_at}
    others = len({other.source for other in cluster}) - 1
    number = _PAGE_NUMBER.search(article.page)
    newness = 0 if is_review else max(0, _NEWS_DAYS - _count_days_old(article, digest, now))
    updates = min(len(days) - 1, _MAX_UPDATES) if is_review and days else 0
    points = {
        Phrase("day"): _POINTS_A_DAY * newness,
        Phrase("sources"): _POINTS_A_SOURCE * min(others, _MAX_SOURCES),
        Phrase("days reported"): _POINTS_AN_UPDATE * updates,
        Phrase("page"): _POINTS_FRONT_PAGE / max(1, int(number[0])) if number else 0.0,
        Phrase("place"): _POINTS_TOP_OF_PAGE / place,
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
