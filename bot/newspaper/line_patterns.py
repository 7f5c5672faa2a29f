"""Recognize how a newspaper words its small items: datelines, bylines, signatures, captions, notes.

Each function looks at one piece of text alone.
"""

import re

_NAME = r"[\u4e00-\u9fff·]{1,5}(?: [\u4e00-\u9fff])?"
_AGENCY = r"(?:本报|本報|本台|据?新华社|新華社|据?中新社|中新網|中新网|据?央视|人民网|融媒体中心)"
_REPORT_MARK = r"(?:[讯訊](?![员員])|电|電)"
_WRITER_IN_BRACKETS = (
    r"(?:\s*[（(](?:(?:本报)?(?:全媒体|融媒体|见习|实习|特约)?(?:记者|記者|通讯员|通訊員)"
    r"|[^）)]{0,6}(?:报道|报导))[^）)]{0,60}[）)])?"
)
# "本报济南12月24日讯", "新华社北京6月30日电", "东昌府讯 ", "本報訊", with the authors' names if they follow.
_DATELINE = re.compile(
    r"^[【\[（(]?(?:"
    rf"{_AGENCY}[^。，,“”]{{0,18}}?\d{{0,2}}月?\d{{0,2}}日?(?:{_REPORT_MARK}|消息|报道|報道)"
    rf"|(?:本报|本報|本台)?[\u4e00-\u9fff]{{0,6}}\d{{1,2}}月\d{{1,2}}日{_REPORT_MARK}"
    r"|[\u4e00-\u9fff]{1,6}(?:讯|訊)(?=[】\]）) 　(（])"
    rf")[】\]）)]?{_WRITER_IN_BRACKETS}"
)
# "LINXI, Nov. 20 (Xinhua) -- ", "HARROW — "
_ENGLISH_DATELINE = re.compile(
    r"^[A-Z][A-Z .'-]{2,30}(?:, (?:[A-Z][\w.]*\s?){1,3}(?:\d{1,2})?)?\s*"
    r"(?:\((?:AP|Reuters|Xinhua|AFP|[A-Z]\w+)\)\s*)?(?:--|[-—–])\s"
)
_DUTY = r"(?:全媒体|融媒体|见习|实习|特约)?(?:记者|記者|通讯员|通訊員)"
REPORTERS = re.compile(rf"[（(]((?:本报|本報)?{_DUTY}[^）)]{{2,60}})[）)]")
_WRITERS = (
    r"(?:本报|本報|本刊|本台|新华社|新華社)?(?:全媒体|融媒体|全媒體|首席|见习|實習|实习|特约|特約|驻\S{2,6})?(?:中心)?"
    r"(?:记者|記者|通讯员|通訊員|评论员|評論員|报道组|采访组)"
)
_MARKS = "□■◎◆◇●○▲△★☆▶►"  # before an author's name; before other words they mark a list
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "应葛殷柳俞祝游翁季阮柯焦霍简饶颜倪耿车屈柏邢岳翟牛包左涂温洪颖苗解聂詹靳甘兰鲍宁骆桂蔺单舒冉盛洛喻柴蒙麦"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蘇魏呂盧鍾陸賈鄒龍陶賀顧龔邵萬錢嚴"
)
_MARKED_AUTHOR = rf"(?:[{_MARKS}] ?[{_SURNAMES}] ?[\u4e00-\u9fff]{{1,2}}|[□◎] ?[\u4e00-\u9fff]{{2,4}})"
_WORK_DONE = r"(?:[\s/／]*(?:文/?图|文|摄影报道|報道|报道|采访整理|整理))?"
_BYLINE = re.compile(
    rf"^(?:(?:{_WRITERS}|文|撰文|作者)\s*[：:／/]?\s*{_NAME}|{_MARKED_AUTHOR})(?:[\s、，,]+{_NAME}){{0,6}}"
    rf"(?:\s+{_WRITERS}\s*{_NAME}(?:[\s、]+{_NAME}){{0,4}})*"
    rf"{_WORK_DONE}$"
)
_ENGLISH_BYLINE = re.compile(
    r"^(?:By|BY|Story by|Text by|Words:?) [A-Z][\w.'-]+(?: (?:and |& )?[A-Z][\w.'-]+){0,6}(?:, .{3,40})?$"
)
ROLE = re.compile(  # below a byline: Courier staff writer
    r"^(?:[A-Z][\w.]* ){0,3}(?:staff|special|senior|contributing) (?:writer|reporter|correspondent)s?$",
    re.IGNORECASE,
)
_SOURCES = (
    r"(?:融媒体|融媒體|全媒体|记者|記者|通讯员|通訊員|作者|撰稿|执笔|供稿|来源|來源|摘编|摘自|据|綜合|综合|文/|图/|单位"
    r"|本报|本報|新华社|新華社|见习|社区|中心|译|原载|编译|责编|整理)"
)
_SIGNATURE = re.compile(
    rf"^[（(【](?:.{{0,16}}{_SOURCES}.{{0,120}}|[\u4e00-\u9fff]{{2,4}}(?:[ "
    rf"、][\u4e00-\u9fff]{{1,4}}){{0,4}})[）)】]$"
)
# 高晓东（县医院感染科副主任）: the author or speaker, below a text
_NAME_WITH_ROLE = re.compile(rf"^[{_SURNAMES}] ?[\u4e00-\u9fff]{{1,2}} ?[（(][^（）()。]{{3,80}}[）)]$")
_ENGLISH_SOURCES = (
    r"(?:Reporting by|Reported by|With reporting|Additional reporting|Source|Compiled|By|Photos? by|Staff"
    r"|The writer|The author)"
)
_ENGLISH_SIGNATURE = re.compile(
    rf"^(?:[(\[]{_ENGLISH_SOURCES}\b.{{2,120}}[)\]]|[—–-]+ ?[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){{0,4}})$"
)
# A signature inside the paragraph that it ends: ……照常开放。（记者 何雨桐）
_SIGNED_INSIDE = re.compile(
    r"(?:。[”’」』]?|[！？!?…][”’」』]|[a-z]\.)\s*([（(](?:"
    rf"(?:本报|本報|新华社|新華社)?(?:{_DUTY}|融媒体|融媒體|全媒体|全媒體|作者|撰稿|文/图|来源：|來源：)(?!手记|来信|调查)[^（）()。]{{2,60}}"
    rf"|[{_SURNAMES}] ?[\u4e00-\u9fff]{{1,2}}(?:[ 、，]+[{_SURNAMES}] ?[\u4e00-\u9fff]{{1,2}}){{0,4}}"
    r")[）)])$"
)
# The same without brackets: ……六个区。本报记者 左一宁
_FULL_NAME = rf"[{_SURNAMES}] ?[\u4e00-\u9fff]{{1,2}}"
_SIGNED_OPENLY = re.compile(
    rf"(?:[。！？!?…][”’」』]?|[a-z]\.)\s*((?:"
    rf"{_WRITERS}[：:\s]\s*[\u4e00-\u9fff·]{{2,4}}|(?:本报|本報|本刊|首席|见习|实习){_WRITERS}{_FULL_NAME}"
    rf"|(?:文|撰文)[／/：:] ?{_FULL_NAME})"
    rf"(?:[\s、，,]+(?:{_WRITERS}\s*)?{_NAME}){{0,6}}(?:{_WORK_DONE}|[\s/／]*(?:摄影|摄))"
    rf"|(?<=[。！？]) ?{_FULL_NAME}(?<![摄攝]))$"
)
_WRITER = re.compile(
    "记者|記者|通讯员|通訊員|评论员|報道组|报道组|采访组|文[／/：:]"
)  # what most open ones hold
_SHORT_NAME_AFTER_STOP = re.compile(r"[。！？] ?[\u4e00-\u9fff ]{2,3}$")
_LONGEST_SIGNATURE = 80  # characters
_CAPTION = re.compile(
    r"^(?:[（(]?(?:图为|圖為|图①|图一|上图|下图|左图|右图|圖①|[▲▼◀▶△▽←→↑↓①②③])"
    r"|(?:Photo|Pictured|Above|Below|Left|Right):? )"
)
_CREDIT = re.compile(
    r"(?:^(?:本版|本文|本组|以上)?(?:图片|照片|摄影|供图|配图|插图|题图|图)[^。，]{0,12}提供"
    r"|摄|攝|摄影报道|摄影|供图|供圖|图片来源.{0,12})(?:[（(][^）)]{2,14}[）)])?[）)]?$"
)
_LONGEST_CREDIT = 40  # characters
_ENGLISH_CREDIT = re.compile(r"\b(?:Photo|PHOTO|Photograph|Picture)s?(?: by|:| courtesy)\b.{2,60}$")
_NOTE = re.compile(
    r"^[【\[（(■□◆●▲]*(?:编者按|編者按|编者的话|编后|編後|开栏|開欄|核心阅读|内容提要|阅读提示|核心提示|人物小传|新闻背景|链接"
    r"|延伸阅读|记者手记|相关链接|Editor's note|Editors' note)"
    r"|^[—–-]{1,2}\s*(?:编\s*者|編\s*者|The Editors?|Ed\.)$"
    r"|^(?:数据来源|數據來源|资料来源|版式设计|版式設計|制图|製圖|制表|漫画|本期统筹|统筹|策划|邮箱|传真|栏目投稿|本版邮箱"
    r"|Source:|Graphic:)",
    re.IGNORECASE,
)
_BARE_NAME = re.compile(
    rf"^(?:[\u4e00-\u9fff]{{2,12}}[省市县縣区區州盟旗乡鄉镇鎮村] )?[{_SURNAMES}] ?[\u4e00-\u9fff]{{1,2}}$"
)
AUTHOR = re.compile(r"^[（(].{0,4}(?:作者|执笔|執筆|摘编|摘自|原载|编译|记者|記者|新华社|本报).{2,}[）)]$")
LIST_MARK = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|\d{1,2}[、.．)] ?(?!\d)|[■□◆◇●○▲△★☆※•①-⑳❶-❿]"
    r"|第[一二三四五六七八九十]{1,3}[，,、])"
)
SPEAKER = re.compile(r"^(?:问|答|問|记者|記者|主持人|[\u4e00-\u9fff]{2,4})[：:]|^(?:Q|A)[.:] ")
LOCAL = re.compile(r"[我全本](?:[县縣市区區省国國乡鄉镇鎮村州旗校院])")
DATED = re.compile(r"\d{1,2}(?:月\d{1,2})?日")

# How headings are worded.
TAG = re.compile(r"[（(][^（）()]{2,16}[）)]$")  # a column's name: （办实事 解民忧）
PARALLEL = re.compile(r"^[^\s。]{3,14} [^\s。]{3,14}(?: [^\s。]{3,14})?$")  # 强基础 补短板
ATTENDED = re.compile(
    r"(?:出席|讲话|講話|致辞|致辭|主持|参加|參加|陪同|宣布|祝贺|祝賀|见证|发言|批示)[\u4e00-\u9fff]{0,4}$"
)
EVENT = re.compile(
    r"(?:召开|召開|举行|舉行|开幕|開幕|闭幕|閉幕|启动|啟動|启用|啟用|开工|開工|竣工|投用|通车|通車|揭牌|成立|发布|發布|落成"
    r"|开放|開放|上线|出台|实施|完成|落户|亮相|突破)$"
)
SPOKEN = re.compile(r"(?:强调|強調|指出|要求|指示|表示|时说|認為|认为|透露)[\u4e00-\u9fff]{0,2}[——:：]*$")
FORM = re.compile(
    r"^(?:图片(?:报道|新闻|故事)|圖片新聞|简讯|簡訊|短讯|快讯|要闻简报|新闻速递|公告|通告|启事|啟事|声明|聲明|讣告|更正|征集"
    r"|征稿启事|导读|广告|天气预报"
    r"|.{4,40}(?:声明|聲明|公报|公報|公告|通知|意见|决定|名单|的讲话|的致辞|启事))$"
)

# How paragraphs begin: the first of a news item, and one that quotes a person already named.
OPENING = re.compile(
    r"^.{0,12}(?:近日|日前|今天|昨天|\d{1,2}月\d{1,2}日|\d{1,2}日，|记者从|据|今年以来|近年来|本报讯|最近|走进|清晨|眼下"
    r"|前不久|如何|当前)"
)
SINCE = re.compile(r"^[\u4e00-\u9fff]{1,4}以[来來]，")  # no torn part begins this way
SAYS = re.compile(r"^(?:“|[\u4e00-\u9fff]{2,3}(?:说|表示|认为|介绍|告诉|坦言))")


def match_dateline(text: str) -> str:
    """Return the dateline that opens `text`, without trailing white space; "" when there is none."""
    dateline = _DATELINE.match(text) or _ENGLISH_DATELINE.match(text)
    return dateline.group().strip() if dateline and not match_byline(text) else ""


def match_byline(text: str) -> str:
    """Return `text` when it holds nothing but its authors' names ("本报记者 张三"); "" when it does not."""
    return text if len(text) <= 60 and (_BYLINE.match(text) or _ENGLISH_BYLINE.match(text)) else ""


def match_signature(text: str) -> str:
    """Return the names or source of a signature line ("(融媒体 张三)" → "融媒体 张三"), else ""."""
    if len(text) > 140:
        return ""
    if _SIGNATURE.match(text) or _ENGLISH_SIGNATURE.match(text) or ROLE.match(text):
        return text.strip("（()）【】[] ")
    return text if _NAME_WITH_ROLE.match(text) else match_byline(text)


def find_inline_signature(text: str) -> int:
    """Return where the signature begins that follows a paragraph's last sentence; -1 when there is none.

    >>> find_inline_signature("节假日照常开放。（记者 何雨桐）")
    8
    >>> find_inline_signature("水从哪里来？（记者手记）")
    -1
    """
    start = max(1, len(text) - _LONGEST_SIGNATURE)
    if text[-1:] in "）)":
        signature = _SIGNED_INSIDE.search(text, start)
    elif _WRITER.search(text, start) or _SHORT_NAME_AFTER_STOP.search(text[-6:]):
        signature = _SIGNED_OPENLY.search(text, start)
    else:
        signature = None
    return signature.start(1) if signature else -1


def is_bare_name(text: str) -> bool:
    """Return whether `text` is only a person's name, possibly with a place before it ("江苏南京市 田 心")."""
    return len(text) <= 20 and bool(_BARE_NAME.match(text))


def is_caption(text: str) -> bool:
    if len(text) > 160:
        return False
    return bool(
        _CAPTION.match(text) or _CREDIT.search(text[-_LONGEST_CREDIT:]) or _ENGLISH_CREDIT.search(text)
    )


def is_note(text: str) -> bool:
    return bool(_NOTE.match(text))
