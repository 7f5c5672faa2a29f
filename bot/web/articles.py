"""The article of a story with the digest's sentences marked in place, and the reasons for each."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.models import Article, Story
from bot.render.plaintext import validate_web_address
from bot.render.sentence_reasons import choose_reasons
from bot.render.view import build_view
from bot.web.editions import build_edition_path
from bot.web.site import WebSite, cache_response, run_in_thread
from bot.web.words import WebWords, build_words
from summarizer import Sentence

_AROUND = 100  # characters that are shown on each side of a sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class _ArticlePiece:
    """A run of a paragraph; `reasons` are those of a marked one. A gap stands for what is left out."""

    text: str
    reasons: str = ""
    is_gap: bool = False


class ArticlePages:
    def __init__(self, site: WebSite) -> None:
        self.site = site

    async def show_article(self, request: Request) -> Response:
        store, extent = self.site.store, self.site.settings.web.articles
        digest = self.site.find_digest(request.path_params["digest"])
        name, number = request.path_params["name"], request.path_params["number"]
        if digest is None or extent == "none":
            return self.site.render_missing(request)
        edition_id = await run_in_thread(store.editions.find_named, digest.name, name)
        edition = await run_in_thread(store.editions.load_edition, edition_id) if edition_id else None
        if edition is None or not 1 <= number <= len(edition.stories):
            return self.site.render_missing(request)
        story = edition.stories[number - 1]
        words = build_words(edition.language)
        response = self.site.render(
            request,
            "article",
            language=edition.language,
            theme=edition.theme,
            title=story.article.title or edition.title,
            article=story.article,
            notes=build_view(edition).stories[number - 1].notes,
            article_language=story.article.language or edition.language,
            href=validate_web_address(story.article.url),
            paragraphs=_mark_article(story, words, is_whole=extent == "whole"),
            is_whole=extent == "whole",
            back=f"{build_edition_path(digest.name, name)}#s{number}",
        )
        return cache_response(request, response)


def _mark_article(story: Story, words: WebWords, *, is_whole: bool) -> list[list[_ArticlePiece]]:
    """Return the article's paragraphs as pieces, the summary's sentences with their reasons.

    Unless it is whole, only 100 characters on each side of a sentence are shown; a gap stands for the rest.
    """
    article, start = story.article, 0
    paragraphs = []
    for paragraph in article.paragraphs:
        end = start + len(paragraph)
        sentences = [
            sentence
            for sentence in story.summary.sentences
            if start <= sentence.start and sentence.end <= end
        ]
        pieces = _split_paragraph(article, start, end, sentences, words)
        if not is_whole:
            pieces = _shorten_pieces(pieces)
        if any(piece.text.strip() or piece.is_gap for piece in pieces):
            paragraphs.append(pieces)
        start = end + 1
    return paragraphs if is_whole else _merge_gaps(paragraphs)


def _split_paragraph(
    article: Article, start: int, end: int, sentences: list[Sentence], words: WebWords
) -> list[_ArticlePiece]:
    pieces, place = [], start
    for sentence in sorted(sentences, key=lambda sentence: sentence.start):
        if sentence.start < place:
            continue
        pieces.append(_ArticlePiece(text=article.text[place : sentence.start]))
        pieces.append(_ArticlePiece(text=sentence.text, reasons=_describe_reasons(sentence, words)))
        place = sentence.end
    pieces.append(_ArticlePiece(text=article.text[place:end]))
    return [piece for piece in pieces if piece.text]


def _describe_reasons(sentence: Sentence, words: WebWords) -> str:
    reasons = [words[f"why_{reason}"] for reason in choose_reasons(sentence)]
    return " · ".join(reasons) or words["why_best"]


def _shorten_pieces(pieces: list[_ArticlePiece]) -> list[_ArticlePiece]:
    """Return what stands near a marked piece; a paragraph without one is a single gap."""
    if not any(piece.reasons for piece in pieces):
        return [_ArticlePiece(text="", is_gap=True)]
    gap = _ArticlePiece(text="", is_gap=True)
    shown: list[_ArticlePiece] = []
    for index, piece in enumerate(pieces):
        follows, precedes = index > 0, index < len(pieces) - 1
        room = _AROUND * (follows + precedes)
        if piece.reasons or len(piece.text) <= room:
            shown.append(piece)
            continue
        shown += [_ArticlePiece(text=piece.text[:_AROUND])] if follows else []
        shown.append(gap)
        shown += [_ArticlePiece(text=piece.text[-_AROUND:])] if precedes else []
    return shown


def _merge_gaps(paragraphs: list[list[_ArticlePiece]]) -> list[list[_ArticlePiece]]:
    """Return the paragraphs with one gap for several left out in a row."""
    merged: list[list[_ArticlePiece]] = []
    for pieces in paragraphs:
        is_gap = len(pieces) == 1 and pieces[0].is_gap
        if is_gap and merged and merged[-1][-1].is_gap:
            continue
        merged.append(pieces)
    return merged
