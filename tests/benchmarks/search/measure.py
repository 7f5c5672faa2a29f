"""How long a search takes in 100,000 articles.

    python tests/benchmarks/search/measure.py [--articles 100000] [--url postgresql+psycopg://…]

The articles are of invented words of two characters, drawn the way words are in a language (few often, most seldom),
150 each. They are put into the index as they are: what jieba needs to find words is not measured here.
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
from bot.store.query import pairs
from bot.store.search import article_words, put
from bot.store.tables import articles

WORDS, LENGTH, BATCH, SEARCHES = 50_000, 150, 2_000, 200


def word(chance: random.Random) -> str:
    number = int(WORDS ** chance.random())
    return "".join(chr(0x4E00 + digit) for digit in divmod(number * 7, 20_000))


def fill(store: Store, count: int, chance: random.Random) -> list[str]:
    """Return a phrase of two words from each hundredth article."""
    phrases = []
    for start in range(0, count, BATCH):
        with store.database.write() as connection:
            for number in range(start + 1, min(start + BATCH, count) + 1):
                found = [word(chance) for _ in range(LENGTH)]
                written = "".join(found)
                row = {"id": number, "source": "s", "fingerprint": str(number), "first_seen_at": datetime.now(UTC)}
                document = documents.to_json(Article(title=str(number), text=written))
                connection.execute(insert(articles).values(**row, document=document))
                put(connection, article_words, number, [*dict.fromkeys(found), *pairs(written)])
                if number % 100 == 0:
                    phrases.append("".join(found[7:9]))
    with store.database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
    return phrases


def measure(store: Store, name: str, query: Callable[[], str]) -> None:
    seconds, hits = [], 0
    for _ in range(SEARCHES):
        wanted = query()
        start = time.perf_counter()
        hits += len(store.search.find(wanted))
        seconds.append(time.perf_counter() - start)
    middle, slow = statistics.median(seconds) * 1000, sorted(seconds)[int(SEARCHES * 0.95)] * 1000
    print(f"{name:>24}: median {middle:.1f} ms, 95 % under {slow:.1f} ms, {hits / SEARCHES:.1f} found", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    chance = random.Random(1)
    folder = tempfile.TemporaryDirectory()
    with folder, Store(Secret(options.url or f"sqlite:///{Path(folder.name) / 'search.sqlite'}")) as store:
        began = time.perf_counter()
        phrases = fill(store, options.articles, chance)
        print(f"{options.articles:,} articles taken in, {time.perf_counter() - began:.0f} s")

        def some(least: int, most: int) -> str:
            return " ".join(word(chance) for _ in range(chance.randint(least, most)))

        measure(store, "one to three words", lambda: some(1, 3))
        measure(store, "a word, and one not", lambda: f"{word(chance)} -{word(chance)}")
        measure(store, "a name, unquoted", lambda: chance.choice(phrases)[:3])
        measure(store, "a phrase", lambda: f'"{chance.choice(phrases)}"')


if __name__ == "__main__":
    main()
