"""What the commands print at the terminal."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.choice import Choice
from bot.digest import next_slot
from bot.models import Article, Block, BlockKind, Edition, Page
from bot.pipeline.publish import Outcome, Result
from bot.render.galley import SetStory, galley
from bot.render.wording import Wording
from summarizer import Sentence, Summary

console = Console(highlight=False, soft_wrap=False)

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
        console.print(Text(story.title, style=Style(bold=True, link=story.href or None)))
        for paragraph in story.paragraphs:
            console.print(Padding(Text(paragraph), (0, 0, 0, 2)))
        others = [also(story, page.words)] if story.others else []
        console.print(Padding(Text(" · ".join([*story.notes, *others]), style="dim"), (0, 0, 0, 2)))
    if page.unread:
        console.print()
        console.print(Text(page.unread, style="yellow"))
    console.print()


def print_choice(choice: Choice) -> None:
    """Every story with its points, the chosen ones as they will stand, the others with what speaks against them."""
    table = Table("", "section", "story", "points", "why", box=None, padding=(0, 1))
    for candidate in (*choice.chosen, *choice.left_out):
        told = " ".join(f"{reason} {value:+.1f}" for reason, value in candidate.points.items())
        names = dict.fromkeys(article.publisher or article.source for article in candidate.cluster)
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
        "A story's points are what its day, page and place on it, its sources and your topics give; each story more of "
        "the same section or source counts for less.",
        style="dim",
    )


def also(story: SetStory, words: Wording) -> str:
    named = words.names([other.text for other in story.others], len(story.others))
    return words.also + named + words.unnamed(story.other_count)


def print_page(name: str, page: Page) -> None:
    """The page as an editor would mark it."""
    console.print()
    console.print(Text(f"{name}: {count(len(page.articles), 'article')}", style="dim"))
    last: int | None = None
    for block in page.blocks:
        if block.article != last and block.article is not None:
            console.print()
            console.rule(Text(f"{block.article + 1}", style="dim"), align="left", style="dim")
        last = block.article if block.article is not None else last
        console.print(marked(block))
    for article in page.articles:
        cuts = [word for word, is_cut in (("head", article.cut_head), ("tail", article.cut_tail)) if is_cut]
        if cuts:
            console.print(Text(f"{article.title or 'untitled'}: {' and '.join(cuts)} on another page", style="yellow"))


def marked(block: Block) -> Padding:
    label = "" if block.kind is BlockKind.PARAGRAPH else f"[{block.kind}] "
    join = "⤷ " if block.joined else ""
    return Padding(
        Text(join + label, style="dim").append(Text(block.text, style=INK.get(block.kind, "not dim"))), (0, 0, 0, 2)
    )


def print_summary(article: Article, summary: Summary, terms: Sequence[str], *, why: bool) -> None:
    if article.title:
        console.print(Text(article.title, style="bold"))
    if not summary.sentences:
        console.print("Nothing in this text can stand as a summary.", style="dim")
        return
    if why:
        console.print(reasons(summary.sentences))
    else:
        console.print(summary.display, markup=False)
    if terms:
        console.print(Text(" · ".join(terms), style="dim"))


def reasons(sentences: Sequence[Sentence]) -> Table:
    table = Table("place", "sentence", box=None, padding=(0, 1), caption_justify="left")
    columns = ("score", "centrality", "position", "title", "length", "manner", "redundancy")
    for column in columns:
        table.add_column(column, justify="right")
    for sentence in sentences:
        values = [f"{getattr(sentence, column):.2f}" for column in columns]
        table.add_row(f"{sentence.start}–{sentence.end}", escape(sentence.text), *values)
    table.caption = (
        "score = centrality (says what the rest says) + position (stands early) + title (shares its words) "
        "+ length and manner (what they cost) − redundancy (repeats what was taken before)"
    )
    return table


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
        case Result.NOT_DUE:
            return f"{digest.name}: nothing is due{after}"


def print_articles(found: Sequence[Article]) -> None:
    """Titles, each with where it stands and how it begins."""
    for article in found:
        day = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
        place = " · ".join(filter(None, (article.publisher or article.source, article.page, day, article.url)))
        console.print(Text(article.title or "untitled", style="bold"))
        console.print(Padding(Text(place, style="dim"), (0, 0, 0, 2)))
