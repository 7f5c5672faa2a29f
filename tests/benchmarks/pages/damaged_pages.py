"""The evaluation's pages with a label a line, for the commands that find and check constants.

make_pages.py lies with the evaluation texts, beside the checkout or where ZHAIBAO_SHARED says; it is run as
it is, and only its last step, laying the lines out, is watched to learn what each line was.
"""

import importlib.util
import json
import os
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.newspaper.labels import Label
from bot.newspaper.splitting import find_asides, read_pieces

SHARED = Path(os.environ.get("ZHAIBAO_SHARED", Path(__file__).parents[4] / "shared"))
NATIONAL, EVENING = "articles.jsonl.gz", "real/xinmin.jsonl"  # the papers whose articles the evaluation has
WHITE = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class DamagedPage:
    """A page: its text, its lines' kinds in order as (label or None, text), its articles as make_pages tells
    them.
    """

    name: str
    date: str
    layout: str
    text: str
    lines: tuple[tuple[Label | None, str], ...]
    gold: list[dict[str, Any]]  # make_pages' own JSON


def evaluation() -> Path:
    return SHARED / "evaluation" / "pages"


def maker() -> ModuleType:
    return load_script("make_pages")


def scorer() -> ModuleType:
    return load_script("score_pages")


def load_script(name: str) -> ModuleType:
    """One of the evaluation's own scripts, as a module."""
    spec = importlib.util.spec_from_file_location(name, evaluation() / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def articles(paper: str = NATIONAL) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = maker().read(evaluation() / paper)
    return found


def pages(
    seed: int,
    torn_at_marks: bool = False,
    decks_below: float = 0.0,
    blank_lines: float = 0.0,
    paper: str = NATIONAL,
) -> list[DamagedPage]:
    """All printed pages of the evaluation, damaged anew by `seed`.

    make_pages never tears a paragraph at a mark; real columns also end after a comma or semicolon
    (`torn_at_marks`). The evaluation's paper prints a second heading above the title, others below it:
    `decks_below` is the share of those that are moved there. In other texts blank lines part the articles,
    some the headings from the text as well: `blank_lines` is the share of pages without any that get them.
    """
    module = maker()
    if torn_at_marks:
        module.ENDS = "。！？…”』）：—"  # type: ignore[attr-defined]
    rng, moves = random.Random(seed), random.Random(-seed)
    watched: list[list[tuple[str, str]]] = []
    lay_out = module.lay_out

    def watching(rng: random.Random, layout: str, width: int, lines: list[tuple[str, str]]) -> str:
        watched.append(list(lines))
        groups = [lines]
        if layout != "blocks" and moves.random() < blank_lines:
            groups = parted(lines, below_headings=moves.random() < 0.5)
        return "\n".join(lay_out(rng, layout, width, group) for group in groups)

    module.lay_out = watching  # type: ignore[attr-defined]
    by_page = defaultdict(list)
    for article in articles(paper):
        above, below = article["pretitle"], article["subtitle"]
        if above and not above.endswith("—") and not below and moves.random() < decks_below:
            article |= {"pretitle": "", "subtitle": above}
        by_page[article["date"], article["page"]].append(article)
    found = []
    for key in sorted(key for key, group in by_page.items() if 2 <= len(group) <= 9):
        layout, text, gold = module.build(rng, by_page[key])
        lines = labelled(watched[-1], by_page[key], module)
        found.append(
            DamagedPage(
                name=f"{key[0]}-{key[1]:02d}", date=key[0], layout=layout, text=text, lines=lines, gold=gold
            )
        )
    return found


def parted(lines: list[tuple[str, str]], *, below_headings: bool) -> list[list[tuple[str, str]]]:
    """The lines cut above each article's headings, and below them too if asked."""
    groups = [lines[:1]]
    for before, line in pairwise(lines):
        was_heading, is_heading = before[0] == "heading", line[0] == "heading"
        if is_heading > was_heading or (below_headings and was_heading > is_heading):
            groups.append([])
        groups[-1].append(line)
    return groups


def own_pages() -> list[DamagedPage]:
    """The project's own sample pages, labelled from the answers beside them."""
    root = Path(__file__).parents[3]
    found = []
    for answer in sorted((root / "tests" / "newspaper" / "data").rglob("*.json")):
        beside = answer.with_suffix(".txt")
        text = (beside if beside.exists() else next((root / "seeds").rglob(beside.name))).read_text(
            encoding="utf-8"
        )
        gold = json.loads(answer.read_text(encoding="utf-8"))["articles"]
        lines = tuple(answered(text, gold))
        found.append(DamagedPage(name=answer.stem, date="", layout="own", text=text, lines=lines, gold=gold))
    return found


def answered(text: str, gold: list[dict[str, Any]]) -> Iterator[tuple[Label | None, str]]:
    """Each piece of a sample page with the label its answer gives it."""
    headings = {unmarked(a[key]): Label(key) for a in gold for key in ("kicker", "title", "deck") if a[key]}
    bodies = [
        (unmarked(p), Label.SUBHEADING if i in a["subheadings"] else Label.PARAGRAPH)
        for a in gold
        for i, p in enumerate(a["paragraphs"])
    ]
    at = 0
    found = read_pieces(text)
    for piece, why in zip(found, find_asides(found), strict=True):
        bare = unmarked(piece.text)
        if why:
            yield None, piece.text
        elif not at and bare in headings and bare != bodies[0][0]:
            yield headings[bare], piece.text
        else:
            body, label = bodies[0]
            assert body[at:].startswith(bare), f"{bare!r} is not in the answer at {body[at:]!r}"
            yield (Label.REST if at else label), piece.text
            at = at + len(bare)
            if at == len(body):
                bodies, at = bodies[1:], 0


def unmarked(text: str) -> str:
    """`text` without white space and hyphens, which joining may mend."""
    return re.sub(r"[\s-]+", "", text)


def labelled(
    lines: list[tuple[str, str]], group: list[dict[str, Any]], module: ModuleType
) -> tuple[tuple[Label | None, str], ...]:
    expected = [
        (label, module.squeeze(article[key]))
        for article in group
        for label, key in ((Label.KICKER, "pretitle"), (Label.TITLE, "title"), (Label.DECK, "subtitle"))
        if module.squeeze(article[key])
    ]
    found: list[tuple[Label | None, str]] = []
    for i, (kind, text) in enumerate(lines):
        following = next((k for k, _ in lines[i + 1 :] if k not in ("furniture", "jump")), "heading")
        if kind == "heading":
            label, heading = expected.pop(0)
            assert heading == text
            found.append((label, text))
        elif kind in ("furniture", "jump"):
            found.append((None, text))
        else:
            whole = paragraph_label(text) if following == "first" else Label.PARAGRAPH
            found.append((Label.REST if kind == "rest" else whole, text))
    return tuple(found)


def paragraph_label(text: str) -> Label:
    """make_pages does not tell sub-headings; a short line without an end mark that is neither torn nor
    the article's last is taken for one, unless it is worded as a signature or a note."""
    from bot.newspaper.layout import Piece
    from bot.newspaper.piece_traits import describe_piece

    seen = describe_piece(Piece(text=text))
    return (
        Label.SUBHEADING if seen.is_short and seen.length <= 30 and not seen.has_dateline else Label.PARAGRAPH
    )
