"""An article's two halves on two pages → one article, when both pages are available (下转/上接).

Halves are joined only if one partner is clearly the best: a wrong join makes a false story, a missing join
only makes a short one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.models import Article, Block, Page
from bot.newspaper.furniture import parse_jump, parse_page_number
from bot.newspaper.layout import is_spaced, join_parts, split_at_jumps
from bot.newspaper.piece_traits import is_ended
from bot.newspaper.shared_terms import extract_terms

# Two halves make one article if they have the same title, or if the jump lines on both name each other's
# page. Shared words decide between several candidates. On 200 pages from as many days, joining by words alone
# was wrong 21 times out of 21.
_SAME_ARTICLE = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _ArticleHalf:
    """The position of a half: its page and article by their numbers in the sequence."""

    page: int
    article: int


def join_halves(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Join each article that continues on another of `pages` with its rest.

    The whole article is on its first page. On the other page its blocks remain, without an article.
    """
    joined: list[Page] = list(pages)
    near = _group_by_day(pages)
    for page in range(len(joined)):
        article = 0
        while article < len(joined[page].articles):
            head = _ArticleHalf(page=page, article=article)
            came_from = page
            while tail := _find_partner(joined, head, came_from, near[joined[page].day]):
                joined, came_from = _move_half(joined, head, tail), tail.page
            article += 1
    return tuple(joined)


def _group_by_day(pages: Sequence[Page]) -> dict[date | None, list[int]]:
    """Return, for each day or None, the numbers of the pages that may belong to it.

    With a year's pages, the search for a half then looks at only a few.
    """
    pages_by_day: dict[date | None, list[int]] = {page.day: [] for page in pages}
    for i, page in enumerate(pages):
        for day in pages_by_day if page.day is None else {page.day, None} & pages_by_day.keys():
            pages_by_day[day].append(i)
    return pages_by_day


def _find_partner(
    pages: Sequence[Page], head: _ArticleHalf, came_from: int, near: Sequence[int]
) -> _ArticleHalf | None:
    """Return the rest of the article at `head` on one of the pages `near`, if one half fits best and well
    enough.

    `came_from` is the page of its last part: a later jump line names that page, not the first.
    """
    first = _get_article(pages, head)
    if not first.cut_tail:
        return None
    fits = sorted(
        (
            (_score_fit(_get_article(pages, head), pages[came_from], other, pages[i]), -i, -j)
            for i in near
            for j, other in enumerate(pages[i].articles)
            if i not in (head.page, came_from) and other.cut_head
        ),
        reverse=True,
    )
    if not fits or fits[0][0] < _SAME_ARTICLE or (len(fits) > 1 and fits[0][0] == fits[1][0]):
        return None
    return _ArticleHalf(page=-fits[0][1], article=-fits[0][2])


def _get_article(pages: Sequence[Page], half: _ArticleHalf) -> Article:
    return pages[half.page].articles[half.article]


def _score_fit(first: Article, here: Page, second: Article, there: Page) -> float:
    """Return how well two halves fit, 0 if they do not fit at all.

    Each jump line that names the other's page counts 1, the same title counts 2; the share of common terms,
    relative to the smaller set, is added.
    """
    if here.day and there.day and here.day != there.day:
        return 0.0
    score = 0.0
    for target, number in ((first.continues_on, there.number), (second.continued_from, here.number)):
        if target and number:
            if _read_page_number(target) != number:
                return 0.0
            score += 1
    score += 2 if first.title and first.title == second.title else 0
    return (
        score + _measure_shared_terms(first, second) if score else 0.0
    )  # words alone never make one article


def _read_page_number(target: str) -> str:
    """Return the page number that a jump line names ("第二版", "page A3", "3") as pages spell it."""
    return parse_page_number(target) or target.upper().lstrip("0")


def _measure_shared_terms(first: Article, second: Article) -> float:
    first_terms, second_terms = (
        extract_terms(first.title + first.text),
        extract_terms(second.title + second.text),
    )
    return len(first_terms & second_terms) / max(1, min(len(first_terms), len(second_terms)))


def _move_half(pages: Sequence[Page], head: _ArticleHalf, tail: _ArticleHalf) -> list[Page]:
    whole = _merge_halves(_get_article(pages, head), _get_article(pages, tail))
    joined = list(pages)
    articles = list(joined[head.page].articles)
    articles[head.article] = whole
    joined[head.page] = replace(joined[head.page], articles=tuple(articles))
    joined[tail.page] = _remove_article(joined[tail.page], tail.article, joined[head.page].number)
    return joined


def _remove_article(page: Page, article: int, first_page: str) -> Page:
    """Return `page` without one of its articles; its blocks remain and say where the article went."""
    return replace(
        page,
        articles=page.articles[:article] + page.articles[article + 1 :],
        blocks=tuple(_update_block_number(block, article, first_page) for block in page.blocks),
    )


def _update_block_number(block: Block, article: int, first_page: str) -> Block:
    if block.article is None or block.article < article:
        return block
    if block.article > article:
        return replace(block, article=block.article - 1)
    return replace(
        block, article=None, why=f"goes with its beginning on page {first_page or '?'}; {block.why}"
    )


def _merge_halves(first: Article, second: Article) -> Article:
    """Return one article made from two halves, with the torn paragraph repaired."""
    torn = bool(first.paragraphs and second.paragraphs) and not is_ended(first.paragraphs[-1])
    paragraphs = list(first.paragraphs)
    rest = list(second.paragraphs)
    if torn:
        paragraphs[-1] = join_parts([paragraphs[-1], rest.pop(0)], is_spaced(first.text))
    shift = len(first.paragraphs) - torn
    return replace(
        first,
        text="\n".join(paragraphs + rest),
        byline=first.byline or second.byline,
        subheadings=first.subheadings + tuple(i + shift for i in second.subheadings),
        cut_tail=second.cut_tail,
        continues_on=second.continues_on,
    )


def join_articles(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Join the halves of an issue's articles that an electronic paper shows separately, as `join_halves`
    does.

    Their jump lines are in their texts or titles; the function removes them.
    """
    pages: dict[str, list[Article]] = {}
    for article in articles:
        pages.setdefault(article.page, []).append(_strip_jump_lines(article))
    joined = join_halves(
        [Page(articles=tuple(page_articles), number=number) for number, page_articles in pages.items()]
    )
    return tuple(article for page in joined for article in page.articles)


def _strip_jump_lines(article: Article) -> Article:
    """Return `article` with its jump lines read and removed, whether first or last in its text or in its
    title.

    >>> _strip_jump_lines(Article(title="修路", text="县里修路。\\n（下转第三版）")).continues_on
    '第三版'
    """
    paragraphs = list(article.paragraphs)
    title, titled_back, titled_on = _split_jump_lines(article.title)
    first, back, _ = _split_jump_lines(paragraphs[0]) if paragraphs else ("", "", "")
    if back:
        paragraphs[0] = first
    last, _, on = _split_jump_lines(paragraphs[-1]) if paragraphs else ("", "", "")
    if on:
        paragraphs[-1] = last
    back, on = back or titled_back, on or titled_on
    if not back and not on:
        return article
    shift = bool(paragraphs) and not paragraphs[0]
    return replace(
        article,
        title=title or article.title,
        text="\n".join(paragraph for paragraph in paragraphs if paragraph),
        subheadings=tuple(i - shift for i in article.subheadings if paragraphs[i]),
        cut_head=article.cut_head or bool(back),
        cut_tail=article.cut_tail or bool(on),
        continued_from=article.continued_from or back,
        continues_on=article.continues_on or on,
    )


def _split_jump_lines(text: str) -> tuple[str, str, str]:
    """Return `text` without its jump lines, and the pages it comes from and continues on; "" for none."""
    parts = [(part, parse_jump(part)) for part in split_at_jumps(text)]
    back = next((jump.target for _, jump in parts if jump and jump.is_back), "")
    on = next((jump.target for _, jump in parts if jump and not jump.is_back), "")
    return " ".join(part for part, jump in parts if jump is None), back, on
