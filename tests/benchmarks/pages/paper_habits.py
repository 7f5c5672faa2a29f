"""Habits of other papers, drawn anew for each page, and articles printed by them.

The evaluation has one paper's pages. Other papers print the same news by other habits: where the writer's
name stands and how it is marked, what a dateline says, whether a second heading stands above or below the
title, how sub-headings are worded, what blank lines mean, and which articles share a page. `draw_habits`
draws such a paper, `print_article` prints an article by it.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.newspaper.layout import Piece
from bot.newspaper.line_patterns import match_dateline
from bot.newspaper.piece_traits import describe_piece

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰文辉力志永健鑫帆雪晨欣怡梓涵子轩浩宇诗雨泽天佳琪思远博安"
    "宁一鸣可心嘉禾雅琴秋实冬梅春晓清越"
)
TOWNS = "临溪|东昌|泉湾|宁安|清河|江阴|武川|石门|长乐|平阳|永丰|定远|安吉|海盐|青山|龙泉|南浦|西渡"
PAPERS = "晚报|日报|晨报|都市报|商报|时报|早报|周报"
DUTIES = "记者|本报记者|本报记者|见习记者|首席记者|实习生|通讯员|特约通讯员|全媒体记者|本报通讯员"
AUTHOR_MARKS = "◆|□|■|●|◎|文/|文／|撰文/|作者：|文 |◇"
PLACES = "单位|学校|社区|市第二中学|师范学院|人民医院|县文联|民间文艺家协会"
CLAUSE = re.compile(r"[\u4e00-\u9fff“”]{4,14}")
INLINE_SIGNATURE = re.compile(r"\s*[（(][^（）()]{0,8}(?:记者|通讯员|作者)[^（）()]{0,40}[）)]$")
NUMBERS = ("{n}", "{c}", "第{n}计", "之{c}", "（{c}）", "NO.{n}", "0{n}", "关键词{n}", "镜头{c}", "故事{c}")
UNSIGNED = 0.15  # share of articles without a writer's name in papers that print them
SIGNED_ITEMS = 0.2  # share of articles whose items are signed each
CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperHabits:
    """How one paper prints its articles. Shares are of its articles."""

    dateline: str  # "kept", "undated", "place", "paper", "none"
    byline: str  # "kept", "inline", "last line", "below title", "author below title", "none"
    duty: str
    media: str
    mark: str
    kickers: str  # a second heading above the title: "kept", "below", "none"
    decks: str  # one below the title: "kept", "above", "none"
    subheadings: str  # "kept", "plain", "numbered", "two lines", "none"
    subheading_share: float
    shortened: float
    number: str
    asking: float  # share of headings that end in a question or a call
    halved: float  # share of long titles of which one half is printed
    supplement: bool  # essays: short titles, an author below each, nothing else
    commas: float  # share of titles with a comma instead of their space
    spaced: float  # share of titles with a space instead of their comma

    @property
    def marks_articles(self) -> bool:
        """Whether a dateline or a byline tells where an article begins or ends, so that alike ones come
        apart.
        """
        return self.dateline not in ("kept", "none") or self.byline not in ("kept", "none")


def draw_habits(rng: random.Random) -> PaperHabits:
    supplement = rng.random() < 0.15
    drawn = draw_news_habits(rng)
    if not supplement:
        return drawn
    return replace(
        drawn,
        supplement=True,
        dateline="none",
        byline=rng.choice(
            ["author below title", "author below title", "author below title", "below title", "inline"]
        ),
        kickers="none",
        decks="none",
        subheadings=rng.choice(["kept", "plain", "numbered", "none", "none"]),
        subheading_share=0.3,
    )


def draw_news_habits(rng: random.Random) -> PaperHabits:
    return PaperHabits(
        dateline=rng.choices(["kept", "undated", "place", "paper", "none"], [2, 3, 1, 1, 3])[0],
        byline=rng.choices(
            ["kept", "inline", "brackets", "last line", "below title", "author below title", "none"],
            [2, 3, 3, 3, 2, 2, 1],
        )[0],
        duty=rng.choice(DUTIES.split("|")),
        media=rng.choice(["融媒体", "全媒体", "本报记者", "记者", "通讯员", "本报讯", "云岭融媒", ""]),
        mark=rng.choice(["", "", *AUTHOR_MARKS.split("|")]),
        kickers=rng.choices(["kept", "below", "none"], [6, 2, 2])[0],
        decks=rng.choices(["kept", "above", "none"], [8, 1, 2])[0],
        subheadings=rng.choices(["kept", "plain", "numbered", "two lines", "none"], [4, 4, 2, 2, 1])[0],
        subheading_share=rng.uniform(0.0, 0.4),
        shortened=rng.choice([0.0, 0.3, 0.7]),
        number=rng.choice(NUMBERS),
        asking=rng.choice([0.0, 0.0, 0.1, 0.2]),
        halved=rng.choice([0.0, 0.4, 0.8]),
        supplement=False,
        commas=rng.choice([0.0, 0.5, 1.0]),
        spaced=rng.choice([0.0, 0.5, 1.0]),
    )


def draw_name(rng: random.Random) -> str:
    given = "".join(rng.choice(GIVEN) for _ in range(rng.choice([1, 2, 2])))
    space = " " if len(given) == 1 and rng.random() < 0.3 else ""
    return rng.choice(SURNAMES) + space + given


def draw_byline(rng: random.Random, habits: PaperHabits) -> str:
    names = " ".join(draw_name(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    parts = [f"{habits.duty}{rng.choice([' ', ' ', '：', ''])}{names}"]
    if rng.random() < 0.25:
        parts.append(f"{rng.choice(['通讯员', '实习生', '记者', '特约通讯员'])} {draw_name(rng)}")
    end = rng.choice(["", "", "", " 报道", " 文/图", " 摄影报道", "/文", " 文"])
    return " ".join(parts) + end


def draw_bracketed(rng: random.Random, habits: PaperHabits) -> str:
    names = " ".join(draw_name(rng) for _ in range(rng.choice([1, 1, 2])))
    text = (
        f"{habits.media} {names}".strip()
        if habits.media != "本报讯"
        else f"来源：{rng.choice(TOWNS.split('|'))}日报"
    )
    if habits.media and rng.random() < 0.3:
        text += f" 通讯员 {draw_name(rng)}"
    return f"（{text}）" if rng.random() < 0.7 else f"({text})"


def draw_author(rng: random.Random, habits: PaperHabits) -> str:
    name = draw_name(rng)
    if habits.mark:
        return habits.mark + rng.choice(["", " "]) * (habits.mark in "◆□■●◎◇") + name
    if rng.random() < 0.15:
        return f"{name} {rng.choice(TOWNS.split('|'))}{rng.choice(PLACES.split('|'))}"
    return name


def draw_dateline(rng: random.Random, habits: PaperHabits, old: str) -> str:
    writers = rng.choice(
        ["", f"（{habits.duty} {draw_name(rng)}）", f"（记者 {draw_name(rng)} 通讯员 {draw_name(rng)}）"]
    )
    space = rng.choice([" ", "", " "])
    town = rng.choice(TOWNS.split("|"))
    return {
        "kept": old,
        "undated": f"本报讯{space}{writers}{'' if writers else ' '}",
        "place": rng.choice([f"{town}讯 {writers}", f"本报{town}讯{writers} ", f"【{town}讯】"]),
        "paper": f"{town}{rng.choice(PAPERS.split('|'))}讯{writers} ",
        "none": "",
    }[habits.dateline]


def is_subheading(text: str) -> bool:
    seen = describe_piece(Piece(text=text))
    return seen.is_short and seen.length <= 30 and not seen.has_dateline and not seen.is_signed


def print_article(
    rng: random.Random, article: dict[str, Any], habits: PaperHabits, pool: Sequence[str]
) -> dict[str, Any]:
    """`article` as a paper with these habits prints it; `pool` has sub-headings of other articles."""
    paragraphs = [p.strip() for p in article["text"].replace("\u3000", " ").split("\n") if p.strip()]
    printed = {**article, **draw_headings(rng, article, habits)}
    if habits.subheadings != "kept":
        paragraphs = set_subheadings(rng, paragraphs, habits, pool)
    if len(paragraphs) > 4 and rng.random() < habits.shortened:
        paragraphs = paragraphs[: rng.randint(2, min(len(paragraphs), 8))]
        if is_subheading(paragraphs[-1]):
            paragraphs.pop()
    paragraphs = sign(rng, set_dateline(rng, paragraphs, habits), habits)
    return {**printed, "text": "\n".join(paragraphs)}


def draw_headings(rng: random.Random, article: dict[str, Any], habits: PaperHabits) -> dict[str, str]:
    above, below = article["pretitle"], article["subtitle"]
    if habits.kickers == "none":
        above = ""
    elif habits.kickers == "below" and above and not below and not above.endswith("—"):
        above, below = "", above
    if habits.decks == "none" and not below.startswith("—"):
        below = ""
    elif habits.decks == "above" and below and not above and not below.startswith("—"):
        above, below = below, ""
    title = draw_title(rng, article, habits)
    if rng.random() < habits.asking and title[-1].isalnum():
        title += rng.choice("？！？！")
    if rng.random() < habits.asking and above[-1:].isalnum():
        above += rng.choice("？！")
    return {"pretitle": above, "title": title, "subtitle": below}


def draw_title(rng: random.Random, article: dict[str, Any], habits: PaperHabits) -> str:
    title: str = article["title"]
    if habits.supplement and rng.random() < 0.7:
        words = re.findall(r"[\u4e00-\u9fff“”]{3,9}", title + article["text"][:600])
        title = rng.choice([word for word in words if len(word) < 9] or [title])
    elif rng.random() < habits.halved:
        title = rng.choice([half for half in re.split(r"[ ，、]", title) if len(half) > 4] or [title])
    if rng.random() < habits.commas:
        return re.sub(r"(?<=[\u4e00-\u9fff]{3}) (?=[\u4e00-\u9fff]{3})", "，", title)
    if rng.random() < habits.spaced:
        return re.sub(r"(?<=[\u4e00-\u9fff]{4})[，、](?=[\u4e00-\u9fff]{4})", " ", title)
    return title


def set_dateline(rng: random.Random, paragraphs: list[str], habits: PaperHabits) -> list[str]:
    opened = next((i for i, p in enumerate(paragraphs) if len(p) > 30), None)
    if opened is None or habits.dateline == "kept":
        return paragraphs
    old = match_dateline(paragraphs[opened])
    if not old and rng.random() < 0.5:
        return paragraphs
    rest = paragraphs[opened][len(old) :].lstrip(" ，：】") if old else paragraphs[opened]
    new = [*paragraphs]
    new[opened] = draw_dateline(rng, habits, "") + rest
    return new


def sign(rng: random.Random, paragraphs: list[str], habits: PaperHabits) -> list[str]:
    """The paragraphs with their writers' names where this paper puts them, its own names taken out."""
    if habits.byline == "kept" or not paragraphs or rng.random() < UNSIGNED:
        return paragraphs
    bare = strip_names(paragraphs)
    above = {"below title": draw_byline, "author below title": draw_author}
    if habits.byline in above:
        return [above[habits.byline](rng, habits), *bare]
    ends = [len(bare) - 1, *([i - 1 for i in find_items(bare)] if rng.random() < SIGNED_ITEMS else [])]
    for i in sorted(ends, reverse=True):
        if habits.byline == "last line" or (habits.byline == "brackets" and rng.random() < 0.4):
            bare.insert(i + 1, draw_signature(rng, habits))
        elif habits.byline in ("inline", "brackets") and bare[i][-1:] in "。！？”":
            bare[i] += rng.choice(["", "", " "]) + draw_signature(rng, habits)
    return bare


def draw_signature(rng: random.Random, habits: PaperHabits) -> str:
    return (draw_bracketed if habits.byline == "brackets" else draw_byline)(rng, habits)


def strip_names(paragraphs: list[str]) -> list[str]:
    last = INLINE_SIGNATURE.sub("", paragraphs[-1])
    bare = [*paragraphs[:-1], *([last] if last else [])]
    while len(bare) > 1 and describe_piece(Piece(text=bare[-1])).is_byline:
        bare.pop()
    return bare[1:] if len(bare) > 1 and describe_piece(Piece(text=bare[0])).is_byline else bare


def find_items(paragraphs: list[str]) -> list[int]:
    """Where the items of a digest begin, whose writers may sign each."""
    return [
        i
        for i, text in enumerate(paragraphs)
        if i > 1 and is_subheading(text) and paragraphs[i - 1][-1:] in "。！？”"
    ]


def set_subheadings(
    rng: random.Random, paragraphs: list[str], habits: PaperHabits, pool: Sequence[str]
) -> list[str]:
    bare = [
        p
        for i, p in enumerate(paragraphs)
        if not (i and is_subheading(p) and not describe_piece(Piece(text=p)).is_byline)
    ]
    if habits.subheadings == "none" or len(bare) < 5 or rng.random() > habits.subheading_share:
        return bare if habits.subheadings == "none" else paragraphs
    count = rng.randint(1, min(5, len(bare) // 2 - 1))
    places = sorted(rng.sample(range(1 if rng.random() < 0.8 else 0, len(bare) - 1), count))
    printed: list[str] = []
    size = rng.choice([(4, 6), (6, 9), (8, 14)])
    for i, paragraph in enumerate(bare):
        if i in places and (not printed or printed[-1][-1:] in "。！？”…"):
            printed += draw_subheading(rng, paragraph, habits, pool, places.index(i) + 1, size)
        printed.append(paragraph)
    return printed


def draw_subheading(
    rng: random.Random,
    paragraph: str,
    habits: PaperHabits,
    pool: Sequence[str],
    number: int,
    size: tuple[int, int],
) -> list[str]:
    clauses = [c for c in CLAUSE.findall(paragraph) if size[0] <= len(c) <= size[1]]
    own = rng.choice(clauses) if clauses and rng.random() < 0.5 else ""
    fitting = [s for s in pool if size[0] <= len(s) <= size[1]]
    text = own or (rng.choice(fitting) if fitting else rng.choice(pool))
    if habits.subheadings == "numbered":
        mark = habits.number.format(n=number, c=CHINESE[number - 1])
        return [mark, text] if rng.random() < 0.7 else [f"{mark} {text}"]
    if habits.subheadings == "two lines":
        return [text, rng.choice(fitting or pool)]
    return [text]


def split_alike(rng: random.Random, article: dict[str, Any]) -> list[dict[str, Any]]:
    """Several articles out of a long one, as alike as those of one subject are; [] where it is too short."""
    paragraphs = [p.strip() for p in article["text"].replace("\u3000", " ").split("\n") if p.strip()]
    bare = [p for p in paragraphs if not is_subheading(p)]
    if len(bare) < 6:
        return []
    count = rng.randint(2, min(4, len(bare) // 3))
    cuts = sorted(rng.sample(range(2, len(bare) - 1), count - 1))
    parts = [bare[a:b] for a, b in zip([0, *cuts], [*cuts, len(bare)], strict=True)]
    parts = [part for part in parts if len(part) > 1 or len(part[0]) > 60]
    return [
        {**article, "text": "\n".join(part), **({} if not n else draw_titles(rng, part, article))}
        for n, part in enumerate(parts)
    ]


def draw_titles(rng: random.Random, part: Sequence[str], article: dict[str, Any]) -> dict[str, str]:
    clauses = [c for c in re.findall(r"[\u4e00-\u9fff“”0-9]{6,16}", "".join(part)) if len(c) < 16] or [
        article["title"]
    ]
    title = rng.choice(clauses)
    if len(title) < 8 or rng.random() < 0.2:
        title += " " + rng.choice(clauses)
    above = rng.choice(clauses) if rng.random() < 0.25 else ""
    below = rng.choice(clauses) if rng.random() < 0.25 and not above else ""
    return {"title": title, "pretitle": above, "subtitle": below}
