"""The development articles, drafted once, and what a choice of sentences scores: shared by tune.py and
ablate.py.

The texts are other people's and stay where they are: the folder `shared` beside the checkout, or
$ZHAIBAO_SHARED.
"""

import importlib.util
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from summarizer import ranked_selection, rankers
from summarizer.draft import SummaryDraft, build_draft
from summarizer.languages import Language, get_language
from summarizer.sentence_splitting import split_sentences

SETS = ("rmrb", "cnndm", "inshorts", "vietnews", "xwlb")


def shared() -> Path:
    folder = Path(os.environ.get("ZHAIBAO_SHARED") or Path(__file__).parents[3].parent / "shared")
    if not (folder / "evaluation" / "summaries").is_dir():
        sys.exit(f"no evaluation/summaries in {folder}; set ZHAIBAO_SHARED to the folder that holds it")
    return folder


def scorer() -> ModuleType:
    """Load the scorer that comes with the articles: what it says is what counts."""
    place = shared() / "evaluation" / "summaries" / "score_summaries.py"
    spec = importlib.util.spec_from_file_location("score_summaries", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(kw_only=True)
class Article:
    """An article with its draft, which no constant of the rankers changes, and the scores of choices made so
    far.
    """

    row: dict[str, Any]
    language: Language
    draft: SummaryDraft
    reference: list[str]
    scores: dict[tuple[tuple[int, int], ...], float] = field(default_factory=dict)


def articles() -> list[Article]:
    score = scorer()
    found = []
    for row in score.lines(str(shared() / "evaluation" / "summaries" / "articles.jsonl.gz")):
        language = get_language(row["language"])
        known = build_draft(row["text"], split_sentences(row["text"], language), row["title"], language)
        reference = score.tokens(row["reference"], row["language"])
        found.append(Article(row=row, language=language, draft=known, reference=reference))
    return found


def rouge(article: Article, score: ModuleType, ranker: str, characters: int | None = None) -> float:
    """Return the mean of ROUGE-1, -2 and -L, in points, of the summary the ranker gives now."""
    known = replace(article.draft, is_budgeted=characters is not None)
    points = rankers.RANKERS[ranker](known).total
    count = 1 if article.row["set"] == "xwlb" and not characters else 3
    text = article.row["text"]
    taken = ranked_selection.choose_ranked(
        text, known, points, article.language, sentences=99 if characters else count, characters=characters
    )
    places = tuple(sorted(piece for one in taken for piece in one.pieces))
    if places not in article.scores:
        summary = "\n".join(text[start:end] for start, end in places)[:characters]
        values = score.rouge(score.tokens(summary, article.row["language"]), article.reference)
        article.scores[places] = 100 * sum(values) / 3
    return article.scores[places]


def by_set(found: list[Article], score: ModuleType, ranker: str = "guided") -> dict[str, np.ndarray]:
    """Return the scores of every article, an array a set."""
    scores: dict[str, list[float]] = {name: [] for name in SETS}
    for article in found:
        scores[article.row["set"]].append(rouge(article, score, ranker))
    return {name: np.array(values) for name, values in scores.items() if values}
