"""What holds for every text, ranker, language and budget."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer import LANGUAGES, RANKERS, Summary, extract_keywords, summarize
from summarizer.summary import MAX_CHARACTERS

PIECES = [
    *"一二大桥通车了的在县里，。！？；：“”‘’（）《》……\n\n 　",
    *"The river dam broke on Monday, Mr. Hill said. \"'()!?.-…\n",
    "本报清河3月5日讯 ", "（记者 王一）", "图为现场。", "LONDON (CNN) -- ", "其中，", "但是", "会议指出，",
    "一是", "二是", "3.5%", "以民生为导向，", "全面贯彻，", "积极探索，", "此外，", "為國家",
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
@example(text=",一", title="", language="zh", ranker="guided", sentences=None, characters=1)
def test_every_summary_keeps_the_laws(
    text: str, title: str, language: str | None, ranker: str, sentences: int | None, characters: int | None
) -> None:
    budget = {"sentences": sentences, "characters": characters}
    summary = summarize(text, title=title, language=language, ranker=ranker, **budget)
    again = summarize(text, title=title, language=language, ranker=ranker, **budget)
    assert summary == again
    obey(text, summary)
    assert len({s.number for s in summary.sentences}) <= (
        sentences or (3 if characters is None else len(text))
    )
    assert characters is None or len(summary.display) <= characters
    places = [(sentence.start, sentence.end) for sentence in summary.sentences]
    for sentence in summary.sentences:
        assert sentence.score == pytest.approx(sum(value for _, value in sentence.reasons))
        assert not set(sentence.stands_for) & set(places)


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
        st.sampled_from(["大桥今天通车了。", "县里开出首班公交车。", "两岸群众不再绕行！"]),
        min_size=1,
        max_size=9,
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


SAME = (
    "from summarizer import RANKERS, extract_keywords, summarize;"
    "text = '甲县修桥三座，通车。乙县修路，通车快。丙县种树，树苗成活。丁县修桥，也修路。戊县通车。' * 3;"
    "print([(s.start, s.end, s.score) for r in RANKERS for budget in ({'sentences': 4}, {'characters': 50})"
    " for s in summarize(text, ranker=r, **budget).sentences], extract_keywords(text),"
    " extract_keywords('Red dams. Red dams fail.'))"
)


def test_the_same_text_has_the_same_summary_under_any_hash_seed_and_thread_count() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SAME],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "OMP_NUM_THREADS": threads,
                "OPENBLAS_NUM_THREADS": threads,
            },
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for seed, threads in (("0", "1"), ("1", "2"), ("4242", "8"))
    }
    assert len(said) == 1


def test_the_dictionary_of_jieba_is_not_loaded_for_a_summary() -> None:
    program = (
        "import sys, summarizer; summarizer.summarize('桥通了。路也通了。"
        "'); assert 'jieba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=True)


HARD = {
    "no full stop": "字" * 200_000,
    "one-character sentences": "字。" * 5_000,
    "openings that never close": "“" * 20_000,
    "apostrophes": "‘a’b" * 5_000,
    "commas": "一，" * 50_000,
    "brackets": "（。" * 5_000,
    "line breaks": "\n" * 100_000,
    "right to left": "שלום עולם. " * 500,
    "emoji": "🙂" * 50_000,
    "lone surrogates": "\ud800" * 20_000,
    "NUL": "\x00" * 20_000,
    "digits": "1" * 100_000,
    "lists": "一是修桥。二是修路。" * 1_000,
    "slogans": "全面贯彻重要讲话，" * 5_000 + "。",
    "openings": "为了大家，" * 5_000 + "修桥。",
    "both scripts": "國国" * 20_000 + "。",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
def test_hard_texts_have_an_answer(text: str) -> None:
    obey(text, summarize(text))
    for characters in (100, 3_000):
        summary = summarize(text, characters=characters)
        obey(text, summary)
        assert len(summary.display) <= characters
    extract_keywords(text)


def test_a_text_over_the_limit_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=f"the limit is {MAX_CHARACTERS}"):
        summarize("字" * (MAX_CHARACTERS + 1))
