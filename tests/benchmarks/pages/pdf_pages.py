"""Print newspaper pages as PDF: 2 to 6 columns, headings over several of them, boxes, pictures, furniture.

python tests/benchmarks/pages/pdf_pages.py OUT [--pages 50] [--seed 1] [--own]

OUT/*.pdf, and OUT/gold.jsonl as the evaluation's score_pages.py reads it. The articles are the evaluation's,
or with
--own the project's sample pages. A page is a stack of bands, each one article or two side by side; an
article's text is poured into the columns under its heading, around a picture and a boxed article. The font is
one that PDF readers bring along, so that no file is needed. To read the pages back and score them:

    zhaibao split OUT --json > found.jsonl
    python score_pages.py OUT/gold.jsonl found.jsonl
"""

import argparse
import io
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from damaged_pages import articles as evaluation_articles
from damaged_pages import paragraph_label
from PIL import Image
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from bot.newspaper.labels import Label

DATA = Path(__file__).parents[2] / "newspaper" / "data"
FONT = "STSong-Light"
MARGIN, GUTTER, COLUMN = 40.0, 14.0, 172.0
BODY, LEADING = 10.0, 15.0
NEVER_FIRST = "，。、；：！？”’）》】」』…—"  # hang over at a line's end
Gold = dict[str, Any]  # an article as score_pages.py reads it


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """An article to be printed."""

    kicker: str
    title: str
    deck: str
    paragraphs: tuple[str, ...]
    jump: str = ""
    cut_tail: bool = False
    cut_head: bool = False

    def gold(self) -> Gold:
        return {
            "title": self.title,
            "paragraphs": list(self.paragraphs),
            "cut_head": self.cut_head,
            "cut_tail": self.cut_tail,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """How a page is set: whether its headings stand in the middle and its sub-headings are larger than the
    text.
    """

    centred: bool
    large_subheadings: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A printed line: where, how large, stretched to `width` when that is not 0."""

    text: str
    x: float
    y: float
    size: float
    width: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """An article set: y runs down from its top."""

    words: tuple[Words, ...]
    height: float
    pictures: tuple[tuple[float, float, float, float], ...] = ()  # x, y, width, height
    frames: tuple[tuple[float, float, float, float], ...] = ()
    golds: tuple[Gold, ...] = ()


def width_of(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


def broken(text: str, size: float, width: float, indent: float = 0.0) -> list[str]:
    """`text` in lines of `width`, the first shorter by `indent`; closing marks hang over."""
    lines, line, room = [], "", width - indent
    for letter in text:
        over = width_of(line + letter, size) - room
        if line and over > 0.01 and (letter not in NEVER_FIRST or over > size + 0.01):
            keep = len(line) - (letter in NEVER_FIRST)
            while keep > 1 and letter in NEVER_FIRST and line[keep] in NEVER_FIRST:
                keep -= 1
            lines.append(line[:keep])
            line, room = line[keep:], width
        line += letter
    return [*lines, line]


def heading(
    story: Story, width: float, span: int, rng: random.Random, habit: Habit
) -> tuple[list[Words], float]:
    """The headings of an article over its columns, and how high they stand."""
    title = {1: 16.0, 2: 22.0, 3: 27.0}.get(span, 32.0) + rng.choice([0, 2])
    words, y = [], 4.0
    for text, size in (
        (story.kicker, max(12.5, 0.55 * title)),
        (story.title, title),
        (story.deck, max(12.0, 0.5 * title)),
    ):
        for line in broken(text, size, width - size) if text else []:
            x = (width - width_of(line, size)) / 2 if habit.centred else 0.0
            words.append(Words(text=line, x=max(0.0, x), y=y, size=size))
            y += size * 1.25
        y += 3.0 if text else 0.0
    return words, y + 8.0


def column_lines(story: Story, habit: Habit) -> list[tuple[str, float, float, bool]]:
    """An article's text as lines of one column: text, indent, size, whether it is stretched."""
    lines: list[tuple[str, float, float, bool]] = []
    for number, text in enumerate(story.paragraphs):
        if habit.large_subheadings and 0 < number < len(story.paragraphs) - 1 and is_subheading(text):
            middle = ((part, (COLUMN - width_of(part, 12.0)) / 2) for part in broken(text, 12.0, COLUMN))
            lines.extend((part, indent, 12.0, False) for part, indent in middle)
            continue
        parts = broken(text, BODY, COLUMN, 2 * BODY)
        for i, part in enumerate(parts):
            lines.append((part, 0.0 if i else 2 * BODY, BODY, i + 1 < len(parts)))
    if story.jump:
        lines.append((story.jump, COLUMN - width_of(story.jump, BODY), BODY, False))
    return lines


def is_subheading(text: str) -> bool:
    return paragraph_label(text) == Label.SUBHEADING


def with_whole_subheadings(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Sub-headings of two lines, which the texts tell as two paragraphs, as one: so they are printed."""
    found: list[str] = []
    for i, text in enumerate(paragraphs):
        if i > 1 and is_subheading(text) and is_subheading(paragraphs[i - 1]):
            found[-1] += f" {text}"
        else:
            found.append(text)
    return tuple(found)


def module(
    story: Story,
    span: int,
    rng: random.Random,
    habit: Habit,
    *,
    boxed: Story | None = None,
    picture: bool = False,
) -> Module:
    """An article over `span` columns, with a picture above its text and a boxed article at its foot."""
    width = span * COLUMN + (span - 1) * GUTTER
    words, y = heading(story, width, span, rng, habit)
    lines = column_lines(story, habit)
    tops, feet = [0.0] * span, [0.0] * span
    pictures, frames, golds = [], [], [story.gold()]
    if picture:
        at, wide = rng.randrange(span), rng.randint(1, max(1, span - 1))
        at = min(at, span - wide)
        box = (at * (COLUMN + GUTTER), y, wide * COLUMN + (wide - 1) * GUTTER, 110.0)
        pictures.append(box)
        words.append(Words(text="图为秋收时节的田野。本报记者 林晚 摄", x=box[0] + 4, y=y + 113, size=8.5))
        for i in range(at, at + wide):
            tops[i] = 135.0
    inner = module(boxed, 1, rng, habit) if boxed else None
    at = rng.randrange(span)
    if inner:
        feet[at] = inner.height + 24
    height = needed(len(lines), tops, feet)
    for i in range(span):
        for row in range(int((height - tops[i] - feet[i]) // LEADING)):
            if lines:
                text, indent, size, full = lines.pop(0)
                x = i * (COLUMN + GUTTER) + indent
                stretched = COLUMN - indent if full else 0.0
                words.append(Words(text=text, x=x, y=y + tops[i] + row * LEADING, size=size, width=stretched))
    if inner:
        x, top = at * (COLUMN + GUTTER), y + height - inner.height - 6
        words += [replace(word, x=word.x + x, y=word.y + top) for word in inner.words]
        frames.append((x - 5, top - 4, COLUMN + 10, inner.height + 8))
        golds += inner.golds
    return Module(
        words=tuple(words),
        height=y + height,
        pictures=tuple(pictures),
        frames=tuple(frames),
        golds=tuple(golds),
    )


def needed(count: int, tops: Sequence[float], feet: Sequence[float]) -> float:
    """The least height of columns that take `count` lines between what stands above and below."""
    height = max(top + foot for top, foot in zip(tops, feet, strict=True))
    while sum((height - top - foot) // LEADING for top, foot in zip(tops, feet, strict=True)) < count:
        height += LEADING
    return height


def page(stories: Sequence[Story], columns: int, rng: random.Random) -> tuple[bytes, list[Gold]]:
    """A page of these articles as PDF, and what is printed on it."""
    habit = Habit(centred=rng.random() < 0.7, large_subheadings=rng.random() < 0.5)
    waiting, placed, golds = list(stories), [], []
    y = 70.0
    while waiting:
        left = (
            rng.randint(1, columns - 1)
            if columns > 1 and len(waiting) > 1 and rng.random() < 0.6
            else columns
        )
        x, tallest = 0.0, 0.0
        for span in (left, columns - left):
            if not span or not waiting:
                continue
            story = waiting.pop(0)
            boxed = waiting.pop() if may_be_boxed(waiting, story, span) and rng.random() < 0.5 else None
            set_story = module(story, span, rng, habit, boxed=boxed, picture=span > 1 and rng.random() < 0.4)
            placed.append((set_story, x, y))
            golds += set_story.golds
            x += span * (COLUMN + GUTTER)
            tallest = max(tallest, set_story.height)
        y += tallest + 18
    return drawn(placed, columns, y + 50, rng), golds


def may_be_boxed(waiting: Sequence[Story], host: Story, span: int) -> bool:
    """Whether the last of the articles still to come is short enough to be boxed in a column of `host`."""
    length = sum(map(len, waiting[-1].paragraphs)) if waiting else 0
    return span > 2 and 0 < length < 500 and length * span < sum(map(len, host.paragraphs))


def drawn(
    placed: Sequence[tuple[Module, float, float]], columns: int, height: float, rng: random.Random
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    width = 2 * MARGIN + columns * COLUMN + (columns - 1) * GUTTER
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    grey = ImageReader(Image.new("RGB", (4, 4), (190, 190, 190)))

    def put(word: Words) -> None:
        spread = (
            (word.width - width_of(word.text, word.size)) / max(1, len(word.text) - 1) if word.width else 0.0
        )
        canvas.setFont(FONT, word.size)
        canvas.drawString(word.x, height - word.y - word.size, word.text, charSpace=min(spread, 3.0))

    put(Words(text=f"0{rng.randint(1, 8)} {rng.choice(['综合', '要闻', '民生'])}", x=MARGIN, y=30, size=14))
    put(Words(text="2026年11月22日 星期日", x=width - MARGIN - 120, y=32, size=9))
    for module_, x, y in placed:
        for word in module_.words:
            put(replace(word, x=word.x + x + MARGIN, y=word.y + y))
        for left, top, wide, high in module_.pictures:
            canvas.drawImage(grey, MARGIN + x + left, height - y - top - high, wide, high)
        for left, top, wide, high in module_.frames:
            canvas.rect(MARGIN + x + left, height - y - top - high, wide, high)
    put(Words(text="责任编辑：周禾 电话：5550123", x=MARGIN, y=height - 35, size=9))
    canvas.save()
    return out.getvalue()


def squeezed(text: str) -> str:
    return " ".join(text.split())


def evaluation_pages() -> list[list[Story]]:
    by_page = defaultdict(list)
    for row in evaluation_articles():
        paragraphs = tuple(squeezed(line) for line in row["text"].split("\n") if line.strip())
        by_page[row["date"], row["page"]].append(
            Story(
                kicker=squeezed(row["pretitle"]),
                title=squeezed(row["title"]),
                deck=squeezed(row["subtitle"]),
                paragraphs=with_whole_subheadings(paragraphs),
            )
        )
    return [by_page[key] for key in sorted(by_page) if 2 <= len(by_page[key]) <= 9]


def own_pages() -> list[list[Story]]:
    """The Chinese sample pages, without the articles that lost a head or tail already."""
    found = []
    for path in sorted(DATA.rglob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))["articles"]
        stories = [
            Story(kicker=r["kicker"], title=r["title"], deck=r["deck"], paragraphs=tuple(r["paragraphs"]))
            for r in rows
            if r["title"] and not r["title"].isascii() and not (r["cut_head"] or r["cut_tail"])
        ]
        if len(stories) > 1:
            found.append(stories)
    return found


def torn(story: Story, rng: random.Random) -> Story:
    """Some long articles go on on another page, half of them with a line that says so."""
    last = story.paragraphs[-1]
    if len(last) < 60 or len(story.paragraphs) < 3 or rng.random() > 0.15:
        return story
    inside = [
        i for i in range(20, len(last) - 12) if not set(last[i - 1 : i + 1]) & set(NEVER_FIRST + "“《（")
    ]
    if not inside:
        return story
    kept = (*story.paragraphs[:-1], last[: rng.choice(inside)])
    return replace(story, paragraphs=kept, cut_tail=True, jump=rng.choice(["", "（下转第二版）"]))


def made(pages: Sequence[Sequence[Story]], count: int, seed: int) -> list[tuple[str, bytes, list[Gold]]]:
    """`count` pages as (name, PDF, what is printed), the columns 2 to 6 by turns."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    rng = random.Random(seed)
    found = []
    for i, stories in enumerate(rng.sample(list(pages), min(count, len(pages)))):
        data, golds = page([torn(story, rng) for story in stories], 2 + i % 5, rng)
        found.append((f"page-{i + 1:03d}-columns{2 + i % 5}", data, golds))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--own", action="store_true", help="the project's sample pages")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, data, golds in made(
        own_pages() if options.own else evaluation_pages(), options.pages, options.seed
    ):
        (options.out / f"{name}.pdf").write_bytes(data)
        layout = f"{name[-1]} col"
        rows.append(
            json.dumps({"page": name, "layout": layout, "articles": golds}, ensure_ascii=False) + "\n"
        )
    (options.out / "gold.jsonl").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
