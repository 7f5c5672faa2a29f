"""An event → the story that an edition prints: its lead's sentences, what the others add, and of a told event only what
is new. Every sentence is a slice of its own article's text.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.editorial.stories import Event, find_additions, find_news
from bot.models import Addition, Article, Digest, Story
from summarizer import Sentence, Summary, detect_language, summarize

_DENSE_LANGUAGES = ("zh", "ja", "ko")
_LETTERS_A_CHARACTER = (
    2.5  # letters that say as much as a Chinese character: English text is some 2.5 times as long as its Chinese
)
ADDED_SHARE = 0.4  # of the story's room that other sources may take
MIN_LEAD_SHARE = 0.6  # of what the lead tells alone; others that would take more add nothing
_MAX_ADDITIONS = 2  # other sources that add to a story
_MIN_ADDITION_CHARACTERS = 20  # characters in Chinese; less room than that tells nothing


def compose_story(event: Event, section: str, digest: Digest, today: date) -> Story:
    """Tell the event. Of a told one `event.news` alone is summarized."""
    article, *others = event.articles
    most = measure_room(article, digest)
    alone = summary = _summarize_lead(event, most)
    additions = _compose_additions(event, alone, digest, today)
    while additions:
        summary = _summarize_shorter(event, alone, most - sum(len(each.summary.display) for each in additions))
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
    """What the lead tells in less room; its first sentence stays, it tells what happened."""
    shorter = _summarize_lead(event, characters)
    same = [(one.start, one.end) for one in (*shorter.sentences[:1], *summary.sentences[:1])]
    return shorter if len(set(same)) == 1 and len(same) == 2 else _shorten_summary(summary, characters)


def _is_dense(article: Article) -> bool:
    return (article.language or detect_language(article.text)) in _DENSE_LANGUAGES


def measure_room(article: Article, digest: Digest) -> int:
    """How long the story may be, in characters of the article's own writing."""
    return digest.max_characters if _is_dense(article) else round(digest.max_characters * _LETTERS_A_CHARACTER)


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
    """What the other sources add, in the room that the lead's first sentence leaves."""
    article, *others = event.articles
    if not summary.sentences:
        return []
    most = measure_room(article, digest)
    left = min(round(ADDED_SHARE * most), most - len(replace(summary, sentences=summary.sentences[:1]).display))
    found: list[Addition] = []
    credited = {article.source}
    for other in others:
        least = _MIN_ADDITION_CHARACTERS if _is_dense(other) else round(_MIN_ADDITION_CHARACTERS * _LETTERS_A_CHARACTER)
        if len(found) == _MAX_ADDITIONS or left < least:
            break
        if other.source in credited:
            continue
        said = summarize_sentences(other, _choose_sentences(event, other, found, digest, today), left)
        if said.sentences:
            found.append(Addition(article=other, summary=said))
            credited.add(other.source)
            left -= len(said.display)
    return found


def _choose_sentences(
    event: Event, other: Article, found: Sequence[Addition], digest: Digest, today: date
) -> tuple[Sentence, ...]:
    """The sentences that neither the lead nor those before tell; of an update those that are new."""
    beyond = find_additions(other, [event.articles[0], *(one.article for one in found)], today=today, zone=digest.zone)
    if not event.first_printing:
        return beyond
    is_new = {
        one.start
        for one in find_news(other, event.printed, told_on=event.last_printed_on, today=today, zone=digest.zone)
    }
    return tuple(one for one in beyond if one.start in is_new)


def _shorten_summary(summary: Summary, characters: int) -> Summary:
    """The summary without its least important sentences, so that it fits; the first stays, it tells what happened."""
    kept = list(summary.sentences)
    while len(kept) > 1 and len(replace(summary, sentences=tuple(kept)).display) > characters:
        kept.remove(min(kept[1:], key=lambda sentence: (sentence.score, -sentence.start)))
    return replace(summary, sentences=tuple(kept))


def summarize_sentences(article: Article, sentences: Sequence[Sentence], characters: int) -> Summary:
    """Summarize these sentences of the article alone; what comes out has its places in the article's text."""
    joiner = "" if _is_dense(article) else " "
    text, starts = "", []
    for before, sentence in zip([None, *sentences], sentences, strict=False):
        if before is not None:
            text += joiner if before.paragraph == sentence.paragraph else "\n"
        starts.append(len(text))
        text += sentence.text
    summary = summarize(
        text, title=article.title, language=article.language or detect_language(article.text), characters=characters
    )
    placed = (_map_back(one, starts, sentences) for one in summary.sentences)
    return replace(summary, sentences=tuple(one for one in placed if one))


def _map_back(found: Sentence, starts: Sequence[int], sentences: Sequence[Sentence]) -> Sentence | None:
    """The sentence where it stands in the article; None where it runs over the end of one of its sentences."""
    place = bisect_right(starts, found.start) - 1
    origin, shift = sentences[place], sentences[place].start - starts[place]
    if found.end + shift > origin.end:
        return None
    return replace(
        found,
        start=found.start + shift,
        end=found.end + shift,
        paragraph=origin.paragraph,
        number=origin.number,
        stands_for=tuple(
            (one.start, one.end)
            for one, start in zip(sentences, starts, strict=True)
            if any(begin <= start < end for begin, end in found.stands_for)
        ),
    )
