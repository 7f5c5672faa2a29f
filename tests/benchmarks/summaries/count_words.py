"""Count verbs and common words over the development articles, and write the lists of summarizer/languages/*_words.py.

    PYTHONPATH=. python tests/benchmarks/summaries/count_words.py

A Chinese verb is a word of two characters that rjieba tags as one more often than not. How common a word (in
Chinese: a pair of characters) is goes by the share of the articles that hold it.
"""

import math
import re
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rjieba
from articles import scorer, shared

from summarizer.languages.chinese_rules import CHINESE_RULES
from summarizer.languages.language import split_words
from summarizer.scripts import HAN

FOLDER = Path(__file__).parents[3] / "summarizer" / "languages"
FILES = ("summaries/articles", "summaries/more", "extracts/articles", "pages/articles")
LEVELS = {"_IN_EVERY_TENTH_ARTICLE": 0.1, "_IN_EVERY_TWENTIETH": 0.05, "_IN_EVERY_FIFTIETH": 0.02}
VALUES = {"_IN_EVERY_TENTH_ARTICLE": 0.27, "_IN_EVERY_TWENTIETH": 0.40, "_IN_EVERY_FIFTIETH": 0.52}
LEAST_VERBS = 10
PREPOSITIONS = split_words("通过 围绕 随着 作为 根据 面对 依托 按照 截至")
RUN, WORD = re.compile(f"[{HAN}]+"), re.compile(r"[a-z]{2,}(?:'[a-z]+)?")


def read_texts() -> dict[str, list[str]]:
    """Return the different texts of the evaluation by language."""
    texts: dict[str, dict[str, Any]] = {"zh": {}, "en": {}}
    for name in FILES:
        for row in scorer().lines(str(shared() / "evaluation" / f"{name}.jsonl.gz")):
            language = row.get("language", "zh")
            if language in texts and len(row["text"]) > 150:
                texts[language][row["text"]] = None
    return {language: list(found) for language, found in texts.items()}


def count_verbs(texts: list[str]) -> list[str]:
    verbs: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for text in texts:
        for word, tag in rjieba.tag(text):
            if len(word) == 2:
                (verbs if tag == "v" else others)[word] += 1
    return [
        word
        for word, times in verbs.most_common()
        if times >= LEAST_VERBS and times > others[word] and word[1] != "是" and word not in PREPOSITIONS
    ]


def list_pairs(text: str) -> set[str]:
    pairs = {run[n : n + 2] for run in RUN.findall(text) for n in range(len(run) - 1)}
    return {pair for pair in pairs if not CHINESE_RULES.silent & set(pair)}


def sort_by_level(articles: Iterable[set[str]], count: int) -> dict[str, list[str]]:
    """Return the words of each level of commonness, the commonest first."""
    times = Counter(word for words in articles for word in words)
    levels: dict[str, list[str]] = {name: [] for name in LEVELS}
    for word, number in times.most_common():
        level = next((name for name, share in LEVELS.items() if number >= share * count), None)
        if level:
            levels[level].append(word)
    rest = [
        math.log(count / n) / math.log(count / 2) for n in times.values() if n < LEVELS["_IN_EVERY_FIFTIETH"] * count
    ]
    print(f"{count} articles; mean rarity of words on no list {sum(rest) / len(rest):.2f}")
    return levels


def write_list(name: str, words: list[str]) -> list[str]:
    width = 54 if words and RUN.match(words[0]) else 108
    body = textwrap.wrap(" ".join(words), width, break_on_hyphens=False, break_long_words=False)
    return [f"{name} = split_words(", '    """', *(f"    {line}" for line in body), '    """', ")"]


def write_module(path: Path, docstring: str, verbs: list[str], levels: dict[str, list[str]]) -> None:
    lines = [docstring, "", "from summarizer.languages.language import split_words", "", "# fmt: off"]
    if verbs:
        lines += write_list("VERBS", verbs)
    for name, words in levels.items():
        lines += write_list(name, words)
    lines += ["# fmt: on", "COMMONNESS = {  # 0 in every article, 1 in none; RARE of what is on no list"]
    lines += [f"    **dict.fromkeys({name}, {VALUES[name]:.2f})," for name in levels]
    path.write_text("\n".join([*lines, "}", ""]), "utf-8")


def main() -> None:
    texts = read_texts()
    note = '"""{} counted over news texts by tests/benchmarks/summaries/count_words.py."""'
    chinese = sort_by_level(map(list_pairs, texts["zh"]), len(texts["zh"]))
    write_module(
        FOLDER / "chinese_words.py",
        note.format("Chinese verbs and common pairs,"),
        count_verbs(texts["zh"]),
        chinese,
    )
    english = sort_by_level((set(WORD.findall(text.lower())) for text in texts["en"]), len(texts["en"]))
    write_module(FOLDER / "english_words.py", note.format("Common English words,"), [], english)


if __name__ == "__main__":
    main()
