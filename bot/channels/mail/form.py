"""Edition → mail: subject, HTML with its styles inlined, and a text part that says the same."""

import html
from functools import lru_cache
from pathlib import Path

import css_inline

from bot.channels.mail.mail_texts import find_mail_wording
from bot.models import Edition, Message, MessagePart
from bot.phrases import Phrase
from bot.render.plaintext import clean_line, clip_text, measure_utf16, validate_web_address
from bot.render.themes import fill_template
from bot.render.view import EditionView, StoryView, build_view, shorten_story

# Gmail clips HTML near 102 kB and hides what follows, the way to unsubscribe included.
_MAX_HTML_BYTES = 90_000
# Only where an edition would not fit otherwise: the most UTF-16 units of a story's paragraphs, of a rest's
# title and the most titles of stories that did not fit. 50 titles of 80 units stay under 45 kB whatever they
# hold.
_LONG_STORY_UNITS = 2000
_LONG_TITLE_UNITS = 80
_MAX_TITLES = 50
_MAX_SUBJECT_UNITS = 150


def render_mail(
    edition: Edition, *, archive_url: str = "", unsubscribe_url: str = "", themes: Path | None = None
) -> Message:
    """Return the edition as one mail; `unsubscribe_url` is http(s) or mailto, "" leaves the line out.

    HTML that would be clipped has long stories shortened, then only names the last stories; the text has them
    all.
    """
    page = build_view(edition, archive_url)
    values = {
        "edition": page,
        "words": find_mail_wording(edition.language),
        "unsubscribe_url": unsubscribe_url
        if _is_mailto(unsubscribe_url)
        else validate_web_address(unsubscribe_url),
    }
    subject = clean_line(fill_template(edition.theme, "mail.subject.txt", themes, **values))
    text = fill_template(edition.theme, "mail.txt", themes, **values, stories=page.stories)
    html = _render_html(page, edition.theme, themes, values)
    return Message(subject=clip_text(subject, _MAX_SUBJECT_UNITS), parts=(MessagePart(html=html, text=text),))


def render_notice(title: str, text: str) -> Message:
    """Return a mail to the operator that says `text`."""
    body = html.escape(text)
    shown = f'<html><body><p style="white-space: pre-line">{body}</p></body></html>'
    subject = clip_text(clean_line(title), _MAX_SUBJECT_UNITS)
    return Message(subject=subject, parts=(MessagePart(html=shown, text=text),))


def find_fault(message: Message) -> Phrase | None:
    """Return that the mail's HTML is so large that mail programs hide its end; None where it is not."""
    size = max(len(part.html.encode("utf-8", "replace")) for part in message.parts)
    if size <= _MAX_HTML_BYTES:
        return None
    return Phrase(
        "mail.html: {n:,} bytes; from {limit:,} on, mail programs hide its end", n=size, limit=_MAX_HTML_BYTES
    )


def _is_mailto(address: str) -> bool:
    return (
        address.startswith("mailto:") and "@" in address and clean_line(address).replace(" ", "") == address
    )


def _render_html(page: EditionView, theme: str, themes: Path | None, values: dict[str, object]) -> str:
    """Return the HTML with as many whole stories as stay under the limit."""

    inlined = _build_inliner(fill_template(theme, "mail.css", themes, words=page.words)).inline

    def setting(stories: tuple[StoryView, ...], whole: int) -> str:
        rest = stories[whole:]
        named = [clip_text(story.title, _LONG_TITLE_UNITS) for story in rest[:_MAX_TITLES]]
        shown = {"stories": stories[:whole], "rest": named, "rest_count": len(rest)}
        return inlined(fill_template(theme, "mail.html", themes, **values, **shown))

    html = setting(page.stories, len(page.stories))
    if _is_within_limit(html):
        return html
    stories = tuple(_shorten_to_units(story, _LONG_STORY_UNITS) for story in page.stories)
    fitting, too_many = 0, len(stories) + 1
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        if _is_within_limit(setting(stories, middle)):
            fitting = middle
        else:
            too_many = middle
    return setting(stories, fitting)


def _shorten_to_units(story: StoryView, units: int) -> StoryView:
    """Return the longest form of the story whose paragraphs and title take at most `units`."""
    shortest = story
    for shortest in shorten_story(story):
        if measure_utf16(shortest.title) + sum(map(measure_utf16, shortest.paragraphs)) <= units:
            break
    return shortest


def _is_within_limit(html: str) -> bool:
    return len(html.encode()) < _MAX_HTML_BYTES


@lru_cache(maxsize=16)
def _build_inliner(css: str) -> css_inline.CSSInliner:
    """Return what writes the rules into style attributes; the mail's own <style> stays."""
    return css_inline.CSSInliner(
        extra_css=css, inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False
    )
