"""Reading a page costs work and memory by its length, whatever is on it, and what is no page is refused."""

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType

import pytest

from bot.newspaper import split_page
from bot.newspaper.layout import Piece, join_parts
from bot.newspaper.sizes import observe_sizes
from bot.newspaper.splitting import MOST_PIECES

WORST = {
    "short lines": "县里修路\n",
    "lines of one character": "县\n",
    "headings apart": "县里修路\n\n",
    "paragraphs": "　　县里今年修路二十公里，方便沿线村民出行。\n",
    "many headings by long text": "县里今年修路" * 400 + "\n" + "县里修路\n" * 40,
    "furniture": "第2版 要闻\n",
    "jump lines": "（下转第二版）\n",
    "hyphens": "the county government of the county govern-\n",
    "one line": "县里修路（下转第二版）",
    "brackets": "（见（",
    "addresses": "a." * 40 + "\n",
    "names": "张 李 王 \n",
}


def work(done: Callable[[], object]) -> int:
    """Calls, of Python's functions and of the library's, that something takes: the same on every machine."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        done()
    finally:
        sys.setprofile(before)
    return calls


def memory(text: str) -> int:
    """Bytes that reading `text` takes at most."""
    tracemalloc.start()
    try:
        split_page(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST.keys())
def test_twice_the_text_is_twice_the_work_and_memory(unit: str) -> None:
    once = unit * (2 if len(unit) > 100 else 80)
    split_page(unit)  # tables are read once
    assert work(lambda: split_page(once * 2)) < 2.3 * work(lambda: split_page(once)) + 1000
    assert memory(once * 2) < 3 * memory(once) + 50_000


def test_what_is_no_page_is_refused() -> None:
    with pytest.raises(ValueError, match="60,001 lines"):
        split_page("县\n" * (MOST_PIECES + 1))


def test_headings_of_several_sizes_are_compared_in_work_by_their_number() -> None:
    def of(count: int) -> int:
        headings = [Piece(text="修路", size=size) for size in [2.0, 3.0] * count]
        return work(lambda: observe_sizes(headings))

    assert of(200) < 2.1 * of(100)


def test_long_word_torn_over_many_lines_is_mended() -> None:
    assert join_parts(["state-of-"] * 3 + ["art"], spaced=True) == "state-of-state-of-state-of-art"
