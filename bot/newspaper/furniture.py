"""Recognize what a page prints beside its articles: dates, page names, editors, telephone numbers, jump
lines.

A line is furniture when the atoms below cover it. This module does not look at the lines around it.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.newspaper.required_characters import compile_filter

_DIGITS = "〇○零一二三四五六七八九"
# A class this wide takes hundreds of times longer to compile when the pattern ignores case.
_HAN = r"(?-i:[\u4e00-\u9fff])"
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
DAY = re.compile(
    rf"(?P<year>\d{{4}}|[{_DIGITS}]{{4}})\s*年\s*(?P<month>{_NUMBER})\s*月\s*(?P<day>{_NUMBER})\s*[日号號]"
    r"|(?P<year2>\d{4})[-./](?P<month2>\d{1,2})[-./](?P<day2>\d{1,2})(?!\d)"
    rf"|(?:中華)?民國\s*(?P<year3>\d{{2,3}})\s*年\s*(?P<month3>{_NUMBER})\s*月\s*(?P<day3>{_NUMBER})\s*[日號]"
)
_REPUBLIC = 1911  # the year before the first of 民國
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_ORDINAL = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_ENGLISH_DAY = re.compile(rf"\b{_MONTH}\s+{_ORDINAL},?\s+(?P<y>\d{{4}})\b", re.IGNORECASE)
_ENGLISH_DAY_FIRST = re.compile(rf"\b{_ORDINAL}\s+{_MONTH},?\s+(?P<y>\d{{4}})\b", re.IGNORECASE)
_WEEKDAY = re.compile(
    rf"(?:星期|礼拜|禮拜|周|週)[一二三四五六日天](?!{_HAN})"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"第\s*(?P<n1>[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*[版面]"
    r"|(?<![\w.])(?P<n2>[A-D]?\d{1,2})\s*[版面](?!\w)"
    rf"|^(?P<n7>[一二三四五六七八九十]{{1,3}})版(?!{_HAN})"
    r"|^(?P<n8>[A-Z]\d{1,2})(?=[ |·]+[A-Z][A-Za-z& ]{2,20}$)|(?<=[A-Za-z][ |·])(?P<n9>[A-Z]\d{1,2})$"
    r"|\bpage\s+(?P<n3>[A-Z]?\d{1,3})\b"
    rf"|^(?P<n4>[A-D]?\d{{1,2}})(?=[\s·|/]*{_HAN}{{2,5}}$)"
    rf"|(?<={_HAN}[\s·|/])(?P<n5>[A-D]?\d{{1,2}})$|(?<={_HAN} [·|/] )(?P<n11>[A-D]?\d{{1,2}})$"
    rf"|^(?P<n6>[A-D]\d{{1,2}})$|(?<=[\s|])(?P<n10>[A-D]\d{{1,2}})(?=[\s·|/]*{_HAN}{{2,5}}$)",
    re.IGNORECASE,
)
# The people who made the page, never the authors of an article: 编辑 before a colon, a slash or a space, then
# names.
_DUTY = (
    r"(?:本版|本期|本报|今日|值班|执行|執行|见习|实习)?\s*"
    r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯|主编|主編|总编辑?|總編輯?|编委|組版|组版|校对|校對|美编|美編|审读"
    r"|值班主任|版面编辑|排版|视觉)"
)
_EDITORS_NAMES = rf"(?:{_HAN}|·){{1,4}}(?:[\s、，,]+(?:{_HAN}|·){{1,4}}){{0,3}}(?!{_HAN})"
_EDITOR = re.compile(
    rf"(?:{_DUTY}[/／、及 ]*)+(?:\s*[：:／/|]\s*|\s+){_EDITORS_NAMES}"
    r"|\b(?:page |copy |duty |managing |night |chief )?(?:sub-)?editors?(?: on "
    r"duty)?\s*[:：]\s*[A-Z][\w.' -]{1,40}",
    re.IGNORECASE,
)
_DIALLED = r"\d[\d\s()（）—-]{5,18}"
_PHONE = re.compile(
    rf"(?:电话|電話|热线|熱線|传真|傳真|tel\.?|phone|hotline)\s*[：:]?\s*[（(]?\+?{_DIALLED}", re.IGNORECASE
)
_HOTLINE = re.compile(
    r"(?:新闻|新聞|报料|報料|爆料|读报|讀報|民生|投诉|投訴|采编|广告|廣告|发行|發行|订阅|訂閱|投递|读者|讀者|newsroom|news|advertising)\s*(?:服务)?\s*"
    rf"(?:热线|熱線|电话|電話|hotline|tel)\D{{0,3}}{_DIALLED}",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"(?:总第|總第|第)\s*\d+\s*[期号號]|(?:国内|國內)(?:统一|統一)\S{0,8}[刊号號][：: ]?"
    r"|邮发代号\S*|CN\s*\d{2}-\d{4}"
    r"|今日\s*\d+\s*版|零售\S*元|\bvol\.?\s*\w+|\bno\.?\s*\d+|\bissue\s+\d+|\bISSN\s*[\d-]+",
    re.IGNORECASE,
)
_SHORT_DAY = re.compile(rf"(?<![\d年]){_NUMBER}\s*月\s*{_NUMBER}\s*[日号號](?![\u4e00-\u9fff])")
_LUNAR = re.compile(
    r"(?:农历|農曆|夏历)?\s*[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年[\u4e00-\u9fff]{3,8}"
    r"|(?:农历|農曆)[\u4e00-\u9fff]{3,12}"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.-]+@[\w.-]+\.\w+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org)(?:\.\w{2})?\b",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?:日报|日報|晚报|晚報|时报|時報|商报|商報|周报|晨报|晨報|报|報)(?:社)?$"
)
_MASTHEAD = re.compile(
    r"^(?:[\u4e00-\u9fff] ?){2,6}"
    r"(?:日 ?报|日 ?報|晚 ?报|晚 ?報|晨 ?报|晨 ?報|周 ?报|週 ?報|时 ?报|時 ?報|商 ?报|都 ?市 ?报)$"
    r"|^(?:The )?(?:[A-Z][a-z]+ ){1,3}"
    r"(?:Daily|Herald|Times|Post|Gazette|Tribune|Journal|Chronicle|Courier|Observer|Mercury|Evening "
    r"News|Weekly)$"
)
_SECTION = re.compile(
    r"^(?:要 ?闻|要 ?聞|综 ?合|綜 ?合|民 ?生|经 ?济|經 ?濟|社 ?会|社 ?會|国 ?际|國 ?際|副 ?刊"
    r"|综合新闻|地方新闻"
    r"|(?:Local |World |National |Home )?News|Local|World|National|Business|Sports?|Opinion|Features)$",
    re.IGNORECASE,
)
_PAPER_INSIDE = re.compile(  # the line's other atoms show that it is not text
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,6}(?:日报|日報|晚报|晚報|晨报|晨報|时报|時報|早报|早報|商报|周报|週報)(?![\u4e00-\u9fff])"
)
_SHORT_NAME = re.compile(r"^[\u4e00-\u9fff] ?[\u4e00-\u9fff](?: ?[\u4e00-\u9fff])?$")
_LABEL = re.compile(
    r"(?:网址|網址|邮箱|郵箱|投稿邮箱|电子邮箱|微信公众号|e-?mail|website)\s*[：:]?", re.IGNORECASE
)
_RULE = re.compile(r"[\s|｜/／·•・—–_=*~+,，、:：;；()（）【】\[\]<>《》.。-]+")

# What a browser prints in the margins: 2026/11/30 10:23, 11/30/26, 10:23 AM, https://… 1/3
_PRINT_DATE = re.compile(
    r"^\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?\s+(?:[上下]午\s*)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?(?=\s|$)"
)
_PRINT_ADDRESS = re.compile(r"^\s*(?:https?|file|about):\S+(?:\s+(?:页码：)?\d{1,3}\s*/\s*\d{1,3})?\s*$")

# All spellings of a jump line: a direction, then a page.
_TARGET = r"(?:第?\s*[A-Da-d]?[0-9一二三四五六七八九十]{1,3}\s*[版面](?:[^\n）)】\]〕]{0,12})?|[A-D]?\d{1,2})"
_FROM = rf"(?:上接|紧接|緊接|文接|承接|续|續|接)\s*(?:本报|本報)?(?P<from>{_TARGET})"
_ON = rf"(?:下转|下轉|转|轉|下接|转入|轉入)\s*(?:本报|本報)?(?P<on>{_TARGET})"
_ENGLISH_PAGE = r"(?:page\s+[A-Z]?\d{1,3}|(?-i:[A-Z])\d{1,2})"
_ENGLISH_FROM = rf"(?:continued\s+)?from\s+(?P<from_en>{_ENGLISH_PAGE})"
_ENGLISH_ON = (
    r"(?:continue[sd]\s+on|turn\s+to|please\s+(?:turn|see)\s+to?|see\s+[\w' ]{0,30}?,?\s*(?:on\s+)?)\s*"
    rf"(?P<on_en>{_ENGLISH_PAGE})"
)
_ARROWS = "▲▼►▶◆※→☞⊙●■"
_OPEN, _CLOSE = rf"[（(【\[〔{_ARROWS}]*\s*", rf"\s*[)）】\]〕{_ARROWS}]*"
_JUMP = re.compile(rf"^{_OPEN}(?:{_FROM}|{_ON}|{_ENGLISH_FROM}|{_ENGLISH_ON}){_CLOSE}\.?$", re.IGNORECASE)
INLINE_FROM = re.compile(rf"^[（(【\[〔]\s*(?:{_FROM}|{_ENGLISH_FROM})\s*[)）】\]〕]", re.IGNORECASE)
INLINE_ON = re.compile(rf"[（(【\[〔]\s*(?:{_ON}|{_ENGLISH_ON})\s*[)）】\]〕]$", re.IGNORECASE)

# Characters of a furniture line that no atom explains: the name of the page or of the paper.
_MAX_UNEXPLAINED = 8
_MAX_FURNITURE = 90  # characters; longer lines are text
ATOMS = {
    "a telephone of the paper": _HOTLINE,
    "a telephone": _PHONE,
    "page editors": _EDITOR,
    "a date": DAY,
    "a date ": _ENGLISH_DAY,
    "a date  ": _ENGLISH_DAY_FIRST,
    "a day": _SHORT_DAY,
    "a lunar date": _LUNAR,
    "a weekday": _WEEKDAY,
    "an issue number": _ISSUE,
    "an address": _ADDRESS,
    "a page number": _PAGE,
}
# Each atom contains at least one of these, so most lines of text do not have to be searched for every atom.
MAY_HOLD_ATOMS = compile_filter(ATOMS.values())
_STRONG = {
    "page editors",
    "a telephone of the paper",
    "a page number",
    "a weekday",
    "a lunar date",
    "an issue number",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class JumpLine:
    """A line that says where an article continues (`is_back` is False) or comes from (True).

    `target` is printed text: "第二版" or "page A3".
    """

    target: str
    is_back: bool


def parse_jump(text: str) -> JumpLine | None:
    """Return `text` as a jump line; None when it is not one."""
    if len(text) > 60:
        return None
    match = _JUMP.match(text)
    if not match:
        return None
    back = match["from"] or match["from_en"]
    return JumpLine(target=(back or match["on"] or match["on_en"]).strip(), is_back=bool(back))


def explain_furniture(text: str) -> str:
    """Return why `text` is page furniture; "" when it is not."""
    if len(text) > _MAX_FURNITURE or text[-1:] in "。！？；":
        return ""
    atoms, rest = _find_atoms(text)
    if _MASTHEAD.match(text):
        return "is a paper's name"
    if not _STRONG.intersection(atoms):
        return ""
    if "见" in text or "見" in text:
        return ""
    rest = _RULE.sub(" ", _LABEL.sub(" ", _PAPER_INSIDE.sub(" ", rest))).strip()
    if len(rest) > _limit_unexplained(rest, len(atoms)):
        return ""
    if rest and atoms == ["a weekday"]:
        return ""
    return "holds " + " and ".join(atoms)


def _find_atoms(text: str) -> tuple[list[str], str]:
    """Return the names of the atoms in `text`, and the remaining characters."""
    atoms, rest = [], text
    for name, atom in ATOMS.items() if MAY_HOLD_ATOMS.search(text) else ():
        if atom.search(rest):
            atoms.append(name.strip())
            rest = atom.sub("|", rest)
    return atoms, rest


def _limit_unexplained(rest: str, atoms: int) -> int:
    """Return how many characters may remain after `atoms` atoms: a page's or paper's name, longer in Latin
    letters.
    """
    if re.search(r"[\u4e00-\u9fff]", rest):
        return _MAX_UNEXPLAINED
    if atoms > 1:
        return _MAX_UNEXPLAINED * 4
    return _MAX_UNEXPLAINED * 2 if rest.istitle() or rest.isupper() else _MAX_UNEXPLAINED


def explain_edge_furniture(text: str, *, is_top: bool = False) -> str:
    """Return why `text`, beside furniture or at the page's edge, is furniture too; "" when it is not.

    A date, a telephone number or an address alone may also end an announcement, and a page's name may be a
    heading, so only the position decides. At the top (`is_top`), below nothing but furniture, a word of two
    or three characters is the page's name.
    """
    atoms, rest = _find_atoms(text) if len(text) <= _MAX_FURNITURE else ([], text)
    if _SECTION.match(text) or (is_top and _SHORT_NAME.match(text)):
        return "is a page's name"
    return (
        f"holds nothing but {' and '.join(atoms)}"
        if atoms and not _RULE.sub("", _LABEL.sub("", rest))
        else ""
    )


def parse_day(text: str) -> date | None:
    """Return the first date printed in `text`; None when there is none or it is not a real date."""
    match = DAY.search(text)
    if match:
        year, month, number = (
            match[name] or match[f"{name}2"] or match[f"{name}3"] for name in ("year", "month", "day")
        )
        return _make_day(
            _parse_number(year) + (_REPUBLIC if match["year3"] else 0),
            _parse_number(month),
            _parse_number(number),
        )
    english = _ENGLISH_DAY.search(text) or _ENGLISH_DAY_FIRST.search(text)
    if not english:
        return None
    month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(english["name"].lower()[:3]))
    return _make_day(int(english["y"]), month, int(english["d"]))


def _make_day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _parse_number(number: str) -> int:
    """Return a number in digits or in Chinese characters ("二〇二六", "十二", "二十一") as an int."""
    if number.isdecimal():
        return int(number)
    if "十" in number:
        tens, _, ones = number.partition("十")
        return (_DIGITS.index(tens) - 2 if tens else 1) * 10 + (_DIGITS.index(ones) - 2 if ones else 0)
    return int("".join(str(max(0, _DIGITS.index(c) - 2)) for c in number))


def parse_page_number(text: str) -> str:
    """Return the page number in a line of furniture, such as "1" or "A3"; "" when there is none."""
    match = _PAGE.search(text)
    if not match:
        return ""
    number = next(n for n in match.groups() if n)
    return number.upper().lstrip("0") if number.isascii() else str(_parse_number(number))


def parse_page_name(text: str) -> str:
    """Return the page's name ("要闻") beside its number in a line of furniture; "" when there is none."""
    if not _PAGE.search(text):
        return ""
    rest = text
    for atom in ATOMS.values():
        rest = atom.sub(" ", rest)
    names = [word for word in _RULE.sub(" ", rest).split() if not _PAPER.search(word)]
    return " ".join(names) if names and len(" ".join(names)) <= _MAX_UNEXPLAINED * 3 else ""


def is_print_line(text: str) -> bool:
    """Return whether a browser printed the line above or below a page: when it was printed, or its address.

    >>> is_print_line("11/30/26, 10:23 AM"), is_print_line("https://paper.example/a 1/3")
    (True, True)
    """
    return bool(_PRINT_DATE.match(text) or _PRINT_ADDRESS.match(text))
