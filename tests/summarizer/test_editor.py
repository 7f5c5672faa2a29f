"""What an editor would keep, in 120 characters, of articles written for this test: facts in, slogans out."""

import re

import pytest

from summarizer import summarize
from tests.summarizer.extracts import EXTRACTS, Extract

FIGURE = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract.name)
def test_the_extracts_are_slices_in_order(extract: Extract) -> None:
    places = [extract.text.find(piece) for piece in extract.chosen]
    assert -1 not in places
    assert places == sorted(places)
    assert sum(map(len, extract.chosen)) <= 120


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract.name)
def test_facts_come_before_slogans(extract: Extract) -> None:
    shown = summarize(extract.text, title=extract.title, language="zh", characters=120).display
    assert len(shown) <= 120
    assert [piece for piece in extract.unwanted if piece in shown] == []
    wanted = {figure for piece in extract.chosen for figure in FIGURE.findall(piece)}
    kept = wanted & set(FIGURE.findall(shown))
    assert len(kept) >= len(wanted) / 2, f"of {sorted(wanted)} only {sorted(kept)} in {shown}"
