"""From `zhaibao init` to a delivered edition, step by step and each step twice."""

import http.server
import re
import threading
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import cli
from tests.cli.conftest import CONFIGURATION, PAGE, Shell

TITLE = "全县冬季供暖提前三天达标"
TELEGRAM = '[[destination]]\ndigest = "daily"\nchannel = "telegram"\nchat = 7\n'


def test_init_writes_all_that_a_first_edition_needs(zhaibao: Shell, tmp_path: Path) -> None:
    ended = zhaibao("init", "my/digest")
    assert ended.status == 0
    assert "2 stories" in ended.out or "2 篇" in ended.out
    folder = tmp_path / "my" / "digest"
    assert "青石桥" in (folder / "look" / "mail.html").read_text("utf-8")
    assert (folder / "pages" / "sample.txt").exists()
    assert len((folder / "zhaibao.toml").read_text("utf-8").splitlines()) < 25
    assert zhaibao("--config", "my/digest/zhaibao.toml", "check").status == 0


def test_init_full_writes_every_setting(zhaibao: Shell, tmp_path: Path) -> None:
    assert zhaibao("init", "--full").status == 0
    assert (tmp_path / "zhaibao.toml").read_text("utf-8").startswith("# Zhaibao")
    (tmp_path / "pages").mkdir()
    assert "no *.txt, *.pdf, *.png, *.jpg or *.jpeg file" in zhaibao("check").out


def test_the_comments_of_the_configuration_are_in_the_users_language(
    zhaibao: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    zhaibao("init", "--yes")
    assert (tmp_path / "zhaibao.toml").read_text("utf-8").startswith("# 全部设置：")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("1\n\n\n", {"time": "08:00", "destinations": ["archive"], "sources": ["page"]}),
        ("1\nli@example.org\n7：30\n",
         {"time": "07:30", "destinations": ["archive", "mail"], "sources": ["page"]}),
        ("2\n{site}\ny\n@linxi\n25:00\n6:15\n",
         {"time": "06:15", "destinations": ["archive", "telegram"], "sources": ["feed"]}),
        ("3\n{site}/nothing\ny\n{site}\nbad target\n-100123\n\n",
         {"time": "08:00", "destinations": ["archive", "telegram"], "sources": ["page", "feed"]}),
    ],
)  # fmt: skip
def test_init_asks_three_questions_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str, answers: str, expected: dict[str, object]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.initialization._is_terminal", lambda: True)
    result = CliRunner().invoke(cli, ["init", "my"], input=answers.format(site=site))
    assert result.exit_code == 0, result.output
    written = tomllib.loads((tmp_path / "my" / "zhaibao.toml").read_text("utf-8"))
    assert written["digest"][0]["time"] == expected["time"]
    assert [row["channel"] for row in written["destination"]] == expected["destinations"]
    assert [row["kind"] for row in written["source"]] == expected["sources"]
    assert (tmp_path / "my" / "look" / "mail.html").exists()
    assert "每天的消息" in result.output or "feed" not in str(expected["sources"])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A web site whose front page names its feed."""
    root = tmp_path / "site"
    root.mkdir()
    text = "县里的老船厂昨天重新开工。船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。"
    item = f"<item><title>老船厂重新开工</title><link>/1</link><description>{text}</description></item>"
    feed = f'<rss version="2.0"><channel><title>每天的消息</title>{item}</channel></rss>'
    (root / "news.xml").write_text(feed, "utf-8")
    link = '<link rel="alternate" type="application/rss+xml" href="/news.xml">'
    (root / "index.html").write_text(f"<html><head>{link}</head><body>首页</body></html>", "utf-8")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_init_never_overwrites(zhaibao: Shell, folder: Path) -> None:
    ended = zhaibao("init")
    assert ended.status == 2
    assert "zhaibao.toml exists and stays as it is" in ended.complaint
    assert (folder / "zhaibao.toml").read_text("utf-8") == CONFIGURATION


def test_init_into_a_file_is_told(zhaibao: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file is not a folder" in zhaibao("init", "file").complaint


def test_check_finds_all_well(zhaibao: Shell, folder: Path) -> None:
    zhaibao("check")  # which makes the database, and says so
    ended = zhaibao("check")
    assert (ended.status, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ok", "configuration"],
        ["ok", "store"],
        ["ok", "edition"],
        ["ok", "disk"],
        ["ok", "clock"],
        ["ok", "source"],
        ["ok", "archive"],
    ]
    assert "paper: 1 article at" in ended.out
    assert not (folder / "archive").exists()


def test_check_tells_of_a_source_that_cannot_be_read(zhaibao: Shell, folder: Path) -> None:
    (folder / "pages" / "1.txt").unlink()
    ended = zhaibao("check")
    assert ended.status == 1
    assert "no  source" in ended.out
    assert "contains no *.txt, *.pdf, *.png, *.jpg or *.jpeg file" in ended.out


def test_check_counts_the_readers_of_a_file_and_names_faulty_lines(zhaibao: Shell, folder: Path) -> None:
    (folder / "readers.txt").write_text("a@b.example\nnobody\nc@d.example\n")
    mail = '[[destination]]\ndigest = "daily"\nchannel = "mail"\nrecipients = "readers.txt"\n'
    server = '[mail]\nhost = "127.0.0.1"\nfrom = "a@b.example"\n'
    (folder / "zhaibao.toml").write_text(CONFIGURATION + mail + server, "utf-8")
    ended = zhaibao("check")
    said = " ".join(ended.out.split())
    assert ended.status == 2
    assert "readers.txt, line 2: contains no mail address" in said
    assert "readers.txt: 2 subscribers; 1 line cannot be used" in said


@pytest.mark.parametrize(
    "rows",
    [
        'kind = "feed"\nurl = "http://127.0.0.1:1/feed"\n',
        'kind = "mailbox"\nhost = "127.0.0.1"\nport = 1\ntls = "none"\nuser = "u"\npassword_env = "PASS"\n',
    ],
)
def test_check_says_how_a_private_host_is_allowed(
    zhaibao: Shell, folder: Path, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASS", "geheim")
    file = folder / "zhaibao.toml"
    file.write_text(f'[[source]]\nname = "mine"\n{rows}{file.read_text("utf-8")}', encoding="utf-8")
    ended = zhaibao("check")
    assert ended.status == 1
    assert 'if it is your own host, set [fetch] allow_private = ["127.0.0.1:1"]' in ended.out


def test_check_calls_a_missing_token_a_faulty_configuration(zhaibao: Shell, folder: Path) -> None:
    with (folder / "zhaibao.toml").open("a") as file:
        file.write(TELEGRAM)
    ended = zhaibao("check")
    assert ended.status == 2
    assert "set ZHAIBAO_TELEGRAM_TOKEN" in ended.out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "page"', 'kind = "pages"', "did you mean 'page'?"),
        ('name = "daily"', 'nam = "daily"', "nam"),
        ("[archive]", "[arhcive]\n[archive]", "arhcive"),
        ('folder = "archive"', 'folder = "archive', "not valid TOML"),
        ('digest = "daily"', 'digest = "dialy"', "did you mean 'daily'?"),
    ],
)
def test_a_faulty_configuration_is_one_line_for_every_command(
    zhaibao: Shell, folder: Path, old: str, new: str, words: str
) -> None:
    (folder / "zhaibao.toml").write_text(CONFIGURATION.replace(old, new), "utf-8")
    for command in ("check", "collect", "publish", "deliver", "run", "editions", "deliveries"):
        ended = zhaibao(command)
        assert (ended.status, ended.out) == (2, "")
        assert "zhaibao.toml" in ended.complaint
        assert words in ended.complaint
    assert not (folder / "zhaibao.sqlite").exists()


def test_the_three_steps_make_an_archive_and_do_no_harm_again(zhaibao: Shell, folder: Path) -> None:
    assert "1 new article" in zhaibao("collect").out
    assert "0 new articles" in zhaibao("collect").out
    assert "with 1 story for 1 destination" in zhaibao("publish", "daily").out
    assert "was published before" in zhaibao("publish", "daily").out
    assert zhaibao("deliver").out == "1 sent\n"
    files = {path: path.read_bytes() for path in (folder / "archive").rglob("*") if path.is_file()}
    assert any(TITLE in data.decode() for data in files.values())
    assert zhaibao("deliver").out == "Nothing was due.\n"
    assert {path: path.read_bytes() for path in (folder / "archive").rglob("*") if path.is_file()} == files


def test_what_was_published_and_delivered_is_listed(zhaibao: Shell, folder: Path) -> None:  # noqa: ARG001
    assert "Nothing was published yet" in zhaibao("editions").out
    assert "There are no deliveries yet" in zhaibao("deliveries").out
    zhaibao("collect")
    zhaibao("publish", "daily")
    assert "pending" in zhaibao("deliveries").out
    zhaibao("deliver")
    editions, deliveries = zhaibao("editions").out, zhaibao("deliveries", "--state", "sent").out
    assert "daily" in editions
    assert "sent" in deliveries
    assert "wrote" in deliveries
    assert "failed" not in zhaibao("deliveries", "--state", "failed").out


def test_a_preview_shows_and_writes_everything_and_publishes_nothing(zhaibao: Shell, folder: Path) -> None:
    ended = zhaibao("preview", "daily", "--out", "out")
    assert ended.status == 0
    assert TITLE in ended.out
    written = {
        str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*") if path.is_file()
    }
    assert written >= {"telegram-1.html", "telegram-1.txt", "mail.eml", "mail.html", "archive/index.html"}
    for name in written:
        if not name.startswith("archive/daily"):
            assert name in ended.out
    assert "Nothing was published yet" in zhaibao("editions").out
    assert not (folder / "archive").exists()


def test_a_preview_without_a_folder_writes_nothing(zhaibao: Shell, folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    assert TITLE in zhaibao("preview", "daily").out
    assert {path.name for path in folder.iterdir() if not path.name.startswith("zhaibao.sqlite")} == before


def test_a_preview_names_what_the_edition_has_no_room_for(zhaibao: Shell, folder: Path) -> None:
    other = (
        "县图书馆周末开放到晚上九点\n自本周起，县图书馆周五至周日延长开放至21时，"
        "三楼自习室新增一百二十个座位，读者凭身份证即可入馆。\n"
    )
    (folder / "pages" / "2.txt").write_text(f"临溪日报\n2026年1月15日 星期四 第2版 文化\n\n{other}", "utf-8")
    assert "另有" not in zhaibao("preview", "daily").out
    (folder / "zhaibao.toml").write_text(
        CONFIGURATION.replace("max_age_days = 0", "max_age_days = 0\nmax_stories = 1"), "utf-8"
    )
    assert "\n另有：\n  县图书馆周末开放到晚上九点\n" in zhaibao("preview", "daily").out


LATER = (
    PAGE.replace("1月15日 星期四", "1月18日 星期日")
    .replace(TITLE, "全县冬季供暖又添九百户")
    .replace("1月14日", "1月17日")
)
LATER = LATER.replace("住建局负责人介绍", "17日，城北的九百户也接进了管网。住建局负责人介绍")


def test_what_was_told_comes_again_as_an_update_and_why_says_so(zhaibao: Shell, folder: Path) -> None:
    zhaibao("collect")
    zhaibao("publish", "daily")
    again = PAGE.replace(TITLE, "我县供暖提前三天达标").replace("1月15日 星期四", "1月16日 星期五")
    (folder / "pages" / "2.txt").write_text(again, "utf-8")
    why = zhaibao("preview", "daily", "--why").out
    assert re.search(r"– .*我县供暖提前三天达标 .*was printed on \d{4}-\d\d-\d\d, nothing new since", why)
    (folder / "pages" / "3.txt").write_text(LATER, "utf-8")
    why = zhaibao("preview", "daily", "--why").out
    assert re.search(r"✓ .*全县冬季供暖又添九百户 .*update of \d{4}-\d\d-\d\d", why)
    shown = zhaibao("preview", "daily").out
    assert "更新 · 全县冬季供暖又添九百户" in shown
    assert "17日，城北的九百户也接进了管网。" in shown
    assert "二十六公里" not in shown
    assert "前文见" in shown


@pytest.mark.parametrize("command", ["publish", "preview"])
def test_an_unknown_digest_names_those_there_are(zhaibao: Shell, folder: Path, command: str) -> None:  # noqa: ARG001
    ended = zhaibao(command, "weekly")
    assert ended.status == 2
    assert "no digest called 'weekly'" in ended.complaint
    assert "known: daily" in ended.complaint


def test_a_source_that_fails_makes_collect_end_with_1(zhaibao: Shell, folder: Path) -> None:
    (folder / "pages" / "1.txt").write_bytes(b"\0")
    ended = zhaibao("collect")
    assert ended.status == 1
    assert "cannot be read as UTF-8" in ended.out


def test_deliver_says_what_it_cannot_open_and_sends_the_rest(zhaibao: Shell, folder: Path) -> None:
    with (folder / "zhaibao.toml").open("a") as file:
        file.write(TELEGRAM)
    zhaibao("collect")
    zhaibao("publish", "daily")
    ended = zhaibao("deliver")
    assert ended.status == 1
    assert "1 sent" in ended.out
    assert "ZHAIBAO_TELEGRAM_TOKEN" in ended.err
    assert (folder / "archive" / "index.html").exists()


def test_a_store_that_cannot_be_opened_is_one_line(zhaibao: Shell, folder: Path) -> None:
    text = CONFIGURATION + '[store]\nurl = "postgresql://nobody:secret@127.0.0.1:1/none"\n'
    (folder / "zhaibao.toml").write_text(text, "utf-8")
    ended = zhaibao("collect")
    assert ended.status == 1
    assert "secret" not in ended.complaint
    ended = zhaibao("check")
    assert ended.status == 1
    assert "no  store" in ended.out
