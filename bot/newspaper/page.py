"""One newspaper page's text → its articles."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.models import Article, Block, BlockKind, Page
from bot.newspaper import furniture
from bot.newspaper.articles import Marked, assemble
from bot.newspaper.boxes import Sheet
from bot.newspaper.evidence import AMID_TEXT, Evidence, Place, evidence
from bot.newspaper.labels import best_path, reasons
from bot.newspaper.layout import Piece, is_spaced, pieces
from bot.newspaper.noise import cleaned
from bot.newspaper.sheet import pieces as pieces_set
from bot.newspaper.wording import signed_at

MOST_PIECES = 60_000  # pages put together to 5 MB have 34,000, a printed page 20 to 200
EDGE = 2  # pieces at the page's top and bottom where a date alone is the page's, not an article's


def split(text: str) -> Page:
    """Take a newspaper page apart.

    `text` is decoded, its lines end in "\\n". Every character of it but white space is in exactly one of the page's
    blocks, in order, what is surely misread as what it should be (bot.newspaper.noise); the paragraphs of the articles
    are the blocks that are neither heading, jump line nor furniture. Any text is a page; one without a heading gives
    one article without a title. Raises ValueError for a text of more than MOST_PIECES pieces, which would take long to
    no purpose.

        >>> page = split("县图书馆夜间开放\\n\\n本报讯 11月20日起，县图书馆开放至22时。\\n\\n（融媒体 周禾）")
        >>> page.articles[0].title, len(page.articles[0].paragraphs)
        ('县图书馆夜间开放', 2)
    """
    return taken_apart(pieces_of(text), is_spaced(text))


def split_sheet(sheet: Sheet) -> Page:
    """Take a newspaper page apart whose lines are known with their places and sizes, as `split` does."""
    return taken_apart(with_signatures(pieces_set(sheet)), is_spaced("".join(line.text for line in sheet.lines)))


def taken_apart(found: tuple[Piece, ...], spaced: bool) -> Page:
    if len(found) > MOST_PIECES:
        raise ValueError(f"has {len(found):,} lines and paragraphs that stand alone, a page at most {MOST_PIECES:,}")
    return with_furniture(*assemble(read(found if spaced else cleaned(found)), spaced))


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The pieces of a page's text, as they are read."""
    return with_signatures(pieces(text))


def with_signatures(found: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces, a signature that ends a paragraph as a piece of its own."""
    return tuple(part for piece in found for part in signature_apart(piece))


def signature_apart(piece: Piece) -> tuple[Piece, ...]:
    at = signed_at(piece.text)
    if at < 0:
        return (piece,)
    return replace(piece, text=piece.text[:at].rstrip()), replace(
        piece, text=piece.text[at:], indented=False, parted=False, lines=1
    )


def read(found: tuple[Piece, ...]) -> list[Marked]:
    """What each piece is: furniture and jump lines by their wording, the rest by the best path through the page."""
    reasons_aside = asides(found)
    text = [i for i, aside_why in enumerate(reasons_aside) if not aside_why]
    seen = observed(found, text, reasons_aside)
    labels = dict(zip(text, zip(best_path(seen), seen, strict=True), strict=True))
    marked = []
    for i, piece in enumerate(found):
        if i in labels:
            label, why = labels[i]
            marked.append(Marked(text=piece.text, label=label, why=reasons(why, label)))
        else:
            marked.append(Marked(text=piece.text, label=None, why=reasons_aside[i], jump=furniture.jump(piece.text)))
    return marked


def asides(found: Sequence[Piece]) -> list[str]:
    """Why each piece is no text of an article; "" where it is."""
    whys = [aside(piece) for piece in found]
    is_top = False
    for i, piece in enumerate(found):
        at_edge = i < EDGE or i >= len(found) - EDGE or bool(whys[i - 1]) or (i + 1 < len(found) and bool(whys[i + 1]))
        if not whys[i] and at_edge:
            whys[i] = furniture.edge_furniture(piece.text, is_top=is_top)
        is_top = bool(whys[i]) and (is_top or i == 0)
    return whys


def aside(piece: Piece) -> str:
    """Why a piece is no text of an article; "" where it is."""
    if furniture.jump(piece.text):
        return "leads to another page"
    return piece.apart or furniture.furniture(piece.text)


def observed(found: tuple[Piece, ...], text: list[int], asides: list[str]) -> list[Evidence]:
    """The evidence for the pieces numbered in `text`; `asides` tells, a piece each, why one is no text."""
    kept = [replace(found[i], parted=found[i].parted or is_parted(found, i, asides)) for i in text]
    return evidence(kept, [place(found, i, asides) for i in text])


def is_parted(found: Sequence[Piece], i: int, asides: Sequence[str]) -> bool:
    """Whether a blank line stands before the furniture above piece `i`, or nothing but furniture."""
    j = i - 1
    while j >= 0 and asides[j] and not found[j].parted:
        j -= 1
    return j < 0 or bool(asides[j])


def place(found: tuple[Piece, ...], i: int, asides: list[str]) -> Place:
    def neighbours(step: int) -> list[str]:
        texts, j = [], i + step
        while 0 <= j < len(found) and asides[j]:
            texts.append(found[j].text)
            j += step
        return texts

    earlier, later = neighbours(-1), neighbours(1)
    if not earlier and not later:
        return AMID_TEXT
    back = [furniture.jump(text) for text in earlier]
    on = [furniture.jump(text) for text in later]
    return Place(
        after_furniture=None in back,
        after_jump_back=any(jump.is_back for jump in back if jump),
        after_jump_on=any(not jump.is_back for jump in back if jump),
        before_jump_back=any(jump.is_back for jump in on if jump),
        before_jump_on=any(not jump.is_back for jump in on if jump),
    )


def with_furniture(articles: tuple[Article, ...], blocks: tuple[Block, ...]) -> Page:
    """The page, with the day, number and name its furniture tells."""
    lines = [block.text for block in blocks if block.kind == BlockKind.FURNITURE]
    return Page(
        articles=articles,
        blocks=blocks,
        day=next((day for line in lines if (day := furniture.day(line))), None),
        number=next((number for line in lines if (number := furniture.page_number(line))), ""),
        section=next((name for line in lines if (name := furniture.page_name(line))), ""),
    )
