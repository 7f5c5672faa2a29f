"""What was read → the screens of an answer: the summary, why these sentences, the items of a feed, and the
whole text with its sentences marked, as a file.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.channels.telegram.form import render_summary
from bot.chat.reason_texts import join_reasons, list_reasons
from bot.chat.requests import ReadRequest, TextRequest
from bot.chat.screen import Button, ButtonRows, Screen, make_button
from bot.locales import Catalogue
from bot.models import Article
from bot.pipeline.condensing import CondensedArticle
from bot.render.plaintext import clip_text, estimate_minutes, validate_web_address
from bot.render.themes import FALLBACK_THEME, fill_template
from bot.sources.parsing import FeedItems
from summarizer import Sentence, Summary

_LENGTHS = (0.5, 1.0, 2.0, 4.0)  # shares of an answer's usual length
USUAL_LENGTH = 1  # the place of the length that an answer begins with
_PAGE_SENTENCES = (1, 2, 3, 5)  # at each length, of each article of a newspaper page
_MAX_CHARACTERS = 4_000  # of an answer with its markup; Telegram takes 4,096 without
_MAX_SHOWN_SENTENCE = 300  # of a sentence in the reasons, where only its beginning is needed


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a request was answered with, and how long: a place in _LENGTHS."""

    request: ReadRequest
    articles: tuple[Article, ...]
    condensed: tuple[CondensedArticle, ...]
    length: int

    @property
    def pairs(self) -> list[tuple[Article, CondensedArticle]]:
        return list(zip(self.articles, self.condensed, strict=True))


def choose_length(articles: Sequence[Article], length: int) -> tuple[int | None, float]:
    """Return the sentences of each article, None for a single one, and the share of the usual length."""
    return (_PAGE_SENTENCES[length] if len(articles) > 1 else None), _LENGTHS[length]


def build_answer_screen(answer: Answer, texts: Catalogue) -> Screen | None:
    """Return the summaries, as many as one message takes; None where there is no sentence to show."""
    pieces = [
        _render_article(article, condensed, texts, is_alone=len(answer.articles) == 1)
        for article, condensed in answer.pairs
        if condensed[0].sentences
    ]
    if not pieces:
        return None
    return Screen(
        html=_join_within_message(pieces, "\n\n", texts), buttons=_list_answer_buttons(answer, texts)
    )


def build_reasons_screen(answer: Answer, texts: Catalogue) -> Screen:
    """Return each sentence with its place and what spoke for it."""
    pieces = []
    for article, (summary, _) in answer.pairs:
        if article.title and summary.sentences:
            pieces.append(f"<b>{html.escape(article.title)}</b>")
        pieces.extend(_render_reasons(sentence, article, texts) for sentence in summary.sentences)
    back = make_button(texts.gettext("Back"), "answer.show", _drop_text(answer.request), answer.length)
    return Screen(html=_join_within_message(pieces, "\n\n", texts), buttons=((back,),))


def build_feed_screen(feed: FeedItems, texts: Catalogue) -> Screen | None:
    """Return a feed's newest items as links; None where it has none."""
    rows = [
        f'• <a href="{html.escape(entry.url)}">{html.escape(entry.title or entry.url)}</a>'
        for entry in feed.entries
        if entry.url
    ]
    if not rows:
        return None
    return Screen(html=_join_within_message([f"<b>{html.escape(feed.title)}</b>", *rows], "\n", texts))


def build_stories_screen(
    groups: Sequence[Sequence[Article]],
    condensed: Sequence[CondensedArticle],
    posts: int,
    texts: Catalogue,
) -> Screen:
    """Return forwarded posts as stories: `groups` of posts about one event, `condensed` of the first ones."""
    pieces = [
        _render_story(group, summary, texts)
        for group, (summary, _) in zip(groups, condensed, strict=True)
        if summary.sentences
    ]
    if not pieces:
        return Screen(html=html.escape(texts.gettext("I found no complete sentence in these posts.")))
    counts = texts.ngettext("{n} post", "{n} posts", posts)
    counts += " · " + texts.ngettext("{n} story", "{n} stories", len(pieces))
    return Screen(html=_join_within_message([html.escape(counts), *pieces], "\n\n", texts))


def _render_story(group: Sequence[Article], summary: Summary, texts: Catalogue) -> str:
    lead = group[0]
    lines = [html.escape(summary.display)]
    if title := lead.title or lead.publisher:
        address = validate_web_address(lead.url)
        shown = (
            f'<a href="{html.escape(address)}">{html.escape(title)}</a>' if address else html.escape(title)
        )
        lines.insert(0, f"<b>{shown}</b>")
    if doubles := group[1:]:
        names = texts.pgettext("between names", ", ").join(
            filter(None, (double.publisher for double in doubles))
        )
        note = texts.ngettext("also in {n} other post", "also in {n} other posts", len(doubles))
        lines.append(f"<i>{html.escape(f'{note}: {names}' if names else note)}</i>")
    return "\n".join(lines)


def render_marked_text(answer: Answer, texts: Catalogue) -> str:
    """Return the articles as one HTML page on which the chosen sentences are marked."""
    articles = [
        {
            "title": article.title,
            "url": validate_web_address(article.url),
            "paragraphs": _mark_paragraphs(article, summary.sentences),
        }
        for article, (summary, _) in answer.pairs
    ]
    title = answer.articles[0].title or texts.gettext("Summary")
    return fill_template(FALLBACK_THEME, "marked.html", articles=articles, title=title, language=texts.tag)


def _format_extent(article: Article, texts: Catalogue) -> str:
    """Return how long an article is: 原文 2,460 字 · 约 6 分钟."""
    minutes = estimate_minutes(iter([article.text]))
    characters = sum(not character.isspace() for character in article.text)
    size = texts.ngettext(
        "Original: {count} character", "Original: {count} characters", characters, count=f"{characters:,}"
    )
    return f"{size} · " + texts.ngettext("about {n} minute", "about {n} minutes", minutes)


def _render_article(
    article: Article, condensed: CondensedArticle, texts: Catalogue, *, is_alone: bool
) -> str:
    summary, terms = condensed
    # Translators: Heading of the summary of a text that has no title.
    shown = article if article.title else replace(article, title=texts.gettext("Summary"))
    extent = _format_extent(article, texts) if is_alone else ""
    return render_summary(shown, summary, terms, language=texts.tag, extent=extent).html


def _list_answer_buttons(answer: Answer, texts: Catalogue) -> ButtonRows:
    request = _drop_text(answer.request)
    lengths: list[Button] = []
    if answer.length > 0:
        lengths.append(make_button(texts.gettext("Shorter"), "answer.show", request, answer.length - 1))
    if answer.length + 1 < len(_LENGTHS) and not _is_whole(answer):
        lengths.append(make_button(texts.gettext("Longer"), "answer.show", request, answer.length + 1))
    why = make_button(texts.gettext("Why?"), "answer.why", request, answer.length)
    whole = make_button(texts.gettext("Full text"), "answer.text", request, answer.length)
    return ((*lengths, why, whole),)


def _is_whole(answer: Answer) -> bool:
    """Return whether every sentence of the articles is shown, so that nothing longer is left."""
    return all(
        sum(len(sentence.text) for sentence in summary.sentences) >= 0.9 * len(article.text)
        for article, (summary, _) in answer.pairs
    )


def _drop_text(request: ReadRequest) -> ReadRequest | None:
    """Return what a button may remember: Telegram gives a text again with the button that is pressed."""
    return None if isinstance(request, TextRequest) else request


def _render_reasons(sentence: Sentence, article: Article, texts: Catalogue) -> str:
    # the paragraphs as a reader counts them: those that are blank do not count
    number = sum(bool(paragraph.strip()) for paragraph in article.paragraphs[: sentence.paragraph + 1])
    place = texts.gettext("Paragraph {n}", n=number)
    reasons = join_reasons(list_reasons(sentence, texts), texts)
    shown = html.escape(clip_text(sentence.text, _MAX_SHOWN_SENTENCE))
    return f"{shown}\n<i>{html.escape(f'{place} · {reasons}')}</i>"


def _mark_paragraphs(article: Article, sentences: Sequence[Sentence]) -> list[list[tuple[str, bool]]]:
    """Return each paragraph as pieces of text with whether a piece is one of the sentences."""
    paragraphs, start = [], 0
    for paragraph in article.paragraphs:
        end, place, pieces = start + len(paragraph), start, []
        for sentence in sentences:
            if sentence.start < place or sentence.end > end:
                continue
            pieces += [(article.text[place : sentence.start], False), (sentence.text, True)]
            place = sentence.end
        pieces.append((article.text[place:end], False))
        paragraphs.append([(text, is_marked) for text, is_marked in pieces if text])
        start = end + 1
    return paragraphs


def _join_within_message(pieces: Sequence[str], joiner: str, texts: Catalogue) -> str:
    """Return the first pieces, as many as one message takes, and how many are left out."""
    ends = list(accumulate(len(piece) + len(joiner) for piece in pieces))
    count = max(1, sum(end <= _MAX_CHARACTERS for end in ends))  # the first one fits a message of its own
    left_out = len(pieces) - count
    note = (
        [texts.ngettext("{n} more did not fit here.", "{n} more did not fit here.", left_out)]
        if left_out
        else []
    )
    return joiner.join([*pieces[:count], *note])
