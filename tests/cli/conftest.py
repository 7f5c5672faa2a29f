"""The command line called as from a shell, in a folder of its own."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.main import main

PAGE = """\
临溪日报
2026年1月15日 星期四 第1版 要闻

全县冬季供暖提前三天达标
本报临溪1月14日讯 记者昨日从县住建局获悉，全县四座热源厂已全部并网运行，居民室内温度提前三天达到十八摄氏度。
住建局负责人介绍，今年新铺设供热管网二十六公里，覆盖城东、城南四十个小区，六千八百户居民第一次用上集中供暖。
为了让偏远村庄同样温暖，县里还为三千二百户农家更换了空气源热泵，财政补贴每户两千元，群众只需承担安装费用。
（记者 林晓溪）
"""
TWO_ARTICLES = (
    PAGE
    + """
县图书馆夜间开放到二十二时
本报临溪1月14日讯 县图书馆昨日起延长开放时间，阅览室每晚开放到二十二时，周末不休息，读者凭身份证即可入馆。
馆长介绍，过去三个月有四千二百人次在晚间到馆，多数是备考的学生，阅览室常常坐满，这次还增加了六十个座位。
为方便夜归读者，公交公司把途经图书馆的三路车末班推迟到二十二时三十分，沿线五个站点同时增设了照明。
（记者 王新）
"""
)
TEXT = (
    "县里的老船厂昨天重新开工。船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。"
    "首批两艘电动渡船将在五月下水，替换河上最后的柴油渡船。厂长说，老师傅们都愿意回来带徒弟。"
)
CONFIGURATION = """\
[[source]]
name = "paper"
title = "临溪日报"
kind = "page"
path = "pages"

[[digest]]
name = "daily"
title = "临溪摘报"
max_age_days = 0

[[destination]]
digest = "daily"
channel = "archive"

[archive]
folder = "archive"
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a command ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error; anything else is no clear complaint."""
        assert self.err.startswith("zhaibao: "), self.err
        assert self.err.count("\n") == 1, self.err
        assert self.err.endswith("\n")
        return self.err.removeprefix("zhaibao: ").strip()


Shell = Callable[..., Ended]


@pytest.fixture
def zhaibao(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Shell:
    """Run `zhaibao ARGUMENTS` in an empty folder, with `stdin` on standard input."""
    monkeypatch.chdir(tmp_path)
    for name in ("ZHAIBAO_TELEGRAM_TOKEN", "ZHAIBAO_MAIL_PASSWORD", "ZHAIBAO_STORE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path, stdin: str | bytes = b"") -> Ended:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        monkeypatch.setattr(sys, "argv", ["zhaibao", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfdbinary.readouterr()
        return Ended(status=int(ended.value.code or 0), out=out.decode(), err=err.decode())

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a page and a configuration that reads it."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1.txt").write_text(PAGE, "utf-8")
    (tmp_path / "zhaibao.toml").write_text(CONFIGURATION, "utf-8")
    return tmp_path
