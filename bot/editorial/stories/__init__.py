"""Articles → stories: the same event from several sources once, and of what earlier editions told only what is new.

    traits      what an article says, as numbers that can be compared: pairs of characters, words, quantities
    quantities  二十 = 20 = 20.0, 3.5万 = 35,000
    days        今天, 昨日, 11月26日 → dates
    likeness    how sure it is that two articles tell the same event
    grouping    which articles are looked at, and which stand together
    news        what an article adds to what was told
    titles      what many of a day's titles speak of
    events      what is found, with what was told of it before

What this sees and what it does not is measured in docs/explanation/stories.md.
"""

from bot.editorial.stories.events import Event, group_events, mark_updates
from bot.editorial.stories.news import find_additions, find_news
from bot.editorial.stories.titles import find_shared_terms

__all__ = ["Event", "find_additions", "find_news", "find_shared_terms", "group_events", "mark_updates"]
