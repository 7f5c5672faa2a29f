"""The two networks that read: where text stands on a picture, and what a line of it says. Loaded once a
process.

They come with rapidocr's wheel (PP-OCRv6, trained by PaddleOCR) and are run here by onnxruntime alone:
rapidocr's own code would detect a whole page at once, read one line after the other, and fetch a model that
is missing.
"""

import contextlib
import ctypes
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray

_THREADS = 2  # a network each, which is faster than two threads in one
DETECTION, RECOGNITION = "*_det_*.onnx", "*_rec_*.onnx"

Floats = NDArray[np.float32]
T = TypeVar("T")
R = TypeVar("R")


@cache
def _load_network(pattern: str) -> Any:  # onnxruntime ships no types
    """Return the network whose file matches `pattern`, ready to run; several threads may use it at once."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # memory is given back after each call
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        str(find_network_file(pattern)), options, providers=["CPUExecutionProvider"]
    )


def find_network_file(pattern: str) -> Path:
    spec = find_spec("rapidocr")
    folders = spec.submodule_search_locations if spec else None
    paths = sorted(Path((folders or [""])[0], "models").glob(pattern)) if folders else []
    if not paths:
        raise ImportError(f"rapidocr brings no model {pattern}")
    return paths[0]


def run_network(pattern: str, batch: Floats) -> Floats:
    """Return the network's output for a batch."""
    network = _load_network(pattern)
    return np.asarray(network.run(None, {network.get_inputs()[0].name: batch})[0])


def map_threads(work: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """Return the results of `work` for each item, in _THREADS threads: the networks release Python's lock."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(work, things))


def return_memory() -> None:
    """Return free memory to the system when the C library keeps it (glibc: about 250 MB after a page)."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@cache
def load_characters() -> tuple[str, ...]:
    """Return the character of each output of the reading network; the first means no character."""
    listed = _load_network(RECOGNITION).get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *listed, " ")
