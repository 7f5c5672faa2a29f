"""Throw bytes at the summarizer until something other than a ValueError comes out.

    PYTHONPATH=. python tests/benchmarks/summaries/fuzz.py -max_total_time=600 -max_len=2000

Needs atheris, which is no dependency of this project: install it in an environment of its own.
"""

import sys

import atheris

with atheris.instrument_imports(include=["summarizer"]):
    from summarizer import LANGUAGES, RANKERS, summarize

    for tag in LANGUAGES:  # loaded by the first text of each, which would be too late here
        summarize("A dam.", language=tag)


def once(data: bytes) -> None:
    source = atheris.FuzzedDataProvider(data)
    language = source.PickValueInList([*LANGUAGES, "vi"]) or None
    ranker = source.PickValueInList([*RANKERS])
    characters = source.ConsumeIntInRange(0, 200) or None
    sentences = source.ConsumeIntInRange(0, 5) or None
    title = source.ConsumeUnicode(20)
    text = source.ConsumeUnicode(source.remaining_bytes())
    summary = summarize(
        text, title=title, language=language, ranker=ranker, characters=characters, sentences=sentences
    )
    end = 0
    for sentence in summary.sentences:
        assert sentence.text == text[sentence.start : sentence.end]
        assert sentence.start >= end
        end = sentence.end
    assert characters is None or len(summary.display) <= characters


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
