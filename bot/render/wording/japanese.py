"""Japanese."""

from bot.render.wording.row import Wording

JAPANESE = Wording(
    tag="ja",
    weekdays=("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"),
    months=(),
    short_date="{month}月{day}日",
    long_date="{year}年{month}月{day}日",
    month="{year}年{month}月",
    dated="{date} {weekday}",
    stories=("{n}本", "{n}本"),
    minutes=("約{n}分で読めます", "約{n}分で読めます"),
    empty="今日は新しい記事がありません。また次号で。",
    unread="今日読み込めなかった媒体：{names}",
    untitled="（無題）",
    other_section="その他",
    comma="、",
    more="、ほか{n}件",
    also="関連：",
    head_missing="前部欠落",
    head_missing_from="前部欠落、{page}から",
    tail_missing="後部欠落",
    tail_missing_to="後部欠落、{page}へ続く",
    shortened="一部省略",
    whole="全文を読む",
    rest=("ほか{n}本", "ほか{n}本"),
    on_the_web="ウェブ版",
    all_editions="バックナンバー",
    previous="前号",
    unsubscribe="配信停止",
    keywords="キーワード：{names}",
)
