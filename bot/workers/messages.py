"""Calls and answers as bytes. Answers are not trusted, because a document may have taken over its worker.

A call is its length and a pickle. An answer is one status byte, its length and a pickle. An answer contains
values of our own classes, dates and errors. Other values are refused, so that an answer cannot make this
process call a function.
"""

import io
import pickle
import traceback
from dataclasses import is_dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from bot.phrases import Phrase

LENGTH_BYTES = 8
_OWN_PACKAGES = ("bot", "summarizer")
_PLAIN_CLASSES = {("builtins", name) for name in ("bytearray", "complex", "frozenset", "set")} | {
    ("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")
}
_PLAIN_CLASSES |= {("zoneinfo", "ZoneInfo"), ("bot.phrases", "Phrase"), ("bot.phrases", "CountPhrase")}


class AnswerStatus(StrEnum):
    DONE = "D"
    LAST = "L"  # done, and the worker uses so much memory that it should be replaced
    OUT_OF_MEMORY = "M"
    RESULT_TOO_LARGE = "R"


class _AnswerPickler(pickle.Pickler):
    """Writes only what `_AnswerUnpickler` accepts. By default, some values would be restored by a function
    call.
    """

    def reducer_override(self, value: object) -> Any:
        match value:
            case Enum():
                return type(value), (value.value,)  # Python before 3.11.4 would call getattr
            case ZoneInfo():
                return ZoneInfo, (value.key,)
        return NotImplemented


def dump_answer(result: object, error: Exception | None) -> bytes:
    """Return an answer that `load_answer` can read."""
    data = io.BytesIO()
    _AnswerPickler(data).dump((result, error))
    return data.getvalue()


class _AnswerUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return the class of that name.

        Raises UnpicklingError for everything except plain values and errors.
        """
        is_own = module.partition(".")[0] in _OWN_PACKAGES
        if is_own or module == "builtins" or (module, name) in _PLAIN_CLASSES:
            value = super().find_class(module, name)
            is_value = (module, name) in _PLAIN_CLASSES or (is_own and is_dataclass(value))
            if isinstance(value, type) and (is_value or issubclass(value, Exception | Enum)):
                return value
        raise pickle.UnpicklingError(f"an answer holds {module}.{name}")


def load_answer(data: bytes) -> tuple[Any, Exception | None]:
    """Return the result of a call and its error. One of them is None. Raises UnpicklingError."""
    try:
        result, error = _AnswerUnpickler(io.BytesIO(data)).load()
    except pickle.UnpicklingError:
        raise
    except Exception as broken:  # a damaged pickle may raise any error
        raise pickle.UnpicklingError(f"an answer cannot be read ({type(broken).__name__})") from broken
    if error is not None and not isinstance(error, Exception):
        raise pickle.UnpicklingError("an answer holds no error where it announces one")
    return result, error


def dump_error(error: Exception) -> bytes:
    """Return an answer with the error and its traceback. An error of an unknown class is converted."""
    text = "".join(traceback.format_exception(error))
    error.add_note(text)
    error.args = tuple(
        _simplify_phrase(argument) if isinstance(argument, Phrase | Exception) else argument
        for argument in error.args
    )
    try:
        answer = dump_answer(None, error)
        load_answer(answer)
    except Exception:
        return dump_answer(None, RuntimeError(text))
    return answer


def _simplify_phrase(value: object) -> object:
    """Return the phrase with plain values. Errors of libraries become texts.

    Return other values unchanged.
    """
    if isinstance(value, Phrase):
        value.values = {
            name: inner if isinstance(inner, str | int | float | date) else _simplify_phrase(inner)
            for name, inner in value.values.items()
        }
        return value
    return str(value)


def read_call(stream: BinaryIO) -> bytes:
    """Return the next call, or b"" at the end."""
    size = stream.read(LENGTH_BYTES)
    return stream.read(int.from_bytes(size)) if len(size) == LENGTH_BYTES else b""


def frame_call(call: bytes) -> bytes:
    return len(call).to_bytes(LENGTH_BYTES) + call


def frame_answer(status: AnswerStatus, answer: bytes = b"") -> bytes:
    return status.encode() + len(answer).to_bytes(LENGTH_BYTES) + answer


def parse_answer_head(head: bytes) -> tuple[AnswerStatus, int]:
    """Return an answer's status and length. Raises ValueError."""
    return AnswerStatus(head[:1].decode("ascii", "replace")), int.from_bytes(head[1:])
