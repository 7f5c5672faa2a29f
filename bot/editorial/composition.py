"""Selection → edition. Event → story: sentences of the lead article, and additions from other sources.

The story of an event that was printed before contains only what is new. Every sentence is a slice of its
article's text.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.editorial.selection import Selection, StoryCandidate
from bot.editorial.stories import Event, find_additions, find_news
from bot.models import Addition, Article, Digest, Edition, Story, StoryReference
from summarizer import Sentence, Summary, detect_language, summarize

_DENSE_LANGUAGES = ("zh", "ja", "ko")
_LETTERS_A_CHARACTER = 2.5  # Latin letters per Chinese character, measured on translated texts
ADDED_SHARE = 0.4  # of the story's room that other sources may take
MIN_LEAD_SHARE = 0.6  # of the lead's summary; an addition that would leave less is omitted
_MAX_ADDITIONS = 2  # sources that add to a story
_MIN_ADDITION_CHARACTERS = 20  # in Chinese; a sentence does not fit in less room

_MAX_REFERENCES = 8  # stories without room that an edition names: one or two lines, not a second list


def compose_edition(
    digest: Digest,
    slot_at: datetime,
    selection: Selection,
    *,
    now: datetime,
    unread: Sequence[str] = (),
    was_named: Callable[[StoryReference], bool] = lambda _: False,
    compose: Callable[[StoryCandidate, Digest, date], Story] | None = None,
) -> Edition:
    """Compose an edition of the chosen stories. The edition names the stories for which it has no room.

    `unread` are the sources that could not be read. A story that `was_named` by an earlier edition is not
    named again, and neither is a printed title, because the other half of an article has the same title.
    `compose` may return stories that it composed before.
    """
    today = now.astimezone(digest.zone).date()
    printed = {candidate.article.title for candidate in selection.chosen}
    references = (candidate.reference for candidate in selection.crowded_out)
    more = [
        reference for reference in references if reference.title not in printed and not was_named(reference)
    ]
    return Edition(
        digest=digest.name,
        slot_at=slot_at,
        title=digest.title,
        language=digest.language,
        zone=digest.zone,
        theme=digest.theme,
        created_at=now,
        stories=tuple(
            (compose or _compose_candidate)(candidate, digest, today) for candidate in selection.chosen
        ),
        empty_sources=tuple(unread),
        more=tuple(more[:_MAX_REFERENCES]),
        more_count=max(0, len(more) - _MAX_REFERENCES),
        left_out=selection.count_left_out() if len(selection.chosen) < digest.max_stories else {},
    )


def _compose_candidate(candidate: StoryCandidate, digest: Digest, today: date) -> Story:
    return compose_story(candidate.event, candidate.section, digest, today)


def compose_story(event: Event, section: str, digest: Digest, today: date) -> Story:
    """Compose the story of an event. If the event was printed before, use only `event.news`."""
    article, *others = event.articles
    most = measure_room(article, digest)
    alone = summary = _summarize_lead(event, most)
    additions = _compose_additions(event, alone, digest, today)
    while additions:
        summary = _summarize_shorter(
            event, alone, most - sum(len(addition.summary.display) for addition in additions)
        )
        if len(summary.display) >= MIN_LEAD_SHARE * len(alone.display):
            break
        additions.pop()
        summary = alone
    return Story(
        article=article,
        section=section,
        summary=summary,
        others=tuple(others),
        additions=tuple(additions),
        first_printing=event.first_printing,
    )


def _summarize_lead(event: Event, characters: int) -> Summary:
    article = event.articles[0]
    return (
        summarize_sentences(article, event.news, characters)
        if event.first_printing
        else _summarize_whole(article, characters)
    )


def _summarize_shorter(event: Event, summary: Summary, characters: int) -> Summary:
    """Return a shorter summary of the lead. The first sentence stays because it says what happened."""
    shorter = _summarize_lead(event, characters)
    firsts = [(sentence.start, sentence.end) for sentence in (*shorter.sentences[:1], *summary.sentences[:1])]
    return shorter if len(set(firsts)) == 1 and len(firsts) == 2 else _shorten_summary(summary, characters)


def _is_dense(article: Article) -> bool:
    return (article.language or detect_language(article.text)) in _DENSE_LANGUAGES


def measure_room(article: Article, digest: Digest) -> int:
    """Return the maximum length of the story, in characters of the article's script."""
    return (
        digest.max_characters if _is_dense(article) else round(digest.max_characters * _LETTERS_A_CHARACTER)
    )


def _summarize_whole(article: Article, characters: int) -> Summary:
    return summarize(
        article.text,
        title=article.title,
        language=article.language or None,
        characters=characters,
        cut_head=article.cut_head,
        cut_tail=article.cut_tail,
        subheadings=article.subheadings,
    )


def _compose_additions(event: Event, summary: Summary, digest: Digest, today: date) -> list[Addition]:
    """Return the additions from other sources that fit in the room after the lead's first sentence."""
    article, *others = event.articles
    if not summary.sentences:
        return []
    most = measure_room(article, digest)
    left = min(
        round(ADDED_SHARE * most), most - len(replace(summary, sentences=summary.sentences[:1]).display)
    )
    additions: list[Addition] = []
    credited = {article.source}
    for other in others:
        least = (
            _MIN_ADDITION_CHARACTERS
            if _is_dense(other)
            else round(_MIN_ADDITION_CHARACTERS * _LETTERS_A_CHARACTER)
        )
        if len(additions) == _MAX_ADDITIONS or left < least:
            break
        if other.source in credited:
            continue
        sentences = _choose_sentences(event, other, additions, digest, today)
        added = summarize_sentences(other, sentences, left)
        if added.sentences:
            additions.append(Addition(article=other, summary=added))
            credited.add(other.source)
            left -= len(added.display)
    return additions


def _choose_sentences(
    event: Event, other: Article, additions: Sequence[Addition], digest: Digest, today: date
) -> tuple[Sentence, ...]:
    """Return the sentences that the lead and earlier additions do not have. For an update, return only new
    ones.
    """
    before = [event.articles[0], *(addition.article for addition in additions)]
    added = find_additions(other, before, today=today, zone=digest.zone)
    if not event.first_printing:
        return added
    news = find_news(other, event.printed, printed_on=event.last_printed_on, today=today, zone=digest.zone)
    starts = {sentence.start for sentence in news}
    return tuple(sentence for sentence in added if sentence.start in starts)


def _shorten_summary(summary: Summary, characters: int) -> Summary:
    """Return the summary without its least important sentences, so that it fits.

    The first sentence always stays.
    """
    sentences = list(summary.sentences)
    while len(sentences) > 1 and len(replace(summary, sentences=tuple(sentences)).display) > characters:
        sentences.remove(min(sentences[1:], key=lambda sentence: (sentence.score, -sentence.start)))
    return replace(summary, sentences=tuple(sentences))


def summarize_sentences(article: Article, sentences: Sequence[Sentence], characters: int) -> Summary:
    """Summarize only these sentences of the article.

    The places in the summary refer to the article's text.
    """
    joiner = "" if _is_dense(article) else " "
    text, starts = "", []
    for before, sentence in zip([None, *sentences], sentences, strict=False):
        if before is not None:
            text += joiner if before.paragraph == sentence.paragraph else "\n"
        starts.append(len(text))
        text += sentence.text
    summary = summarize(
        text,
        title=article.title,
        language=article.language or detect_language(article.text),
        characters=characters,
    )
    mapped = (_map_back(sentence, starts, sentences) for sentence in summary.sentences)
    return replace(summary, sentences=tuple(sentence for sentence in mapped if sentence))


def _map_back(chosen: Sentence, starts: Sequence[int], sentences: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence with its place in the article, or None if it crosses the end of an original
    sentence.
    """
    place = bisect_right(starts, chosen.start) - 1
    origin, shift = sentences[place], sentences[place].start - starts[place]
    if chosen.end + shift > origin.end:
        return None
    return replace(
        chosen,
        start=chosen.start + shift,
        end=chosen.end + shift,
        paragraph=origin.paragraph,
        number=origin.number,
        stands_for=tuple(
            (sentence.start, sentence.end)
            for sentence, start in zip(sentences, starts, strict=True)
            if any(begin <= start < end for begin, end in chosen.stands_for)
        ),
    )
