"""Text → Summary: the entry point of the package."""

from collections.abc import Collection

from summarizer.languages import detect_language, get_language
from summarizer.values import Summary

# default budget in characters, by the units of the language
ANSWER_CHARACTERS = {"pairs": 200, "words": 500}
MAX_CHARACTERS = 12_000_000  # of a text; longer than any article or book


def summarize(
    text: str,
    *,
    title: str = "",
    language: str | None = None,
    sentences: int | None = None,
    characters: int | None = None,
    ranker: str = "guided",
    cut_head: bool = False,
    cut_tail: bool = False,
    subheadings: Collection[int] = (),
) -> Summary:
    """Return the key sentences of the text: at most `sentences` sentences and `characters` printed
    characters.

    Without a budget, the limit is 200 characters, or 500 in languages with spaces between words. `text` is
    paragraphs joined by "\n"; `language` is a tag, detected if None or "". `cut_head`, `cut_tail` and
    `subheadings` (paragraph indexes) are those of the article.

    Raises ValueError for a budget below 1, an unknown ranker, or a text over MAX_CHARACTERS.

    >>> summarize("The dam broke on Monday. It rained. The dam broke in heavy rain.", sentences=1).display
    'The dam broke on Monday.'
    """
    # Loaded by the first text, because numpy loads slowly and many programs import this module without using
    # it.
    from summarizer.extraction import extract_sentences

    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the text has {len(text)} characters; the limit is {MAX_CHARACTERS}")
    for name, budget in (("sentences", sentences), ("characters", characters)):
        if budget is not None and budget < 1:
            raise ValueError(f"{name} must be at least 1, not {budget}")
    tag = language or detect_language(text)
    row = get_language(tag)
    if sentences is None and characters is None:
        characters = ANSWER_CHARACTERS[row.units]
    extracted = extract_sentences(
        text,
        title,
        row,
        sentences=sentences,
        characters=characters,
        ranker=ranker,
        cut_head=cut_head,
        cut_tail=cut_tail,
        subheadings=subheadings,
    )
    return Summary(sentences=tuple(extracted), language=tag, joiner=row.joiner)
