"""The worker process. It answers calls one at a time until the input ends."""

import logging
import os
import pickle
import sys

from bot.workers.limits import WorkLimits, apply_limits, measure_resident_bytes, prepare_process
from bot.workers.messages import AnswerStatus, dump_answer, dump_error, frame_answer, read_call

_KEEP_BYTES = 200_000_000  # a worker that holds more after a call is replaced


def serve_calls(niceness: int) -> None:
    """Answer the calls on standard input until it ends."""
    logging.disable()  # the answer contains the error
    prepare_process()
    os.nice(niceness)
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the output of libraries is not part of an answer
    while call := read_call(calls):
        answers.write(answer_call(call))
        answers.flush()
        del call


def answer_call(call: bytes) -> bytes:
    """Call the function under its limits and return the complete answer."""
    try:
        function, args, options, limits = pickle.loads(call)  # noqa: S301  (from our own program)
        apply_limits(limits)  # after the import, so that the memory of the function's module does not count
        answer = dump_answer(function(*args, **options), None)
    except MemoryError:
        return frame_answer(AnswerStatus.OUT_OF_MEMORY)
    except Exception as error:
        answer = dump_error(error)
        return frame_answer(AnswerStatus.DONE, answer)
    return _frame_result(answer, limits)


def _frame_result(answer: bytes, limits: WorkLimits) -> bytes:
    if len(answer) > limits.result_bytes:
        return frame_answer(AnswerStatus.RESULT_TOO_LARGE)
    is_large = measure_resident_bytes() > max(_KEEP_BYTES, limits.memory_bytes // 2)
    return frame_answer(AnswerStatus.LAST if is_large else AnswerStatus.DONE, answer)
