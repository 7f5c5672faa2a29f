"""`zhaibao search`, `render` and `vacuum`: what was kept, found, shown again and let go."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from bot.errors import UnknownName


@click.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.pass_obj
def search_articles(config: Path, words: tuple[str, ...], limit: int) -> None:
    """List the articles that hold all WORDS, newest first.

    Below each stand the editions that told it. "Some words" in quotes have to stand as they are, -word or !word must
    not be there. Simplified and traditional characters, width and case make no difference.
    """
    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import print_search_results

    wanted = " ".join(map(_quote_phrase, words))
    with open_store(load_configuration(config)) as store:
        store.search.index_new()
        found = store.search.find_articles(wanted, limit)
    if not found:
        click.echo(f"No article fits: {wanted}")
        return
    print_search_results(found)


def _quote_phrase(word: str) -> str:
    """What the shell took the quotes from gets them again.

    >>> phrase("for all"), phrase("-for all"), phrase('a "b c"'), phrase("a")
    ('"for all"', '-"for all"', 'a "b c"', 'a')
    """
    if not re.search(r"\s", word) or re.search('["“「]', word):
        return word
    sign = word[0] if word[0] in "+-!" else ""
    return f'{sign}"{word[len(sign) :]}"'


@click.command("render")
@click.argument("edition", type=int)
@click.option("--theme", default="", help="Another theme than it was published with.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.pass_obj
def render_edition(config: Path, edition: int, theme: str, out: Path) -> None:
    """Write a published EDITION again, in every channel's form.

    EDITION is its number in `zhaibao editions`.
    """
    from bot.channels.registry import CHANNELS
    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.message_files import write_message_files
    from bot.cli.printing import print_files
    from bot.pipeline.publish import render_messages

    settings = load_configuration(config)
    with open_store(settings) as store:
        kept = store.editions.load_edition(edition)
        if kept is None:
            raise UnknownName(f"there is no edition {edition}; `zhaibao editions` lists them")
        shown = replace(kept, theme=theme) if theme else kept
        written = write_message_files(out, shown, render_messages(shown, CHANNELS, settings, store), settings)
    print_files(out, written)


@click.command("vacuum")
@click.pass_obj
def vacuum_store(config: Path) -> None:
    """Forget old articles and give the space back.

    Old is what was seen before [store] keep_days; editions keep their own copies.
    """
    from bot.cli.assembly import load_configuration, open_store, read_clock
    from bot.cli.printing import format_count

    settings = load_configuration(config)
    if not settings.keep_days:
        click.echo(f"{config}: [store] keep_days is 0: everything is kept.")
        return
    with open_store(settings) as store:
        gone = store.articles.forget_articles(read_clock() - timedelta(days=settings.keep_days))
        store.database.release_space()
    click.echo(f"Forgot {format_count(gone, 'article')} older than {settings.keep_days} days.")
