"""Articles → events. Each event has its articles, and the articles that earlier editions printed about it."""

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
    """An event and its `articles`, best first: complete before cut, then longer, then in the original order.

    `printed` are its articles in earlier editions. `news` are the sentences of the first article about what
    has happened since then. A printed event without news is not printed again. `follows` is used for an event
    that was not printed: the printed articles that it may continue.
    """

    articles: tuple[Article, ...]
    printed: tuple[Article, ...] = ()
    follows: tuple[Article, ...] = ()
    first_printing: PrintedStory | None = None
    last_printed_on: date | None = None
    news: tuple[Sentence, ...] = ()


def group_events(
    articles: Sequence[Article], printed: Sequence[Article] = (), *, language: str = ""
) -> tuple[Event, ...]:
    """Group articles about the same event, in the order of their first articles.

    Printed articles are recognized by their fingerprints and left out. The groups do not depend on the order
    of the articles. The best article of an event is in `language`, the digest's language, if possible.
    """
    printed_by_name = {article.fingerprint: article for article in printed}
    named = sorted({article.fingerprint: article for article in (*articles, *printed)}.items())
    traits = [extract_traits(article) for _, article in named]
    places = {name: place for place, (name, _) in enumerate(named)}
    placed = [(article, places[article.fingerprint]) for article in (*articles, *printed)]
    groups = join_languages([article for _, article in named], _join_versions(placed, group_stories(traits)))
    printed_groups: dict[int, list[Article]] = defaultdict(list)
    for name, article in printed_by_name.items():
        printed_groups[groups[places[name]]].append(article)
    new_groups: dict[int, list[Article]] = defaultdict(list)
    for article in articles:
        if article.fingerprint not in printed_by_name:
            new_groups[groups[places[article.fingerprint]]].append(article)
    followed: dict[int, int] = {}
    if printed_by_name and new_groups:
        followed = match_followed(traits, {places[name] for name in printed_by_name})
    events = []
    for group, members in new_groups.items():
        follows: set[int] = set()
        if group not in printed_groups:
            member_places = (places[article.fingerprint] for article in members)
            follows = {groups[followed[place]] for place in member_places if place in followed}
        events.append(
            Event(
                articles=_sort_best_first(members, language),
                printed=tuple(printed_groups[group]) if group in printed_groups else (),
                follows=tuple(article for each in sorted(follows) for article in printed_groups[each]),
            )
        )
    return tuple(events)


def _sort_best_first(cluster: Sequence[Article], language: str) -> tuple[Article, ...]:
    """Return the articles sorted: those in the language first, then complete before cut, then longer before
    shorter.
    """
    return tuple(
        sorted(
            cluster,
            key=lambda article: (
                not _is_same_language(article, language),
                article.cut_head or article.cut_tail,
                -len(article.text),
            ),
        )
    )


def sort_articles(event: Event, language: str, latest_first: tzinfo | None = None) -> Event:
    """Return the event with its articles best first.

    With `latest_first`, the zone of its days, those of the last day on which it was reported come first.
    """
    articles = _sort_best_first(event.articles, language)
    if latest_first:
        days = [get_day(article, None, latest_first) for article in articles]
        last = max((day for day in days if day), default=None)
        is_last = {article.fingerprint for article, day in zip(articles, days, strict=True) if day == last}
        articles = tuple(
            sorted(
                articles,
                key=lambda article: (
                    not _is_same_language(article, language),
                    article.fingerprint not in is_last,
                ),
            )
        )
    return replace(event, articles=articles)


def _is_same_language(article: Article, language: str) -> bool:
    """Return whether the article is in the language in any script or region. "" means any language."""
    own = article.language or detect_language(article.text) if language else ""
    return own.partition("-")[0] == language.partition("-")[0]


def mark_updates(
    events: Sequence[Event],
    printings: Mapping[str, Sequence[PrintedStory]],
    *,
    today: date,
    zone: tzinfo = UTC,
) -> tuple[Event, ...]:
    """Add the printings and the news to printed events. Put the article with the latest news first.

    `printings` has the fingerprints of the printed articles as keys.
    """
    return tuple(_mark_update(event, printings, today, zone) for event in events)


def _mark_update(
    event: Event, printings: Mapping[str, Sequence[PrintedStory]], today: date, zone: tzinfo
) -> Event:
    printed = event.printed or event.follows
    if not printed:
        return event
    stories = sorted(story for article in printed for story in printings[article.fingerprint])
    first, last = stories[0], stories[-1].day
    news = {
        article.fingerprint: _find_news_of(article, printed, last, today=today, zone=zone)
        for article in event.articles
    }
    with_news = [article for article in event.articles if news[article.fingerprint]]
    if not with_news:
        return replace(event, first_printing=first, last_printed_on=last) if event.printed else event
    days = [day for article in with_news if (day := get_day(article, None, zone))]
    lead = next(article for article in with_news if not days or get_day(article, None, zone) == max(days))
    articles = (lead, *(article for article in event.articles if article is not lead))
    return replace(
        event,
        articles=articles,
        printed=printed,
        first_printing=first,
        last_printed_on=last,
        news=news[lead.fingerprint],
    )


def _find_news_of(
    article: Article, printed: Sequence[Article], printed_on: date, *, today: date, zone: tzinfo
) -> tuple[Sentence, ...]:
    if not any(_is_same_language(earlier, article.language) for earlier in printed):
        return ()  # without a printed article in its language, its words cannot show what is new
    news = find_news(article, printed, printed_on=printed_on, today=today, zone=zone)
    versions = [earlier for earlier in printed if _is_version(earlier, article)]
    return news or (find_changes(article, versions[-1], zone=zone) if versions else ())


def _is_version(first: Article, second: Article) -> bool:
    """Return whether both have the same source and address, so that one is a changed version of the other."""
    return bool(first.source and first.url) and (first.source, first.url) == (second.source, second.url)


def _join_versions(articles: Sequence[tuple[Article, int]], group: Sequence[int]) -> list[int]:
    """Renumber the groups to put all versions of an article that was changed in place into one group.

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
