"""What the commands print at the terminal."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.style import Style
from rich.table import Column, Table
from rich.text import Text

from bot.cli.checks import CheckResult
from bot.cli.line_breaking import break_lines
from bot.editorial.selection import Selection
from bot.editorial.slots import find_next_slot
from bot.models import Article, Block, BlockKind, Edition, Page
from bot.pipeline.publish import PublishOutcome, PublishResult
from bot.render.view import StoryView, build_view
from bot.render.wording import Wording
from bot.store.search import SearchHit
from summarizer import Sentence, Summary

_INDENT = "  "
_PIPED_WIDTH = 10_000  # for a program or a file nothing is wrapped or cut
_MARGIN = 10  # cells, for the longest name of a kind of block
_MARGIN_GAP = 2
_MIN_SHOWN = 0.005  # less would print as 0.00
_QUOTE_CELLS = 40  # cells of a sentence that another one stands for
# What a sentence's score is made of: the column's head, the field, and what it means in a reader's words.
_SCORE_PARTS = (
    ("rest", "centrality", "it says what the rest of the text says"),
    ("place", "position", "it stands first, or where an introduction comes to the point"),
    ("title", "title", "it shares words with the title or with the headings in the text"),
    ("length", "length", "it is far too short or too long"),
    ("tone", "manner", "figures, heads of lists; less for slogans, praise, scenes, quotes"),
    ("again", "redundancy", "it repeats what was taken before"),
)


class _Terminal(Console):
    """Standard output: as wide as the terminal, or not wrapped at all where there is none."""

    def on_broken_pipe(self) -> None:
        raise  # rich calls this while it handles the error; the command line knows what to do


console = _Terminal(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)

_BLOCK_STYLES = {
    BlockKind.TITLE: "bold",
    BlockKind.KICKER: "italic",
    BlockKind.DECK: "italic",
    BlockKind.SUBHEADING: "bold",
    BlockKind.SIGNATURE: "dim italic",
    BlockKind.CAPTION: "italic",
    BlockKind.NOTE: "italic",
    BlockKind.JUMP: "yellow",
    BlockKind.FURNITURE: "dim",
}


def print_edition(edition: Edition) -> None:
    """The digest as a reader of the terminal sees it."""
    page = build_view(edition)
    console.print()
    console.print(Text(page.head, style="bold"))
    console.print(Text(page.count or page.words.empty, style="dim"))
    for story in page.stories:
        if story.heading:
            console.print()
            console.print(Text(story.heading, style="bold cyan"))
        console.print()
        mark = f"{story.update} · " if story.update else ""
        console.print(Text(mark + story.title, style=Style(bold=True, link=story.href or None)))
        for paragraph in story.paragraphs:
            _print_indented(paragraph)
        for addition in story.additions:
            _print_indented(addition.before + addition.source.text + addition.after + addition.text)
        before = [story.before.text] if story.before else []
        others = [_format_others(story, page.words)] if story.others else []
        _print_indented(" · ".join([*story.notes, *before, *others]), style="dim")
    if page.more:
        console.print()
        console.print(Text(page.words.more_stories.strip(), style="dim"))
        for link in page.more:
            _print_indented(link.text, style=Style(dim=True, link=link.href or None))
        _print_indented(page.more_others.strip(), style="dim")
    if page.unread:
        console.print()
        console.print(Text(page.unread, style="yellow"))
    console.print()


def print_selection(choice: Selection) -> None:
    """Every story with its points, the chosen ones as they will stand, the others with what speaks against them."""
    table = Table("", "section", "story", "points", "why", box=None, padding=(0, 1))
    for candidate in (*choice.chosen, *choice.left_out):
        told = "  ".join(f"{reason} {value:+.1f}" for reason, value in candidate.points.items())
        if candidate.event.news and candidate.event.first_printing:
            told = f"update of {candidate.event.first_printing.slot}  {told}"
        names = dict.fromkeys(article.publisher or article.source for article in candidate.event.articles)
        table.add_row(
            "[green]✓[/]" if not candidate.reason_against else "[dim]–[/]",
            escape(candidate.section),
            Text(candidate.article.title, style="" if not candidate.reason_against else "dim"),
            f"{candidate.importance:.1f}",
            Text(candidate.reason_against, style="yellow")
            if candidate.reason_against
            else Text(f"{told}  ({'、'.join(names)})", style="dim"),
        )
    console.print(table)
    console.print(
        "A story's points are what its day, page and place on it, its sources, the day's titles and your topics give; "
        "each story more of the same section or source counts for less.",
        style="dim",
    )


def _print_indented(text: str, style: str | Style = "") -> None:
    for line in break_lines(text, console.width - len(_INDENT)):
        console.print(Text(_INDENT + line, style=style), soft_wrap=True)


def _format_others(story: StoryView, words: Wording) -> str:
    named = words.join_names([other.text for other in story.others], len(story.others))
    return words.also + named + words.format_unnamed(story.other_count)


def print_page(name: str, page: Page) -> None:
    """The page as an editor would mark it: what each piece is stands in the margin, then the piece as printed."""
    console.print()
    console.print(Text(f"{name}: {format_count(len(page.articles), 'article')}", style="dim"))
    last: int | None = None
    for i, block in enumerate(page.blocks):
        if block.article is not None and block.article != last:
            if last is not None:
                console.print(_build_margin(_mark_tail(page.articles[last])))
            console.print(Text(f"\n── {block.article + 1} ──", style="dim"))
            console.print(_build_margin(_mark_head(page.articles[block.article])))
            last = block.article
        if _find_destination_page(block) and not (i and _find_destination_page(page.blocks[i - 1])):
            console.print(_build_margin([("✂", Text(_find_destination_page(block), style="yellow"))]))
        console.print(_build_margin([_mark_block(block)]))
    if last is not None:
        console.print(_build_margin(_mark_tail(page.articles[last])))


def _build_margin(rows: Sequence[tuple[str, Text]]) -> Table:
    """Pieces of a page with their marks in the margin."""
    table = Table.grid(padding=(0, _MARGIN_GAP, 0, 0))
    table.add_column(justify="right", width=_MARGIN, style="dim", no_wrap=True)
    table.add_column(overflow="fold")  # what is too long is never cut: rich takes Chinese for one long word
    for mark, text in rows:
        table.add_row(mark, Text("\n", style=text.style).join(Text(line) for line in _break_to_fit(text.plain)))
    return table


def _break_to_fit(text: str) -> list[str]:
    """The text in lines that fit beside the margin."""
    return break_lines(text, max(console.width - _MARGIN - _MARGIN_GAP, _MARGIN))


def _mark_block(block: Block) -> tuple[str, Text]:
    mark = ("⤷" if block.joined else "¶") if block.kind is BlockKind.PARAGRAPH else str(block.kind)
    return mark, Text(block.text, style=_BLOCK_STYLES.get(block.kind, "none"))


def _find_destination_page(block: Block) -> str:
    """Where a block went whose article stands on another page; "" for all others."""
    return block.why.partition(";")[0] if block.article is None and block.kind is not BlockKind.FURNITURE else ""


def _mark_head(article: Article) -> list[tuple[str, Text]]:
    told = f"continued from {article.continued_from or 'another page'}"
    return [("✂", Text(told, style="yellow"))] if article.cut_head else []


def _mark_tail(article: Article) -> list[tuple[str, Text]]:
    told = f"continued on {article.continues_on or 'another page'}"
    return [("✂", Text(told, style="yellow"))] if article.cut_tail else []


def print_check_results(found: Iterable[CheckResult]) -> None:
    """What `check` found, a line a part."""
    table = Table.grid("", "", Column(overflow="fold"), padding=(0, 2, 0, 0))
    for finding in found:
        table.add_row("[red]no[/]" if finding.status else "[green]ok[/]", finding.part, Text(finding.message))
    console.print(table)


def print_summary(article: Article, summary: Summary, terms: Sequence[str], *, why: bool) -> None:
    if article.title:
        console.print(Text(article.title, style="bold"))
    if not summary.sentences:
        console.print("Nothing in this text can stand as a summary.", style="dim")
        return
    if why:
        _print_reasons(article.text, summary.sentences)
    else:
        console.print(summary.display, markup=False)
    if terms:
        console.print(Text(" · ".join(terms), style="dim"))


def _print_reasons(text: str, sentences: Sequence[Sentence]) -> None:
    """A table: each sentence with its paragraph, its score in parts, where it stands and what it stands for."""
    heads = "".join(f"{head:>8}" for head, _, _ in _SCORE_PARTS)
    console.print(Text(f"{'¶':>3}{'score':>8}  ={heads}", style="bold"))
    for pieces in _group_by_sentence(sentences):
        sentence = pieces[0]
        values = [(-1 if head == "again" else 1) * getattr(sentence, field) for head, field, _ in _SCORE_PARTS]
        told = "".join(f"{value:+8.2f}" if abs(value) >= _MIN_SHOWN else " " * 8 for value in values)
        console.print(Text(f"{sentence.paragraph + 1:>3}{sentence.score:8.2f}  ={told}", style="cyan"))
        for piece in pieces:
            _print_indented(piece.text)
        places = ", ".join(f"{piece.start}–{piece.end}" for piece in pieces)
        _print_indented(f"characters {places}{_describe_stands_for(text, sentence)}", style="dim")
    console.print()
    for head, _, meaning in _SCORE_PARTS:
        console.print(Text(f"{head:>8}  {meaning}", style="dim"))


def _group_by_sentence(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The pieces of each sentence together."""
    found: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        found.setdefault(sentence.number, []).append(sentence)
    return list(found.values())


def _describe_stands_for(text: str, sentence: Sentence) -> str:
    """What it says for others: the first of them by its beginning, the rest by their number."""
    if not sentence.stands_for:
        return ""
    (start, end), *others = sentence.stands_for
    first = break_lines(text[start:end], _QUOTE_CELLS)[0]
    more = f" and {format_count(len(others), 'other')}" if others else ""
    return f"; it speaks for “{first}{'…' if len(first) < end - start else ''}”{more}"


def format_count(number: int, noun: str) -> str:
    """
    >>> count(1, "story"), count(3, "article")
    ('1 story', '3 articles')
    """
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"


def print_files(out: Path, written: Sequence[tuple[Path, str]]) -> None:
    """Where everything is, and what to do next."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for path, what in written:
        table.add_row(escape(str(path)), Text(what, style="dim"))
    console.print(table)
    console.print(
        f"\nOpen {escape(str(out / 'mail.html'))} or {escape(str(out / 'archive' / 'index.html'))} in a browser."
    )
    console.print("Your own digest: `zhaibao init`, then name your sources in zhaibao.toml.\n", style="dim")


def format_outcome(outcome: PublishOutcome, now: datetime) -> str:
    """What came of a digest, in one line."""
    digest = outcome.digest
    upcoming = find_next_slot(digest, now).opens_at.astimezone(digest.zone)
    after = f"; next {upcoming:%Y-%m-%d %H:%M} {digest.zone.key}"
    match outcome.result:
        case PublishResult.PUBLISHED:
            to = format_count(outcome.destinations, "destination")
            told = format_count(outcome.stories, "story")
            return f"{digest.name}: published {outcome.slot} with {told} for {to}; `zhaibao deliver` sends it"
        case PublishResult.ALREADY:
            return f"{digest.name}: {outcome.slot} was published before; nothing to do{after}"
        case PublishResult.MISSED:
            late = f"is past its lateness of {digest.lateness_minutes} min and is left out"
            return f"{digest.name}: {outcome.slot} {late}{after}"
        case PublishResult.WAITS:
            return f"{digest.name}: {outcome.slot} waits: {outcome.why}"
        case PublishResult.NOT_DUE:
            return f"{digest.name}: nothing is due{after}"


def print_search_results(found: Sequence[SearchHit]) -> None:
    """Titles, each with where it stands and which editions told it."""
    for hit in found:
        article = hit.article
        day = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
        page = f"p. {article.page}" if article.page else ""
        place = " · ".join(filter(None, (article.publisher or article.source, page, day, article.url)))
        console.print(Text(article.title or "untitled", style="bold"))
        _print_indented(place, style="dim")
        if hit.printings:
            told = ", ".join(f"{one.digest} {one.slot} (edition {one.edition_id})" for one in hit.printings)
            _print_indented(f"told by {told}", style="dim")
