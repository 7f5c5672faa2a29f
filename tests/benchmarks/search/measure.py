"""How long a search takes in 100,000 articles.

    python tests/benchmarks/search/measure.py [--articles 100000] [--url postgresql+psycopg://…]

The articles are of invented words, drawn the way words are in a language (few very often, most seldom), 150 each. They
are put into the index as they are: what jieba needs to find words is not measured here.
"""

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from bot.models import Article
from bot.settings import Secret
from bot.store import Store, documents
from bot.store.search import put
from bot.store.tables import articles

WORDS, LENGTH, BATCH, SEARCHES = 50_000, 150, 2_000, 200


def word(number: int) -> str:
    return "".join(chr(0x4E00 + digit) for digit in divmod(number, 20_000))


def fill(store: Store, count: int, chance: random.Random) -> None:
    for start in range(0, count, BATCH):
        with store.database.write() as connection:
            for number in range(start + 1, min(start + BATCH, count) + 1):
                found = [word(int(WORDS ** chance.random())) for _ in range(LENGTH)]
                row = {"id": number, "source": "s", "fingerprint": str(number), "first_seen_at": datetime.now(UTC)}
                document = documents.to_json(Article(title=str(number), text=" ".join(found)))
                connection.execute(insert(articles).values(**row, document=document))
                put(connection, number, found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    chance = random.Random(1)
    folder = tempfile.TemporaryDirectory()
    with folder, Store(Secret(options.url or f"sqlite:///{Path(folder.name) / 'search.sqlite'}")) as store:
        fill(store, options.articles, chance)
        seconds = []
        for _ in range(SEARCHES):
            wanted = " ".join(word(int(WORDS ** chance.random())) for _ in range(chance.choice([1, 2, 3])))
            start = time.perf_counter()
            store.search.find(wanted)
            seconds.append(time.perf_counter() - start)
    middle, slow = statistics.median(seconds) * 1000, sorted(seconds)[int(SEARCHES * 0.95)] * 1000
    print(f"{options.articles:,} articles: median {middle:.1f} ms, 95 % under {slow:.1f} ms")


if __name__ == "__main__":
    main()
