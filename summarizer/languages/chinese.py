"""Chinese, simplified and traditional."""

import re

from summarizer.languages.chinese_rules import CHINESE_RULES
from summarizer.languages.english import ABBREVIATIONS
from summarizer.languages.language import Language, WordSign, build_sign, compile_alternatives

_DAY = r"(?=\d)(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日"
_REPORTER = (
    r"(?:\s*[（(](?:[^（）()]{0,6}(?:记者|記者|通讯员|通訊員|融媒体|融媒體|作者)|文/)[^（）()]{0,60}[）)])"
)
_NAME = r"[^\s，。：；！？、“”（）()《》]"
DATELINE = re.compile(
    rf"""
    (?:据|據)?(?:
        # 本报济南12月24日讯   新华社北京1月3日电（记者 …）
        {_NAME}{{0,20}}?{_DAY}\s?(?:电|電|讯|訊|消息)(?:{_REPORTER}|\s*[：:]|[^\S\n]+|(?=[“《]))
        # 东昌府讯   本报讯（记者 …）
      | {_NAME}{{1,10}}(?:讯|訊|电|電)(?:{_REPORTER}|[^\S\n]+|\s*[：:])
        # 央视网消息：
      | {_NAME}{{2,8}}[网網社报報](?:{_DAY})?(?:消息|报道|報道)\s*(?:[（(][^（）()]{{2,8}}[）)])?
        \s*[：:，]?{_REPORTER}?\s*[：:，]?
        # （新闻联播）：
      | [（(][^（）()]{{2,8}}[）)]\s*[：:]
        # 本报记者 … 报道：
      | (?:本报|本報|本刊|本台){_NAME}{{0,8}}(?:记者|記者)[^，。：；！？“”]{{1,24}}(?:报道|報道)\s*[：:]?
    )[^\S\n]*{_REPORTER}?[^\S\n]*[：:]?[^\S\n]*
    """,
    re.VERBOSE,
)
CAPTION = re.compile(
    r"[图圖](?:[为為]|[①-⑳一二三四五六七八九十\d]{1,2}\s*[：:为為，、])|[上下左右题題本][图圖](?:[：:为為，]|$)"
)
_ROLE = (
    "记者|記者|通讯员|通訊員|融媒体|融媒體|作者|责编|責編|责任编辑|版式设计|编辑|編輯|来源|來源|供稿|摄影"
    "|審核|审核|校对"
)
SIGNATURE = re.compile(
    r"(?=[^。！？]*\Z)"  # a fast check that is true for all alternatives below
    rf"(?:(?:本报|本報)?(?:实习|特约|見習|见习)?(?:{_ROLE})[^。！？，]{{0,40}}"
    r"|[^。！？]{0,60}(?:摄|攝|供图|供圖|制图|製圖|影像中国|人民视觉|新华社发|资料图片|资料照片)[）)]?)"
)
_ATTRIBUTION = re.compile(
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
    abbreviations=ABBREVIATIONS,  # Chinese texts contain English names
    usual_length=47,
    dateline=DATELINE,
    caption=CAPTION,
    signature=SIGNATURE,
    attribution=_ATTRIBUTION,
    reported=build_sign(
        "指出 强调 強調 表示 认为 認為 介绍 介紹 坦言 回忆 回憶 告诉记者 告訴記者 感慨 说 說", then="[，：。]"
    ),
    spoken=WordSign(
        pattern=re.compile(r"我(?!国|國|省|市|县|縣|区|區|军|軍|党|黨|校|院|州|镇|鎮)|你|咱|您"),
        heads=frozenset("我你咱您"),
    ),
    scene=re.compile(
        r"[^今\d，。]{0,12}+(?=[今\d])(?:今年|今天|今日|\d{4}年|(?:\d{4}年)?(?:\d+月)?\d+日)(?:[（(][^（）()]*[）)])?，"
        r"?(?:是|适逢|適逢|恰逢)"
        r"|(?=[清早晨傍黄黃夜入午夏盛初仲炎金深隆寒暮走来來步漫站推眼时時])(?:清晨|早晨|晨光|傍晚|黄昏|黃昏|夜幕|入夜|午后|午後|夏日|盛夏|初夏|仲夏|炎炎|金秋|深秋|"
        r"初秋|初冬|隆冬|寒冬|初春|暮春"
        r"|走进|走進|来到|來到|步入|漫步|站在|推开|推開|眼下|时下|時下)"
    ),
    slogan=build_sign(
        "为指导 為指導 全面贯彻 全面貫徹 深入贯彻 深入貫徹 认真贯彻 認真貫徹 "
        "学习贯彻 學習貫徹 坚决贯彻 堅決貫徹"
        " 重要讲话 重要指示 重要论述 重要思想 二十大精神 高举 高舉 伟大旗帜 伟大复兴 总书记"
    ),
    hollow=build_sign(
        "积极探索 積極探索 新路子 长效机制 長效機制 有力推进 有力推進 有力推动 有力推動 健康有序 新篇章"
        " 新台阶 新局面 站位 迎难而上 迎難而上 众志成城 眾志成城 凝心聚力 统一思想 統一思想 坚定信心 堅定信心"
        " 抓好落实 抓好落實 压实责任 壓實責任 强化责任 责任担当 責任擔當 闻令而动 奋力谱写 奮力譜寫 坚强保障"
        " 堅強保障 坚实基础 堅實基礎 有力保障 不折不扣 真抓实干 真抓實幹 久久为功 久久為功 扎实推进 扎實推進"
        " 深入推进 深入推進 全力以赴 充满信心 充滿信心 铜墙铁壁 政治任务 政治任務 精准发力 精準發力 靶向施策"
        " 再接再厉 更大力度 更实举措 动人篇章 動人篇章 如火如荼"
    ),
    list_head=compile_alternatives(
        r"[一二三四五六七八九十]是|第[一二三四五六七八九十][，、]"
        r"|[一二三四五六七八九十]{1,2}[、）)]|[（(][一二三四五六七八九十]{1,2}[、）)]"
    ),
    clause_end=re.compile(r"[，；：,;]"),
    looking_back=compile_alternatives(
        r"但|而(?!且)|却|卻|此外|另外|同时|同時|与此同时|與此同時|其中|其(?!他|实|實)|这|這|此[次举舉后後时時]|该|該|对此|對此|为此|為此|因此|因而|所以|于是|於是"
        r"|然而|不过|不過|随即|隨即|随后|隨後|接着|接著|他|她|它|据此|據此|同日|当天|當天|不仅如此|不僅如此"
    ),
    rules=CHINESE_RULES,
)
