"""Observe what the pieces beside a piece say about it."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bot.newspaper import line_patterns
from bot.newspaper.edges import score_end
from bot.newspaper.line_patterns import ATTENDED, DATED, EVENT, OPENING, PARALLEL, SAYS, SPOKEN, TAG
from bot.newspaper.piece_traits import SHORT, PieceTraits, make_certain
from bot.newspaper.shared_terms import PageTerms

ABOVE_DATELINE = "a heading above an undated dateline"
ABOVE_DATED = "a heading above a dated dateline"
_FAR_OFF = 12  # pieces between two short ones beyond which they are unrelated
_LONGEST_NAME = 5  # characters
_LONG = 60  # characters: a paragraph, not a sentence that stands alone
FIGURE = re.compile(r"\d")
COMMA = re.compile(r"[，,]")
_ITEM = re.compile(r"^(?:[一二三四五六七八九十]+(?:是|要)|——|[（(]?[一二三四五六七八九十\d]+[）)、.．])")


def observe_before(traits: Sequence[PieceTraits], i: int, is_local: bool) -> Iterator[tuple[str, float]]:
    """Return what stands before piece `i`; `is_local` says that the page writes 我县 or a similar word."""
    if i == 0:
        return iter(())
    piece, last = traits[i], traits[i - 1]
    semicolon = last.text[-1:] in "；;"
    claims = {
        "after a sentence's end": last.is_ended,
        "after a torn piece": last.is_torn,
        "after a torn piece, short": last.is_torn and piece.is_short,
        "begins as if torn, after a torn piece": last.is_torn and piece.start < 0,
        "after a short piece": last.is_short,
        "after a short piece, long": last.is_short and not piece.is_short,
        "after two short pieces": i > 1 and last.is_short and traits[i - 2].is_short,
        "longer than the short one before": last.is_short and piece.is_short and piece.length > last.length,
        "after a bracketed column name": last.is_short and TAG.search(last.text),
        "after a signature": last.is_signed and not (last.is_byline or last.is_note or last.is_caption),
        "after a note": last.is_note,
        "after a caption": last.is_caption,
        "after a note on its author": line_patterns.AUTHOR.match(last.text),
        "after a byline": last.is_byline,
        "after a byline below a heading": last.is_byline and i > 1 and traits[i - 2].is_short,
        "after a byline that ends a text": last.is_byline and i > 1 and not traits[i - 2].is_short,
        "a byline below a heading": piece.is_byline and last.is_short,
        "a byline that ends a text": piece.is_byline and last.is_ended,
        "names that end a text": piece.is_byline and last.is_ended,
        "a few characters between a heading and text": piece.length <= 5
        and last.is_short
        and i + 1 < len(traits)
        and not traits[i + 1].is_short,
        "after a few characters below a heading": last.length <= 5
        and i > 1
        and traits[i - 2].is_short
        and not piece.is_short,
        "after a colon": last.text.endswith(("：", ":")),
        "after a closed line": last.is_byline or (last.is_signature and not last.is_caption),
        "after a dash": last.text.endswith(("—", "--")),
        "after a comma": last.text[-1:] in "，、,",
        "after a semicolon": semicolon,
        "after a semicolon of no list": semicolon and not _is_list(traits, i),
        **_compare_wording("after", piece, last, is_local),
    }
    return (make_certain(name) for name, holds in claims.items() if holds)


def observe_after(traits: Sequence[PieceTraits], i: int, is_local: bool) -> Iterator[tuple[str, float]]:
    """Return what stands after piece `i`."""
    if i + 1 >= len(traits):
        return iter(())
    piece, following = traits[i], traits[i + 1]
    second = traits[i + 2] if i + 2 < len(traits) else None
    text = following.text
    claims = {
        ABOVE_DATELINE: piece.is_short and following.has_dateline and not DATED.search(text[:30]),
        ABOVE_DATED: piece.is_short and following.has_dateline and DATED.search(text[:30]),
        "before a dateline": following.has_dateline,
        "before a dated dateline": following.has_dateline and DATED.search(text[:30]),
        "before a piece with a caption after it": second and second.is_caption,
        "before a piece with a dateline after it": second and second.has_dateline and following.is_short,
        "before a byline": following.is_byline,
        "before a byline above text": following.is_byline and second and not second.is_short,
        "before a few characters above text": following.is_short
        and following.length <= 5
        and second
        and not second.is_short,
        "before a dash": text.startswith(("—", "--")),
        "before a short piece": following.is_short,
        "before two short pieces": second and following.is_short and second.is_short,
        "before a bracketed column name": following.is_short and TAG.search(text),
        "before a short sentence": following.is_ended and following.length <= SHORT,
        "before a long piece": following.length > _LONG,
        "before a quotation": text[:1] in '“"「',
        "before a note": following.is_note,
        "before a caption": following.is_caption,
        "before what begins as if torn": following.start < -0.5,
        "before the opening of a news item": OPENING.match(text),
        "before talk without an introduction": SAYS.match(text),
        "longer than the short one after": piece.is_short
        and following.is_short
        and piece.length > following.length,
        **_compare_wording("before", piece, following, is_local),
    }
    short = "short, " if piece.is_short else ""
    return (
        make_certain(name if name in (ABOVE_DATELINE, ABOVE_DATED) else short + name)
        for name, holds in claims.items()
        if holds
    )


def _is_name_sized(traits: Sequence[PieceTraits], i: int) -> bool:
    """Return whether piece `i`, above text, is as short as a name: possibly an author without a known
    surname.
    """
    return traits[i].length <= _LONGEST_NAME and i + 1 < len(traits) and not traits[i + 1].is_short


def _compare_wording(side: str, piece: PieceTraits, other: PieceTraits, is_local: bool) -> dict[str, bool]:
    """Return how the neighbouring heading is worded; this separates kickers from titles and titles from
    decks.
    """
    if not (piece.is_short and other.is_short):
        return {}
    halves, other_halves = PARALLEL.match(piece.text), PARALLEL.match(other.text)
    ours, other_ours = line_patterns.LOCAL.search(piece.text), line_patterns.LOCAL.search(other.text)
    claims = {
        "{} a heading of two halves, being of one": other_halves and not halves,
        "of two halves, {} a heading of one": halves and not other_halves,
        "alone of our place, {} another heading": ours and not other_ours,
        "not of our place, {} a heading that is": other_ours and not ours,
        "{} a heading that tells who came": ATTENDED.search(other.text),
        "{} a heading that ends in an event": EVENT.search(other.text),
        "{} a heading that ends in a saying": SPOKEN.search(other.text),
        "{} a heading that holds a figure": FIGURE.search(other.text),
        "{} a heading with a comma": COMMA.search(other.text),
    }
    local = "on a local page, " if is_local else ""
    return {local + name.format(side): True for name, holds in claims.items() if holds}


def _is_list(traits: Sequence[PieceTraits], i: int) -> bool:
    """Return whether piece `i`, after a semicolon, is the next list item: its neighbours end or begin like
    items.
    """
    text, before_last = traits[i].text, traits[i - 2].text if i > 1 else ""
    return text[-1:] in "；;" or before_last[-1:] in "；;：:" or bool(_ITEM.match(text))


def observe_seam(traits: Sequence[PieceTraits], i: int, topics: PageTerms) -> Iterator[tuple[str, float]]:
    """Return whether this piece continues the piece before it, which has no end mark."""
    if i == 0 or traits[i - 1].is_ended or traits[i - 1].is_signed:
        return
    last, text = traits[i - 1].text, traits[i].text
    if last[-1].isalnum() and text[0].isalnum():
        yield "the seam is a pair found on the page", float(last[-1] + text[0] in topics.weight)
        yield "the seam is in a figure", float(last[-1].isdecimal() and text[0].isdecimal())
        yield "after what ends as headings end", score_end(last)


def observe_rhythm(
    traits: Sequence[PieceTraits], i: int, shorts: Sequence[int], topics: PageTerms
) -> Iterator[tuple[str, float]]:
    """Return how far away the last and the next short piece are, and whether their lengths match.

    Sub-headings come in sets. `shorts` are the numbers of the page's short pieces, in ascending order.
    """
    if not traits[i].is_short:
        return
    at = bisect_left(shorts, i)
    for side, other in (("before", at - 1), ("after", at + 1)):
        j = shorts[other] if 0 <= other < len(shorts) else None
        if j is None or abs(j - i) > _FAR_OFF:
            yield make_certain(f"no short piece near {side}")
        elif abs(j - i) > 1:
            alike = abs(traits[j].length - traits[i].length) <= 1
            yield make_certain(f"{'as long as' if alike else 'not as long as'} the short piece {side}")
            yield f"pieces to the short one {side}", abs(j - i) / _FAR_OFF
            yield f"shares words with the short piece {side}", float(topics.has_shared_terms(i, j))
