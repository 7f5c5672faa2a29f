import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from summarizer import summarize
from summarizer.scripts import SIMPLIFIED, TRADITIONAL, _load_simplified_forms, fold_scripts

BODY = "全县召开了工作会议。清河大桥建成通车，两岸群众过河不再绕行。各部门作了发言。市场里来了不少人。"


def test_a_traditional_title_finds_its_sentence_in_a_simplified_text() -> None:
    same = summarize(BODY, title="清河大桥建成通车", language="zh", sentences=1)
    assert summarize(BODY, title="清河大橋建成通車", language="zh", sentences=1).sentences == same.sentences
    assert same.display.startswith("清河大桥")


def test_a_sentence_told_in_both_scripts_is_told_once() -> None:
    text = (
        "清河大桥建成通车，两岸群众过河不再绕行。清河大橋建成通車，兩岸群眾過河不再繞行。"
        "县里开出首班公交车，票价两元，半小时一班。"
    )
    shown = summarize(text, language="zh", sentences=2).display
    assert "公交车" in shown
    assert "大橋" not in shown


def test_what_is_quoted_stays_in_its_script() -> None:
    text = "清河大橋建成通車。会议在县里召开，讨论了大桥的管理问题。"
    for sentence in summarize(text, language="zh", sentences=2, characters=None).sentences:
        assert sentence.text == text[sentence.start : sentence.end]


def test_the_characters_that_tell_the_scripts_are_each_others_forms() -> None:
    assert TRADITIONAL.translate(_load_simplified_forms()) == SIMPLIFIED
    assert not any(ord(character) in _load_simplified_forms() for character in SIMPLIFIED)


@given(st.text(alphabet=st.sampled_from("國国會会橋桥車车一🙂\ud800 a。")))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold_scripts(text)) == len(text)
    assert fold_scripts(fold_scripts(text)) == fold_scripts(text)


def test_opencc_is_loaded_for_texts_in_both_scripts_alone() -> None:
    program = (
        "import sys, summarizer;"
        "summarizer.summarize('会议在县里召开了。大桥开通。', sentences=3);"
        "summarizer.summarize('會議在縣裡召開了。大橋開通。', sentences=3);"
        "assert 'opencc' not in sys.modules;"
        "summarizer.summarize('会议在县里召开了。大橋開通。'); assert 'opencc' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=True)
