"""Chinese, simplified and traditional."""

import re

from summarizer.languages.english import ABBREVIATIONS
from summarizer.languages.language import Language

_DAY = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日"
_REPORTER = r"(?:\s*[（(](?:[^（）()]{0,6}(?:记者|記者|通讯员|通訊員|融媒体|融媒體|作者)|文/)[^（）()]{0,60}[）)])"
_NAME = r"[^\s，。：；！？、“”（）()《》]"
DATELINE = re.compile(
    rf"""
    (?:据|據)?(?:
        # 本报济南12月24日讯   新华社北京1月3日电（记者 …）
        {_NAME}{{0,20}}?{_DAY}\s?(?:电|電|讯|訊|消息)(?:{_REPORTER}|\s*[：:]|[ \t\u3000]+|(?=[“《]))
        # 东昌府讯   本报讯（记者 …）
      | {_NAME}{{1,10}}(?:讯|訊|电|電)(?:{_REPORTER}|[ \t\u3000]+|\s*[：:])
        # 央视网消息：
      | {_NAME}{{2,8}}(?:网|網|社|报|報)(?:{_DAY})?(?:消息|报道|報道)\s*[：:，]?{_REPORTER}?\s*[：:，]?
        # 本报记者 … 报道：
      | (?:本报|本報|本刊|本台){_NAME}{{0,8}}(?:记者|記者)[^，。：；！？“”]{{1,24}}(?:报道|報道)\s*[：:]?
    )[ \t\u3000]*{_REPORTER}?[ \t\u3000]*[：:]?[ \t\u3000]*
    """,
    re.VERBOSE,
)
CAPTION = re.compile(
    r"(?:图|圖)(?:为|為|[①-⑳一二三四五六七八九十\d]{1,2}\s*[：:为為，、])|[上下左右题題本](?:图|圖)(?:[：:为為，]|$)"
    r"|[^。！？]{0,60}(?:摄|攝|供图|供圖|制图|製圖|影像中国|人民视觉|新华社发|资料图片|资料照片)[）)]?\s*$"
)
SIGNATURE = re.compile(
    r"(?:本报|本報|本刊)?(?:实习|特约|見習|见习)?(?:记者|記者|通讯员|通訊員|融媒体|融媒體|作者|责编|責編|责任编辑|版式设计|编辑|編輯|来源|來源|供稿|摄影|審核|审核|校对)"
    r"[^。！？，]{0,40}"
)
ATTRIBUTION = re.compile(
    r"[^，。！？：；“”\n]{0,28}?"
    r"(?:说|說|道|表示|介绍|介紹|认为|認為|指出|强调|強調|称|稱|坦言|回忆|回憶|解释|解釋|告诉|告訴|笑着|感慨|感叹|透露|补充|問|问|写道|呼吁)"
    r"[^，。！？：；“”\n]{0,8}[。，；]"
)
CHINESE = Language(
    tag="zh",
    units="pairs",
    joiner="",
    stop=frozenset(
        "的了在是和与與及或也都就而着著之于於把被对對从從为為以"
    ),  # particles and prepositions of one character
    abbreviations=ABBREVIATIONS,  # English names stand in Chinese texts
    usual_length=47,
    dateline=DATELINE,
    caption=CAPTION,
    signature=SIGNATURE,
    attribution=ATTRIBUTION,
    reported=re.compile(
        r"\A[^。]{0,26}?(?:指出|强调|強調|表示|认为|認為|介绍|介紹|坦言|回忆|回憶|告诉记者|告訴記者|感慨|[^学學小传傳听聽]说|說)[，：。]"
    ),
    spoken=re.compile(r"我(?!国|國|省|市|县|縣|区|區|军|軍|党|黨|校|院|州|镇|鎮)|你|咱|您"),
    leaning=re.compile(
        r"但|而|却|卻|并|並|且|也|还|還|又|则|則|就|才|因此|因而|所以|于是|於是|然而|不过|不過|同时|同時|此外|另外"
        r"|其中|其|这|這|那|此|该|該|他|她|它|从而|從而|进而|進而|以及|以便|以免|尤其|特别是|特別是|甚至|否则|否則|即|对此|對此|为此|為此|与此同时|與此同時"
    ),
)
