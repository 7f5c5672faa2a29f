"""How fast and how small, beside the peers, in the same run on the same texts.

    PYTHONPATH=. python tests/benchmarks/summaries/speed.py

The peers (sumy, summa, textrank4zh, snownlp) are timed where they are installed, best in an environment of
their own: this project depends on none of them. Median of REPEATS, nothing cached between runs but
dictionaries; the time of the processor too, which other programs on the machine disturb less.
"""

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from articles import scorer, shared

from summarizer import extract_keywords, summarize
from summarizer.batch import summarize_rows

REPEATS = 40


def milliseconds(act: Callable[[], object], repeats: int = REPEATS) -> str:
    walls, used = [], []
    for _ in range(repeats):
        start, before = time.perf_counter(), os.times()
        start_cpu = time.process_time()
        act()
        after = os.times()
        children = after.children_user + after.children_system - before.children_user - before.children_system
        used.append(1000 * (time.process_time() - start_cpu + children))
        walls.append(1000 * (time.perf_counter() - start))
    return (
        f"{statistics.median(walls):8.2f} ms (least {min(walls):.2f}); processor "
        f"{statistics.median(used):.2f}"
    )


def peers(text: str, language: str) -> dict[str, Callable[[], object]]:
    """Return a way to call each peer that is installed and speaks the language."""
    found: dict[str, Callable[[], object]] = {}
    if importlib.util.find_spec("sumy"):
        from sumy.nlp.tokenizers import Tokenizer
        from sumy.parsers.plaintext import PlaintextParser
        from sumy.summarizers.text_rank import TextRankSummarizer

        with suppress(LookupError):  # its English needs NLTK's data, which is fetched apart
            cutter = Tokenizer("chinese" if language == "zh" else "english")
            cutter.to_sentences("A. B.")
            found["sumy"] = lambda: TextRankSummarizer()(
                PlaintextParser.from_string(text, cutter).document, 3
            )
    if importlib.util.find_spec("summa"):
        from summa import summarizer as summa

        found["summa"] = lambda: summa.summarize(text.replace("。", "。\n") if language == "zh" else text)
    if language == "zh" and importlib.util.find_spec("snownlp"):
        from snownlp import SnowNLP

        found["snownlp"] = lambda: SnowNLP(text).summary(3)
    if language == "zh" and importlib.util.find_spec("textrank4zh"):
        import networkx

        networkx.from_numpy_matrix = networkx.from_numpy_array  # the name it knows is gone from networkx
        from textrank4zh import TextRank4Sentence

        def textrank4zh() -> object:
            ranker = TextRank4Sentence()
            ranker.analyze(text=text, lower=True, source="all_filters")
            return ranker.get_key_sentences(num=3)

        found["textrank4zh"] = textrank4zh
    return found


def main() -> None:
    rows = list(scorer().lines(str(shared() / "evaluation" / "summaries" / "articles.jsonl.gz")))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    command = [sys.executable, "-c", "import summarizer"]
    bare = [sys.executable, "-c", "pass"]
    print("import     ", milliseconds(lambda: subprocess.run(command, check=True), 5))
    print("bare python", milliseconds(lambda: subprocess.run(bare, check=True), 5))
    for language, name, length in (("zh", "rmrb", 2_500), ("en", "cnndm", 3_300)):
        row = min((r for r in rows if r["set"] == name), key=lambda r: abs(len(r["text"]) - length))
        text = row["text"]
        print(f"{language}, {len(text)} characters")
        print(
            "  summarize, 3 sentences   ",
            milliseconds(lambda: summarize(text, title=row["title"], sentences=3)),  # noqa: B023
        )
        print("  summarize, 120 characters", milliseconds(lambda: summarize(text, characters=120)))  # noqa: B023
        extract_keywords(text)
        print("  keywords                 ", milliseconds(lambda: extract_keywords(text), 10))  # noqa: B023
        for peer, call in peers(text, language).items():
            call()
            print(f"  {peer:25}", milliseconds(call, 10))
    many = [
        {"id": n, "text": rows[n % len(rows)]["text"], "title": rows[n % len(rows)]["title"]}
        for n in range(4_000)
    ]
    for workers in (1, 2):
        start = time.perf_counter()
        count = sum(1 for _ in summarize_rows(many, workers=workers, sentences=3))
        print(f"batch, {workers} workers: {count / (time.perf_counter() - start):.0f} articles/s")
    book = "\n".join(row["text"] for row in rows if row["language"] == "zh")
    book = "".join(piece + "。" for piece in (book * 9).split("。")[:20_000])
    start = time.perf_counter()
    summarize(book, language="zh")
    print(f"book of 20,000 sentences, {len(book)} characters: {time.perf_counter() - start:.1f} s")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
