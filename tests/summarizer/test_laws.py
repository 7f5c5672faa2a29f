"""What holds for every text, ranker, language and budget."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import LANGUAGES, RANKERS, Summary, summarize

PIECES = [
    *"一二大桥通车了的在县里，。！？；：“”‘’（）《》……\n\n 　",
    *"The river dam broke on Monday, Mr. Hill said. \"'()!?.-…\n",
    "本报清河3月5日讯 ", "（记者 王一）", "图为现场。", "LONDON (CNN) -- ", "其中，", "但是", "会议指出，",
    "一是", "二是", "3.5%",
    "\x00", "\ud800", "🙂", "שלום", "한국어는 ", "かな", "\u2028", "\r",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=120).map("".join) | st.text(max_size=200)
LANGUAGE = st.sampled_from([*LANGUAGES, "vi", None])


@settings(max_examples=400, deadline=None)
@given(
    text=TEXTS,
    title=st.text(max_size=12) | st.sampled_from(["大桥通车", "The dam broke"]),
    language=LANGUAGE,
    ranker=st.sampled_from(list(RANKERS)),
    sentences=st.none() | st.integers(1, 6),
    characters=st.none() | st.integers(1, 120),
)
def test_every_summary_keeps_the_laws(
    text: str, title: str, language: str | None, ranker: str, sentences: int | None, characters: int | None
) -> None:
    budget = {"sentences": sentences, "characters": characters}
    summary = summarize(text, title=title, language=language, ranker=ranker, **budget)
    again = summarize(text, title=title, language=language, ranker=ranker, **budget)
    assert summary == again
    obey(text, summary)
    assert len({s.number for s in summary.sentences}) <= (sentences or (3 if characters is None else len(text)))
    assert characters is None or len(summary.display) <= characters


def obey(text: str, summary: Summary) -> None:
    end = 0
    for sentence in summary.sentences:
        assert sentence.text == text[sentence.start : sentence.end]
        assert sentence.text
        assert sentence.start >= end
        assert "\n" not in sentence.text
        end = sentence.end


@given(
    body=st.lists(
        st.sampled_from(["大桥今天通车了。", "县里开出首班公交车。", "两岸群众不再绕行！"]), min_size=1, max_size=9
    ),
    ranker=st.sampled_from(list(RANKERS)),
    count=st.integers(1, 9),
)
def test_furniture_is_never_quoted(body: list[str], ranker: str, count: int) -> None:
    middle = len(body) // 2
    text = (
        "\n".join(
            [
                "本报清河3月5日讯 " + body[0],
                *body[1:middle],
                "桥头新貌",
                "图为大桥。",
                *body[middle:],
                "今后将继续推进这座跨河大桥两岸",
            ]
        )
        + "\n（融媒体 王一）"
    )
    for sentence in summarize(text, ranker=ranker, sentences=count).sentences:
        assert re.fullmatch("大桥今天通车了。|县里开出首班公交车。|两岸群众不再绕行！", sentence.text)
