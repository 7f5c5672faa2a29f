"""What speaks for and against each piece of a page: named observations with a strength.

An observation's name is what `Block.why` shows and what the table of weights is keyed by. Nothing is decided here.
"""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.newspaper import wording
from bot.newspaper.layout import CLOSERS, SENTENCE_ENDS, Piece
from bot.newspaper.edges import end_score, start_score

# Upper ends of the length classes, in characters; Latin text is counted at 2.2 characters to one of Chinese.
LENGTHS = (4, 8, 12, 16, 20, 25, 30, 40, 60, 100)
LATIN_RATIO = 2.2
SHORT = 40  # characters: what may be a heading
FAR_OFF = 12  # pieces between two short ones beyond which they have nothing to do with each other
TORN = 30  # characters: a piece without an end mark that is longer was probably torn
WINDOW = 300  # characters of text on each side that are compared
REACH = 40  # pieces on each side that are looked at for them
FAR = 1000  # the same, for what the article as a whole is about
HOME = re.compile(r"我[县縣市区區州旗镇鎮乡鄉村]")
SPACED_NAME = re.compile(r"(?:^|[^\u4e00-\u9fff]|[\u4e00-\u9fff]{2} )[\u4e00-\u9fff] [\u4e00-\u9fff]$")
TAG = re.compile(r"[（(][^（）()]{2,16}[）)]$")
PARALLEL = re.compile(r"^[^\s。]{3,14} [^\s。]{3,14}(?: [^\s。]{3,14})?$")
QUESTION = "？?"
LATIN_END = re.compile(r"[a-z0-9)%]\.$")  # an English headline has no full stop
ATTENDED = re.compile(
    r"(?:出席|讲话|講話|致辞|致辭|主持|参加|參加|陪同|宣布|祝贺|祝賀|见证|发言|批示)[\u4e00-\u9fff]{0,4}$"
)
EVENT = re.compile(
    r"(?:召开|召開|举行|舉行|开幕|開幕|闭幕|閉幕|启动|啟動|启用|啟用|开工|開工|竣工|投用|通车|通車|揭牌|成立|发布|發布|落成|开放|開放|上线|出台|实施|完成|落户|亮相|突破)$"
)
SPOKEN = re.compile(r"(?:强调|強調|指出|要求|指示|表示|时说|認為|认为|透露)[\u4e00-\u9fff]{0,2}[——:：]*$")
BRACKETED = re.compile(r"^[（(].{2,60}[）)]$")
OPENING = re.compile(
    r"^.{0,12}(?:近日|日前|今天|昨天|\d{1,2}月\d{1,2}日|\d{1,2}日，|记者从|据|今年以来|近年来|本报讯|最近|走进|清晨|眼下|前不久|如何|当前)"
)
SAYS = re.compile(r"^(?:“|[\u4e00-\u9fff]{2,3}(?:说|表示|认为|介绍|告诉|坦言))")
DATED = re.compile(r"\d{1,2}(?:月\d{1,2})?日")
FORM = re.compile(
    r"^(?:图片(?:报道|新闻|故事)|圖片新聞|简讯|簡訊|短讯|快讯|要闻简报|新闻速递|公告|通告|启事|啟事|声明|聲明|讣告|更正|征集|征稿启事|导读|广告|天气预报"
    r"|.{4,40}(?:声明|聲明|公报|公報|公告|通知|意见|决定|名单|的讲话|的致辞|启事))$"
)
ITEM = re.compile(r"^(?:[一二三四五六七八九十]+(?:是|要)|——|[（(]?[一二三四五六七八九十\d]+[）)、.．])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a piece of text stands among what is no text: which jump lines and furniture are beside it."""

    after_furniture: bool = False
    after_jump_back: bool = False
    after_jump_on: bool = False
    before_jump_back: bool = False
    before_jump_on: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What can be seen of a piece by itself. `length` counts characters, Latin ones at their width."""

    text: str
    length: float
    is_ended: bool  # a sentence ends at its end
    is_short: bool  # short and without an end: it may be a heading
    is_torn: bool  # long and without an end
    is_signed: bool  # a signature, a caption or a note
    is_byline: bool
    has_dateline: bool
    is_dash_led: bool
    start: float  # how much its first characters look like a beginning; above 0 they do


Evidence = tuple[tuple[str, float], ...]


def look(piece: Piece) -> Look:
    text = piece.text
    length = len(text) if not text.isascii() else len(text) / LATIN_RATIO
    ended = is_ended(text)
    signed = any((wording.signature(text), wording.caption(text), wording.note(text), BRACKETED.match(text)))
    return Look(
        text=text,
        length=length,
        is_ended=ended,
        is_short=length <= SHORT and not ended and not signed and text[-1:] not in "；;，,、",
        is_torn=length > TORN and not ended and not signed and text[-1:] not in "—：:；;",
        is_signed=signed,
        is_byline=bool(wording.byline(text)) or wording.bare_name(text),
        has_dateline=bool(wording.dateline(text)),
        is_dash_led=text.startswith(("——", "—", "--")),
        start=start_score(text),
    )


def is_ended(text: str) -> bool:
    """Whether a sentence ends where `text` ends."""
    bare = text.rstrip(CLOSERS)
    return (bare[-1:] in SENTENCE_ENDS and bare[-1:] not in "；;") or bool(LATIN_END.search(bare))


def evidence(pieces: Sequence[Piece], places: Sequence[Place]) -> list[Evidence]:
    """Observe every piece of a page. Both sequences run over the pieces that are neither furniture nor jump."""
    looks = [look(piece) for piece in pieces]
    habits = page_habits(pieces, looks)
    topics = Topics(looks)
    shorts = [i for i, seen in enumerate(looks) if seen.is_short]
    return [
        (
            *own(looks[i], pieces[i], habits),
            *placed(places[i], i, len(looks)),
            *before(looks, i, habits),
            *after(looks, i, habits),
            *compared(looks, i, topics),
            *rhythm(looks, i, shorts),
            *seam(looks, i, topics),
        )
        for i in range(len(looks))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """What the page does everywhere."""

    indents: bool
    datelines: bool
    is_local: bool  # it speaks of 我县, 我区: the paper of a place, whose headlines put the place first
    short_share: float  # pieces that may be headings, of all


def page_habits(pieces: Sequence[Piece], looks: Sequence[Look]) -> Habits:
    long = [piece for piece, seen in zip(pieces, looks, strict=True) if seen.length > SHORT]
    return Habits(
        indents=bool(long) and sum(piece.indented for piece in long) >= 0.5 * len(long),
        datelines=sum(seen.has_dateline for seen in looks) >= 2,
        is_local=len(HOME.findall("\n".join(seen.text for seen in looks))) >= 2,
        short_share=sum(seen.is_short for seen in looks) / max(1, len(looks)),
    )


def own(seen: Look, piece: Piece, habits: Habits) -> Evidence:
    text = seen.text
    size = next((limit for limit in LENGTHS if seen.length <= limit), 0)
    marks = {
        "any": True,
        f"up to {size} characters" if size else "long": True,
        "ends a sentence": seen.is_ended,
        "ends in a full stop": text.rstrip(CLOSERS)[-1:] == "。",
        "ends in a question": text[-1:] in QUESTION,
        "ends in a dash": text.endswith(("——", "—", "--")),
        "ends in a colon": text.endswith(("：", ":")),
        "ends in a comma": text[-1:] in "，、,",
        "long without an end mark": seen.is_torn,
        "short without an end mark": seen.is_short,
        "begins with a dash": seen.is_dash_led,
        "begins with a quotation mark": text[:1] in '“"「『‘',
        "begins with a closing mark": text[:1] in "，。、；：！？”’）》」』,.;:!?)",
        "begins like a list": bool(wording.LIST_MARK.match(text)),
        "begins with a speaker": bool(wording.SPEAKER.match(text)),
        "begins with a dateline": seen.has_dateline,
        "begins with a dated dateline": seen.has_dateline and bool(DATED.search(text[:30])),
        "opens like a news item": not seen.is_short and bool(OPENING.match(text)),
        "talks without an introduction": not seen.is_short and bool(SAYS.match(text)),
        "the name of a form": bool(FORM.match(text)),
        "signature": bool(wording.signature(text)),
        "caption": wording.caption(text),
        "note": wording.note(text),
        "byline": seen.is_byline,
        "ends in a name spaced out": bool(SPACED_NAME.search(text[-12:])),
        "a name": wording.bare_name(text),
        "a column's name in brackets": seen.is_short and bool(TAG.search(text)),
        "halves set apart by a space": seen.is_short and bool(PARALLEL.match(text)),
        "holds a comma": seen.is_short and bool(re.search(r"[，,]", text)),
        "tells who came": seen.is_short and bool(ATTENDED.search(text)),
        "ends in an event": seen.is_short and bool(EVENT.search(text)),
        "ends in a saying": seen.is_short and bool(SPOKEN.search(text)),
        "wholly in brackets": bool(BRACKETED.match(text)),
        "ends in a semicolon": text[-1:] in "；;",
        "speaks of our place": seen.is_short and bool(wording.LOCAL.search(text)),
        "holds a figure": seen.is_short and bool(re.search(r"\d", text)),
        "holds a full stop inside": "。" in text[:-1] or ". " in text[:-1],
        "indented as the page's paragraphs are": habits.indents and piece.indented,
        "not indented where the page indents": habits.indents and not piece.indented,
        "short on a page with datelines": seen.is_short and habits.datelines,
    }
    return (
        *((name, 1.0) for name, holds in marks.items() if holds),
        ("begins as texts begin", max(0.0, seen.start)),
        ("begins as if torn", max(0.0, -seen.start)),
        *((("ends as headings end", end_score(text)),) if seen.is_short or seen.is_torn else ()),
        *((("share of short pieces on the page", habits.short_share),) if seen.is_short else ()),
    )


def placed(place: Place, i: int, count: int) -> Evidence:
    holds = {
        "first on the page": i == 0,
        "last on the page": i == count - 1,
        "after furniture": place.after_furniture,
        "after a line from another page": place.after_jump_back,
        "after a line to another page": place.after_jump_on,
        "before a line from another page": place.before_jump_back,
        "before a line to another page": place.before_jump_on,
    }
    return tuple((name, 1.0) for name, held in holds.items() if held)


def before(looks: Sequence[Look], i: int, habits: Habits) -> Evidence:
    if i == 0:
        return ()
    seen, last = looks[i], looks[i - 1]
    holds = {
        "after a sentence's end": last.is_ended,
        "after a torn piece": last.is_torn,
        "after a torn piece, short": last.is_torn and seen.is_short,
        "after a short piece": last.is_short,
        "after a short piece, long": last.is_short and not seen.is_short,
        "after a signature": last.is_signed and not last.is_byline,
        "after a note on its author": bool(wording.AUTHOR.match(last.text)),
        "after a byline": last.is_byline,
        "after a colon": last.text.endswith(("：", ":")),
        "after a dash": last.text.endswith(("—", "--")),
        "after a comma": last.text[-1:] in "，、,",
        "after two short pieces": i > 1 and last.is_short and looks[i - 2].is_short,
        "after a bracketed column name": last.is_short and bool(TAG.search(last.text)),
        **of_neighbour("after", seen, last, habits),
        "after a semicolon": last.text[-1:] in "；;",
        "after a semicolon of no list": last.text[-1:] in "；;" and not is_list(looks, i),
        "longer than the short one before": last.is_short and seen.is_short and seen.length > last.length,
        "begins as if torn, after a torn piece": last.is_torn and seen.start < 0,
    }
    return tuple((name, 1.0) for name, held in holds.items() if held)


def after(looks: Sequence[Look], i: int, habits: Habits) -> Evidence:
    if i + 1 >= len(looks):
        return ()
    seen, following = looks[i], looks[i + 1]
    second = looks[i + 2] if i + 2 < len(looks) else None
    holds = {
        "before a dateline": following.has_dateline,
        "before a dated dateline": following.has_dateline and bool(DATED.search(following.text[:30])),
        "before a piece with a caption after it": second is not None and wording.caption(second.text),
        "before a piece with a dateline after it": second is not None and second.has_dateline and following.is_short,
        "before a byline": following.is_byline,
        "before a dash": following.is_dash_led,
        "before a short piece": following.is_short,
        "before two short pieces": second is not None and following.is_short and second.is_short,
        "before a bracketed column name": following.is_short and bool(TAG.search(following.text)),
        "before a short sentence": following.is_ended and following.length <= SHORT,
        "before a long piece": following.length > 60,
        "before a quotation": following.text[:1] in '“"「',
        "before a note": wording.note(following.text),
        "before a caption": wording.caption(following.text),
        "before what begins as if torn": following.start < -0.5,
        "before the opening of a news item": bool(OPENING.match(following.text)),
        "before talk without an introduction": bool(SAYS.match(following.text)),
        **of_neighbour("before", seen, following, habits),
        "longer than the short one after": seen.is_short and following.is_short and seen.length > following.length,
    }
    return tuple((f"{name}" if not seen.is_short else f"short, {name}", 1.0) for name, held in holds.items() if held)


def seam(looks: Sequence[Look], i: int, topics: "Topics") -> Evidence:
    """Whether this piece and the one before read on in each other, after a piece without an end mark."""
    if i == 0 or looks[i - 1].is_ended or looks[i - 1].is_signed:
        return ()
    last, text = looks[i - 1].text, looks[i].text
    if not (last[-1].isalnum() and text[0].isalnum()):
        return ()
    return (
        ("the seam is a pair found on the page", float(last[-1] + text[0] in topics.weight)),
        ("the seam is in a figure", float(last[-1].isdecimal() and text[0].isdecimal())),
        ("after what ends as headings end", end_score(last)),
    )


def rhythm(looks: Sequence[Look], i: int, shorts: Sequence[int]) -> Evidence:
    """How far the next and the last short piece are, and whether they are as long: sub-headings come in sets."""
    if not looks[i].is_short:
        return ()
    at = bisect_left(shorts, i)
    found: list[tuple[str, float]] = []
    for side, other in (("before", at - 1), ("after", at + 1)):
        j = shorts[other] if 0 <= other < len(shorts) else None
        if j is None or abs(j - i) > FAR_OFF:
            found.append((f"no short piece near {side}", 1.0))
        elif abs(j - i) > 1:
            alike = abs(looks[j].length - looks[i].length) <= 1
            found.append((f"{'as long as' if alike else 'not as long as'} the short piece {side}", 1.0))
            found.append((f"pieces to the short one {side}", abs(j - i) / FAR_OFF))
            found.append(
                (f"shares words with the short piece {side}", float(bool(terms(looks[i].text) & terms(looks[j].text))))
            )
    return tuple(found)


def of_neighbour(side: str, seen: Look, other: Look, habits: Habits) -> dict[str, bool]:
    """How the heading beside a heading is worded, which tells a kicker from a title and a title from a deck."""
    if not (seen.is_short and other.is_short):
        return {}
    halves, other_halves = bool(PARALLEL.match(seen.text)), bool(PARALLEL.match(other.text))
    ours, other_ours = bool(wording.LOCAL.search(seen.text)), bool(wording.LOCAL.search(other.text))
    found = {
        f"{side} a heading of two halves, being of one": other_halves and not halves,
        f"of two halves, {side} a heading of one": halves and not other_halves,
        f"alone of our place, {side} another heading": ours and not other_ours,
        f"not of our place, {side} a heading that is": other_ours and not ours,
        f"{side} a heading that tells who came": bool(ATTENDED.search(other.text)),
        f"{side} a heading that ends in an event": bool(EVENT.search(other.text)),
        f"{side} a heading that ends in a saying": bool(SPOKEN.search(other.text)),
        f"{side} a heading that holds a figure": bool(re.search(r"\d", other.text)),
        f"{side} a heading with a comma": bool(re.search(r"[，,]", other.text)),
    }
    return {f"on a local page, {name}" if habits.is_local else name: held for name, held in found.items()}


def is_list(looks: Sequence[Look], i: int) -> bool:
    """Whether piece `i`, after a semicolon, is the next item of a list: its neighbours end or begin as items do."""
    text, before_last = looks[i].text, looks[i - 2].text if i > 1 else ""
    return text[-1:] in "；;" or before_last[-1:] in "；;：:" or bool(ITEM.match(text))


class Topics:
    """Which pairs of characters (or words) the text on each side of a short piece shares, weighed by how rare they are."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self.looks = looks
        self.terms = [terms(seen.text) for seen in looks]
        spread = Counter(term for bag in self.terms for term in bag)
        self.weight = {term: math.log((len(looks) + 1) / n) for term, n in spread.items()}

    def side(self, i: int, step: int, window: int = WINDOW) -> frozenset[str]:
        """The terms of some `window` characters of running text before (`step` -1) or after (+1) piece `i`."""
        bags: list[frozenset[str]] = []
        length, j = 0.0, i + step
        while 0 <= j < len(self.looks) and length < window and abs(j - i) <= REACH:
            if not self.looks[j].is_short:
                bags.append(self.terms[j])
                length += self.looks[j].length
            elif length and step > 0 and window == WINDOW:
                break
            j += step
        return frozenset().union(*bags)

    def total(self, bag: Iterable[str]) -> float:
        return sum(map(self.weight.__getitem__, bag))

    def likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """What two texts share of their terms, weighed, 0 to 1 (Dice)."""
        both = self.total(one) + self.total(other)
        return 2 * self.total(one & other) / both if both else 0.0

    def covered(self, i: int, bag: frozenset[str]) -> float:
        """The share of piece `i`'s terms, weighed, that `bag` has too."""
        total = self.total(self.terms[i])
        return self.total(self.terms[i] & bag) / total if total else 0.0

    def verbatim(self, i: int) -> float:
        """The longest part of piece `i` that the next running text has word for word, as a share of the piece."""
        text = self.looks[i].text
        j = next((j for j in range(i + 1, min(i + 4, len(self.looks))) if not self.looks[j].is_short), None)
        if j is None or not text or len(text) > SHORT or text.isascii():
            return 0.0
        body = self.looks[j].text[: WINDOW // 2]
        longest = 0
        for start in range(len(text)):
            while start + longest < len(text) and text[start : start + longest + 1] in body:
                longest += 1
        return longest / len(text)

    def against_neighbours(self, looks: Sequence[Look], i: int, later: frozenset[str], own_share: float) -> Evidence:
        """How much better than the heading beside it piece `i` fits the text after both."""
        if not looks[i].is_short:
            return ()
        found = []
        dated = ", above a dateline" if any(seen.has_dateline for seen in looks[i + 1 : i + 3]) else ""
        for side, j in (("before", i - 1), ("after", i + 1)):
            if 0 <= j < len(looks) and looks[j].is_short:
                found.append(
                    (f"fits the text better than the heading {side}{dated}", own_share - self.covered(j, later))
                )
                found.append(
                    (f"more word for word than the heading {side}{dated}", self.verbatim(i) - self.verbatim(j))
                )
                found.append(
                    (f"longer by tens than the heading {side}{dated}", (looks[i].length - looks[j].length) / 10)
                )
        return tuple(found)


def terms(text: str) -> frozenset[str]:
    if text.isascii():
        return frozenset(word for word in re.findall(r"[a-z0-9']+", text.lower()) if len(word) > 3)
    found: set[str] = set()
    for run in re.findall(r"[\u3400-\u9fff]+|[a-zA-Z0-9.]+", text):
        if run.isascii():
            found.add(run)
        else:
            found.update(map(str.__add__, run, run[1:]))
    return frozenset(found)


def compared(looks: Sequence[Look], i: int, topics: Topics) -> Evidence:
    """How a piece that may be a heading, or begin an article, fits what stands before and after it."""
    if not looks[i].is_short and not looks[i].has_dateline:
        return ()
    earlier, later = topics.side(i, -1), topics.side(i, 1)
    before_it, after_it = topics.covered(i, earlier), topics.covered(i, later)
    return (
        ("likeness of the texts before and after", 5 * topics.likeness(earlier, later)),
        (
            "likeness of the longer texts before and after",
            5 * topics.likeness(topics.side(i, -1, FAR), topics.side(i, 1, FAR)),
        ),
        ("words found in the text after", after_it),
        ("words found in the text before", before_it),
        ("found word for word in the text after", topics.verbatim(i)),
        *topics.against_neighbours(looks, i, later, after_it),
    )
