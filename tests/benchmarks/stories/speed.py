"""How long clustering takes and what it needs, over days of invented articles.

    python tests/benchmarks/stories/speed.py [--articles 1000 10000 100000]

The articles are nonsense with the statistics of news: some 700 characters of words drawn by jieba's
frequencies, a few words and numbers of their own that come back, and one in twenty articles is republished by
two others, cut and with another heading. Each size runs in a process of its own, so that its peak memory is
its own.
"""

import argparse
import multiprocessing
import random
import resource
import time
from collections.abc import Iterator
from itertools import accumulate

import jieba

from bot.editorial.stories import group_events
from bot.models import Article

WORDS = 300  # an article
OWN = 12  # words that make its subject
REPUBLISHED = 20  # one in so many articles is taken over by two others


def vocabulary() -> tuple[list[str], list[int]]:
    with jieba.get_dict_file() as lines:
        rows = [line.decode("utf-8").split() for line in lines]
    words = sorted((word, int(count)) for word, count, *_ in rows if 1 < len(word) < 5)
    return [word for word, _ in words], list(accumulate(count for _, count in words))


def invented(count: int, seed: int = 1) -> Iterator[Article]:
    draw = random.Random(seed)
    words, sums = vocabulary()
    while count > 0:
        own = draw.sample(words, OWN) + [f"{draw.randint(101, 99999)}人" for _ in range(3)]
        body = draw.choices(words, cum_weights=sums, k=WORDS)
        for place in draw.sample(range(WORDS), WORDS // 8):
            body[place] = draw.choice(own)
        text = "".join(word + ("。" if n % 12 == 11 else "") for n, word in enumerate(body))
        yield Article(title="".join(own[:5]), text=text)
        count -= 1
        if draw.randrange(REPUBLISHED) == 0:
            for keep in (400, 550)[:count]:
                yield Article(title="".join(own[3:8]), text=text[:keep])
                count -= 1


def measure(count: int) -> tuple[int, float, float, float, float]:
    """Stories, seconds, seconds of the processor, the peak of memory in MB with the articles alone and at the
    end.
    """
    articles = list(invented(count))
    before = peak()
    start, busy = time.perf_counter(), time.process_time()
    stories = len(group_events(articles))
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    return stories, seconds, busy, before, peak()


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10_000])
    for count in parser.parse_args().articles:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            stories, seconds, busy, before, after = process.apply(measure, (count,))
        told = f"{count:7} articles {stories:7} stories {seconds:7.1f} s ({busy:.1f} busy)"
        print(f"{told} {before:6.0f} MB before {after:6.0f} MB at most", flush=True)


if __name__ == "__main__":
    main()
