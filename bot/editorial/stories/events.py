"""Articles → events: each told once, with the articles of earlier editions that told it before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo

from bot.editorial.stories.bilingual import join_languages
from bot.editorial.stories.grouping import group_stories, match_followed
from bot.editorial.stories.news import find_changes, find_news, get_day
from bot.editorial.stories.traits import extract_traits
from bot.models import Article, PrintedStory
from summarizer import Sentence, detect_language


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """What tells one event: the `articles` found, best first (whole before cut, then longer, then as they came), and
    those `told` by earlier editions, first and last at. `news` are the sentences of the first of `articles` that tell
    what happened since; a told event without is told enough. `follows`: of an event that was not told, what was told
    that it may go on with.
    """

    articles: tuple[Article, ...]
    printed: tuple[Article, ...] = ()
    follows: tuple[Article, ...] = ()
    first_printing: PrintedStory | None = None
    last_printed_on: date | None = None
    news: tuple[Sentence, ...] = ()


def group_events(found: Sequence[Article], told: Sequence[Article] = (), *, language: str = "") -> tuple[Event, ...]:
    """Group articles that tell the same event, in the order of their first articles.

    A told article is known by its fingerprint; it is not found again. Which articles stand together depends on no
    order. The best article of an event is in `language`, the digest's, where one is.
    """
    known = {article.fingerprint: article for article in told}
    prints = sorted({article.fingerprint: article for article in (*found, *told)}.items())
    read = [extract_traits(article) for _, article in prints]
    number = {name: place for place, (name, _) in enumerate(prints)}
    every = [(article, number[article.fingerprint]) for article in (*found, *told)]
    story = join_languages([article for _, article in prints], _join_versions(every, group_stories(read)))
    old: dict[int, list[Article]] = defaultdict(list)
    for article in known.values():
        old[story[number[article.fingerprint]]].append(article)
    gathered: dict[int, list[Article]] = defaultdict(list)
    for article in found:
        if article.fingerprint not in known:
            gathered[story[number[article.fingerprint]]].append(article)
    ahead = match_followed(read, {number[name] for name in known}) if known and gathered else {}
    made = []
    for group, articles in gathered.items():
        before = [ahead[number[article.fingerprint]] for article in articles if number[article.fingerprint] in ahead]
        follows = {story[earlier] for earlier in before} if group not in old else set()
        made.append(
            Event(
                articles=_sort_best_first(articles, language),
                printed=tuple(old[group]) if group in old else (),
                follows=tuple(article for each in sorted(follows) for article in old[each]),
            )
        )
    return tuple(made)


def _sort_best_first(cluster: Sequence[Article], language: str) -> tuple[Article, ...]:
    """Those in the language first, then whole before cut, then the longer ones."""
    return tuple(
        sorted(
            cluster,
            key=lambda article: (
                not is_same_language(article, language),
                article.cut_head or article.cut_tail,
                -len(article.text),
            ),
        )
    )


def is_same_language(article: Article, language: str) -> bool:
    """Whether the article is in the language, whatever its script or region; "" is any."""
    own = article.language or detect_language(article.text) if language else ""
    return own.partition("-")[0] == language.partition("-")[0]


def mark_updates(
    found: Sequence[Event], tellings: Mapping[str, Sequence[PrintedStory]], *, today: date, zone: tzinfo = UTC
) -> tuple[Event, ...]:
    """Say of the told events where they were told and what is new, the article that tells the latest news first.

    `tellings` by the fingerprint of the told article.
    """
    return tuple(_mark_update(event, tellings, today, zone) for event in found)


def _mark_update(event: Event, tellings: Mapping[str, Sequence[PrintedStory]], today: date, zone: tzinfo) -> Event:
    told = event.printed or event.follows
    if not told:
        return event
    every = sorted((one for article in told for one in tellings[article.fingerprint]), key=_get_place)
    first, last = every[0], every[-1].slot
    heard = {
        article.fingerprint: _find_news_of(article, told, last, today=today, zone=zone) for article in event.articles
    }
    with_news = [article for article in event.articles if heard[article.fingerprint]]
    if not with_news:
        return replace(event, first_printing=first, last_printed_on=last) if event.printed else event
    days = [day for article in with_news if (day := get_day(article, None, zone))]
    lead = next(article for article in with_news if not days or get_day(article, None, zone) == max(days))
    articles = (lead, *(article for article in event.articles if article is not lead))
    return replace(
        event, articles=articles, printed=told, first_printing=first, last_printed_on=last, news=heard[lead.fingerprint]
    )


def _find_news_of(
    article: Article, printed: Sequence[Article], printed_on: date, *, today: date, zone: tzinfo
) -> tuple[Sentence, ...]:
    if not any(is_same_language(earlier, article.language) for earlier in printed):
        return ()  # no word of it was printed, so words cannot say what is new
    news = find_news(article, printed, told_on=printed_on, today=today, zone=zone)
    versions = [earlier for earlier in printed if _is_version(earlier, article)]
    return news or (find_changes(article, versions[-1], zone=zone) if versions else ())


def _is_version(one: Article, other: Article) -> bool:
    """Whether a source printed both under one address: one is the other, changed in place."""
    return bool(one.source and one.url) and (one.source, one.url) == (other.source, other.url)


def _join_versions(articles: Sequence[tuple[Article, int]], group: Sequence[int]) -> list[int]:
    """Number the groups anew, so that all versions of an article that was changed in place are in one.

    `articles` come with their places in `group`.
    """
    versions: dict[tuple[str, str], set[int]] = defaultdict(set)
    for article, place in articles:
        if article.source and article.url:
            versions[article.source, article.url].add(group[place])
    root = {number: number for number in group}
    for numbers in versions.values():
        if len(joined := {root[number] for number in numbers}) > 1:
            root = {number: min(joined) if old in joined else old for number, old in root.items()}
    return [root[number] for number in group]


def _get_place(told: PrintedStory) -> tuple[date, int]:
    return told.slot, told.number
