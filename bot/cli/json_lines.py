"""`zhaibao summarize --jsonl`: many texts, one line of JSON each → their summaries in the same order."""

import json
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

import click

from bot.errors import InputError
from bot.phrases import Phrase
from bot.text.plain_text import PlainText, parse_plain_text
from summarizer.batch import summarize_rows


def summarize_lines(sentences: int | None, characters: int | None, workers: int) -> None:
    """Summarize the rows of standard input.

    Print the summaries of the rows before a faulty row, then raise InputError.
    """
    faults: list[InputError] = []
    waiting: deque[PlainText] = deque()  # the texts that wait for their summaries, in order

    def read_good_rows() -> Iterator[dict[str, Any]]:
        try:
            for row in _parse_rows(sys.stdin.buffer):
                plain = parse_plain_text(row["text"], row.get("title") or "")
                waiting.append(plain)
                yield row | {"title": plain.title, "text": plain.text}
        except InputError as error:
            faults.append(error)

    try:
        for row in summarize_rows(
            read_good_rows(), sentences=sentences, characters=characters, workers=workers
        ):
            plain = waiting.popleft()
            for sentence in row["sentences"]:
                start, last = plain.locate([sentence["start"], sentence["end"] - 1])
                sentence["start"], sentence["end"] = start, last + 1
            click.echo(json.dumps(row, ensure_ascii=False))
    except ValueError as error:
        raise InputError(Phrase("standard input: {error}", error=error)) from error
    if faults:
        raise faults[0]


def _parse_rows(lines: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(
                Phrase("standard input, line {number}: is not JSON ({error})", number=number, error=error)
            ) from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(
                Phrase('standard input, line {number}: needs an object with "text"', number=number)
            )
        for key in ("title", "language"):
            if not isinstance(row.get(key) or "", str):
                raise InputError(
                    Phrase('standard input, line {number}: "{key}" is not a text', number=number, key=key)
                )
        yield row
