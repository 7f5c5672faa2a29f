"""Articles → events: each told once, with the articles of earlier editions that told it before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import Article
from bot.stories.grouping import stories
from bot.stories.traits import traits


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """What tells one event: the `articles` found, best first (whole before cut, then longer, then as they came), and
    those that earlier editions told.
    """

    articles: tuple[Article, ...]
    told: tuple[Article, ...] = ()


def events(found: Sequence[Article], told: Sequence[Article] = ()) -> tuple[Event, ...]:
    """Group articles that tell the same event, in the order of their first articles.

    A told article is known by its fingerprint; it is not found again. Which articles stand together depends on no
    order.
    """
    known = {article.fingerprint: article for article in told}
    prints = sorted({article.fingerprint: article for article in (*found, *told)}.items())
    numbers = stories([traits(article) for _, article in prints])
    story = {name: number for (name, _), number in zip(prints, numbers, strict=True)}
    old: dict[int, list[Article]] = defaultdict(list)
    for article in known.values():
        old[story[article.fingerprint]].append(article)
    gathered: dict[int, list[Article]] = defaultdict(list)
    for article in found:
        if article.fingerprint not in known:
            gathered[story[article.fingerprint]].append(article)
    return tuple(Event(articles=best_first(cluster), told=tuple(old[number])) for number, cluster in gathered.items())


def best_first(cluster: Sequence[Article]) -> tuple[Article, ...]:
    return tuple(sorted(cluster, key=lambda article: (article.cut_head or article.cut_tail, -len(article.text))))
