"""The wheel as users get it: built, and installed by the distribution's own pip into a fresh environment."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.leaving_out import leave_out

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = Path("/usr/bin/python3")
INSTALL_SECONDS, COMMAND_SECONDS = 900, 120
FEED = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>县报</title><link>https://example.org/</link>
<item><guid>1</guid><title>水库开始蓄水</title><link>https://example.org/1</link>
<description>临溪县的水库今天开始蓄水，村民们在岸边看了一整个上午，都说今年春天的庄稼终于有救了。\
水库三年建成，可以浇灌三万亩农田，县里明年还要修两条水渠。</description></item></channel></rss>
"""
CONFIGURATION = """\
[[source]]
kind = "feed"
name = "county"
path = "feed.xml"
full_text = false

[[digest]]
name = "daily"
title = "摘报"
time = "08:00"
zone = "UTC"
"""


def run(*command: str | Path, folder: Path, seconds: float = COMMAND_SECONDS, given: str = "") -> str:
    """Run a command without what this environment adds to Python's; return what it says."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, input=given, capture_output=True, text=True,
        timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}: {(done.stdout + done.stderr)[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment by the distribution's Python, with the pip it brings along."""
    if not SYSTEM_PYTHON.exists():
        leave_out("the distribution's Python is not installed", "apt-get install python3-venv")
    folder = tmp_path_factory.mktemp("venv")
    made = subprocess.run([SYSTEM_PYTHON, "-m", "venv", folder], capture_output=True, text=True, check=False)
    if made.returncode:
        leave_out("the distribution's Python makes no environment", "apt-get install python3-venv")
    return folder


def test_the_wheel_holds_what_a_user_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {"bot/py.typed", "summarizer/py.typed", "templates/zhaibao.toml"}
    assert wanted <= names
    assert not {
        name for name in names if name.startswith(("tests/", "docs/", "seeds/")) or "__pycache__" in name
    }


def test_the_distributions_pip_installs_the_wheel_and_its_commands_work(
    wheel: Path, environment: Path, tmp_path: Path
) -> None:
    run(environment / "bin/pip", "install", "--quiet", wheel, folder=tmp_path, seconds=INSTALL_SECONDS)
    zhaibao = environment / "bin/zhaibao"
    run(zhaibao, "init", "made", folder=tmp_path)
    assert (tmp_path / "made/zhaibao.toml").exists()
    (tmp_path / "feed.xml").write_text(FEED, "utf-8")
    (tmp_path / "zhaibao.toml").write_text(CONFIGURATION, "utf-8")
    page = (
        "临溪日报 第1版 2026年1月15日\n\n水库开始蓄水\n\n临溪县的水库今天开始蓄水。村民们在岸边看了一上午。\n"
    )
    (tmp_path / "page.txt").write_text(page, "utf-8")
    assert "水库" in run(zhaibao, "split", "page.txt", folder=tmp_path)
    assert "水库" in run(zhaibao, "summarize", "page.txt", folder=tmp_path)
    assert "水库开始蓄水" in run(zhaibao, "preview", "daily", folder=tmp_path)


@pytest.mark.parametrize("extra", ["ocr", "postgresql", "fast"])
def test_the_distributions_pip_finds_what_every_extra_needs(
    extra: str, wheel: Path, environment: Path, tmp_path: Path
) -> None:
    command = (environment / "bin/pip", "install", "--dry-run", "--quiet", f"{wheel}[{extra}]")
    run(*command, folder=tmp_path, seconds=INSTALL_SECONDS)


def test_the_distributions_pip_installs_the_checkout(environment: Path, tmp_path: Path) -> None:
    run(
        environment / "bin/pip",
        "install",
        "--dry-run",
        "--quiet",
        ROOT,
        folder=tmp_path,
        seconds=INSTALL_SECONDS,
    )
