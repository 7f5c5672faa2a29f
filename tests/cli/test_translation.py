"""The command line speaks the language of the environment: Chinese or English."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.cli.main import cli
from bot.cli.translation import CLICK_MODULES, detect_language
from tests.cli.conftest import Shell


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": ""}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_CN.GB18030"}, "zh-Hans"),
        ({"LANG": "zh_SG"}, "zh-Hans"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_HK"}, "zh-Hant"),
        ({"LANG": "de_DE.UTF-8"}, "en"),  # a digest may be German, the command line is not
        ({"LANG": "nonsense"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh-Hans"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh-Hant"),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "en"),
        ({"LANGUAGE": "fr:zh_CN", "LANG": "fr_FR.UTF-8"}, "zh-Hans"),
        ({"LANGUAGE": "en:zh_CN", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANGUAGE": "zh_CN", "LANG": "C.UTF-8"}, "en"),
    ],
)
def test_the_environment_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert detect_language(environment) == language


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


@pytest.mark.usefixtures("chinese")
def test_help_is_chinese_in_a_chinese_environment(zhaibao: Shell) -> None:
    out = zhaibao("--help").out
    assert "用法" in out
    lines = out.partition("命令:")[2].strip().splitlines()
    assert {line.split()[0] for line in lines} == set(cli.commands)
    assert all(re.search(r"[一-鿿]", line) for line in lines)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("command", cli.commands)
def test_help_of_every_command_fits_the_terminal(zhaibao: Shell, command: str) -> None:
    out = zhaibao(command, "--help").out
    assert "选项:" in out
    assert max(map(cell_len, out.splitlines())) <= 80


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("frobnicate",), "没有 'frobnicate' 这个命令；详见 `zhaibao --help`"),
        (("deliveries", "--state", "lost"), "没有“lost”这个状态"),
        (("split", "nowhere.txt"), "nowhere.txt：没有这个文件或文件夹"),
        (("check",), "zhaibao.toml 处没有配置文件"),
        (("summarize", "--sentences", "0", "x"), "0 不在范围 1<=x<=1000 内"),
        (("render",), "缺少参数 'EDITION'"),
    ],
)
def test_complaints_are_chinese_in_a_chinese_environment(
    zhaibao: Shell, arguments: tuple[str, ...], complaint: str
) -> None:
    ended = zhaibao(*arguments)
    assert ended.status == 2
    assert complaint in ended.complaint


@pytest.mark.usefixtures("chinese")
def test_an_error_in_the_configuration_is_chinese_to_its_end(zhaibao: Shell, folder: Path) -> None:
    file = folder / "zhaibao.toml"
    file.write_text(file.read_text("utf-8").replace("max_age_days = 0", 'language = "klingon"'), "utf-8")
    assert zhaibao("check").complaint == (
        "zhaibao.toml：[[digest]] daily: language = 'klingon' 不能用；"
        "应为其中之一：zh-Hans, zh-Hant, en, ja, ko, de, fr, es, vi"
    )


@pytest.mark.usefixtures("chinese")
def test_a_check_a_preview_and_its_reasons_are_chinese(zhaibao: Shell, folder: Path) -> None:
    assert folder
    assert "正常  来源" in zhaibao("check").out
    assert "1 篇新文章" in zhaibao("preview", "daily").out
    assert "分值" in zhaibao("preview", "daily", "--why").out


def test_click_is_translated_by_names_that_it_has() -> None:
    assert all(hasattr(module, "_") or hasattr(module, "ngettext") for module in CLICK_MODULES)
