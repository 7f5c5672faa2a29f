"""Labelled pieces → articles and blocks: headings gathered, torn paragraphs joined, lost heads and tails told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.models import Article, Block, BlockKind
from bot.newspaper import wording
from bot.newspaper.edges import start_score
from bot.newspaper.furniture import Jump
from bot.newspaper.labels import Label
from bot.newspaper.layout import glued
from bot.newspaper.looks import is_ended

HEADINGS = frozenset({Label.KICKER, Label.TITLE, Label.DECK})
HEADING_KINDS = {Label.KICKER: BlockKind.KICKER, Label.TITLE: BlockKind.TITLE, Label.DECK: BlockKind.DECK}
BODY_KINDS = {Label.SUBHEADING: BlockKind.SUBHEADING, Label.STANDFIRST: BlockKind.NOTE}
# Log-odds below which a first paragraph counts as torn off its head; from tests/benchmarks/pages/lost_heads.py.
LOST_HEAD = -1.2
# Characters a last paragraph without an end mark must have to count as torn off its tail: shorter ones are lines set
# alone (a source, a greeting) as often.
LOST_TAIL = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A piece with what it was taken for; `label` is None for furniture and jump lines, `jump` set for the latter."""

    text: str
    label: Label | None
    why: str
    jump: Jump | None = None


@dataclass
class Draft:
    """An article while its pieces come in."""

    kickers: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    decks: list[str] = field(default_factory=list)
    parts: list[list[str]] = field(default_factory=list)  # a paragraph each, as it was torn
    kinds: list[BlockKind] = field(default_factory=list)
    continued_from: str = ""
    continues_on: str = ""
    has_standfirst: bool = False


def assemble(marked: Sequence[Marked], spaced: bool) -> tuple[tuple[Article, ...], tuple[Block, ...]]:
    """Gather the pieces of a page, in page order, into its articles and blocks.

    `spaced` says that words are set apart by spaces, so that torn parts are joined with one.
    """
    drafts: list[Draft] = []
    blocks: list[Block] = []
    for i, piece in enumerate(marked):
        if piece.label is None:
            blocks.append(aside(marked, i, drafts))
            continue
        if not drafts or opens_article(marked, i, drafts[-1]):
            drafts.append(Draft())
        kind, joined = placed(piece, drafts[-1])
        blocks.append(Block(text=piece.text, kind=kind, article=len(drafts) - 1, joined=joined, why=piece.why))
    return tuple(finished(draft, spaced) for draft in drafts), tuple(blocks)


def opens_article(marked: Sequence[Marked], i: int, draft: Draft) -> bool:
    """Whether piece `i` belongs to a new article: its first heading, or text after the article went to another page."""
    label = marked[i].label
    if label in (Label.KICKER, Label.TITLE):
        return bool(draft.parts or draft.titles)
    return bool(draft.continues_on) and label != Label.REST


def aside(marked: Sequence[Marked], i: int, drafts: list[Draft]) -> Block:
    """The block of a furniture or jump line; a jump line tells the article it stands in or before."""
    piece = marked[i]
    if piece.jump is None:
        return Block(text=piece.text, kind=BlockKind.FURNITURE, why=piece.why)
    if piece.jump.is_back:
        if not drafts or drafts[-1].parts:
            drafts.append(Draft())
        drafts[-1].continued_from = piece.jump.target
    elif drafts:
        drafts[-1].continues_on = piece.jump.target
    article = len(drafts) - 1 if drafts else None
    return Block(text=piece.text, kind=BlockKind.JUMP, article=article, why=piece.why)


def placed(piece: Marked, draft: Draft) -> tuple[BlockKind, bool]:
    """Put a piece into its article; what it is there, and whether it goes on in the paragraph before."""
    label = piece.label
    if label in HEADINGS:
        {Label.KICKER: draft.kickers, Label.TITLE: draft.titles}.get(label, draft.decks).append(piece.text)
        return HEADING_KINDS[label], False
    if label == Label.REST and draft.parts:
        draft.parts[-1].append(piece.text)
        return draft.kinds[-1], True
    draft.has_standfirst |= label == Label.STANDFIRST
    kind = BODY_KINDS[label] if label in BODY_KINDS else finer(piece.text)
    draft.parts.append([piece.text])
    draft.kinds.append(kind)
    return kind, False


def finer(text: str) -> BlockKind:
    """What kind of paragraph `text` is."""
    if wording.caption(text):
        return BlockKind.CAPTION
    if wording.signature(text):
        return BlockKind.SIGNATURE
    if wording.note(text):
        return BlockKind.NOTE
    return BlockKind.PARAGRAPH


def finished(draft: Draft, spaced: bool) -> Article:
    paragraphs = [glued(parts, spaced) for parts in draft.parts]
    running = [i for i, kind in enumerate(draft.kinds) if kind == BlockKind.PARAGRAPH]
    first = paragraphs[running[0]] if running else ""
    last = paragraphs[running[-1]] if running else ""
    ends_signed = bool(draft.kinds) and draft.kinds[-1] == BlockKind.SIGNATURE
    return Article(
        title=" ".join(draft.titles),
        kicker=" ".join(draft.kickers),
        deck=" ".join(draft.decks),
        text="\n".join(paragraphs),
        dateline=wording.dateline(first),
        byline=byline(draft.kinds, paragraphs, first),
        subheadings=tuple(i for i, kind in enumerate(draft.kinds) if kind == BlockKind.SUBHEADING),
        continued_from=draft.continued_from,
        continues_on=draft.continues_on,
        cut_head=bool(draft.continued_from) or has_lost_head(paragraphs[0] if draft.has_standfirst else first),
        cut_tail=bool(draft.continues_on) or (not ends_signed and has_lost_tail(last)),
    )


def byline(kinds: Sequence[BlockKind], paragraphs: Sequence[str], first: str) -> str:
    signed = [text for text, kind in zip(paragraphs, kinds, strict=True) if kind == BlockKind.SIGNATURE]
    if signed:
        named = [text for text in signed if not wording.ROLE.match(text)]
        return wording.signature((named or signed)[-1])
    reporters = wording.REPORTERS.search(first[:80])
    return reporters[1] if reporters else ""


def has_lost_head(first: str) -> bool:
    """Whether an article's first paragraph begins in mid-sentence."""
    begun = wording.dateline(first) or wording.SINCE.match(first)
    return bool(first) and not begun and start_score(first) + quotes_closed(first) < LOST_HEAD


def quotes_closed(text: str) -> float:
    """-3 when `text` closes a quotation it never opened, which no whole paragraph does."""
    for opening, closing in ("“”", "《》", "（）", "「」"):
        at = text.find(closing)
        if at >= 0 and opening not in text[:at]:
            return -3.0
    return 0.0


def has_lost_tail(last: str) -> bool:
    """Whether an article's last paragraph ends in mid-sentence."""
    return len(last) > LOST_TAIL and not is_ended(last)
