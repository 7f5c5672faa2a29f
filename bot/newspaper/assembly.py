"""Labelled pieces → articles and blocks.

The module gathers headings, joins torn paragraphs and marks articles that lost their head or tail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.models import Article, Block, BlockKind
from bot.newspaper import line_patterns
from bot.newspaper.edges import score_start
from bot.newspaper.furniture import JumpLine
from bot.newspaper.labels import Label
from bot.newspaper.layout import collect_words, join_parts
from bot.newspaper.piece_traits import is_ended

_HEADING_LABELS = frozenset({Label.KICKER, Label.TITLE, Label.DECK})
_HEADING_KINDS = {Label.KICKER: BlockKind.KICKER, Label.TITLE: BlockKind.TITLE, Label.DECK: BlockKind.DECK}
_BODY_KINDS = {Label.SUBHEADING: BlockKind.SUBHEADING, Label.STANDFIRST: BlockKind.NOTE}
# A first paragraph with log-odds below this value counts as torn off its head. The value comes from
# tests/benchmarks/pages/lost_heads.py.
_LOST_HEAD = -1.8
_LEAST_TORN = 8  # characters: a column does not end after so few
# Characters that a last paragraph without an end mark must have to count as torn off its tail. Shorter
# paragraphs are as often lines that stand alone (a source, a greeting).
_LOST_TAIL = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledPiece:
    """A piece with its label.

    `label` is None for furniture and jump lines; `jump` is set for jump lines only.
    """

    text: str
    label: Label | None
    why: str
    certainty: float = 1.0  # of the boundaries that the path gives the article
    jump: JumpLine | None = None


@dataclass
class _ArticleDraft:
    """An article under construction."""

    kickers: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    decks: list[str] = field(default_factory=list)
    parts: list[list[str]] = field(default_factory=list)  # one list for each paragraph: its torn parts
    kinds: list[BlockKind] = field(default_factory=list)
    continued_from: str = ""
    continues_on: str = ""
    has_standfirst: bool = False
    certainty: float = 1.0


def assemble_articles(
    marked: Sequence[LabelledPiece], spaced: bool
) -> tuple[tuple[Article, ...], tuple[Block, ...]]:
    """Gather the pieces of a page, in page order, into its articles and blocks.

    `spaced` says that spaces separate the words, so torn parts are joined with a space.
    """
    drafts: list[_ArticleDraft] = []
    blocks: list[Block] = []
    for i, piece in enumerate(marked):
        if piece.label is None:
            blocks.append(_place_aside(marked, i, drafts))
            continue
        if not drafts or _is_article_start(marked, i, drafts[-1]):
            drafts.append(_ArticleDraft())
        kind, joined = _place_piece(piece, drafts[-1])
        drafts[-1].certainty = min(drafts[-1].certainty, piece.certainty)
        blocks.append(
            Block(text=piece.text, kind=kind, article=len(drafts) - 1, joined=joined, why=piece.why)
        )
    words = collect_words(piece.text for piece in marked) if spaced else frozenset()
    return tuple(_finish_article(draft, spaced, words) for draft in drafts), tuple(blocks)


def _is_article_start(marked: Sequence[LabelledPiece], i: int, draft: _ArticleDraft) -> bool:
    """Return whether piece `i` begins a new article.

    It does as the first heading, or as text after the article continued on another page.
    """
    label = marked[i].label
    if label in (Label.KICKER, Label.TITLE):
        return bool(draft.parts or draft.titles)
    return bool(draft.continues_on) and label != Label.REST


def _place_aside(marked: Sequence[LabelledPiece], i: int, drafts: list[_ArticleDraft]) -> Block:
    """Return the block of a furniture or jump line, and add a jump line to the article around or after it."""
    piece = marked[i]
    if piece.jump is None:
        return Block(text=piece.text, kind=BlockKind.FURNITURE, why=piece.why)
    if piece.jump.is_back:
        if not drafts or drafts[-1].parts:
            drafts.append(_ArticleDraft())
        drafts[-1].continued_from = piece.jump.target
    elif drafts:
        drafts[-1].continues_on = piece.jump.target
    article = len(drafts) - 1 if drafts else None
    return Block(text=piece.text, kind=BlockKind.JUMP, article=article, why=piece.why)


def _place_piece(piece: LabelledPiece, draft: _ArticleDraft) -> tuple[BlockKind, bool]:
    """Put a piece into its article; return its kind and whether it continues the paragraph before it."""
    label = piece.label
    if label in _HEADING_LABELS:
        {Label.KICKER: draft.kickers, Label.TITLE: draft.titles}.get(label, draft.decks).append(piece.text)
        return _HEADING_KINDS[label], False
    if label == Label.REST and draft.parts:
        draft.parts[-1].append(piece.text)
        return draft.kinds[-1], True
    is_author = not draft.parts and line_patterns.is_bare_name(piece.text)  # below the headings
    draft.has_standfirst |= label == Label.STANDFIRST and not is_author
    kind = _BODY_KINDS[label] if label in _BODY_KINDS and not is_author else classify_paragraph(piece.text)
    draft.parts.append([piece.text])
    draft.kinds.append(kind)
    return kind, False


def classify_paragraph(text: str) -> BlockKind:
    """Return the kind of the paragraph `text`."""
    if line_patterns.is_caption(text) and not line_patterns.match_byline(text):
        return BlockKind.CAPTION
    if line_patterns.match_signature(text) or line_patterns.is_bare_name(text):
        return BlockKind.SIGNATURE
    if line_patterns.is_note(text):
        return BlockKind.NOTE
    return BlockKind.PARAGRAPH


def _finish_article(draft: _ArticleDraft, spaced: bool, words: frozenset[str]) -> Article:
    paragraphs = [join_parts(parts, spaced, words) for parts in draft.parts]
    running = [i for i, kind in enumerate(draft.kinds) if kind == BlockKind.PARAGRAPH]
    first = paragraphs[running[0]] if running else ""
    last = paragraphs[running[-1]] if running else ""
    ends_signed = bool(draft.kinds) and draft.kinds[-1] == BlockKind.SIGNATURE
    return Article(
        title=" ".join(draft.titles),
        kicker=" ".join(draft.kickers),
        deck=" ".join(draft.decks),
        text="\n".join(paragraphs),
        dateline=line_patterns.match_dateline(first),
        byline=_find_byline(draft.kinds, paragraphs, first),
        subheadings=tuple(i for i, kind in enumerate(draft.kinds) if kind == BlockKind.SUBHEADING),
        certainty=draft.certainty,
        continued_from=draft.continued_from,
        continues_on=draft.continues_on,
        cut_head=bool(draft.continued_from)
        or _has_lost_head(paragraphs[0] if draft.has_standfirst else first),
        cut_tail=bool(draft.continues_on) or (not ends_signed and _has_lost_tail(last)),
    )


def _find_byline(kinds: Sequence[BlockKind], paragraphs: Sequence[str], first: str) -> str:
    signed = [text for text, kind in zip(paragraphs, kinds, strict=True) if kind == BlockKind.SIGNATURE]
    if signed:
        named = [text for text in signed if not line_patterns.ROLE.match(text)]
        last = (named or signed)[-1]
        return line_patterns.match_signature(last) or last
    reporters = line_patterns.REPORTERS.search(first[:80])
    return reporters[1] if reporters else ""


def _has_lost_head(first: str) -> bool:
    """Return whether an article's first paragraph begins in the middle of a sentence."""
    begun = line_patterns.match_dateline(first) or line_patterns.SINCE.match(first)
    return (
        len(first) >= _LEAST_TORN
        and not begun
        and score_start(first) + score_unopened_quotes(first) < _LOST_HEAD
    )


def score_unopened_quotes(text: str) -> float:
    """Return -3 when `text` closes a quotation that it never opened, as no whole paragraph does; else 0."""
    for opening, closing in ("“”", "《》", "（）", "「」"):
        at = text.find(closing)
        if at >= 0 and opening not in text[:at]:
            return -3.0
    return 0.0


def _has_lost_tail(last: str) -> bool:
    """Return whether an article's last paragraph ends in the middle of a sentence."""
    return len(last) > _LOST_TAIL and not is_ended(last)
