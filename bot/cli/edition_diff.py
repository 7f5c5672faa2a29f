"""`zhaibao replay`: what the last editions would have been with other settings or this version, as a diff."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.translation import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from bot.editorial.edition_changes import EditionChanges
    from bot.models import Story
    from bot.pipeline.replay import ReplayedEdition

_MAX_DAYS = 366


@click.command("replay")
@click.argument("digest", required=False)
@click.option(
    "--days",
    type=click.IntRange(1, _MAX_DAYS),
    default=14,
    show_default=True,
    help="How many days back.",
)
@click.option(
    "--set",
    "changes",
    metavar="KEY=VALUE",
    multiple=True,
    help="Another value for a key of [[digest]], as in TOML; may be repeated.",
)
@click.pass_obj
def replay_digest(config: Path, digest: str | None, days: int, changes: tuple[str, ...]) -> None:
    """Make the last days' editions again with other settings.

    Without DIGEST, of all digests. Each edition is made again of the articles that were there at its time,
    and compared with what was published. Nothing is stored or sent.
    """
    from bot.cli.assembly import load_configuration, open_store, read_clock
    from bot.cli.printing import console
    from bot.pipeline.replay import replay_editions

    settings = load_configuration(config, dict(map(_parse_change, changes)))
    digests = [settings.find_digest(digest)] if digest else settings.digests
    since = read_clock() - timedelta(days=days)
    with open_store(settings) as store:
        for each in digests:
            editions = []
            for edition in replay_editions(settings, store, each, since=since):
                editions.append(edition)
                for line in _format_edition(edition):
                    console.print(line, soft_wrap=True)
            click.echo(_summarize_changes(each.name, editions, days))


def _parse_change(text: str) -> tuple[str, object]:
    """Return the key and the value. Raises BadParameter for a key that decides no story.

    >>> _parse_change("max_stories = 5"), _parse_change('topics=["急救"]'), _parse_change("language=en")
    (('max_stories', 5), ('topics', ['急救']), ('language', 'en'))
    """
    from bot.pipeline.replay import REPLAYED_KEYS

    key, sign, value = (part.strip() for part in text.partition("="))
    if not sign or key not in REPLAYED_KEYS:
        raise click.BadParameter(
            _(
                "{text}: expected KEY=VALUE, where KEY is one of: {keys}",
                text=text,
                keys=", ".join(REPLAYED_KEYS),
            ),
            param_hint="--set",
        )
    try:
        return key, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key, value


def _format_edition(edition: "ReplayedEdition") -> "Iterator[Text]":
    """Yield the lines of one edition; none if it would have been the same."""
    from rich.text import Text

    changes = edition.changes
    if changes.is_empty:
        return
    published, replayed = len(edition.published.stories), len(edition.replayed.stories)
    head = f"{edition.published.digest} {edition.published.name}: "
    yield Text(head + ngettext("{n} story", "{n} stories", published) + f" → {replayed}", style="bold")
    yield from _format_changes(changes)


def _format_changes(changes: "EditionChanges") -> "Iterator[Text]":
    from rich.text import Text

    for story in changes.removed:
        yield Text(f"- {story.article.title}", style="red")
    for story in changes.added:
        yield Text(f"+ {story.article.title}", style="green")
    for before, after in changes.changed:
        yield Text(f"~ {after.article.title}", style="yellow")
        for sign, style, lines, others in (
            ("-", "red", _list_lines(before), _list_lines(after)),
            ("+", "green", _list_lines(after), _list_lines(before)),
        ):
            for line in lines:
                if line not in others:
                    yield Text(f"  {sign} {line}", style=style)
    if changes.is_reordered:
        yield Text(_("  in another order"), style="yellow")


def _list_lines(story: "Story") -> list[str]:
    """Return what is printed of a story: its title, its summary, and what other sources add."""
    return [
        story.article.title,
        story.summary.display,
        *(addition.summary.display for addition in story.additions),
        *(f"{other.publisher or other.source}: {other.title}" for other in story.others),
    ]


def _summarize_changes(digest: str, editions: "Sequence[ReplayedEdition]", days: int) -> str:
    if not editions:
        return ngettext(
            "{digest}: no edition in the last {n} day.",
            "{digest}: no edition in the last {n} days.",
            days,
            digest=digest,
        )
    changes = [edition.changes for edition in editions]
    return ngettext(
        "{digest}: {n} edition; {same} the same; stories: {added} more, {removed} fewer, {changed} changed.",
        "{digest}: {n} editions; {same} the same; stories: {added} more, {removed} fewer, {changed} changed.",
        len(editions),
        digest=digest,
        same=sum(each.is_empty for each in changes),
        added=sum(len(each.added) for each in changes),
        removed=sum(len(each.removed) for each in changes),
        changed=sum(len(each.changed) for each in changes),
    )
