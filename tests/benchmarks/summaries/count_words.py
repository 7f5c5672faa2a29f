"""Count verbs over the development articles, and write the list of summarizer/languages/chinese_words.py.

    PYTHONPATH=. python tests/benchmarks/summaries/count_words.py

A verb is a word of two characters that rjieba tags as one more often than not.
"""

import textwrap
from collections import Counter
from pathlib import Path

import rjieba
from articles import scorer, shared

from summarizer.languages.language import split_words

PATH = Path(__file__).parents[3] / "summarizer" / "languages" / "chinese_words.py"
FILES = ("summaries/articles", "summaries/more", "extracts/articles", "pages/articles")
LEAST = 10  # times a verb stands in the articles
PREPOSITIONS = split_words("通过 围绕 随着 作为 根据 面对 依托 按照 截至")
HEAD = (
    '"""Chinese verbs of two characters, counted over news texts by '
    'tests/benchmarks/summaries/count_words.py."""'
)


def read_texts() -> list[str]:
    """Return the different Chinese texts of the evaluation."""
    texts: dict[str, None] = {}
    for name in FILES:
        for row in scorer().lines(str(shared() / "evaluation" / f"{name}.jsonl.gz")):
            if row.get("language", "zh") == "zh" and len(row["text"]) > 150:
                texts[row["text"]] = None
    return list(texts)


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
        if times >= LEAST and times > others[word] and word[1] != "是" and word not in PREPOSITIONS
    ]


def main() -> None:
    body = textwrap.wrap(
        " ".join(count_verbs(read_texts())), 54, break_on_hyphens=False, break_long_words=False
    )
    lines = [
        HEAD,
        "",
        "from summarizer.languages.language import split_words",
        "",
        "# fmt: off",
        "VERBS = split_words(",
    ]
    lines += ['    """', *(f"    {line}" for line in body), '    """', ")", "# fmt: on"]
    PATH.write_text("\n".join([*lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
