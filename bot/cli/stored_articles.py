"""`zhaibao search`, `render` and `vacuum`: find articles, render editions again, delete old articles."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.json_output import json_option, print_rows
from bot.cli.translation import _, ngettext
from bot.errors import UnknownName
from bot.phrases import Phrase

if TYPE_CHECKING:
    from bot.store.search import SearchHit


@click.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
@click.pass_obj
def search_articles(config: Path, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List the articles that contain all WORDS, newest first.

    Below each article stand the editions that printed it. "Some words" in quotes must stand together; -word
    or !word must not occur. Simplified and traditional characters, width and case make no difference.
    """
    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import print_search_results

    query = " ".join(map(_quote_phrase, words))
    with open_store(load_configuration(config)) as store:
        store.search.index_new()
        hits = store.search.find_articles(query, limit)
    if as_json:
        print_rows(map(_to_hit_row, hits))
        return
    if not hits:
        click.echo(_("No article matches: {query}", query=query))
        return
    print_search_results(hits)


def _to_hit_row(hit: "SearchHit") -> dict[str, object]:
    article = hit.article
    return {
        "title": article.title,
        "source": article.source,
        "page": article.page,
        "published_at": article.published_at,
        "url": article.url,
        "editions": [
            {
                "edition": each.edition_id,
                "digest": each.digest,
                "day": each.edition_name[:10],
                "name": each.edition_name,
            }
            for each in hit.printings
        ],
    }


def _quote_phrase(word: str) -> str:
    """Return the word with the quotes that the shell removed.

    >>> _quote_phrase("for all"), _quote_phrase("-for all"), _quote_phrase('a "b c"'), _quote_phrase("a")
    ('"for all"', '-"for all"', 'a "b c"', 'a')
    """
    if not re.search(r"\s", word) or re.search('["“「]', word):
        return word
    sign = word[0] if word[0] in "+-!" else ""
    return f'{sign}"{word[len(sign) :]}"'


@click.command("render")
@click.argument("edition", type=int)
@click.option("--theme", default="", help="Another theme than the one it was published with.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.pass_obj
def render_edition(config: Path, edition: int, theme: str, out: Path) -> None:
    """Write the messages of a published EDITION again.

    EDITION is its number in `zhaibao editions`.
    """
    from bot.channels.registry import CHANNELS
    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.message_files import write_message_files
    from bot.cli.printing import print_files
    from bot.pipeline.rendering import render_messages

    settings = load_configuration(config)
    with open_store(settings) as store:
        published = store.editions.load_edition(edition)
        if published is None:
            raise UnknownName(
                Phrase("there is no edition {edition}; `zhaibao editions` lists them", edition=edition)
            )
        shown = replace(published, theme=theme) if theme else published
        written = write_message_files(out, shown, render_messages(shown, CHANNELS, settings, store), settings)
    print_files(out, written)


@click.command("vacuum")
@click.pass_obj
def vacuum_store(config: Path) -> None:
    """Delete old articles and free their space.

    An article is old when it was last seen more than keep_days ago ([store] in the configuration). Editions
    keep their own copies.
    """
    from bot.cli.assembly import load_configuration, open_store, read_clock

    settings = load_configuration(config)
    if not settings.keep_days:
        click.echo(_("{config}: [store] keep_days is 0, so everything is kept.", config=config))
        return
    with open_store(settings) as store:
        gone = store.articles.forget_articles(read_clock() - timedelta(days=settings.keep_days))
        store.database.release_space()
    days = settings.keep_days
    click.echo(
        ngettext(
            "Deleted {n} article older than {days} days.",
            "Deleted {n} articles older than {days} days.",
            gone,
            days=days,
        )
    )
