"""The command line as a whole: help, wrong words, broken pipes, and what it does not load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import PAGE, Shell

ROOT = Path(__file__).parents[2]
HEAVY = [
    *("alembic", "apscheduler", "asyncio", "feedparser", "httpx", "jieba", "jinja2", "lxml", "numpy"),
    *("rich", "rjieba", "sqlalchemy", "structlog", "summarizer", "telegram", "trafilatura"),
]


def python(code: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **more}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=60)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print([name for name in sys.argv[2:] if name in sys.modules], "
        "file=sys.stderr))\n"
        "names, sys.argv[2:] = sys.argv[2:], []\n"
        "from bot.cli.main import main\n"
        "atexit.register(lambda: sys.argv.extend(names))\n"
        "main()\n"
    )
    done = python(code, "--help", *HEAVY)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


def test_help_names_every_command_in_a_whole_sentence(zhaibao: Shell) -> None:
    out = zhaibao("--help").out
    commands = out.partition("Commands:")[2].strip().splitlines()
    names = {line.split()[0] for line in commands}
    assert names >= {
        "check", "collect", "deliver", "deliveries", "editions", "init", "preview", "publish", "run", "split",
        "summarize",
    }  # fmt: skip
    assert not [line for line in commands if line.endswith("...")]


def test_no_words_at_all_show_the_help(zhaibao: Shell) -> None:
    assert "Commands:" in zhaibao().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("frobnicate",), "no such command 'frobnicate'; `zhaibao --help` tells more"),
        (("sumarize",), "'summarize'"),
        (("--frob",), "no such option '--frob'"),
        (("split", "--jsno", "x"), "--json"),
        (("deliveries", "--state", "lost"), "there is no state 'lost'; the states are pending"),
        (("check",), "no configuration at zhaibao.toml; `zhaibao init` writes one"),
        (("--config", "else.toml", "run"), "no configuration at else.toml"),
        (("check", "--config", "x"), "--config stands before the command: `zhaibao --config … check`"),
        (("sources", "add", "--config", "x"), "`zhaibao --config … sources add`"),
    ],
)
def test_wrong_words_get_one_line_with_the_remedy(
    zhaibao: Shell, arguments: tuple[str, ...], words: str
) -> None:
    ended = zhaibao(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert words in ended.complaint


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"{number}.txt").write_text(PAGE, "utf-8")
    for shape in ("", "--json"):
        script = f"{sys.executable} -m bot split {tmp_path} {shape} | head -1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(
            ["bash", "-c", script],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
            env={"PATH": "/usr/bin:/bin"},
        )
        assert done.stderr == ""
        assert done.stdout.splitlines()[-1] == "0"


def test_a_terminal_that_knows_no_chinese_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(PAGE, "utf-8")
    code = "from bot.cli.main import main; main()"
    done = python(code, "split", str(tmp_path), "--json", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["articles"][0]["title"]
