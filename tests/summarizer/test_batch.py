from collections.abc import Iterator

import pytest

from summarizer import summarize
from summarizer.batch import _CHUNK, _WINDOW, summarize_rows


def rows(count: int) -> list[dict[str, object]]:
    return [
        {"id": n, "text": f"第{n}座桥今天通车。群众很高兴。车流不断。第{n}条路也修好了。"}
        for n in range(count)
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_summaries_come_in_the_order_of_the_rows(workers: int) -> None:
    given = rows(_CHUNK * 3 + 1)
    found = list(summarize_rows(given, workers=workers, sentences=2))
    assert [row["id"] for row in found] == [row["id"] for row in given]
    for row, out in zip(given, found, strict=True):
        assert [s["text"] for s in out["sentences"]] == [
            s.text for s in summarize(str(row["text"]), sentences=2).sentences
        ]


def test_only_a_window_of_the_rows_is_read_ahead() -> None:
    read = 0

    def stream() -> Iterator[dict[str, object]]:
        nonlocal read
        for row in rows(_CHUNK * _WINDOW * 10):
            read += 1
            yield row

    next(summarize_rows(stream(), workers=2))
    assert read <= _CHUNK * _WINDOW * 2


@pytest.mark.parametrize(
    ("row", "message"),
    [({"id": 7}, "row 7 has no text"), ({"id": "a", "text": "好。", "title": None}, None)],
)
def test_a_row_without_a_text_is_named(row: dict[str, object], message: str | None) -> None:
    if message is None:
        assert [out["id"] for out in summarize_rows([row])] == ["a"]
    else:
        with pytest.raises(ValueError, match=message):
            list(summarize_rows([row]))


def test_less_than_one_worker_is_refused() -> None:
    with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
        list(summarize_rows([], workers=0))


def test_a_wrong_budget_names_the_row() -> None:
    with pytest.raises(ValueError, match="row 'x': sentences must be at least 1, not 0"):
        list(summarize_rows([{"id": "x", "text": "好。"}], sentences=0))
