"""How long a search takes in 100,000 articles.

    python tests/benchmarks/search/measure.py [--articles 100000] [--url postgresql+psycopg://…] [--spread]

The articles are of invented words of two characters, drawn the way words are in a language (few often, most
seldom), 150 each. Three of four begin with one and the same character, so that neighbouring characters tell
little: the worst that phrases can meet. With --spread their characters are drawn evenly. They are put into
the index as they are: what jieba needs to find words is not measured here.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from bot.models import Article
from bot.settings import Secret
from bot.store import Store, documents
from bot.store.search import article_words, index_text
from bot.store.tables import articles

WORDS, LENGTH, BATCH, SEARCHES = 50_000, 150, 2_000, 200
CHARACTERS = 20_000
NEIGHBOUR, FAR = 7, 7_919 * 104_729  # from one word to the next, in pairs of characters


def word(chance: random.Random, step: int) -> str:
    number = int(WORDS ** chance.random())
    return "".join(chr(0x4E00 + digit) for digit in divmod(number * step % CHARACTERS**2, CHARACTERS))


def fill(store: Store, count: int, chance: random.Random, step: int) -> list[str]:
    """Return a phrase of two words from each hundredth article."""
    phrases = []
    for start in range(0, count, BATCH):
        with store.database.begin_write() as connection:
            for number in range(start + 1, min(start + BATCH, count) + 1):
                found = [word(chance, step) for _ in range(LENGTH)]
                written = "".join(found)
                row = {
                    "id": number,
                    "source": "s",
                    "fingerprint": str(number),
                    "first_seen_at": datetime.now(UTC),
                }
                document = documents.to_json(Article(title=str(number), text=written))
                connection.execute(insert(articles).values(**row, document=document))
                index_text(connection, article_words, number, written, cut=lambda _, found=found: found)
                if number % 100 == 0:
                    phrases.append("".join(found[7:9]))
    with store.database.begin_write() as connection:
        connection.exec_driver_sql("ANALYZE")
    return phrases


def measure(store: Store, name: str, query: Callable[[], str]) -> None:
    seconds, busy, hits = [], [], 0
    for _ in range(SEARCHES):
        wanted = query()
        start, worked = time.perf_counter(), time.process_time()
        hits += len(store.search.find_articles(wanted))
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - worked)  # SQLite's work is in it, PostgreSQL's is not
    middle, slow = statistics.median(seconds) * 1000, slowest(seconds)
    costs = f"median {middle:.1f} ms, 95 % under {slow:.1f} ms, {slowest(busy):.1f} ms of a processor"
    print(f"{name:>24}: {costs}, {hits / SEARCHES:.1f} found", flush=True)


def slowest(seconds: list[float]) -> float:
    """The milliseconds under which 95 % stay."""
    return sorted(seconds)[int(SEARCHES * 0.95)] * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--spread", action="store_true", help="words of evenly drawn characters")
    options = parser.parse_args()
    step = FAR if options.spread else NEIGHBOUR
    chance = random.Random(1)
    folder = tempfile.TemporaryDirectory()
    with folder, Store(Secret(options.url or f"sqlite:///{Path(folder.name) / 'search.sqlite'}")) as store:
        began = time.perf_counter()
        phrases = fill(store, options.articles, chance, step)
        print(f"{options.articles:,} articles taken in, {time.perf_counter() - began:.0f} s")

        def some(least: int, most: int) -> str:
            return " ".join(word(chance, step) for _ in range(chance.randint(least, most)))

        measure(store, "one to three words", lambda: some(1, 3))
        measure(store, "a word, and one not", lambda: f"{word(chance, step)} -{word(chance, step)}")
        measure(store, "a name, unquoted", lambda: chance.choice(phrases)[:3])
        measure(store, "a phrase", lambda: f'"{chance.choice(phrases)}"')


if __name__ == "__main__":
    main()
