"""Many texts → their summaries, in the same order, in several processes, with constant memory.

Only a window of the texts is processed at a time, so the stream may be endless.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from typing import Any, TypedDict

from summarizer.summary import summarize

_CHUNK = 32  # texts sent to a process at once, enough to make the overhead small
_WINDOW = 4  # chunks that may wait for a process

_TextRow = dict[str, Any]  # the fields of a line of JSON: {id, title, text, language}


class _SentenceRow(TypedDict):
    """A sentence in a line of JSON, where text == row["text"][start:end]."""

    text: str
    start: int
    end: int
    score: float


class _SummaryRow(TypedDict):
    """The summary of the row with this id."""

    id: Any
    sentences: list[_SentenceRow]


def summarize_rows(
    rows: Iterable[_TextRow],
    *,
    workers: int = 1,
    sentences: int | None = None,
    characters: int | None = None,
    ranker: str = "guided",
) -> Iterator[_SummaryRow]:
    """Yield a summary for each row {id, text} and optionally {title, language}, in the order of the rows.

    Raises ValueError for fewer than one worker, for a row without a text, and whenever `summarize` raises it.
    The message names the row's id.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    work = partial(_summarize_chunk, sentences=sentences, characters=characters, ranker=ranker)
    source = iter(rows)
    chunks = iter(lambda: list(islice(source, _CHUNK)), [])
    if workers == 1:
        for chunk in chunks:
            yield from work(chunk)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[Future[list[_SummaryRow]]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(work, chunk))
            if len(waiting) >= workers * _WINDOW:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _summarize_chunk(rows: list[_TextRow], **options: Any) -> list[_SummaryRow]:
    return [_summarize_row(row, **options) for row in rows]


def _summarize_row(row: _TextRow, **options: Any) -> _SummaryRow:
    name, text = row.get("id"), row.get("text")
    if not isinstance(text, str):
        raise ValueError(f"row {name!r} has no text; needed: {{id, text}}, title and language if known")
    try:
        summary = summarize(
            text, title=row.get("title") or "", language=row.get("language") or None, **options
        )
    except ValueError as error:
        raise ValueError(f"row {name!r}: {error}") from error
    sentences = [
        _SentenceRow(text=s.text, start=s.start, end=s.end, score=s.score) for s in summary.sentences
    ]
    return _SummaryRow(id=name, sentences=sentences)
