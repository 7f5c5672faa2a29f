"""Prints the output of the commands on the terminal."""

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
from bot.cli.translation import _, ngettext, translate
from bot.editorial.left_out import explain_left_out
from bot.editorial.selection import Selection
from bot.editorial.slots import find_next_slot
from bot.models import Article, Block, BlockKind, Digest, Edition, Entry, Page
from bot.phrases import Phrase
from bot.pipeline.collect import CollectOutcome
from bot.pipeline.publish import PublishOutcome, PublishResult
from bot.render.view import StoryView, build_view
from bot.render.wording import Wording
from bot.store.search import SearchHit
from summarizer import Sentence, Summary

_INDENT = "  "
_PIPED_WIDTH = 10_000  # output to a program or a file is not wrapped or cut
_MARGIN = 10  # cells, for the longest name of a kind of block
_MARGIN_GAP = 2
_MIN_SHOWN = 0.005  # smaller values would print as 0.00
_REASON_CELLS = 74  # of a line of reasons
_QUOTE_CELLS = 40  # of a sentence that another one represents


class _Terminal(Console):
    """Standard output. It is as wide as the terminal. Output to a file or a pipe is not wrapped."""

    def on_broken_pipe(self) -> None:
        raise  # rich calls this in an except block; main.py handles the error


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


_BLOCK_NAMES = {
    BlockKind.TITLE: Phrase("title"),
    BlockKind.KICKER: Phrase("kicker"),
    BlockKind.DECK: Phrase("deck"),
    BlockKind.SUBHEADING: Phrase("subheading"),
    BlockKind.SIGNATURE: Phrase("signature"),
    BlockKind.CAPTION: Phrase("caption"),
    BlockKind.NOTE: Phrase("note"),
    BlockKind.JUMP: Phrase("jump"),
    BlockKind.FURNITURE: Phrase("furniture"),
}


def print_outcomes(outcomes: Iterable[CollectOutcome]) -> None:
    """Print what the reading of each source brought."""
    not_read = _("not read")
    for outcome in outcomes:
        name = escape(outcome.source.title or outcome.source.name)
        if outcome.error:
            result = f"[red]{escape(translate(outcome.error))}[/]"
        else:
            result = ngettext("{n} new article", "{n} new articles", outcome.new)
        console.print(f"  {name}: {result}", highlight=False)
        for article in outcome.uncertain:
            doubt = _("boundaries {percent} % certain", percent=round((article.certainty or 0) * 100))
            console.print(f"    [yellow]?[/] {escape(article.title)}: {doubt}", highlight=False)
        for trouble in outcome.troubles:
            console.print(f"    [yellow]{not_read}[/]: {escape(translate(trouble))}", highlight=False)


def print_edition(edition: Edition) -> None:
    """Print the edition for the terminal."""
    page = build_view(edition)
    console.print()
    console.print(Text(page.head, style="bold"))
    console.print(Text(page.count or page.empty, style="dim"))
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


def print_next_edition(digest: Digest, selection: Selection) -> None:
    """Print in one line what the digest's next edition has so far, and what it leaves out."""
    stories = ngettext("{n} story", "{n} stories", len(selection.chosen))
    line = _("{digest}: {stories} for the next edition", digest=digest.name, stories=stories)
    if reasons := explain_left_out(selection.count_left_out(), digest):
        line = _("{line} (left out: {reasons})", line=line, reasons=translate(reasons))
    console.print(Text(line))


def print_selection(selection: Selection) -> None:
    """Print every candidate: the chosen stories in order, and the others with the reasons why they were left
    out.
    """
    heads = (_("section"), _("story"), _("points"), _("reasons"))
    table = Table("", *heads, box=None, padding=(0, 1))
    for candidate in (*selection.chosen, *selection.left_out):
        reasons = "  ".join(f"{translate(reason)} {value:+.1f}" for reason, value in candidate.points.items())
        if candidate.event.news and candidate.event.first_printing:
            update = _("update of {day}", day=candidate.event.first_printing.day)
            reasons = f"{update}  {reasons}"
        names = dict.fromkeys(article.publisher or article.source for article in candidate.event.articles)
        table.add_row(
            "[green]✓[/]" if not candidate.reason_against else "[dim]–[/]",
            escape(candidate.section),
            Text(candidate.article.title, style="" if not candidate.reason_against else "dim"),
            f"{candidate.importance:.1f}",
            Text(translate(candidate.reason_against), style="yellow")
            if candidate.reason_against
            else Text(f"{reasons}  ({', '.join(names)})", style="dim"),
        )
    console.print(table)
    console.print(
        _(
            "A story gets points for its day, its page and place there, its sources, the titles of "
            "the day and your "
            "topics. Further stories of the same section or source count for less."
        ),
        style="dim",
    )


def _print_indented(text: str, style: str | Style = "") -> None:
    for line in break_lines(text, console.width - len(_INDENT)):
        console.print(Text(_INDENT + line, style=style), soft_wrap=True)


def _format_others(story: StoryView, words: Wording) -> str:
    named = words.join_names([other.text for other in story.others], len(story.others))
    return words.also + named + words.format_unnamed(story.other_count)


def print_page(name: str, page: Page) -> None:
    """Print the page with the kind of each block in the margin."""
    console.print()
    count = ngettext("{n} article", "{n} articles", len(page.articles))
    console.print(Text(f"{name}: {count}", style="dim"))
    last: int | None = None
    for i, block in enumerate(page.blocks):
        if block.article is not None and block.article != last:
            if last is not None:
                console.print(_build_margin(_mark_tail(page.articles[last])))
            console.print(Text(f"\n── {block.article + 1} ──", style="dim"))
            console.print(_build_margin(_mark_doubt(page.articles[block.article])))
            console.print(_build_margin(_mark_head(page.articles[block.article])))
            last = block.article
        if _find_destination_page(block) and not (i and _find_destination_page(page.blocks[i - 1])):
            console.print(_build_margin([("✂", Text(_find_destination_page(block), style="yellow"))]))
        console.print(_build_margin([_mark_block(block)]))
    if last is not None:
        console.print(_build_margin(_mark_tail(page.articles[last])))


def _build_margin(rows: Sequence[tuple[str, Text]]) -> Table:
    """Return a table of the blocks of a page with their marks in the margin."""
    table = Table.grid(padding=(0, _MARGIN_GAP, 0, 0))
    table.add_column(justify="right", width=_MARGIN, style="dim", no_wrap=True)
    table.add_column(overflow="fold")  # rich treats a Chinese text as one long word and would cut it
    for mark, text in rows:
        table.add_row(
            mark, Text("\n", style=text.style).join(Text(line) for line in _break_to_fit(text.plain))
        )
    return table


def _break_to_fit(text: str) -> list[str]:
    """Return the text in lines that fit beside the margin."""
    return break_lines(text, max(console.width - _MARGIN - _MARGIN_GAP, _MARGIN))


def _mark_block(block: Block) -> tuple[str, Text]:
    if block.kind is not BlockKind.PARAGRAPH:
        return translate(_BLOCK_NAMES[block.kind]), Text(
            block.text, style=_BLOCK_STYLES.get(block.kind, "none")
        )
    return "⤷" if block.joined else "¶", Text(block.text)


def _find_destination_page(block: Block) -> str:
    """Return the page to which a block was moved because its article is there, or ""."""
    return (
        block.why.partition(";")[0] if block.article is None and block.kind is not BlockKind.FURNITURE else ""
    )


def _mark_doubt(article: Article) -> list[tuple[str, Text]]:
    if article.certainty is None or not article.is_uncertain:
        return []
    doubt = _("boundaries {percent} % certain", percent=round(article.certainty * 100))
    return [("?", Text(doubt, style="yellow"))]


def _mark_head(article: Article) -> list[tuple[str, Text]]:
    page = article.continued_from or _("another page")
    return [("✂", Text(_("continued from {page}", page=page), style="yellow"))] if article.cut_head else []


def _mark_tail(article: Article) -> list[tuple[str, Text]]:
    page = article.continues_on or _("another page")
    return [("✂", Text(_("continued on {page}", page=page), style="yellow"))] if article.cut_tail else []


def print_check_results(results: Iterable[CheckResult]) -> None:
    """Print one line for each part."""
    table = Table.grid("", "", Column(overflow="fold"), padding=(0, 2, 0, 0))
    for result in results:
        mark = Text(_("no"), style="red") if result.status else Text(_("ok"), style="green")
        table.add_row(mark, result.part, Text(result.message))
    console.print(table)


def print_entries(title: str, entries: Sequence[Entry]) -> None:
    """Print a feed's items, each with its day and link."""
    console.print(Text(title, style="bold"))
    if not entries:
        console.print(_("The feed has no items."), style="dim")
    for entry in entries:
        day = entry.published_at.date().isoformat() if entry.published_at else ""
        console.print(Text(f"{day:10}  {entry.title or entry.url}"))
        if entry.title and entry.url:
            _print_indented(entry.url, style="dim")


def print_summary(article: Article, summary: Summary, terms: Sequence[str], *, why: bool) -> None:
    if article.title:
        console.print(Text(article.title, style="bold"))
    if not summary.sentences:
        console.print(_("This text contains no sentence for a summary."), style="dim")
        return
    if why:
        _print_reasons(article.text, summary.sentences)
    else:
        console.print(summary.display, markup=False)
    if terms and summary.display != article.text.strip():  # a text that is quoted as a whole needs no terms
        console.print(Text(" · ".join(terms), style="dim"))


def _print_reasons(text: str, sentences: Sequence[Sentence]) -> None:
    """Print each sentence with its paragraph, score, parts of the score, place, and the sentences it
    represents.
    """
    score = _("score")
    for pieces in _group_by_sentence(sentences):
        sentence = pieces[0]
        shown = [f"{value:+.2f} {name}" for name, value in sentence.reasons if abs(value) >= _MIN_SHOWN]
        console.print(Text(f"¶ {sentence.paragraph + 1}  {score} {sentence.score:.2f} =", style="cyan"))
        for line in break_lines(", ".join(shown), _REASON_CELLS):
            _print_indented(line, style="cyan")
        for piece in pieces:
            _print_indented(piece.text)
        places = ", ".join(f"{piece.start}–{piece.end}" for piece in pieces)
        _print_indented(
            _("characters {places}", places=places) + _describe_stands_for(text, sentence), style="dim"
        )


def _group_by_sentence(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Return the pieces grouped by sentence."""
    groups: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        groups.setdefault(sentence.number, []).append(sentence)
    return list(groups.values())


def _describe_stands_for(text: str, sentence: Sentence) -> str:
    """Return the sentences that it represents: the beginning of the first, and the number of the others."""
    if not sentence.stands_for:
        return ""
    (start, end), *others = sentence.stands_for
    quote = break_lines(text[start:end], _QUOTE_CELLS)[0]
    if len(quote) < end - start:
        quote += "…"
    if not others:
        return _("; it stands for “{quote}”", quote=quote)
    return ngettext(
        "; it stands for “{quote}” and {n} other",
        "; it stands for “{quote}” and {n} others",
        len(others),
        quote=quote,
    )


def print_files(out: Path, files: Sequence[tuple[Path, Phrase]]) -> None:
    """Print the path of each file and the next step."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for path, description in files:
        table.add_row(escape(str(path)), Text(translate(description), style="dim"))
    console.print(table)
    mail, archive = escape(str(out / "mail.html")), escape(str(out / "archive" / "index.html"))
    console.print("\n" + _("Open {mail} or {archive} in a browser.", mail=mail, archive=archive))


def format_outcome(outcome: PublishOutcome, now: datetime) -> str:
    """Return one line that says what happened to a digest's slot."""
    return f"{outcome.digest.name}: {_describe_outcome(outcome, now)}"


def _describe_outcome(outcome: PublishOutcome, now: datetime) -> str:
    digest = outcome.digest
    slot = f"{outcome.slot_at.astimezone(digest.zone):%Y-%m-%d %H:%M}" if outcome.slot_at else ""
    upcoming = find_next_slot(digest, now).opens_at.astimezone(digest.zone)
    after = _("next on {time}", time=f"{upcoming:%Y-%m-%d %H:%M} {digest.zone.key}")
    match outcome.result:
        case PublishResult.PUBLISHED:
            stories = ngettext("{n} story", "{n} stories", outcome.stories)
            destinations = ngettext("{n} destination", "{n} destinations", outcome.destinations)
            published = _(
                "published {slot} with {stories} for {destinations}; `zhaibao deliver` sends it",
                slot=slot,
                stories=stories,
                destinations=destinations,
            )
            if not outcome.why:
                return published
            return _("{line} (left out: {reasons})", line=published, reasons=translate(outcome.why))
        case PublishResult.EMPTY:
            return _(
                "not published: the edition of {slot} would be empty ({reasons}); "
                "`zhaibao publish {digest} --empty` publishes it all the same",
                slot=slot,
                reasons=translate(outcome.why)
                or _("nothing new was read; `zhaibao collect` reads the sources"),
                digest=digest.name,
            )
        case PublishResult.ALREADY:
            return _("{slot} was published before; {after}", slot=slot, after=after)
        case PublishResult.MISSED:
            minutes = digest.lateness_minutes
            return ngettext(
                "{slot} is more than {n} minute late and is left out; {after}",
                "{slot} is more than {n} minutes late and is left out; {after}",
                minutes,
                slot=slot,
                after=after,
            )
        case PublishResult.WAITS:
            return _("{slot} waits: {reason}", slot=slot, reason=translate(outcome.why))
        case PublishResult.NOT_DUE:
            return _("nothing is due; {after}", after=after)


def print_search_results(hits: Sequence[SearchHit]) -> None:
    """Print the title of each article, its place, and the editions that printed it."""
    for hit in hits:
        article = hit.article
        day = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
        page = _("p. {page}", page=article.page) if article.page else ""
        place = " · ".join(filter(None, (article.publisher or article.source, page, day, article.url)))
        console.print(Text(article.title or _("untitled"), style="bold"))
        _print_indented(place, style="dim")
        if hit.printings:
            editions = ", ".join(
                _(
                    "{digest} {slot} (edition {number})",
                    digest=each.digest,
                    slot=each.edition_name,
                    number=each.edition_id,
                )
                for each in hit.printings
            )
            _print_indented(_("printed in {editions}", editions=editions), style="dim")
