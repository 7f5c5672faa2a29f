"""`zhaibao split` and `zhaibao summarize`: one page or one text, no configuration needed."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.translation import _
from bot.errors import InputError
from bot.phrases import Phrase

_MIN_FILES_FOR_PROCESSES = 24  # pages; fewer are done before another process has started
_PLAIN_SUFFIXES = ("", ".txt")  # suffixes of texts that are condensed as they are

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.models import Article, Page
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

    PATHS are pages as text in UTF-8 or GB18030, as PDF, or as pictures (PNG, JPEG), or folders of such files. An
    article that continues on another of these pages is joined on its first page.
    """
    from bot import files, newspaper
    from bot.sources.kinds.page import SUFFIXES

    found = _split_files(
        [file for path in paths for file in files.list_files(path, SUFFIXES)], articles_only=as_json and html is None
    )
    names = [name for name, _ in found]
    pages = newspaper.join_halves([page for _, page in found])
    if html is not None:
        _write_report(html, newspaper.render_html([(name.name, page) for name, page in zip(names, pages, strict=True)]))
        return
    if as_json:
        for name, page in zip(names, pages, strict=True):
            click.echo(json.dumps(to_page_row(name.stem, page), ensure_ascii=False))
        return
    from bot.cli.printing import print_page

    for name, page in zip(names, pages, strict=True):
        print_page(str(name), page)


def _split_files(names: "Sequence[Path]", *, articles_only: bool) -> "list[tuple[Path, Page]]":
    """The pages with their names, many of them by several processes; `articles_only` leaves their blocks out."""
    read = _split_file_without_blocks if articles_only else _split_file
    if len(names) < _MIN_FILES_FOR_PROCESSES:
        return [page for name in names for page in read(name)]
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor() as pool:
        return [page for found in pool.map(read, names, chunksize=4) for page in found]


def _split_file(path: Path) -> "list[tuple[Path, Page]]":
    """The pages of a file: one of a text, one or more of a PDF, whose names are then numbered."""
    from bot import files
    from bot.sources.kinds.page import parse_pages

    return [(path.with_stem(stem), page) for stem, page in parse_pages(files.read_file(path), str(path))]


def _split_file_without_blocks(path: Path) -> "list[tuple[Path, Page]]":
    """The same without blocks, which hold the text a second time: half as much to send from process to process."""
    return [(name, replace(page, blocks=())) for name, page in _split_file(path)]


def _write_report(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(Phrase("{path}: cannot be written ({reason})", path=path, reason=error.strerror)) from error
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
        "cut_head": article.cut_head,
        "cut_tail": article.cut_tail,
        "continued_from": article.continued_from,
        "continues_on": article.continues_on,
    }


@click.command("summarize")
@click.argument("source", metavar="PATH|URL|-", required=False)
@click.option("--title", default="", help="The title of the text; sentences that share its words weigh more.")
@click.option("--language", default="", help="The language of the text (zh, en and so on); detected by default.")
@click.option("--sentences", type=click.IntRange(1, 1000), help="The maximum number of sentences [default: 3].")
@click.option("--characters", type=click.IntRange(10, 100_000), help="The maximum length in characters.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")
@click.option("--why", is_flag=True, help="Show the parts of each sentence's score.")
@click.option(
    "--jsonl",
    is_flag=True,
    help="Read many texts from standard input, a line of JSON each: {id, title, text, language}.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, help="Number of processes for --jsonl.", show_default=True
)
@click.pass_obj
def summarize_text(
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

    The text is a file (text, Markdown, HTML, PDF, mail or picture), the address of a web article, or - for standard
    input.
    """
    if sentences and characters:
        raise click.UsageError(_("--sentences and --characters exclude each other"))
    if jsonl and (source not in (None, "-") or title or language):
        raise click.UsageError(_("--jsonl reads standard input, and its lines give titles and languages"))
    if jsonl:
        _summarize_lines(sentences, characters, workers)
        return
    if not source:
        raise click.UsageError(_("give a file, an address, or - for standard input"))
    if language:
        _check_language(language)
    article = _read_article(source, title, config)
    try:
        summary, terms = _condense_article(article, language, sentences, characters)
    except ValueError as error:
        raise InputError(Phrase("{path}: {error}", path=source, error=error)) from error
    if as_json:
        click.echo(json.dumps(_to_summary_row(article, summary, terms), ensure_ascii=False))
        return
    from bot.cli.printing import print_summary

    print_summary(article, summary, terms, why=why)


def _condense_article(
    article: "Article", language: str, sentences: int | None, characters: int | None
) -> "tuple[Summary, list[str]]":
    """The key sentences and the key terms. Raises ValueError for a text that is too long."""
    import summarizer

    summary = summarizer.summarize(
        article.text,
        title=article.title,
        language=language or article.language or None,
        sentences=sentences,
        characters=characters,
        subheadings=article.subheadings,
    )
    terms = summarizer.extract_keywords(article.text, title=article.title, language=summary.language)
    return summary, [term.term for term in terms]


def _to_summary_row(article: "Article", summary: "Summary", terms: list[str]) -> dict[str, object]:
    rows = [{"text": s.text, "start": s.start, "end": s.end, "score": round(s.score, 6)} for s in summary.sentences]
    return {"title": article.title, "language": summary.language, "keywords": terms, "sentences": rows}


def _check_language(language: str) -> None:
    from summarizer import LANGUAGES

    if language not in LANGUAGES:
        known = ", ".join(tag for tag in LANGUAGES if tag)
        raise click.UsageError(
            _(
                "there is no language {tag}; the languages are {names}; without --language it is detected",
                tag=language,
                names=known,
            )
        )


def _read_article(source: str, title: str, config: Path) -> "Article":
    """The text of a file, a web page or standard input. Raises InputError, FetchError, SourceError."""
    if source.startswith(("http://", "https://")):
        return _fetch_article(source, title, config)
    if found := _read_document(source):
        return replace(found, title=title or found.title)
    from bot import files
    from bot.models import Article
    from bot.text.encoding import decode_text

    data = sys.stdin.buffer.read(files.MAX_BYTES + 1) if source == "-" else files.read_file(source)
    name = "standard input" if source == "-" else source
    if len(data) > files.MAX_BYTES:
        raise InputError(Phrase("{path}: is larger than {size} MB", path=name, size=files.MAX_BYTES // 1024 // 1024))
    text = decode_text(data, name)
    if not text.strip():
        raise InputError(Phrase("{path}: is empty", path=name))
    return Article(title=title, text=text)


def _read_document(path: str) -> "Article | None":
    """The article of a document that is more than plain text; None where its suffix tells of none."""
    suffix = Path(path).suffix.lower()
    if suffix in _PLAIN_SUFFIXES:
        return None  # before the libraries of documents are loaded
    from bot import files
    from bot.models import Source
    from bot.sources.kinds import folder

    if suffix not in folder.SUFFIXES:
        return None
    found = folder.parse_articles(files.read_file(path), path, Source(kind="folder", name="", address=path))
    if not found:
        raise InputError(Phrase("{path}: there is no text on this picture", path=path))
    return found[0]


def _fetch_article(url: str, title: str, config: Path) -> "Article":
    from bot.cli.assembly import build_fetcher, load_configuration, run_async
    from bot.pipeline.article import fetch_article

    settings = load_configuration(config) if config.exists() else None
    fetcher = build_fetcher(settings)

    async def get() -> "Article":
        async with fetcher:
            return await fetch_article(url, fetcher, trusted=True, rules=settings.rules if settings else ())

    article = run_async(get())
    return replace(article, title=title) if title else article


def _summarize_lines(sentences: int | None, characters: int | None, workers: int) -> None:
    from summarizer.batch import summarize_rows

    faults: list[InputError] = []

    def good() -> Iterator[dict[str, str]]:
        """The rows before the first faulty one: what came before it is still answered."""
        try:
            yield from _parse_rows(sys.stdin.buffer)
        except InputError as error:
            faults.append(error)

    try:
        for row in summarize_rows(good(), sentences=sentences, characters=characters, workers=workers):
            click.echo(json.dumps(row, ensure_ascii=False))
    except ValueError as error:
        raise InputError(Phrase("standard input: {error}", error=error)) from error
    if faults:
        raise faults[0]


def _parse_rows(lines: Iterator[bytes]) -> Iterator[dict[str, str]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(
                Phrase("standard input, line {number}: is not JSON ({error})", number=number, error=error)
            ) from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(Phrase('standard input, line {number}: needs an object with "text"', number=number))
        for key in ("title", "language"):
            if not isinstance(row.get(key) or "", str):
                raise InputError(Phrase('standard input, line {number}: "{key}" is not a text', number=number, key=key))
        yield row
