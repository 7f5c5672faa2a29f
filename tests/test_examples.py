"""Every example in a docstring gives what it says."""

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import bot
import summarizer

MODULES = [
    module.name
    for package in (bot, summarizer)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if "migrations" not in module.name and not module.name.endswith("__main__")
]
EXAMPLES = doctest.DocTestFinder()


def list_examples(name: str) -> list[doctest.DocTest]:
    module: ModuleType = importlib.import_module(name)
    return [example for example in EXAMPLES.find(module, name) if example.examples]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_gives_what_it_says(name: str) -> None:
    failures: list[str] = []
    runner = doctest.DocTestRunner()
    for example in list_examples(name):
        runner.run(example, out=failures.append)
    assert not runner.failures, "".join(failures)


def test_examples_are_there_to_be_tried() -> None:
    assert sum(bool(list_examples(name)) for name in MODULES) > 20
