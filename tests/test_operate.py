"""docs/how-to/operate.md names a test for each thing that can happen: the tests are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.findall(r"`(tests/[\w/]+\.py)`: `(\w+)`", (ROOT / "docs/how-to/operate.md").read_text("utf-8"))


def test_the_table_names_tests() -> None:
    assert len(NAMED) > 10


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_the_table_names_is_there(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text("utf-8")
