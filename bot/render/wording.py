"""The words around the stories, a row a language. A language without a row is worded in English."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """One language's words. Pairs are (one, many); {n}, {names} and the like are filled in."""

    tag: str  # for the lang attribute: tells fonts simplified from traditional
    weekdays: tuple[str, str, str, str, str, str, str]  # Monday first
    short_date: str  # {month} {month_name} {day}
    long_date: str  # {year} too
    month: str  # heading in the list of all editions
    dated: str  # {date} {weekday}
    stories: tuple[str, str]
    minutes: tuple[str, str]
    empty: str
    unread: str
    untitled: str
    other_section: str  # heading of stories without a section that follow others with one
    comma: str  # between names in a list
    more: str  # after a list, {n} that are not named
    also: str  # before the other sources of a story
    head_missing: str
    head_missing_from: str  # {page} as printed
    tail_missing: str
    tail_missing_to: str
    shortened: str
    whole: str  # link to the whole
    rest: tuple[str, str]  # stories that did not fit
    on_the_web: str
    all_editions: str
    previous: str
    unsubscribe: str
    keywords: str

    def short(self, day: date) -> str:
        return self.short_date.format(month=day.month, month_name=MONTHS[day.month - 1], day=day.day)

    def long(self, day: date) -> str:
        return self.long_date.format(year=day.year, month=day.month, month_name=MONTHS[day.month - 1], day=day.day)

    def with_weekday(self, day: date, *, year: bool = False) -> str:
        shown = self.long(day) if year else self.short(day)
        return self.dated.format(date=shown, weekday=self.weekdays[day.weekday()])

    def month_of(self, day: date) -> str:
        return self.month.format(year=day.year, month=day.month, month_name=MONTHS[day.month - 1])

    def names(self, names: Sequence[str], most: int) -> str:
        """Join names as the language does, at most `most` of them, the others counted."""
        return self.comma.join(names[:most]) + self.unnamed(len(names) - most)

    def unnamed(self, n: int) -> str:
        """Return what ends a list of which `n` are not named."""
        return self.more.format(n=n) if n > 0 else ""

    def remaining(self, n: int) -> str:
        return counted(self.rest, n)


def counted(forms: tuple[str, str], n: int) -> str:
    return forms[n != 1].format(n=n)


CHINESE = Wording(
    tag="zh-Hans",
    weekdays=("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    short_date="{month}月{day}日",
    long_date="{year}年{month}月{day}日",
    month="{year}年{month}月",
    dated="{date} {weekday}",
    stories=("{n} 篇", "{n} 篇"),
    minutes=("约 {n} 分钟读完", "约 {n} 分钟读完"),
    empty="今天没有新内容，下期再见。",
    unread="今天未能读取：{names}",
    untitled="（无题）",
    other_section="其他",
    comma="、",
    more="，另有 {n} 家",
    also="另见：",
    head_missing="上文缺",
    head_missing_from="上文缺，见{page}",
    tail_missing="下文缺",
    tail_missing_to="下文缺，转{page}",
    shortened="有删节",
    whole="看全文",
    rest=("另有 {n} 篇", "另有 {n} 篇"),
    on_the_web="网页版",
    all_editions="往期",
    previous="上一期",
    unsubscribe="退订",
    keywords="关键词：{names}",
)

TRADITIONAL_CHINESE = Wording(
    tag="zh-Hant",
    weekdays=CHINESE.weekdays,
    short_date=CHINESE.short_date,
    long_date=CHINESE.long_date,
    month=CHINESE.month,
    dated=CHINESE.dated,
    stories=CHINESE.stories,
    minutes=("約 {n} 分鐘讀完", "約 {n} 分鐘讀完"),
    empty="今天沒有新內容，下期再見。",
    unread="今天未能讀取：{names}",
    untitled="（無題）",
    other_section="其他",
    comma="、",
    more="，另有 {n} 家",
    also="另見：",
    head_missing="上文缺",
    head_missing_from="上文缺，見{page}",
    tail_missing="下文缺",
    tail_missing_to="下文缺，轉{page}",
    shortened="有刪節",
    whole="看全文",
    rest=CHINESE.rest,
    on_the_web="網頁版",
    all_editions="往期",
    previous="上一期",
    unsubscribe="退訂",
    keywords="關鍵詞：{names}",
)

ENGLISH = Wording(
    tag="en",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    short_date="{day} {month_name}",
    long_date="{day} {month_name} {year}",
    month="{month_name} {year}",
    dated="{weekday}, {date}",
    stories=("{n} story", "{n} stories"),
    minutes=("about a minute to read", "about {n} minutes to read"),
    empty="Nothing new today. Until next time.",
    unread="Could not be read today: {names}",
    untitled="(untitled)",
    other_section="Other news",
    comma=", ",
    more=" and {n} more",
    also="Also: ",
    head_missing="beginning missing",
    head_missing_from="beginning missing, from {page}",
    tail_missing="end missing",
    tail_missing_to="end missing, continued on {page}",
    shortened="shortened",
    whole="the whole story",
    rest=("{n} more story", "{n} more stories"),
    on_the_web="On the web",
    all_editions="All editions",
    previous="Previous edition",
    unsubscribe="Unsubscribe",
    keywords="Keywords: {names}",
)

WORDINGS = {"en": ENGLISH, "zh": CHINESE, "zh-hant": TRADITIONAL_CHINESE, "zh-tw": TRADITIONAL_CHINESE}


def wording(language: str) -> Wording:
    """Return the row for a BCP 47 tag: the tag itself, else its primary language, else English."""
    tag = language.lower().replace("_", "-")
    return WORDINGS.get(tag) or WORDINGS.get(tag.split("-")[0]) or ENGLISH
