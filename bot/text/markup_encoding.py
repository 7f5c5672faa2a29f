"""Bytes of a feed or web page → text. Declarations are often wrong, so each encoding is tried on the bytes
themselves.

An encoding is judged by what the text looks like that it gives: how much of it could not be decoded, and how
much of it are the characters that its languages use most. One broken byte then costs one character, not the
page.
"""

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

_BEGINNINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"<\0!\0", "utf-16-le"),
    (b"\0<\0!", "utf-16-be"),
)
_DECLARATION = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_SEVEN_BIT_NAMES = ("iso2022", "hz", "utf-7")  # encodings that write all characters in ASCII bytes
_DECLARATION_BYTES = 2048  # bytes from the beginning; browsers look at 1024
# The encoding that is used instead: the superset that pages with the smaller name really use.
_LARGER_SETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "ascii": "cp1252",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# The most frequent characters of Chinese, simplified and traditional, with its marks.
_CHINESE = (
    "，。、：；“”（）《》"
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现"
    "当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重"
    "并物手应战向头文体政美相见被利什二等产或新己制身果加西月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几"
    "口认条平系气题活更别打女变四总何电数安少报才结反受目量再建务做接场件计管期市直资命山金指统区保至队社便决治展科司五基书非听界达光放强难权思完"
    "设式色路记南品住告类求据程北边张该交规万取术领共确传观清今院让导争运村镇县省项亿元城农"
    "個這們來國說時會對後過發種經沒動開當還進樣學現無長機業關點將兩間問應戰頭見產給門聲東員條論處義幾認氣題別變總電數報結務場計區隊書體達強難權馬"
    "記設類據邊張規傳觀讓識帶導爭運縣鎮號實為與從軍項億農萬輛"
)
_KANA = (
    "あいうえおかがきくけこさしすせそただちつってでとどなにねのはばひまみもやよらりる"
    "れろわをんアイウカクコシスタトナニラリルレロンー、。"
)
_HANGUL = "이다는을의에가은하고지로한사기도리나자대어를인과서들그해수있년일전시정부장"
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжші"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidate:
    """An encoding that is tried: the characters its languages use most, and the share of a text's non-ASCII
    characters that those usually make up. One byte a character takes all bytes, so this share tells such
    encodings apart, and whether letters stand beside ASCII letters: é does, as a rule, and ж never.
    """

    common: str = ""
    usual_share: float = 1.0
    beside_ascii: bool | None = None


_CANDIDATES = {
    "gb18030": _Candidate(common=_CHINESE, usual_share=0.55),
    "big5hkscs": _Candidate(common=_CHINESE, usual_share=0.55),
    "cp932": _Candidate(common=_KANA, usual_share=0.5),
    "euc_jp": _Candidate(common=_KANA, usual_share=0.5),
    "cp949": _Candidate(common=_HANGUL, usual_share=0.4),
    "cp1251": _Candidate(common=_CYRILLIC, usual_share=0.8, beside_ascii=False),
    "koi8_r": _Candidate(common=_CYRILLIC, usual_share=0.8, beside_ascii=False),
    "cp1253": _Candidate(common="αοιετσνηυρπκμλςάίόέήύώ", usual_share=0.8, beside_ascii=False),
    "cp1255": _Candidate(common="יוהלארתבמשנדקע", usual_share=0.7, beside_ascii=False),
    "cp1256": _Candidate(common="الينموتربعةدهسف", usual_share=0.7, beside_ascii=False),
    "cp874": _Candidate(common="านรอกเงมยลวดสตทหคะบปไชจใพ่้ัิีุู", usual_share=0.8, beside_ascii=False),
    "cp1252": _Candidate(
        common="éèêëàâáãäåçñöôóõøòüûúùíîïìßæœÉÀÄÖÜÅØ“”‘’–—…«»·°§€£", usual_share=0.98, beside_ascii=True
    ),
    "cp1250": _Candidate(
        common="ěščřžýáíéúůťďňąćęłńóśźżőűăâîşţäöüČŠŽŁŚ„”“’–—…", usual_share=0.98, beside_ascii=True
    ),
    "cp1254": _Candidate(common="ıİğĞşŞçöüÇÖÜâ“”’", usual_share=0.98, beside_ascii=True),
}
_ANY = _Candidate()
_BESIDE_ASCII = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_USUAL_BESIDE = 0.5  # share of a Latin text's letters with marks that stand beside plain ones
# Encodings whose usual characters are two bytes above 0xA0, with the first bytes of the frequent ones.
_PAIRED = {"gb18030": range(0xB0, 0xD8), "cp949": range(0xB0, 0xC9), "euc_jp": range(0xA4, 0xCF)}
_RUN_OF_PAIRS = re.compile(rb"[\xa1-\xfe]{5,}")
_MARKUP_BYTES = frozenset(b"\t\r\n !\"#$%&'()*+,-./:;<=>?")  # never the second half of a character
_SHORT_RUN = 24  # bytes below which only a half character proves that a run is torn
_MAX_RUN = 20_000  # bytes
# Weights of a pair, by how much likelier it is in a text than between two torn characters (log odds, twice).
_COMMON_WEIGHT, _FREQUENT_WEIGHT, _RARE_WEIGHT = 5, -1, -5
_MIN_GAIN = 15  # of weight, from which a run counts as torn
_RUN_OF_TEXT = re.compile(rb"[^<>\n]+")
_SAMPLE_BYTES = 60_000
_ENOUGH_BYTES = 24  # that are not ASCII; fewer prove nothing, and the declaration counts
_NOT_ASCII = bytes(range(128, 256))
_MAX_WRONG_SHARE = 0.1  # of the characters above ASCII of a text that is UTF-8 with broken bytes
_WRONG_WEIGHT = 3.0  # of a character that cannot be, against one that is common
_DECLARED_BONUS = 0.15
_MIN_SCORE = 0.3  # below it nothing fits, and the declaration counts
_WRONG_CATEGORIES = frozenset({"Cn", "Co", "Cs", "Cc"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judgement:
    """How a sample reads in an encoding: shares of its characters that are not ASCII."""

    wrong: float
    common: float

    @property
    def score(self) -> float:
        return self.common - _WRONG_WEIGHT * self.wrong


def decode_markup(data: bytes, charset: str = "") -> str:
    """Return the text of a feed or web page. `charset` is what the HTTP header declares.

    Never fails: what cannot be read becomes "\ufffd".
    """
    for beginning, encoding in _BEGINNINGS:
        if data.startswith(beginning):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    declared = list(filter(None, (_normalize_name(charset), _normalize_name(_find_declaration(data)))))
    stateful = [name for name in declared if name.startswith(_SEVEN_BIT_NAMES)]
    if stateful and data.isascii():
        return data.decode(stateful[0], "replace")
    try:
        return data.decode("utf-8")  # other encodings' bytes are next to never UTF-8 by accident
    except UnicodeDecodeError:
        encoding = _choose_encoding(data, declared)
    return _realign_pairs(data, encoding).decode(encoding, "replace")


def _choose_encoding(data: bytes, declared: list[str]) -> str:
    sample = _take_sample(data)
    as_utf8 = sample.decode("utf-8", "ignore")
    lost = len(sample) - len(as_utf8.encode())
    if lost <= _MAX_WRONG_SHARE * sum(character > "\x7f" for character in as_utf8):
        return "utf-8"
    scores = {name: _judge_encoding(sample, name, each).score for name, each in _CANDIDATES.items()}
    for name in declared:
        scores[name] = scores.get(name, _judge_unlisted(sample, name)) + _DECLARED_BONUS
    is_short = len(sample) - len(sample.translate(None, _NOT_ASCII)) < _ENOUGH_BYTES
    fitting = [name for name in declared if _judge_encoding(sample, name, _ANY).wrong == 0]
    if is_short and fitting:
        return fitting[0]
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= _MIN_SCORE or not declared else declared[0]


def _judge_unlisted(sample: bytes, name: str) -> float:
    """Return the score of a declared encoding that is not listed. It counts as right unless contradicted."""
    return _MIN_SCORE + 0.2 - _WRONG_WEIGHT * _judge_encoding(sample, name, _ANY).wrong


def _take_sample(data: bytes) -> bytes:
    """Return the beginning of what is not ASCII in `data`, in whole runs of text."""
    pieces: list[bytes] = []
    size = 0
    for match in _RUN_OF_TEXT.finditer(data):
        if match[0].isascii():
            continue
        pieces.append(match[0][:_SAMPLE_BYTES])
        size += len(pieces[-1])
        if size >= _SAMPLE_BYTES:
            break
    return b"\n".join(pieces)


def _judge_encoding(sample: bytes, name: str, candidate: _Candidate) -> _Judgement:
    text = _realign_pairs(sample, name).decode(name, "replace")
    counts = Counter(character for character in text if character > "\x7f")
    total = counts.total()
    if not total:
        return _Judgement(wrong=1.0, common=0.0)
    wrong = sum(number for character, number in counts.items() if _is_wrong(character))
    common = min(
        1.0, sum(counts[character] for character in candidate.common) / total / candidate.usual_share
    )
    if candidate.beside_ascii is not None:
        beside = len(_BESIDE_ASCII.findall(text)) / total
        common *= min(1.0, beside / _USUAL_BESIDE) if candidate.beside_ascii else max(0.0, 1.0 - beside)
    return _Judgement(wrong=wrong / total, common=common)


def _realign_pairs(data: bytes, name: str) -> bytes:
    """Return `data` with a "?" for a byte too many in a run of pairs, behind which all pairs would be torn
    apart.

    The byte is the one without which the run has the most common and frequent characters. Between two bytes
    of ASCII a run of odd length has half a character in any case.
    """
    if name not in _PAIRED:
        return data
    common = {character.encode(name) for character in _CANDIDATES[name].common}
    frequent = _PAIRED[name]

    def weigh(pair: bytes) -> int:
        if pair in common:
            return _COMMON_WEIGHT
        return _FREQUENT_WEIGHT if pair[0] in frequent else _RARE_WEIGHT

    def repair(match: re.Match[bytes]) -> bytes:
        run = match[0]
        size = len(run)
        before_run, behind_run = data[match.start() - 1 : match.start()], data[match.end() : match.end() + 1]
        has_half = before_run.isascii() and (not behind_run or behind_run[0] in _MARKUP_BYTES)
        if size % 2 == 0 or size > _MAX_RUN or (size < _SHORT_RUN and not has_half):
            return run
        before = [0, *accumulate(weigh(run[place : place + 2]) for place in range(0, size - 1, 2))]
        behind = [0, *accumulate(weigh(run[place : place + 2]) for place in range(size - 2, 0, -2))]
        gains = [first + second for first, second in zip(before, reversed(behind), strict=True)]
        best = max(range(len(gains)), key=gains.__getitem__)
        if gains[best] < before[-1] + (1 if has_half else _MIN_GAIN):
            return run
        return run[: 2 * best] + b"?" + run[2 * best + 1 :]

    return _RUN_OF_PAIRS.sub(repair, data)


def _is_wrong(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in _WRONG_CATEGORIES


def _find_declaration(data: bytes) -> str:
    match = _DECLARATION.search(data, 0, _DECLARATION_BYTES)
    return match[1].decode("ascii") if match else ""


def _normalize_name(name: str) -> str:
    """Return Python's name for an encoding, the superset of nested sets, or "" for an unknown name.

    >>> _normalize_name("GB2312"), _normalize_name("latin1"), _normalize_name("klingon")
    ('gb18030', 'cp1252', '')
    """
    try:
        info = codecs.lookup(name.strip())
        "".encode(info.name)  # refuses codecs that are no encodings of text, such as base64
    except (LookupError, ValueError, TypeError):
        return ""
    return _LARGER_SETS.get(info.name, info.name)
