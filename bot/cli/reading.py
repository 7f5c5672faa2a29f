"""`zhaibao split`, `zhaibao summarize` and `zhaibao read`: the commands that read pages and texts. They need
no configuration.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exit_status import UNUSABLE
from bot.cli.translation import _, translate
from bot.errors import InputError
from bot.phrases import Phrase

_PAGE_SENTENCES = 2  # of each article of a newspaper page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cli.documents import ReadDocument
    from bot.models import Article, Page
    from bot.pipeline.splitting import SplitFiles
    from bot.text.plain_text import PlainText
    from summarizer import Summary


@click.command("split")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a page, for other programs.")
@click.option(
    "--html",
    "html",
    type=click.Path(path_type=Path),
    help="Write the pages as one HTML document with the kind of every block.",
)
def split_pages(paths: tuple[Path, ...], as_json: bool, html: Path | None) -> None:
    """Split newspaper pages into their articles.

    PATHS are pages as text in UTF-8 or GB18030, as PDF, or as pictures (PNG, JPEG), or folders of such files.
    An article that continues on another of these pages is joined on its first page.
    """
    from bot import files
    from bot.sources.kinds.table import KINDS

    suffixes = KINDS["page"].suffixes
    names = [file for path in paths for file in files.list_files(path, suffixes)]
    result = _split_files(names, articles_only=as_json and html is None)
    pages = result.pages
    if html is not None and pages:
        from bot import newspaper

        _write_report(html, newspaper.render_html([(name.name, page) for name, page in pages]))
    elif as_json:
        for name, page in pages:
            click.echo(json.dumps(to_page_row(name.stem, page), ensure_ascii=False))
    else:
        from bot.cli.printing import print_page

        for name, page in pages:
            print_page(str(name), page)
    for error in result.errors:
        click.echo(f"zhaibao: {translate(error)}", err=True)
    if result.errors:
        raise click.exceptions.Exit(UNUSABLE)


def _split_files(names: "Sequence[Path]", *, articles_only: bool) -> "SplitFiles":
    """Return the pages of files with their names. Worker processes read them. `articles_only` omits the
    blocks.

    A PDF may have several pages; their names are then numbered. An article that continues on another page is
    joined.
    """
    from bot.cli.assembly import run_async
    from bot.cli.progress import show_progress
    from bot.pipeline.splitting import split_files
    from bot.workers.worker_pool import WORKERS, WorkerPool

    async def run() -> "SplitFiles":
        count = 1 if len(names) == 1 else max(WORKERS, os.cpu_count() or 1)
        async with WorkerPool(count) as workers:
            return await split_files(names, workers.run, articles_only=articles_only, progress=advance)

    with show_progress(_("Splitting pages"), len(names)) as advance:
        return run_async(run())


def _write_report(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            Phrase("{path}: cannot be written ({reason})", path=path, reason=error.strerror)
        ) from error
    click.echo(_("Wrote {path}.", path=path))


def to_page_row(name: str, page: "Page") -> dict[str, object]:
    return {"page": name, "articles": [_to_article_row(article) for article in page.articles]}


def _to_article_row(article: "Article") -> dict[str, object]:
    return {
        "title": article.title,
        "kicker": article.kicker,
        "deck": article.deck,
        "dateline": article.dateline,
        "byline": article.byline,
        "paragraphs": list(article.paragraphs),
        "certainty": None if article.certainty is None else round(article.certainty, 2),
        "cut_head": article.cut_head,
        "cut_tail": article.cut_tail,
        "continued_from": article.continued_from,
        "continues_on": article.continues_on,
    }


@click.command("summarize")
@click.argument("source", metavar="PATH|URL|-", required=False)
@click.option("--title", default="", help="The title of the text; sentences that share its words weigh more.")
@click.option(
    "--language", default="", help="The language of the text (zh, en and so on); detected by default."
)
@click.option(
    "--sentences",
    type=click.IntRange(1, 1000),
    help="The maximum number of sentences [default: as fit in 200 characters or 500 letters; 2 a page's "
    "article].",
)
@click.option("--characters", type=click.IntRange(10, 100_000), help="The maximum length in characters.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON an article, for other programs.")
@click.option("--why", is_flag=True, help="Show the parts of each sentence's score.")
@click.option(
    "--jsonl",
    is_flag=True,
    help="Read many texts from standard input, a line of JSON each: {id, title, text, language}.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    help="Number of processes for --jsonl.",
    show_default=True,
)
@click.pass_obj
def summarize_source(
    config: Path,
    source: str | None,
    title: str,
    language: str,
    sentences: int | None,
    characters: int | None,
    as_json: bool,
    why: bool,
    jsonl: bool,
    workers: int,
) -> None:
    """Summarize a text by its own key sentences.

    The text is a file (text, Markdown, HTML, PDF, mail or picture), the address of a web article, or - for
    standard input. A newspaper page is summarized article by article. Of a feed the newest items are listed.
    """
    if sentences and characters:
        raise click.UsageError(_("--sentences and --characters exclude each other"))
    if jsonl and (source not in (None, "-") or title or language):
        raise click.UsageError(_("--jsonl reads standard input, and its lines give titles and languages"))
    if jsonl:
        from bot.cli.json_lines import summarize_lines

        summarize_lines(sentences, characters, workers)
        return
    if not source:
        raise click.UsageError(_("give a file, an address, or - for standard input"))
    if language:
        _check_language(language)
    from bot.cli.documents import read_document

    document = read_document(source, config, title, language)
    if not document.articles:
        _print_feed(document, as_json=as_json)
        return
    if len(document.articles) > 1 and not characters:
        sentences = sentences or _PAGE_SENTENCES
    try:
        _summarize_document(document, sentences, characters, as_json=as_json, why=why)
    except ValueError as error:
        raise InputError(Phrase("{path}: {error}", path=source, error=error)) from error


def _summarize_document(
    document: "ReadDocument", sentences: int | None, characters: int | None, *, as_json: bool, why: bool
) -> None:
    """Print the summary of each article. Raises ValueError for a text that is too long."""
    from bot.pipeline.condensing import condense_article

    for number, article in enumerate(document.articles):
        summary, terms = condense_article(article, sentences=sentences, characters=characters)
        if as_json:
            row = _to_summary_row(article, summary, terms, document.plain)
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        from bot.cli.printing import print_summary

        if number:
            click.echo()
        print_summary(article, summary, terms, why=why)


def _to_summary_row(
    article: "Article", summary: "Summary", terms: "Sequence[str]", plain: "PlainText | None"
) -> dict[str, object]:
    """Return a summary for other programs. In a plain text, the places refer to the original text."""
    places = [place for sentence in summary.sentences for place in (sentence.start, sentence.end - 1)]
    if plain is not None:
        places = plain.locate(places)
    rows = [
        {"text": sentence.text, "start": start, "end": last + 1, "score": round(sentence.score, 6)}
        for sentence, start, last in zip(summary.sentences, places[::2], places[1::2], strict=True)
    ]
    return {"title": article.title, "language": summary.language, "keywords": terms, "sentences": rows}


def _print_feed(document: "ReadDocument", *, as_json: bool) -> None:
    if as_json:
        for entry in document.entries:
            day = entry.published_at.isoformat() if entry.published_at else None
            row = {"title": entry.title, "url": entry.url, "published_at": day}
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    from bot.cli.printing import print_entries

    print_entries(document.title, document.entries)


def _check_language(language: str) -> None:
    from summarizer import LANGUAGES

    if language not in LANGUAGES:
        tags = ", ".join(tag for tag in LANGUAGES if tag)
        raise click.UsageError(
            _(
                "there is no language {tag}; the languages are {names}; without --language it is detected",
                tag=language,
                names=tags,
            )
        )


@click.command("read")
@click.argument("sources", metavar="PATH|URL|-…", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON a file, for other programs.")
@click.pass_obj
def read_sources(config: Path, sources: tuple[str, ...], as_json: bool) -> None:
    """Show what Zhaibao reads in files and at addresses.

    This is the text that summarize works on. With --json each file gives one line: path, title, byline,
    published_at, language and text, or path and error.
    """
    from bot.cli.documents import read_document
    from bot.errors import ZhaibaoError

    failures = 0
    for source in sources:
        try:
            document = read_document(source, config)
        except ZhaibaoError as error:
            failures += 1
            if as_json:
                click.echo(json.dumps({"path": source, "error": str(error)}, ensure_ascii=False))
            else:
                click.echo(f"zhaibao: {translate(error)}", err=True)
            continue
        if as_json:
            click.echo(json.dumps({"path": source, **_to_document_row(document)}, ensure_ascii=False))
        elif not document.articles:
            _print_feed(document, as_json=False)
        else:
            texts = [text for a in document.articles for text in (a.title, a.byline, a.text) if text]
            click.echo("\n\n".join(texts))
    if failures:
        raise click.exceptions.Exit(1)


def _to_document_row(document: "ReadDocument") -> dict[str, object]:
    """Return the document as one row. The row also lists the articles of a page and the items of a feed."""
    rows = [_to_text_row(article) for article in document.articles]
    if len(rows) == 1:
        return rows[0]
    if rows:
        text = "\n\n".join(f"{row['title']}\n{row['text']}".strip() for row in rows)
        first = document.articles[0]
        return {**_to_text_row(replace(first, title="", byline="")), "text": text, "articles": rows}
    items = [{"title": entry.title, "url": entry.url} for entry in document.entries]
    text = "\n".join(entry.title for entry in document.entries)
    return {
        "title": document.title,
        "byline": "",
        "published_at": None,
        "language": "",
        "text": text,
        "items": items,
    }


def _to_text_row(article: "Article") -> dict[str, object]:
    from summarizer import detect_language

    return {
        "title": article.title,
        "byline": article.byline,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "language": article.language or detect_language(f"{article.title}\n{article.text}"),
        "text": article.text,
    }
