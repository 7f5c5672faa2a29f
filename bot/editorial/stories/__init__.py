"""Articles → events. Reports of the same event are grouped, and printed events return only with news.

    traits      the parts of an article that are compared: pairs of characters, words, numbers
    quantities  二十 = 20 = 20.0, 3.5万 = 35,000
    days        今天, 昨日, 11月26日 → dates
    similarity  the confidence that two articles report the same event
    grouping    which articles are compared, and which belong together
    bilingual   the same event in Chinese and in English
    news        what an article adds to what was printed
    titles      what many titles of a day are about
    events      the events, with the articles that were printed about them

docs/explanation/stories.md measures what this package recognizes and what it misses.
"""

from bot.editorial.stories.events import Event, group_events, mark_updates, sort_articles
from bot.editorial.stories.news import find_additions, find_news
from bot.editorial.stories.titles import find_shared_terms

__all__ = [
    "Event",
    "find_additions",
    "find_news",
    "find_shared_terms",
    "group_events",
    "mark_updates",
    "sort_articles",
]
