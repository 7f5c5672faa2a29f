"""Newsletters read from a real Dovecot, as `zhaibao collect` and `zhaibao check` do it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.assembly import load_configuration
from bot.cli.main import cli
from bot.store import Store
from tests.fakes import NOON
from tests.fetch.imap import letter
from tests.real.dovecot import PASSWORD, USER, Dovecot

CONFIG = """
[[source]]
name = "letters"
kind = "mailbox"
host = "127.0.0.1"
port = {port}
tls = "{tls}"
user = "{user}"
password_env = "LETTERS_PASSWORD"
list_id = "weekly.linxi.example"
[[digest]]
name = "daily"
[fetch]
allow_private = ["127.0.0.1"]
"""
TEXT = "县图书馆新馆将于本周六上午九时开门，藏书二十二万册，开放到晚上九时。"


@pytest.fixture
def config(tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LETTERS_PASSWORD", PASSWORD)
    return configured(tmp_path, dovecot.tls_port, "implicit")


def configured(folder: Path, port: int, tls: str, user: str = USER) -> Path:
    path = folder / "zhaibao.toml"
    path.write_text(CONFIG.format(port=port, tls=tls, user=user), encoding="utf-8")
    return path


def run(config: Path, command: str) -> Result:
    result = CliRunner().invoke(cli, ["--config", str(config), command])
    assert PASSWORD not in result.output
    return result


def kept(config: Path) -> list[str]:
    with Store(load_configuration(config).store_url) as store:
        return [
            article.title
            for article in store.articles.load_articles_since(NOON.replace(year=2000), ["letters"])
        ]


def weekly(subject: str) -> bytes:
    return letter(subject, f"{subject}：{TEXT}", "weekly.linxi.example")


def test_each_newsletter_is_read_once_and_stays_unseen(config: Path, dovecot: Dovecot) -> None:
    dovecot.put(weekly("第一期"))
    dovecot.put(letter("广告", "买一送一。" * 20, "ads.example"))
    dovecot.put(weekly("第二期"))
    assert "2 new articles" in run(config, "collect").output
    assert "0 new articles" in run(config, "collect").output
    dovecot.put(weekly("第三期"))
    assert "1 new article" in run(config, "collect").output
    assert kept(config) == ["第一期", "第二期", "第三期"]
    assert dovecot.flags() <= {""}


def test_a_mail_that_cannot_be_read_hinders_none_after_it(config: Path, dovecot: Dovecot) -> None:
    dovecot.put(letter("空", " ", "weekly.linxi.example"))
    dovecot.put(b"List-Id: <weekly.linxi.example>\r\nContent-Type: message/rfc822\r\n\r\n" * 500 + b"x")
    dovecot.put(weekly("第二期"))
    assert "1 new article" in run(config, "collect").output
    assert "0 new articles" in run(config, "collect").output


def test_starttls_is_spoken_before_the_password(tmp_path: Path, config: Path, dovecot: Dovecot) -> None:
    dovecot.put(weekly("第一期"))
    assert "1 article" in run(configured(tmp_path, dovecot.port, "starttls"), "check").output
    assert re.search(rf"Login: user=<{USER}>, method=PLAIN, .*TLS", dovecot.log())
    assert config.exists()


def test_check_logs_in_and_says_what_is_wrong(
    tmp_path: Path, config: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.put(weekly("第一期"))
    assert f"letters: 1 article at imaps://127.0.0.1:{dovecot.tls_port}/INBOX" in run(config, "check").output
    config.write_text(config.read_text().replace("[[digest]]", 'folder = "周报"\n[[digest]]'))
    told = run(config, "check")
    assert "there is no folder '周报'" in told.output
    assert "there are: INBOX" in told.output
    monkeypatch.setenv("LETTERS_PASSWORD", "falsch")
    told = run(configured(tmp_path, dovecot.tls_port, "implicit"), "check")
    assert told.exit_code == 1
    assert "refused 'reader'" in told.output
    assert "is LETTERS_PASSWORD right?" in told.output
    monkeypatch.delenv("LETTERS_PASSWORD")
    assert "set LETTERS_PASSWORD or LETTERS_PASSWORD_FILE" in run(config, "check").output
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("LETTERS_PASSWORD", PASSWORD)
    assert "certificate cannot be trusted" in run(config, "check").output
