"""Edition → mail: subject, HTML with its styles inlined, and a text part that says the same."""

from functools import lru_cache
from pathlib import Path

import css_inline

from bot.models import Edition, Message, Part
from bot.render.galley import Galley, SetStory, galley, tellings
from bot.render.plaintext import clean, clip, utf16_length, web_address
from bot.render.themes import fill

# Gmail clips HTML near 102 kB and hides what follows, the way to unsubscribe included.
MAX_HTML_BYTES = 90_000
# Only where an edition would not fit otherwise: the most UTF-16 units of a story's paragraphs, of a rest's title and
# the most titles of stories that did not fit. 50 titles of 80 units stay under 45 kB whatever they hold.
LONG_STORY = 2000
LONG_TITLE = 80
MOST_TITLES = 50
LONGEST_SUBJECT = 150


def mail(edition: Edition, *, archive_url: str = "", unsubscribe_url: str = "", themes: Path | None = None) -> Message:
    """Return the edition as one mail; `unsubscribe_url` is http(s) or mailto, "" leaves the line out.

    HTML that would be clipped tells long stories shorter, then names the last stories only; the text has them all.
    """
    page = galley(edition, archive_url)
    values = {
        "edition": page,
        "words": page.words,
        "unsubscribe_url": unsubscribe_url if is_mailto(unsubscribe_url) else web_address(unsubscribe_url),
    }
    subject = clean(fill(edition.theme, "mail.subject.txt", themes, **values))
    text = fill(edition.theme, "mail.txt", themes, **values, stories=page.stories)
    html = letter(page, edition.theme, themes, values)
    return Message(subject=clip(subject, LONGEST_SUBJECT), parts=(Part(html=html, text=text),))


def is_mailto(address: str) -> bool:
    return address.startswith("mailto:") and "@" in address and clean(address).replace(" ", "") == address


def letter(page: Galley, theme: str, themes: Path | None, values: dict[str, object]) -> str:
    """Return the HTML with as many whole stories as stay under the limit."""

    inlined = inliner(fill(theme, "mail.css", themes, words=page.words)).inline

    def setting(stories: tuple[SetStory, ...], whole: int) -> str:
        rest = stories[whole:]
        named = [clip(story.title, LONG_TITLE) for story in rest[:MOST_TITLES]]
        shown = {"stories": stories[:whole], "rest": named, "rest_count": len(rest)}
        return inlined(fill(theme, "mail.html", themes, **values, **shown))

    html = setting(page.stories, len(page.stories))
    if fits(html):
        return html
    stories = tuple(told_within(story, LONG_STORY) for story in page.stories)
    fitting, too_many = 0, len(stories) + 1
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        if fits(setting(stories, middle)):
            fitting = middle
        else:
            too_many = middle
    return setting(stories, fitting)


def told_within(story: SetStory, units: int) -> SetStory:
    """Return the longest telling of the story whose paragraphs and title take at most `units`."""
    shortest = story
    for shortest in tellings(story):
        if utf16_length(shortest.title) + sum(map(utf16_length, shortest.paragraphs)) <= units:
            break
    return shortest


def fits(html: str) -> bool:
    return len(html.encode()) < MAX_HTML_BYTES


@lru_cache(maxsize=16)
def inliner(css: str) -> css_inline.CSSInliner:
    """Return what writes the rules into style attributes; the letter's own <style> stays."""
    return css_inline.CSSInliner(
        extra_css=css, inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False
    )
