"""How near the summaries come to what an editor would print: facts kept, slogans printed, words in common.

    PYTHONPATH=. python tests/benchmarks/summaries/editor.py [--show] [--characters 120]

Measured on the articles of tests/summarizer/extracts.py, and on the real page with its hand-made digest where
folder `shared` lies beside the checkout (or $ZHAIBAO_SHARED): its words are the newspaper's and stay there. A
fact is a figure of the editor's extract, kept where it stands in ours; a slogan is a clause the Chinese row
of the languages calls one. Rows: guided, then the lead in the same budget.
"""

import argparse
import re
from collections.abc import Iterator

from articles import scorer, shared

from bot.newspaper import split_page
from summarizer import summarize
from summarizer.clauses import split_clauses
from summarizer.languages import LANGUAGES
from tests.summarizer.extracts import EXTRACTS

FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
SIGN = re.compile(r"\s*…\s*")
Case = tuple[str, str, str, str, dict[str, object]]  # name, title, text, what the editor printed, what is cut


def written() -> Iterator[Case]:
    for extract in EXTRACTS:
        yield extract.name, extract.title, extract.text, "".join(extract.chosen), {}


def real() -> Iterator[Case]:
    """Yield the articles of the real page beside what an editor made of them, found by their titles."""
    folder = shared()
    printed = {
        lines[0].strip(): lines[1:] for lines in stories((folder / "digest-example.md").read_text("utf-8"))
    }
    for path in sorted((folder / "seeds").glob("*.txt")):
        for article in split_page(path.read_text("utf-8")).articles:
            if lines := printed.get(article.title):
                body = "".join(SIGN.sub("", line.strip()) for line in lines[:-1])  # the last names the source
                cuts = {"cut_head": article.cut_head, "cut_tail": article.cut_tail}
                yield article.title[:8], article.title, article.text, body, cuts


def stories(text: str) -> Iterator[list[str]]:
    """Yield the indented blocks of the example, a story each."""
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if len(lines) > 2 and all(line.startswith("    ") for line in lines):
            yield lines


def measure(cases: list[Case], ranker: str, characters: int, show: bool) -> str:
    score, row = scorer(), LANGUAGES["zh"]
    facts = kept = slogans = 0
    rouge, lengths = 0.0, 0
    for name, title, text, editor, cuts in cases:
        summary = summarize(text, title=title, language="zh", characters=characters, ranker=ranker, **cuts)  # type: ignore[arg-type]
        ours = "".join(sentence.text for sentence in summary.sentences)
        wanted = set(FIGURE.findall(editor))
        facts, kept = facts + len(wanted), kept + len(wanted & set(FIGURE.findall(ours)))
        slogans += sum(
            row.slogan.pattern.search(ours, *part) is not None
            for part in split_clauses(ours, 0, len(ours), row)
        )
        rouge += sum(score.rouge(score.tokens(ours, "zh"), score.tokens(editor, "zh"))) / 3
        lengths += len(summary.display)
        if show:
            print(f"  {name}\n    editor {editor}\n    {ranker} {summary.display}")
    count = len(cases)
    return (
        f"facts {kept:3}/{facts}  slogans {slogans}  ROUGE {100 * rouge / count:.1f}  characters "
        f"{lengths / count:.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--characters", type=int, default=120)
    parser.add_argument("--show", action="store_true", help="print the editor's extract and ours")
    options = parser.parse_args()
    for label, cases in (("written", list(written())), ("real page", list(real()))):
        for ranker in ("guided", "lead"):
            print(
                f"{label:9} {len(cases)} articles, {ranker:6}",
                measure(cases, ranker, options.characters, options.show),
            )


if __name__ == "__main__":
    main()
