"""One newspaper page's text → its articles."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.models import Article, Block, BlockKind, Page
from bot.newspaper import furniture
from bot.newspaper.assembly import LabelledPiece, assemble_articles
from bot.newspaper.boxes import Sheet
from bot.newspaper.certainty import measure_certainties
from bot.newspaper.evidence import AMID_TEXT, Evidence, PlaceOnPage, observe_page
from bot.newspaper.labels import Label, explain_label, find_article_starts, find_best_path, score_labels
from bot.newspaper.layout import Piece, cut_pieces, is_spaced
from bot.newspaper.line_patterns import find_inline_signature
from bot.newspaper.noise import clean_pieces
from bot.newspaper.sheet import read_sheet_pieces as pieces_set

MOST_PIECES = 60_000  # pages put together to 5 MB have 34,000, a printed page 20 to 200
_EDGE_PIECES = 2  # pieces at the page's top and bottom where a date alone is the page's, not an article's


def split_page(text: str) -> Page:
    """Take a newspaper page apart.

    `text` is decoded, its lines end in "\\n". Every character of it but white space is in exactly one of
    the page's blocks, in order, what is surely misread as what it should be (bot.newspaper.noise); the
    paragraphs of the articles are the blocks that are neither heading, jump line nor furniture. Any text
    is a page; one without a heading gives one article without a title. Raises ValueError for a text of
    more than MOST_PIECES pieces, which would take long to no purpose.

        >>> news = "本报讯 11月20日起，县图书馆开放至22时。"
        >>> page = split_page(f"县图书馆夜间开放\\n\\n{news}\\n\\n（融媒体 周禾）")
        >>> page.articles[0].title, len(page.articles[0].paragraphs)
        ('县图书馆夜间开放', 2)
    """
    return _split_pieces(read_pieces(text), is_spaced(text))


def split_sheet(sheet: Sheet) -> Page:
    """Take a newspaper page apart whose lines are known with their places and sizes, as `split` does."""
    return _split_pieces(
        _separate_signatures(pieces_set(sheet)), is_spaced("".join(line.text for line in sheet.lines))
    )


def _split_pieces(pieces: tuple[Piece, ...], spaced: bool) -> Page:
    if len(pieces) > MOST_PIECES:
        raise ValueError(
            f"has {len(pieces):,} lines and paragraphs that stand alone, a page at most {MOST_PIECES:,}"
        )
    return _make_page(*assemble_articles(_label_pieces(pieces if spaced else clean_pieces(pieces)), spaced))


def read_pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a page's text, as they are read."""
    return _separate_signatures(cut_pieces(text))


def _separate_signatures(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces, a signature that ends a paragraph as a piece of its own."""
    return tuple(part for piece in pieces for part in _split_signature(piece))


def _split_signature(piece: Piece) -> tuple[Piece, ...]:
    at = find_inline_signature(piece.text)
    if at < 0:
        return (piece,)
    return replace(piece, text=piece.text[:at].rstrip()), replace(
        piece, text=piece.text[at:], indented=False, parted=False, lines=1
    )


def _label_pieces(pieces: tuple[Piece, ...]) -> list[LabelledPiece]:
    """Label each piece: furniture and jump lines by their wording, the rest by the best path through the
    page.
    """
    reasons_aside = find_asides(pieces)
    text = [i for i, aside_why in enumerate(reasons_aside) if not aside_why]
    observations = observe_pieces(pieces, text, reasons_aside)
    scores = [score_labels(evidence) for evidence in observations]
    path = find_best_path(scores)
    certainties = _spread_certainties(scores, path)
    labels = dict(zip(text, zip(path, observations, certainties, strict=True), strict=True))
    marked = []
    for i, piece in enumerate(pieces):
        if i in labels:
            label, why, certainty = labels[i]
            marked.append(
                LabelledPiece(
                    text=piece.text, label=label, why=explain_label(why, label), certainty=certainty
                )
            )
        else:
            marked.append(
                LabelledPiece(
                    text=piece.text, label=None, why=reasons_aside[i], jump=furniture.parse_jump(piece.text)
                )
            )
    return marked


def _spread_certainties(scores: Sequence[Sequence[float]], path: Sequence[Label]) -> list[float]:
    """For each piece how certain the boundaries are that the path gives its article."""
    if not path:
        return []
    starts = find_article_starts(path)
    ends = [*starts[1:], len(path)]
    certainties = measure_certainties(scores, starts)
    return [
        certainty
        for start, end, certainty in zip(starts, ends, certainties, strict=True)
        for _ in range(start, end)
    ]


def find_asides(pieces: Sequence[Piece]) -> list[str]:
    """Why each piece is no text of an article; "" where it is."""
    whys = [_explain_aside(piece) for piece in pieces]
    is_top = False
    for i, piece in enumerate(pieces):
        at_edge = (
            i < _EDGE_PIECES
            or i >= len(pieces) - _EDGE_PIECES
            or bool(whys[i - 1])
            or (i + 1 < len(pieces) and bool(whys[i + 1]))
        )
        if not whys[i] and at_edge:
            whys[i] = furniture.explain_edge_furniture(piece.text, is_top=is_top)
        is_top = bool(whys[i]) and (is_top or i == 0)
    return whys


def _explain_aside(piece: Piece) -> str:
    """Why a piece is no text of an article; "" where it is."""
    if furniture.parse_jump(piece.text):
        return "leads to another page"
    return piece.apart or furniture.explain_furniture(piece.text)


def observe_pieces(pieces: tuple[Piece, ...], text: list[int], asides: list[str]) -> list[Evidence]:
    """The evidence for the pieces numbered in `text`; `asides` tells, a piece each, why one is no text."""
    text_pieces = [
        replace(pieces[i], parted=pieces[i].parted or _is_after_gap(pieces, i, asides)) for i in text
    ]
    return observe_page(text_pieces, [_find_place(pieces, i, asides) for i in text])


def _is_after_gap(pieces: Sequence[Piece], i: int, asides: Sequence[str]) -> bool:
    """Whether a blank line stands before the furniture above piece `i`, or nothing but furniture."""
    j = i - 1
    while j >= 0 and asides[j] and not pieces[j].parted:
        j -= 1
    return j < 0 or bool(asides[j])


def _find_place(pieces: tuple[Piece, ...], i: int, asides: list[str]) -> PlaceOnPage:
    def neighbours(step: int) -> list[str]:
        texts, j = [], i + step
        while 0 <= j < len(pieces) and asides[j]:
            texts.append(pieces[j].text)
            j += step
        return texts

    earlier, later = neighbours(-1), neighbours(1)
    if not earlier and not later:
        return AMID_TEXT
    back = [furniture.parse_jump(text) for text in earlier]
    on = [furniture.parse_jump(text) for text in later]
    return PlaceOnPage(
        after_furniture=None in back,
        after_jump_back=any(jump.is_back for jump in back if jump),
        after_jump_on=any(not jump.is_back for jump in back if jump),
        before_jump_back=any(jump.is_back for jump in on if jump),
        before_jump_on=any(not jump.is_back for jump in on if jump),
    )


def _make_page(articles: tuple[Article, ...], blocks: tuple[Block, ...]) -> Page:
    """The page, with the day, number and name its furniture tells."""
    lines = [block.text for block in blocks if block.kind == BlockKind.FURNITURE]
    return Page(
        articles=articles,
        blocks=blocks,
        day=next((day for line in lines if (day := furniture.parse_day(line))), None),
        number=next((number for line in lines if (number := furniture.parse_page_number(line))), ""),
        section=next((name for line in lines if (name := furniture.parse_page_name(line))), ""),
    )
