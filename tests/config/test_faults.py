"""All faults of a configuration are reported at once."""

from pathlib import Path

import pytest

from bot.cli.assembly import load_configuration
from bot.errors import ConfigError, ConfigErrors

GOOD_SOURCE = '[[source]]\nname = "paper"\nkind = "page"\npath = "pages"\n'
GOOD_DIGEST = '[[digest]]\nname = "daily"\n'


def faults(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "zhaibao.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_configuration(file)
    error = caught.value
    return [str(each) for each in (error.errors if isinstance(error, ConfigErrors) else [error])]


def test_every_table_and_every_key_of_a_table_is_reported(tmp_path: Path) -> None:
    text = (
        '[[source]]\nname = "paper"\nkind = "pgae"\npath = "x"\n'
        '[[digest]]\nname = "daily"\ntime = "25:00"\nzone = "Asia/Shangai"\nweekdays = ["monday"]\n'
        "color = 1\n"
        '[mail]\nport = "x"\n[nonsense]\n'
    )
    lines = faults(tmp_path, text)
    expected = [
        "did you mean 'page'?", "time = '25:00'", "did you mean 'Asia/Shanghai'?", "did you mean 'mon'?",
        "color is not a key", "[mail] port", "nonsense is not a key",
    ]  # fmt: skip
    assert len(lines) == len(expected), lines
    for part in expected:
        assert any(part in line for line in lines), (part, lines)


def test_what_contradicts_is_reported_together(tmp_path: Path) -> None:
    destination = '[[destination]]\ndigest = "dialy"\nchannel = "archive"\n[archive]\nfolder = "a"\n'
    text = GOOD_SOURCE + GOOD_DIGEST + 'sources = ["papre"]\n' + destination
    lines = faults(tmp_path, text)
    assert len(lines) == 2
    assert "did you mean 'paper'?" in lines[0]
    assert "did you mean 'daily'?" in lines[1]


def test_a_faulty_table_makes_no_reference_to_it_a_fault(tmp_path: Path) -> None:
    text = '[[source]]\nname = "paper"\nkind = "nothing like it"\n' + GOOD_DIGEST + 'sources = ["paper"]\n'
    (line,) = faults(tmp_path, text)
    assert "kind" in line


def test_a_faulty_key_that_is_needed_is_reported_once(tmp_path: Path) -> None:
    (line,) = faults(tmp_path, GOOD_SOURCE + '[[digest]]\nname = "a b"\n')
    assert "name = 'a b'" in line
