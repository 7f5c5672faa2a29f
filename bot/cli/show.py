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

from bot.choice import Choice
from bot.cli.lines import lines
from bot.cli.setup import Finding
from bot.digest import next_slot
from bot.models import Article, Block, BlockKind, Edition, Page
from bot.pipeline.publish import Outcome, Result
from bot.render.galley import SetStory, galley
from bot.render.wording import Wording
from bot.store.search import Hit
from summarizer import Sentence, Summary

INDENT = "  "
PIPED_WIDTH = 10_000  # for a program or a file nothing is wrapped or cut
MARGIN = 10  # cells, for the longest name of a kind of block
MARGIN_GAP = 2
LEAST_SHOWN = 0.005  # less would print as 0.00
QUOTED = 40  # cells of a sentence that another one stands for
# What a sentence's score is made of: the column's head, the field, and what it means in a reader's words.
INGREDIENTS = (
    ("rest", "centrality", "it says what the rest of the text says"),
    ("place", "position", "it stands first, or where an introduction comes to the point"),
    ("title", "title", "it shares words with the title or with the headings in the text"),
    ("length", "length", "it is far too short or too long"),
    ("tone", "manner", "figures, heads of lists; less for slogans, praise, scenes, quotes"),
    ("again", "redundancy", "it repeats what was taken before"),
)


class Terminal(Console):
    """Standard output: as wide as the terminal, or not wrapped at all where there is none."""

    def on_broken_pipe(self) -> None:
        raise  # rich calls this while it handles the error; the command line knows what to do


console = Terminal(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)

INK = {
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
    page = galley(edition)
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
            print_indented(paragraph)
        for addition in story.additions:
            print_indented(addition.before + addition.source.text + addition.after + addition.text)
        before = [story.before.text] if story.before else []
        others = [also(story, page.words)] if story.others else []
        print_indented(" · ".join([*story.notes, *before, *others]), style="dim")
    if page.more:
        console.print()
        console.print(Text(page.words.more_stories.strip(), style="dim"))
        for link in page.more:
            print_indented(link.text, style=Style(dim=True, link=link.href or None))
        print_indented(page.more_others.strip(), style="dim")
    if page.unread:
        console.print()
        console.print(Text(page.unread, style="yellow"))
    console.print()


def print_choice(choice: Choice) -> None:
    """Every story with its points, the chosen ones as they will stand, the others with what speaks against them."""
    table = Table("", "section", "story", "points", "why", box=None, padding=(0, 1))
    for candidate in (*choice.chosen, *choice.left_out):
        told = "  ".join(f"{reason} {value:+.1f}" for reason, value in candidate.points.items())
        if candidate.event.news and candidate.event.first:
            told = f"update of {candidate.event.first.slot}  {told}"
        names = dict.fromkeys(article.publisher or article.source for article in candidate.event.articles)
        table.add_row(
            "[green]✓[/]" if not candidate.why_not else "[dim]–[/]",
            escape(candidate.section),
            Text(candidate.article.title, style="" if not candidate.why_not else "dim"),
            f"{candidate.importance:.1f}",
            Text(candidate.why_not, style="yellow")
            if candidate.why_not
            else Text(f"{told}  ({'、'.join(names)})", style="dim"),
        )
    console.print(table)
    console.print(
        "A story's points are what its day, page and place on it, its sources, the day's titles and your topics give; "
        "each story more of the same section or source counts for less.",
        style="dim",
    )


def print_indented(text: str, style: str | Style = "") -> None:
    for line in lines(text, console.width - len(INDENT)):
        console.print(Text(INDENT + line, style=style), soft_wrap=True)


def also(story: SetStory, words: Wording) -> str:
    named = words.names([other.text for other in story.others], len(story.others))
    return words.also + named + words.unnamed(story.other_count)


def print_page(name: str, page: Page) -> None:
    """The page as an editor would mark it: what each piece is stands in the margin, then the piece as printed."""
    console.print()
    console.print(Text(f"{name}: {count(len(page.articles), 'article')}", style="dim"))
    last: int | None = None
    for i, block in enumerate(page.blocks):
        if block.article is not None and block.article != last:
            if last is not None:
                console.print(marks(tail_marks(page.articles[last])))
            console.print(Text(f"\n── {block.article + 1} ──", style="dim"))
            console.print(marks(head_marks(page.articles[block.article])))
            last = block.article
        if elsewhere(block) and not (i and elsewhere(page.blocks[i - 1])):
            console.print(marks([("✂", Text(elsewhere(block), style="yellow"))]))
        console.print(marks([marked(block)]))
    if last is not None:
        console.print(marks(tail_marks(page.articles[last])))


def marks(rows: Sequence[tuple[str, Text]]) -> Table:
    """Pieces of a page with their marks in the margin."""
    table = Table.grid(padding=(0, MARGIN_GAP, 0, 0))
    table.add_column(justify="right", width=MARGIN, style="dim", no_wrap=True)
    table.add_column(overflow="fold")  # what is too long is never cut: rich takes Chinese for one long word
    for mark, text in rows:
        table.add_row(mark, Text("\n", style=text.style).join(Text(line) for line in set_in(text.plain)))
    return table


def set_in(text: str) -> list[str]:
    """The text in lines that fit beside the margin."""
    return lines(text, max(console.width - MARGIN - MARGIN_GAP, MARGIN))


def marked(block: Block) -> tuple[str, Text]:
    mark = ("⤷" if block.joined else "¶") if block.kind is BlockKind.PARAGRAPH else str(block.kind)
    return mark, Text(block.text, style=INK.get(block.kind, "none"))


def elsewhere(block: Block) -> str:
    """Where a block went whose article stands on another page; "" for all others."""
    return block.why.partition(";")[0] if block.article is None and block.kind is not BlockKind.FURNITURE else ""


def head_marks(article: Article) -> list[tuple[str, Text]]:
    told = f"continued from {article.continued_from or 'another page'}"
    return [("✂", Text(told, style="yellow"))] if article.cut_head else []


def tail_marks(article: Article) -> list[tuple[str, Text]]:
    told = f"continued on {article.continues_on or 'another page'}"
    return [("✂", Text(told, style="yellow"))] if article.cut_tail else []


def print_findings(found: Iterable[Finding]) -> None:
    """What `check` found, a line a part."""
    table = Table.grid("", "", Column(overflow="fold"), padding=(0, 2, 0, 0))
    for finding in found:
        table.add_row("[red]no[/]" if finding.status else "[green]ok[/]", finding.part, Text(finding.told))
    console.print(table)


def print_summary(article: Article, summary: Summary, terms: Sequence[str], *, why: bool) -> None:
    if article.title:
        console.print(Text(article.title, style="bold"))
    if not summary.sentences:
        console.print("Nothing in this text can stand as a summary.", style="dim")
        return
    if why:
        print_reasons(article.text, summary.sentences)
    else:
        console.print(summary.display, markup=False)
    if terms:
        console.print(Text(" · ".join(terms), style="dim"))


def print_reasons(text: str, sentences: Sequence[Sentence]) -> None:
    """A table: each sentence with its paragraph, its score in parts, where it stands and what it stands for."""
    heads = "".join(f"{head:>8}" for head, _, _ in INGREDIENTS)
    console.print(Text(f"{'¶':>3}{'score':>8}  ={heads}", style="bold"))
    for pieces in by_sentence(sentences):
        sentence = pieces[0]
        values = [(-1 if head == "again" else 1) * getattr(sentence, field) for head, field, _ in INGREDIENTS]
        told = "".join(f"{value:+8.2f}" if abs(value) >= LEAST_SHOWN else " " * 8 for value in values)
        console.print(Text(f"{sentence.paragraph + 1:>3}{sentence.score:8.2f}  ={told}", style="cyan"))
        for piece in pieces:
            print_indented(piece.text)
        places = ", ".join(f"{piece.start}–{piece.end}" for piece in pieces)
        print_indented(f"characters {places}{stands_for(text, sentence)}", style="dim")
    console.print()
    for head, _, meaning in INGREDIENTS:
        console.print(Text(f"{head:>8}  {meaning}", style="dim"))


def by_sentence(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The pieces of each sentence together."""
    found: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        found.setdefault(sentence.number, []).append(sentence)
    return list(found.values())


def stands_for(text: str, sentence: Sentence) -> str:
    """What it says for others: the first of them by its beginning, the rest by their number."""
    if not sentence.stands_for:
        return ""
    (start, end), *others = sentence.stands_for
    first = lines(text[start:end], QUOTED)[0]
    more = f" and {count(len(others), 'other')}" if others else ""
    return f"; it speaks for “{first}{'…' if len(first) < end - start else ''}”{more}"


def count(number: int, noun: str) -> str:
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


def outcome_line(outcome: Outcome, now: datetime) -> str:
    """What came of a digest, in one line."""
    digest = outcome.digest
    upcoming = next_slot(digest, now).opens_at.astimezone(digest.zone)
    after = f"; next {upcoming:%Y-%m-%d %H:%M} {digest.zone.key}"
    match outcome.result:
        case Result.PUBLISHED:
            to = count(outcome.destinations, "destination")
            told = count(outcome.stories, "story")
            return f"{digest.name}: published {outcome.slot} with {told} for {to}; `zhaibao deliver` sends it"
        case Result.ALREADY:
            return f"{digest.name}: {outcome.slot} was published before; nothing to do{after}"
        case Result.MISSED:
            late = f"is past its lateness of {digest.lateness_minutes} min and is left out"
            return f"{digest.name}: {outcome.slot} {late}{after}"
        case Result.WAITS:
            return f"{digest.name}: {outcome.slot} waits: {outcome.why}"
        case Result.NOT_DUE:
            return f"{digest.name}: nothing is due{after}"


def print_hits(found: Sequence[Hit]) -> None:
    """Titles, each with where it stands and which editions told it."""
    for hit in found:
        article = hit.article
        day = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
        page = f"p. {article.page}" if article.page else ""
        place = " · ".join(filter(None, (article.publisher or article.source, page, day, article.url)))
        console.print(Text(article.title or "untitled", style="bold"))
        print_indented(place, style="dim")
        if hit.tellings:
            told = ", ".join(f"{one.digest} {one.slot} (edition {one.edition_id})" for one in hit.tellings)
            print_indented(f"told by {told}", style="dim")
