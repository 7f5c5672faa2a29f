"""The README, followed line by line as a newcomer does: fresh home, fresh pipx, a clone."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.cli.assembly import load_configuration
from tests.leaving_out import leave_out

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
_BLOCK = re.compile(r"(?:^    \S.*\n)+", re.MULTILINE)
_SERVICE = "zhaibao run"  # ends by Ctrl-C; here after some seconds
_SERVICE_SECONDS, _LINE_SECONDS = 15, 900
_WHOLE_SUITE = "make test"  # it would run this test again


def list_lines() -> list[str]:
    """Return the commands of the README in order, without their comments."""
    lines = [line for block in _BLOCK.findall(README) for line in block.splitlines()]
    return [line.strip().partition("  #")[0].strip() for line in lines]


def test_the_readme_names_what_a_newcomer_types() -> None:
    assert [line for line in list_lines() if line.startswith("zhaibao init")] == [
        "zhaibao init ~/my-digest --yes"
    ]
    assert _SERVICE in list_lines()


def test_its_configuration_can_be_read(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert tomllib.loads(block)
    file = tmp_path / "zhaibao.toml"
    file.write_text(block, "utf-8")
    assert len(load_configuration(file).destinations) == 2


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a clone and pipx, as a newcomer has them."""
    folder = tmp_path_factory.mktemp("home")
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", folder / "clone"], check=True)
    for name in subprocess.run(
        ["git", "ls-files", "-m", "-o", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines():  # what is not committed yet
        if (ROOT / name).is_file():
            (folder / "clone" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "clone" / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([sys.executable, "-m", "venv", folder / "tools"], check=True)
    made = subprocess.run(
        [folder / "tools/bin/pip", "install", "--quiet", "pipx"], capture_output=True, text=True, check=False
    )
    if made.returncode:
        leave_out("pipx cannot be installed", "connect to a package index")
    return folder


def test_each_line_works_in_a_fresh_environment(home: Path) -> None:
    kept = ("LANG", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy")
    environment = {
        name: value for name, value in os.environ.items() if name in kept or name.startswith("PIP_")
    }
    folders = [home / "tools/bin", home / ".local/bin", "/usr/local/bin", "/usr/bin", "/bin"]
    environment |= {"HOME": str(home), "PATH": ":".join(map(str, folders))}
    state = home / "folder"
    state.write_text(str(home / "clone"), "utf-8")
    for line in list_lines():
        if line == _WHOLE_SUITE:
            continue
        limit = f"timeout --signal=INT {_SERVICE_SECONDS} " if line == _SERVICE else ""
        script = f'cd "$(cat {state})" && {limit}{line}\nstatus=$?\npwd > {state}\nexit $status'
        done = subprocess.run(
            ["/bin/sh", "-c", script], env=environment, capture_output=True, text=True, timeout=_LINE_SECONDS,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        expected = {0, 124} if line == _SERVICE else {0}
        assert done.returncode in expected, f"{line}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert (home / "my-digest/look/mail.html").exists()
    assert (home / "my-digest/archive/index.html").exists()
