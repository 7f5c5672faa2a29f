"""Which sentences an article was condensed to, by the hash of its content: places in it, not its text."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import Article
from bot.pipeline.condensing import CondensedArticle
from summarizer import Sentence, Summary

_MAX_ANSWERS = 10_000  # some 2 kB each


@dataclass(frozen=True, kw_only=True, slots=True)
class _CachedAnswer:
    summary: Summary  # its sentences have places and no texts
    terms: tuple[tuple[int, int], ...]  # where each term stands in title and text


class AnswerCache:
    """Condensed articles by content and length; the oldest makes room for a new one."""

    def __init__(self, max_answers: int = _MAX_ANSWERS) -> None:
        self._max_answers = max_answers
        self._answers: OrderedDict[str, _CachedAnswer] = OrderedDict()

    def find_answer(self, article: Article, length: tuple[float, ...]) -> CondensedArticle | None:
        """Return what the article was condensed to at this length; None where it was not."""
        cached = self._answers.get(_hash_content(article, length))
        if cached is None:
            return None
        sentences = tuple(
            replace(sentence, text=article.text[sentence.start : sentence.end])
            for sentence in cached.summary.sentences
        )
        whole = _join_content(article)
        return replace(cached.summary, sentences=sentences), tuple(
            whole[start:end] for start, end in cached.terms
        )

    def add_answer(self, article: Article, length: tuple[float, ...], condensed: CondensedArticle) -> None:
        summary, terms = condensed
        self._answers[_hash_content(article, length)] = _CachedAnswer(
            summary=replace(summary, sentences=tuple(_drop_text(summary.sentences))),
            terms=_locate_terms(_join_content(article), terms),
        )
        while len(self._answers) > self._max_answers:
            self._answers.popitem(last=False)


def _drop_text(sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    return [replace(sentence, text="") for sentence in sentences]


def _locate_terms(whole: str, terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return where each term stands. One that does not stand in the text as it is written is left out."""
    places = ((whole.find(term), len(term)) for term in terms)
    return tuple((start, start + length) for start, length in places if start >= 0)


def _join_content(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def _hash_content(article: Article, length: tuple[float, ...]) -> str:
    traits = (length, article.language, article.subheadings, article.cut_head, article.cut_tail)
    digest = hashlib.sha256(repr(traits).encode())
    digest.update(_join_content(article).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
