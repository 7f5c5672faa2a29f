"""Measure the page reader on real electronic newspapers: a page's PDF against the articles on its site.

    python tests/benchmarks/pages/epaper.py zhaibao.toml --days 7 --out FOLDER

Reads the sources of kind `epaper` in the configuration. The issue of each day is asked for politely: one
request at a time to a host, with pauses, as the site's robots.txt allows. What was fetched stays in FOLDER,
and another run does not ask for it again. Prints article F1, boundary F1 and the share of right titles for
each paper, and writes the worst pages as FOLDER/worst.html. The texts belong to the papers: send the
figures, not the folder.
"""

import argparse
import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.cli.assembly import load_configuration
from bot.errors import BadStatus, FetchError, SourceError
from bot.fetch import Fetcher
from bot.fetch.fetcher import FetchLimits
from bot.models import Article, Source
from bot.newspaper import render_html
from bot.settings import Settings
from bot.sources.kinds import epaper, page, webpage
from bot.sources.kinds.epaper import DAY_FIELD, IssuePage
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import WorkerPool

MAX_PDF_BYTES = 64_000_000
GRAM = 5  # characters of the sequences that two bodies share
RIGHT_ARTICLE, RIGHT_BODY, LEAST_SHARED = 0.98, 0.90, 0.3  # F1 of shared sequences
WORST = 10  # pages that are shown
WHITE = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedArticle:
    """An article as the site gives it."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PageScore:
    """How many articles a page has and how many were read, of those how many right."""

    printed: int
    read: int
    matched: int = 0
    right: int = 0  # title and body
    bodies: int = 0
    titles: int = 0

    def add(self, other: "PageScore") -> "PageScore":
        return PageScore(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    @property
    def article_f1(self) -> float:
        return 2 * self.right / max(1, self.printed + self.read)

    @property
    def boundary_f1(self) -> float:
        return 2 * self.bodies / max(1, self.printed + self.read)

    @property
    def title_share(self) -> float:
        return self.titles / max(1, self.matched)


def squeeze(text: str) -> str:
    return WHITE.sub("", text)


def measure_overlap(text: str, other: str) -> float:
    """Return the F1 of the character sequences that two bodies share; white space counts nothing."""
    one, two = (
        Counter(bare[i : i + GRAM] for i in range(max(1, len(bare) - GRAM + 1)))
        for bare in (squeeze(text), squeeze(other))
    )
    return 2 * (one & two).total() / (one.total() + two.total())


def score_page(printed: Sequence[PrintedArticle], read: Sequence[Article]) -> PageScore:
    """Pair the articles that share most, and count those that are right."""
    pairs = sorted(
        (
            (measure_overlap(article.text, candidate.text), i, j)
            for i, article in enumerate(printed)
            for j, candidate in enumerate(read)
        ),
        reverse=True,
    )
    score = PageScore(printed=len(printed), read=len(read))
    used: set[tuple[str, int]] = set()
    for overlap, i, j in pairs:
        if overlap < LEAST_SHARED or ("printed", i) in used or ("read", j) in used:
            continue
        used |= {("printed", i), ("read", j)}
        has_title = squeeze(printed[i].title) in list_titles(read[j])
        score = score.add(
            PageScore(
                printed=0,
                read=0,
                matched=1,
                right=has_title and overlap >= RIGHT_ARTICLE,
                bodies=overlap >= RIGHT_BODY,
                titles=has_title,
            )
        )
    return score


def list_titles(article: Article) -> set[str]:
    """Return the title alone and with the headings beside it: sites print them in one line or several."""
    kicker, title, deck = map(squeeze, (article.kicker, article.title, article.deck))
    return {title, kicker + title, title + deck, kicker + title + deck}


class IssueFolder:
    """What was fetched of one day's issue: a PDF a page, and its articles as JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_complete(self) -> bool:
        return (self.folder / "complete").exists()

    def mark_complete(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "complete").touch()

    def write_page(self, name: str, pdf: bytes, articles: Sequence[PrintedArticle]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{name}.pdf").write_bytes(pdf)
        rows = [{"title": article.title, "text": article.text} for article in articles]
        (self.folder / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

    def read_pages(self) -> Iterator[tuple[str, bytes, list[PrintedArticle]]]:
        for path in sorted(self.folder.glob("*.json")):
            rows = json.loads(path.read_text(encoding="utf-8"))
            yield path.stem, path.with_suffix(".pdf").read_bytes(), [PrintedArticle(**row) for row in rows]


async def fetch_issue(
    source: Source, day: date, folder: IssueFolder, fetcher: Fetcher, workers: WorkerPool
) -> None:
    """Fetch the pages of one day's issue with their articles; a page without a PDF or without articles is
    left out.
    """
    url = epaper.format_address(source.address, day)
    try:
        front = await fetcher.fetch_url(url, trusted=True, robots=True)
    except BadStatus as error:
        print(f"{source.name} {day}: {error}")
        return
    item = WorkItem(name=front.url)
    pages = await workers.run(item, epaper.parse_pages, front.content, front.url, source, front.charset)
    for place, issue_page in enumerate(pages):
        try:
            await fetch_page(source, day, issue_page, (place, len(pages)), folder, fetcher, workers)
        except (FetchError, SourceError) as error:
            print(f"{source.name} {day} page {issue_page.number}: {error}")
    folder.mark_complete()


async def fetch_page(
    source: Source,
    day: date,
    issue_page: IssuePage,
    place: tuple[int, int],
    folder: IssueFolder,
    fetcher: Fetcher,
    workers: WorkerPool,
) -> None:
    document = await fetcher.fetch_url(issue_page.url, trusted=True, robots=True)
    item = WorkItem(name=document.url)
    pdf = await workers.run(
        item, epaper.find_page_file, document.content, document.url, *place, document.charset
    )
    if not pdf:
        return
    entries = await workers.run(
        item,
        epaper.parse_entries,
        document.content,
        document.url,
        issue_page,
        day,
        source,
        document.charset,
    )
    articles = []
    for entry in entries:
        answer = await fetcher.fetch_url(entry.url, trusted=True, robots=True)
        item = WorkItem(name=answer.url)
        read = await workers.run(
            item, webpage.parse_articles, answer.content, answer.url, source, answer.charset
        )
        articles += [PrintedArticle(title=entry.title or own.title, text=own.text) for own in read]
    if articles:
        content = await fetcher.fetch_url(pdf, trusted=True, robots=True)
        folder.write_page(f"{place[0] + 1:02d}", content.content, articles)


async def measure_papers(settings: Settings, fetcher: Fetcher, days: Sequence[date], out: Path) -> list[str]:
    """Return a line of figures for each paper, and write the worst pages."""
    figures, shown = [], []
    async with WorkerPool(1) as workers:
        for source in (source for source in settings.sources if source.kind == "epaper"):
            total, pages = PageScore(printed=0, read=0), 0
            for day in days if DAY_FIELD.search(source.address) else days[:1]:
                folder = IssueFolder(out / re.sub(r"\W+", "-", source.name) / str(day))
                if not folder.is_complete():
                    await fetch_issue(source, day, folder, fetcher, workers)
                for name, pdf, printed in folder.read_pages():
                    item = WorkItem(name=name)
                    read = await workers.run(item, page.parse_pages, pdf, f"{day}-{name}.pdf")
                    score = score_page(printed, [article for _, own in read for article in own.articles])
                    total, pages = total.add(score), pages + 1
                    shown += [(score.boundary_f1, f"{source.name} {day} {name}", own) for _, own in read]
            figures.append(
                f"{source.name}: {pages} pages, {total.printed} articles, article F1 {total.article_f1:.3f}, "
                f"boundary F1 {total.boundary_f1:.3f}, title {total.title_share:.3f}"
            )
    worst = sorted(shown, key=lambda row: row[:2])[:WORST]
    if worst:
        text = render_html([(f"{name}, boundary F1 {f1:.2f}", own) for f1, name, own in worst])
        (out / "worst.html").write_text(text, encoding="utf-8")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--days", type=int, default=1, help="issues of that many days, the newest first")
    parser.add_argument("--out", type=Path, default=Path("epaper"))
    options = parser.parse_args()
    settings = load_configuration(options.config)
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in range(options.days)]

    async def run() -> list[str]:
        limits = FetchLimits(max_bytes=MAX_PDF_BYTES, max_seconds=120)
        fetch = settings.fetch
        async with Fetcher(
            contact=fetch.contact, allow_private=fetch.allow_private, limits=limits
        ) as fetcher:
            return await measure_papers(settings, fetcher, days, options.out)

    print("\n".join(asyncio.run(run())))


if __name__ == "__main__":
    main()
