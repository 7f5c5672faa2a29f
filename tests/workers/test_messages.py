"""Answers come back as they were, whichever Python made them."""

import pickle
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.models import BlockKind
from bot.workers.messages import dump_answer, load_answer


class OldEnum(StrEnum):
    """An enumeration as Python before 3.11.4 pickles it: by a call of getattr."""

    TITLE = "title"

    def __reduce_ex__(self, protocol: object) -> Any:
        return getattr, (type(self), self.name)


def test_values_that_python_makes_by_calling_functions_are_answers_too() -> None:
    answer = (BlockKind.TITLE, ZoneInfo("Asia/Shanghai"))
    assert load_answer(dump_answer(answer, None)) == (answer, None)


def test_an_enumeration_is_never_pickled_as_a_call_of_getattr() -> None:
    assert b"getattr" in pickle.dumps(OldEnum.TITLE)
    assert b"getattr" not in dump_answer(OldEnum.TITLE, None)


def test_an_error_comes_back_with_its_words() -> None:
    _, error = load_answer(dump_answer(None, ValueError("so")))
    assert isinstance(error, ValueError)
    assert str(error) == "so"


def test_an_answer_that_would_call_a_function_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="getattr"):
        load_answer(pickle.dumps((OldEnum.TITLE, None)))
