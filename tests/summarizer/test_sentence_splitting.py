"""Text and its sentences lie side by side; a kind other than SENTENCE stands before it."""

import pytest

from summarizer.languages import get_language
from summarizer.sentence_splitting import SpanKind, split_sentences


def cut(text: str, language: str, **known: object) -> list[str]:
    """Return the spans as texts, each with its kind in front unless it is a sentence."""
    found = split_sentences(text, get_language(language), **known)  # type: ignore[arg-type]
    return [
        ("" if span.kind is SpanKind.SENTENCE else f"{span.kind}: ") + text[span.start : span.end]
        for span in found
    ]


CHINESE = [
    ("雨停了。路通了！人呢？", ["雨停了。", "路通了！", "人呢？"]),
    ("水位降到3.5米，超警0.2米。5G基站恢复。", ["水位降到3.5米，超警0.2米。", "5G基站恢复。"]),
    ("“水退了。”老周说。大家松了口气。", ["“水退了。”老周说。", "大家松了口气。"]),
    ("老周说：“水退了。路也通了。”大家松了口气。", ["老周说：“水退了。路也通了。”", "大家松了口气。"]),
    ("「水退了。」村長說。大家鬆了口氣。", ["「水退了。」村長說。", "大家鬆了口氣。"]),
    ("他读完《河与桥。上》才走。", ["他读完《河与桥。上》才走。"]),
    ("（据初步统计。）损失不大。", ["（据初步统计。）损失不大。"]),
    ("一是修路；二是架桥；三是通水。下月开工。", ["一是修路；二是架桥；三是通水。", "下月开工。"]),
    ("他想说的很多……最后只点了点头。", ["他想说的很多……", "最后只点了点头。"]),
    ("桃、李、杏……等果树都开了花。", ["桃、李、杏……等果树都开了花。"]),
    (
        "春有桃花，夏有荷叶、莲蓬……湖边四季有景。游人不断。",
        ["春有桃花，夏有荷叶、莲蓬……湖边四季有景。", "游人不断。"],
    ),
    ("“带上毛巾、水壶……”他边走边说。", ["“带上毛巾、水壶……”他边走边说。"]),
    ("真的？！当然。", ["真的？！", "当然。"]),
    ("他用 Python 3.11 写的。Dr. Wang 看过。", ["他用 Python 3.11 写的。", "Dr. Wang 看过。"]),
    ("半角也行!真的?是的.好", ["半角也行!", "真的?", "是的.", "torn: 好"]),
    ("“引号没有合上。后面还有话。", ["“引号没有合上。", "后面还有话。"]),
    ("雨停了。\n\n　　路通了。", ["雨停了。", "路通了。"]),
    ("", []),
    (" \n　\n", []),
]
ENGLISH = [
    (
        "The rain stopped. The road is open! Who came?",
        ["The rain stopped.", "The road is open!", "Who came?"],
    ),
    ("Mr. Hill paid $3.5 million to U.S. firms.", ["Mr. Hill paid $3.5 million to U.S. firms."]),
    ("He lives in the U.S. The river is near.", ["He lives in the U.S.", "The river is near."]),
    ('"It is over. Go home," she said. They went.', ['"It is over. Go home," she said.', "They went."]),
    ('"It is over." She left.', ['"It is over."', "She left."]),
    ("“It’s over,” he said. “Don’t stay. Go.”", ["“It’s over,” he said.", "“Don’t stay. Go.”"]),
    (
        "It grew by 7 p.m. and then fell... Nobody knew.",
        ["It grew by 7 p.m. and then fell...", "Nobody knew."],
    ),
    ("He left.She stayed.", ["He left.", "She stayed."]),
    ("Visit example.org today. J. Smith did.", ["Visit example.org today.", "J. Smith did."]),
]
# What no rule of one language tells: ordinals with a point, abbreviations, quotation marks, initials.
ELSEWHERE = [
    (
        "de",
        "Die Brücke öffnet am 3. Mai. Sie kostet ca. 5 Mio. Euro.",
        ["Die Brücke öffnet am 3. Mai.", "Sie kostet ca. 5 Mio. Euro."],
    ),
    (
        "de",
        "„Wir sind fertig. Das Wasser kann kommen“, sagte er. Dann ging er.",
        ["„Wir sind fertig. Das Wasser kann kommen“, sagte er.", "Dann ging er."],
    ),
    ("de", "„Das reicht uns nicht.“ Der Rat stimmte ab.", ["„Das reicht uns nicht.“", "Der Rat stimmte ab."]),
    (
        "fr",
        "M. Dupont a ouvert le pont. Mme Roux l’a suivi.",
        ["M. Dupont a ouvert le pont.", "Mme Roux l’a suivi."],
    ),
    (
        "fr",
        "« C’est fini. Rentrez chez vous », dit-elle. Ils partirent.",
        ["« C’est fini. Rentrez chez vous », dit-elle.", "Ils partirent."],
    ),
    (
        "es",
        "El Sr. Gómez llegó a las 7 p.m. a la reunión. ¿Quién vino? Nadie.",
        ["El Sr. Gómez llegó a las 7 p.m. a la reunión.", "¿Quién vino?", "Nadie."],
    ),
    (
        "ru",
        "Мост построил А. С. Иванов в 1932 г. по заказу города. Он цел.",
        ["Мост построил А. С. Иванов в 1932 г. по заказу города.", "Он цел."],
    ),
    (
        "vi",
        "Công ty ở TP. Đà Lạt mở cửa. Giá là 1.200 đồng.",
        ["Công ty ở TP. Đà Lạt mở cửa.", "Giá là 1.200 đồng."],
    ),
    ("it", "Il sig. Rossi arriva. Ha detto… poi tace.", ["Il sig. Rossi arriva.", "Ha detto… poi tace."]),
    ("", "Aŭtobuso haltis. Ĉu vi venis?", ["Aŭtobuso haltis.", "Ĉu vi venis?"]),
    (
        "de",
        "Ein Zeichen \ud800 ging verloren. Das zweite kam an.",
        ["Ein Zeichen \ud800 ging verloren.", "Das zweite kam an."],
    ),
]
OTHERS = [
    ("ja", "雨がやんだ。「道は通れるか。」と彼は聞いた。皆が帰った。", 3),
    ("ko", "비가 그쳤다. 길이 열렸다! 누가 왔나?", 3),
    ("vi", "Mưa đã tạnh. Đường đã thông. Ai đến?", 3),
    ("ru", "Дождь кончился. Дорога открыта.", 2),
]


@pytest.mark.parametrize(("text", "expected"), CHINESE)
def test_chinese_text_is_cut_at_its_ends_and_nowhere_else(text: str, expected: list[str]) -> None:
    assert cut(text, "zh") == expected


@pytest.mark.parametrize(("language", "text", "expected"), ELSEWHERE)
def test_other_languages_are_cut_by_a_library_that_knows_them(
    language: str, text: str, expected: list[str]
) -> None:
    assert cut(text, language) == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english_text_is_cut_at_its_ends_and_nowhere_else(text: str, expected: list[str]) -> None:
    assert cut(text, "en") == expected


@pytest.mark.parametrize(("language", "text", "count"), OTHERS)
def test_other_languages_are_cut_rightly(language: str, text: str, count: int) -> None:
    assert len(cut(text, language)) == count


DATELINES = [
    ("zh", "本报清河3月5日讯 大桥通车。", "大桥通车。"),
    ("zh", "清河县讯 大桥通车。", "大桥通车。"),
    ("zh", "新华社清河3月5日电（记者 王一 李二）大桥通车。", "大桥通车。"),
    ("zh", "本报讯（记者 王一）大桥通车。", "大桥通车。"),
    ("zh", "本報訊　大橋通車。", "大橋通車。"),
    ("zh", "央视网消息：大桥通车。", "大桥通车。"),
    ("zh", "央视网消息（新闻联播）：大桥通车。", "大桥通车。"),
    ("zh", "（新闻联播）：大桥通车。", "大桥通车。"),
    ("zh", "本报清河3月5日电\xa0\xa0大桥通车。", "大桥通车。"),
    ("zh", "本报清河3月5日电\u2003（记者 王一）\u2003大桥通车。", "大桥通车。"),
    ("en", "LONDON, May 3 (Xinhua) -- The bridge opened.", "The bridge opened."),
    ("en", "(CNN)The bridge opened.", "The bridge opened."),
    ("en", "Hong Kong (CNN) The bridge opened.", "The bridge opened."),
    ("en", "PARIS — The bridge opened.", "The bridge opened."),
]


@pytest.mark.parametrize(("language", "text", "rest"), DATELINES)
def test_a_sentence_begins_after_the_dateline(language: str, text: str, rest: str) -> None:
    assert cut(text, language) == [rest]


@pytest.mark.parametrize("text", ["喜讯传来，大桥通车。", "记者从会上获悉，大桥通车。", "3月5日，大桥通车。"])
def test_what_only_looks_like_a_dateline_stays(text: str) -> None:
    assert cut(text, "zh") == [text]


def test_signature_caption_and_heading_are_told_from_sentences() -> None:
    text = "大桥通车。\n修桥为民\n图为通车现场。\n记者看到，车流如织。\n（融媒体 王一 通讯员 李二）"
    assert cut(text, "zh") == [
        "大桥通车。",
        "heading: 修桥为民",
        "caption: 图为通车现场。",
        "记者看到，车流如织。",
        "signature: （融媒体 王一 通讯员 李二）",
    ]


def test_a_caption_in_a_paragraph_of_sentences_is_told_too() -> None:
    assert cut("大桥今天通车。图为通车现场。", "zh") == ["大桥今天通车。", "caption: 图为通车现场。"]
    assert cut("村民过河\n王一 李二摄\n大桥通车。", "zh")[1] == "signature: 王一 李二摄"


def test_a_signature_behind_the_last_sentence_stands_alone() -> None:
    assert cut("大桥通车。（记者 王一）", "zh") == ["大桥通车。", "signature: （记者 王一）"]


def test_torn_sentences_are_told_by_the_article_and_by_the_text() -> None:
    assert cut("年度计划的九成。桥通了。", "zh", cut_head=True) == ["torn: 年度计划的九成。", "桥通了。"]
    assert cut("，完成九成。桥通了。", "zh") == ["torn: ，完成九成。", "桥通了。"]
    assert cut("rest of it. The bridge opened.", "en") == ["torn: rest of it.", "The bridge opened."]
    assert cut("桥通了。明年将继续推进城乡", "zh") == ["桥通了。", "torn: 明年将继续推进城乡"]


def test_a_sentence_torn_over_two_paragraphs_is_torn_on_both_sides() -> None:
    text = "桥通了。大家沿着新修的路走到河边看那座新\n桥。人很多。"
    assert cut(text, "zh") == ["桥通了。", "torn: 大家沿着新修的路走到河边看那座新", "torn: 桥。", "人很多。"]


def test_the_article_may_name_its_subheadings() -> None:
    assert cut("大桥通车。\n修桥为民！\n车流如织。", "zh", subheadings=(1,))[1] == "heading: 修桥为民！"


def test_paragraphs_are_counted_with_blank_ones() -> None:
    found = split_sentences("甲。\n\n乙。", get_language("zh"))
    assert [span.paragraph for span in found] == [0, 2]
