"""Count what a subscriber would stumble over in summaries, by detectors the chooser does not use.

    zhaibao summarize --jsonl --characters 120 < zh.jsonl > mine.jsonl     # 300 for English PYTHONPATH=.
    python tests/benchmarks/summaries/faults.py [ARTICLES.jsonl[.gz] MINE.jsonl] [--show reference]

Without files the articles of evaluation/summaries are summarized here: zh in 120 characters, en in 300
letters. A detector reads only what is printed and what stands around it in the article; its lists are its
own. It errs on the side of finding too much. Exits 1 where a kind is found in 1.5 % of the summaries or more.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import rjieba
from articles import scorer, shared

from summarizer import summarize
from summarizer.languages.language import split_words

ROOMS = {"zh": 120, "en": 300}
MOST = 0.015
Places = Sequence[tuple[int, int]]
PRONOUNS_ZH = (
    r"他们|她们|它们|他|她|它(?!们)|这些|那些|这(?!里是)|那(?!曲)|此(?!前|次会)|该(?!校友)|其(?!他|实)"
    r"|上述|前者|后者"
)
CONNECTIVES_ZH = "但|而且|然而|不过|因此|所以|于是|此外|另外|同时|与此同时|其中|并且|另据|另一方面|接着|随后|随即|反之|可是"  # noqa: E501
STAYS_ZH = r"当天|当日|当晚|同日|届时"
FIRST_EN = (
    r"(?:He|She|It|They|His|Her|Their|Its|This|That|These|Those|There|But|And|However|Meanwhile|Also|"
    r"So|Yet|Then"
    r"|In addition|Instead|Moreover|Another|Such|Both)\b"
)
CLICHES_ZH = split_words(
    "两个确立 两个维护 四个意识 四个自信 新篇章 伟大旗帜 磅礴力量 "
    "凝心聚力 砥砺前行 奋楫扬帆 扬帆起航 不忘初心"
    " 牢记使命 久久为功 行稳致远 笃行不怠 踔厉奋发"
)
SAID_ZH = "说|称|表示|宣称|指出|强调|认为|透露|报道|介绍|坦言|呼吁"
SAID_EN = r"said|says|told|according to|claimed|reported|alleged|added|announced"
PAIRS = {
    "zh": [
        ("一方面", "另一方面"),
        ("不仅", "而且|还|也|更"),
        ("虽然", "但|却|仍"),
        ("一边", "一边"),
        ("既要", "又要|也要"),
        ("不是", "而是"),
    ],
    "en": [
        ("not only", r"\bbut\b|also"),
        ("on the one hand", "on the other"),
        ("neither", r"\bnor\b"),
        ("either", r"\bor\b"),
    ],
}


class Printed:
    """A summary in its article."""

    def __init__(self, row: dict[str, Any], places: Places) -> None:
        self.text, self.title, self.language = row["text"], row.get("title") or "", row["language"]
        self.places = sorted(places)
        self.pieces = [self.text[start:end] for start, end in self.places]

    def is_cut_behind(self, end: int) -> bool:
        """Return True where the article's sentence goes on behind a piece."""
        return self.text[end - 1] not in '。！？!?.…”"' and self.text[end : end + 1] not in ("", "\n")

    def find_behind(self, end: int) -> str:
        """Return what the sentence says behind a piece that does not end it."""
        if not self.is_cut_behind(end):
            return ""
        return re.split(r"[。！？\n]|[.!?]\s", self.text[end : end + 300], maxsplit=1)[0]

    def find_before(self, start: int) -> str:
        """Return what the sentence says before a piece."""
        return re.split(r"[。！？\n]|[.!?]\s|[。！？]”", self.text[max(0, start - 300) : start])[-1]


def find_question(printed: Printed) -> bool:
    """A question; in texts that write ? for quotation marks only one that ends its sentence."""
    pattern = "[？?]" if printed.language == "zh" else r"(?<![.,\s])\?(?=\s+[A-Z]|[\"”]?$)"
    return any(re.search(pattern, piece) for piece in printed.pieces)


def find_slogan(printed: Printed) -> bool:
    """A cliché, or three clauses in a row that only ask for something."""
    if printed.language != "zh":
        return False
    for piece in printed.pieces:
        if any(cliche in piece for cliche in CLICHES_ZH):
            return True
        asking = [
            bool(
                re.match(
                    r"(?:.{0,8}(?:强调|指出|要求|表示)[，：]?)?(?:要|必须|坚决|务必|应当|切实|着力)(?!求|闻|素|点)",
                    c,
                )
            )
            for c in re.split("[，；。]", piece)
            if c
        ]
        if any(all(asking[n : n + 3]) for n in range(len(asking) - 2)):
            return True
    return False


def find_scene(printed: Printed) -> bool:
    """Light, weather or a walk at the beginning of a piece, and no figure in it."""
    words = (
        r"清晨|晨光|夜幕降临|夕阳|阳光洒|微风|炎炎夏日|秋风|春日里|走进|步入|漫步|推开|放眼望去|映入眼帘"
        if printed.language == "zh"
        else r"The sun (?:was|is)|It was a (?:cold|warm|dark|bright)|As the sun|On a "
        r"(?:cold|warm|sunny|rainy)"
    )
    return any(
        re.match(rf".{{0,6}}(?:{words})", piece) and not re.search(r"\d", piece) for piece in printed.pieces
    )


def find_reporter(printed: Printed) -> bool:
    """The reporter's own I, or a frame such as 记者采访了."""
    for piece in printed.pieces:
        plain = re.sub(r"“[^”]*”|\"[^\"]*\"|《[^》]*》|\?[^?]*\?", "", piece)
        if printed.language == "zh":
            if re.search(
                r"(?<![受报台访])记者(?:就此|日前|近日)?(?:采访了|走进|来到|看到|见到|走访)|笔者", piece
            ):
                return True
            if re.search(
                r"(?:^|[，。])我(?!国|省|市|县|区|军|党|校|院|们党|方|驻|驻)", plain
            ) and not re.search(SAID_ZH, piece):
                return True
        elif re.search(r"\b(?:I|I'm|I've)\b", plain) and not re.search(SAID_EN, piece):
            return True
    return False


def find_dangling_first(printed: Printed) -> bool:
    """The first words point back, or are a surname alone."""
    first = printed.pieces[0] if printed.pieces else ""
    if printed.language == "zh":
        return bool(re.match(f"(?:{PRONOUNS_ZH}|{CONNECTIVES_ZH}|{STAYS_ZH})", first))
    if re.match(FIRST_EN, first) and not re.match(
        r"It(?:'s| is| was) (?:been|the|a|an|not|no)\b|There (?:is|are|was|were|have)|This "
        r"(?:week|month|year)",
        first,
    ):
        return True
    name = re.match(r"([A-Z][a-z]+)(?:'s)? [a-z]", first)
    return bool(
        name
        and name.group(1) not in printed.title
        and re.search(rf"[A-Z][a-z]+ {name.group(1)}\b", printed.text[: printed.places[0][0]])
    )


def find_dangling_later(printed: Printed) -> bool:
    """A later piece points back, and what stood before it was left out."""
    for place, (start, _) in enumerate(printed.places[1:], start=1):
        gap = printed.text[printed.places[place - 1][1] : start]
        if len(gap.strip('，。；、 \n”"')) < 2:
            continue
        pattern = f"(?:{PRONOUNS_ZH}|{CONNECTIVES_ZH}|{STAYS_ZH})" if printed.language == "zh" else FIRST_EN
        if re.match(pattern, printed.pieces[place]):
            return True
    return False


def find_torn_pair(printed: Printed) -> bool:
    for first, second in PAIRS[printed.language]:
        for (_, end), piece in zip(printed.places, printed.pieces, strict=True):
            found = re.search(rf"(?i)\b{first}\b" if printed.language == "en" else first, piece)
            if (
                found
                and not re.search(second, piece[found.end() :])
                and re.search(second, printed.find_behind(end))
            ):
                return True
    return False


def find_lost_speaker(printed: Printed) -> bool:
    """Who says it stands in the part of the sentence that was cut away, by name."""
    for (start, end), piece in zip(printed.places, printed.pieces, strict=True):
        if printed.language == "zh":
            before = printed.find_before(start)
            if re.search(rf"(?:{SAID_ZH})[，：]$", before) and not re.match(
                r"据(?:悉|了解|介绍|统计|测算)|.{0,12}(?:显示|记者)", before
            ):
                return True
        elif not re.search(SAID_EN, piece) and re.match(
            rf",? [^,]{{0,60}}\b(?:{SAID_EN})\b", printed.find_behind(end)
        ):
            return True
    return False


def find_fragment(printed: Printed) -> bool:
    """A piece without a verb, or that breaks off where its predicate would come."""
    for (_, end), piece in zip(printed.places, printed.pieces, strict=True):
        if printed.language == "zh":
            tags = [(word, tag) for word, tag in rjieba.tag(piece)]
            tells_figure = re.search("正在|主持|会见|会谈", piece) or re.search(  # nouns to rjieba
                r"\d(?:多|余)?(?:万|亿)?(?:元|人|个|名|项|亩|吨|%|公里|周年)[。，]?$", piece
            )
            if not tells_figure and not any(
                tag[0] == "v" or tag in ("zg", "i", "l", "a", "ad", "d", "ul", "uz", "ug") for _, tag in tags
            ):
                return True
            if (
                printed.is_cut_behind(end)
                and "”" not in piece
                and re.search(rf"(?:{SAID_ZH}|包括|随着|为了|对于|以及|和|的)$", piece)
            ):
                return True
        else:
            if re.search(r"\b(?:and|of|to|the|a|with|for|by|that|which|who|said|says)$", piece.rstrip(" ,")):
                return True
            if not re.search(
                r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|should|"
                r"must|do|does|did)\b|[a-z]{2,}(?:ed|s)\b|\b(?:said|made|took|went|came|got|won|led|"
                r"told|found|gave|left|kept|met|ran|sold|began|became|held|set|put|cut|hit|let|say|"
                r"go|want|need|live|work|know|think|believe|drove|fly|flew|star|broke|brought|ate|"
                r"lay|built|spent|fell|rose|grew|stood|paid|wrote|saw|knew|felt|lost|sent|shot|drew)\b",
                piece,
            ):
                return True
    return False


def find_half_quotation(printed: Printed) -> bool:
    return any(
        piece.count("“") != piece.count("”")
        or piece.count("（") != piece.count("）")
        or piece.count("(") != piece.count(")")
        for piece in printed.pieces
    )


def find_debris(printed: Printed) -> bool:
    """Links, tweets, live lines, lonely points, bare heads."""
    points = [
        piece
        for piece in printed.pieces
        if re.match(r"[一二三四五六]是|[（(][一二三四五六\d][)）]|\d{1,2}[.、]\D|[①-⑨]|第[一二三]，", piece)
    ]
    if len(points) == 1:
        return True
    return any(
        re.search(
            r"https?:|www\.|pic\.twitter|twitter\.com|(?:^|\s)@\w|\bRT\b @|READ MORE|ALSO READ|Click "
            r"here|点击查看|扫码"
            r"|责编|本报记者.{0,8}摄|A post shared|\d:\d\d\s?[ap]m P[SD]T|©",
            piece,
        )
        or len(re.sub(r"[^\w]", "", piece)) < (5 if printed.language == "zh" else 12)
        for piece in printed.pieces
    )


KINDS: dict[str, Callable[[Printed], bool]] = {
    "question": find_question,
    "slogan": find_slogan,
    "scene": find_scene,
    "reporter": find_reporter,
    "dangling first": find_dangling_first,
    "dangling later": find_dangling_later,
    "torn pair": find_torn_pair,
    "lost speaker": find_lost_speaker,
    "fragment": find_fragment,
    "half quotation": find_half_quotation,
    "debris": find_debris,
}


def read_pairs(options: argparse.Namespace) -> list[tuple[dict[str, Any], Places]]:
    """Return the articles in Chinese and English with what is printed of each."""
    read = scorer().lines
    path = options.articles or str(shared() / "evaluation" / "summaries" / "articles.jsonl.gz")
    rows = [row for row in read(path) if row["language"] in ROOMS]
    if options.mine:
        mine = {row["id"]: row["sentences"] for row in read(options.mine)}
        return [(row, [(s["start"], s["end"]) for s in mine.get(row["id"], ())]) for row in rows]
    return [(row, summarize_row(row)) for row in rows]


def summarize_row(row: dict[str, Any]) -> Places:
    language = row["language"]
    summary = summarize(row["text"], title=row["title"] or "", language=language, characters=ROOMS[language])
    return [(sentence.start, sentence.end) for sentence in summary.sentences]


def join_adjacent(text: str, places: Places) -> Places:
    """Return the pieces with those that follow each other without a gap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("articles", nargs="?")
    parser.add_argument("mine", nargs="?")
    parser.add_argument("--show", default="", choices=["", *KINDS])
    options = parser.parse_args()
    found: dict[str, list[str]] = defaultdict(list)
    pairs = [(row, join_adjacent(row["text"], places)) for row, places in read_pairs(options)]
    for row, places in pairs:
        printed = Printed(row, places)
        for kind, detect in KINDS.items():
            if printed.pieces and detect(printed):
                found[kind].append(row["id"])
                if kind == options.show:
                    print(json.dumps([row["id"], printed.pieces], ensure_ascii=False))
    print(f"{len(pairs)} summaries, {sum(not places for _, places in pairs)} empty")
    for kind in KINDS:
        share = len(found[kind]) / len(pairs)
        print(f"{kind:16} {len(found[kind]):4}  {share:6.2%}{'  too many' if share >= MOST else ''}")
    sys.exit(any(len(names) >= MOST * len(pairs) for names in found.values()))


if __name__ == "__main__":
    main()
