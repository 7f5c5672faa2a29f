"""zhaibao.toml as an operator writes it, beside the Settings or the complaint that come of it."""

from dataclasses import replace
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.archive.settings import ArchiveSettings
from bot.channels.mail.settings import MailSettings
from bot.channels.registry import CHANNELS
from bot.channels.telegram.settings import TelegramSettings
from bot.config.loader import _MAX_CONFIG_BYTES, load_settings
from bot.config.rows import TableRows
from bot.errors import ConfigError, UnknownName
from bot.models import Destination, Digest, Mailbox, SiteRule, Source
from bot.settings import AddressFile, FetchSettings, Secret, Settings

KNOWN = TableRows(
    kinds=("feed", "page", "webpage", "mailbox"),
    local_kinds=("page", "mailbox"),
    issue_kinds=("epaper",),
    channels=CHANNELS,
    themes=("plain",),
    languages=("zh", "en"),
)
SMALLEST = """
[[source]]
name = "paper"
kind = "page"
path = "pages"

[[digest]]
name = "daily"
"""
SOURCE = '[[source]]\nname = "more"\nkind = "feed"\n'
DIGEST = '[[digest]]\nname = "evening"\n'
TELEGRAM = '[[destination]]\ndigest = "daily"\nchannel = "telegram"\n'
MAIL = '[[destination]]\ndigest = "daily"\nchannel = "mail"\n'
SENDER = '[mail]\nhost = "localhost"\nfrom = "digest@example.org"\n'


def read(folder: Path, text: str, **environ: str) -> Settings:
    file = folder / "zhaibao.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environ, KNOWN)


def complaint(folder: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, **environ)
    file, _, said = str(caught.value).partition("zhaibao.toml: ")
    assert file == f"{folder}/", "a complaint begins with the file"
    return said


def test_a_digest_is_published_several_times_a_day_or_once_a_week(tmp_path: Path) -> None:
    times = 'times = ["18:00", "07:30", "18:00"]\nskip_empty = true\nquiet_hours = "22:00-07:00"\n'
    (often,) = read(tmp_path, SMALLEST + times).digests
    assert (often.times, often.skip_empty) == ((time(7, 30), time(18)), True)
    assert often.quiet_hours == (time(22), time(7))
    (weekly,) = read(tmp_path, SMALLEST + 'time = "09:00"\nweekly = "sun"\n').digests
    assert (weekly.times, weekly.weekdays) == ((time(9),), frozenset({6}))


def test_the_smallest_configuration_has_a_default_for_everything_else(tmp_path: Path) -> None:
    settings = read(tmp_path, SMALLEST)
    assert settings.sources == (
        Source(kind="page", name="paper", address=str(tmp_path.resolve() / "pages"), title="paper"),
    )
    assert settings.digests == (
        Digest(
            name="daily",
            title="daily",
            language="zh-Hans",
            sources=(),
            times=(time(8),),
            zone=ZoneInfo("Asia/Shanghai"),
            max_stories=12,
            max_characters=120,
            max_age_days=7,
            lateness_minutes=180,
        ),
    )
    assert settings.destinations == ()
    assert settings.get_channel_settings(MailSettings) == MailSettings()
    assert settings.get_channel_settings(ArchiveSettings) == ArchiveSettings()
    assert settings.fetch == FetchSettings()
    assert settings.store_url.reveal() == f"sqlite:///{tmp_path.resolve() / 'zhaibao.sqlite'}"


WHOLE = """
[[source]]
name = "paper"
title = "临溪日报"
kind = "page"
path = "pages"
section = "临溪"
language = "zh"

[[source]]
name = "news"
kind = "feed"
url = "https://example.org/feed.xml"

[[digest]]
name = "daily"
title = "临溪摘报"
language = "en"
sources = ["paper"]
time = "23:59"
zone = "Europe/Berlin"
weekdays = ["mon", "sun"]
max_stories = 3
max_characters = 80
max_age_days = 0
theme = "plain"
lateness = "45m"

[[destination]]
digest = "daily"
channel = "telegram"
chat = -1001234567890
topic = 5

[[destination]]
digest = "daily"
channel = "telegram"
chat = "@linxi_news"

[[destination]]
digest = "daily"
channel = "mail"
address = "reader@example.org"

[[destination]]
digest = "daily"
channel = "archive"

[telegram]
base_url = "http://127.0.0.1:8081/"
on_uncertain = "resend"
on_closed_topic = "general"

[mail]
host = "smtp.example.org"
port = 465
tls = "implicit"
user = "digest@example.org"
from = "临溪摘报 <digest@example.org>"
unsubscribe = "leave@example.org"

[archive]
folder = "archive"
public_url = "https://example.org/digest/"

[store]
url = "postgresql://zhaibao@localhost/zhaibao"

[fetch]
contact = "https://example.org/about"
every_minutes = 5
allow_private = ["intranet.example.org", "nas:8080"]
"""


def test_every_key_there_is_arrives_where_it_belongs(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE, ZHAIBAO_TELEGRAM_TOKEN="123:abc", ZHAIBAO_MAIL_PASSWORD=" hush\n")
    folder = tmp_path.resolve()
    paper, news = settings.sources
    assert (paper.title, paper.section, paper.language) == ("临溪日报", "临溪", "zh")
    assert (news.address, news.title, news.is_remote) == ("https://example.org/feed.xml", "news", True)
    (digest,) = settings.digests
    assert (digest.title, digest.language, digest.sources) == ("临溪摘报", "en", ("paper",))
    assert (digest.times, digest.zone.key, digest.weekdays) == (
        (time(23, 59),),
        "Europe/Berlin",
        frozenset({0, 6}),
    )
    assert (digest.max_stories, digest.max_characters, digest.max_age_days) == (3, 80, 0)
    assert digest.lateness_minutes == 45
    assert settings.destinations == (
        Destination(digest="daily", channel="telegram", address="-1001234567890", topic=5),
        Destination(digest="daily", channel="telegram", address="@linxi_news"),
        Destination(digest="daily", channel="mail", address="reader@example.org"),
        Destination(digest="daily", channel="archive", address=str(folder / "archive")),
    )
    assert settings.get_channel_settings(TelegramSettings).base_url == "http://127.0.0.1:8081"
    assert settings.get_channel_settings(TelegramSettings).on_uncertain == "resend"
    assert settings.get_channel_settings(TelegramSettings).on_closed_topic == "general"
    assert settings.get_channel_settings(TelegramSettings).token.reveal() == "123:abc"
    assert settings.get_channel_settings(MailSettings) == MailSettings(
        host="smtp.example.org",
        port=465,
        tls="implicit",
        user="digest@example.org",
        password=Secret("hush"),
        sender="临溪摘报 <digest@example.org>",
        unsubscribe="leave@example.org",
    )
    assert settings.get_channel_settings(ArchiveSettings) == ArchiveSettings(
        folder=folder / "archive", public_url="https://example.org/digest"
    )
    assert settings.store_url.reveal() == "postgresql+psycopg://zhaibao@localhost/zhaibao"
    assert settings.fetch == FetchSettings(
        contact="https://example.org/about",
        every_minutes=5,
        allow_private=frozenset({"intranet.example.org", "nas:8080"}),
    )


COMPLAINTS = [
    (
        SMALLEST + '[[source]]\nname = "more"\nkind = "page"\nurl = "https://a.example/1.txt"',
        "url = 'https://a.example/1.txt' cannot be used; it takes nothing here: a source of kind page",
    ),
    # --- what the file is
    ("[[source]", "not valid TOML: "),
    ('source = "paper"', "source is written in double brackets: [[source]]"),
    ('[source]\nname = "paper"', "source is written in double brackets: [[source]]"),
    (SMALLEST + "[[mail]]", "mail is written in single brackets: [mail]"),
    ("", "there is no [[source]]; `zhaibao init` writes an example"),
    (SOURCE + 'url = "https://example.org/"', "there is no [[digest]]; `zhaibao init` writes an example"),
    (SMALLEST + "[mial]", "mial is not a key Zhaibao knows; did you mean 'mail'?"),
    ("[xyz]\n" + SMALLEST, "xyz is not a key Zhaibao knows; known: themes, source, digest, telegram"),
    # --- [[source]]
    (
        '[[source]]\nkind = "page"',
        "[[source]] number 1: name is missing; it takes a short name: letters, digits, - and _",
    ),
    (
        '[[source]]\nname = "我的 报纸"',
        "[[source]] 我的 报纸: name = '我的 报纸' cannot be used; it takes "
        "a short name: letters, digits, - and _",
    ),
    (f'[[source]]\nname = "{"x" * 65}"', "cannot be used; it takes a short name: letters, digits, - and _"),
    ('[[source]]\nname = "a"', "[[source]] a: kind is missing; it takes one of: feed, page, webpage"),
    (
        '[[source]]\nname = "a"\nkind = "fed"',
        "[[source]] a: kind = 'fed' cannot be used; it takes one of: feed, page, webpage, mailbox; "
        "did you mean 'feed'?",
    ),
    (SOURCE, "[[source]] more: needs either path or url"),
    (SOURCE + 'path = "a"\nurl = "https://b.example"', "[[source]] more: needs either path or url"),
    (SOURCE + "path = 5", "[[source]] more: path = 5 cannot be used; it takes a text in quotes"),
    (
        SOURCE + 'url = "example.org/feed"',
        "[[source]] more: url = 'example.org/feed' cannot be used; it takes an http:// or https:// address",
    ),
    (SOURCE + 'url = "http://a:99999999/"', "it takes an http:// or https:// address"),
    (SOURCE + 'url = "file:///etc/passwd"', "it takes an http:// or https:// address"),
    (
        SOURCE + 'path = "a"\nlanguage = "xx"',
        "[[source]] more: language = 'xx' cannot be used; it takes one of: zh, en",
    ),
    (
        SOURCE + 'path = "a"\nfull_text = "some"',
        "[[source]] more: full_text = 'some' cannot be used; it takes true, false",
    ),
    (
        SOURCE + 'path = "a"\nselector = 1',
        "[[source]] more: selector = 1 cannot be used; it takes a text in quotes",
    ),
    ('[themes]\nfolder = "none"', "[themes] folder = 'none' cannot be used; it takes an existing folder"),
    (
        DIGEST + 'topics = ["/(/"]',
        "[[digest]] evening: topics = ['/(/'] cannot be used; it takes words, +must, !not",
    ),
    (
        DIGEST + "sections = { a = -1 }",
        "[[digest]] evening: sections = {'a': -1} cannot be used; it takes sections in order",
    ),
    (
        "[store]\nkeep_days = -1",
        "[store] keep_days = -1 cannot be used; it takes a whole number from 0 to 36500",
    ),
    (
        SOURCE + 'path = "a"\nsection = 1',
        "[[source]] more: section = 1 cannot be used; it takes a text in quotes",
    ),
    (
        SOURCE + 'path = "a"\ntitle = ["a"]',
        "[[source]] more: title = ['a'] cannot be used; it takes a text in quotes",
    ),
    (
        SOURCE + 'path = "a"\nlanguag = "zh"',
        "[[source]] more: languag is not a key Zhaibao knows; did you mean 'language'?",
    ),
    (
        SMALLEST + '[[source]]\nname = "paper"\nkind = "page"\npath = "b"',
        "two [[source]] have the name 'paper'; give each",
    ),
    # --- [[digest]]
    ('[[digest]]\ntitle = "x"', "[[digest]] number 1: name is missing; it takes a short name"),
    (DIGEST + 'tilte = "x"', "[[digest]] evening: tilte is not a key Zhaibao knows; did you mean 'title'?"),
    (
        DIGEST + "told_days = 7",
        "[[digest]] evening: told_days is not a key Zhaibao knows any more; it is called 'printed_days' now",
    ),
    (DIGEST + "title = 1", "[[digest]] evening: title = 1 cannot be used; it takes a text in quotes"),
    (DIGEST + 'language = "eng"', "language = 'eng' cannot be used; it takes one of: zh-Hans, zh-Hant, en, "),
    (
        DIGEST + 'sources = "paper"',
        'sources = \'paper\' cannot be used; it takes a list of texts: ["…", "…"]',
    ),
    (DIGEST + "sources = [1]", "sources = [1] cannot be used; it takes a list of texts"),
    (
        SMALLEST + DIGEST + 'sources = ["papre"]',
        "[[digest]] evening: no source called 'papre'; did you mean 'paper'?",
    ),
    (SMALLEST + DIGEST + 'sources = ["xyz"]', "[[digest]] evening: no source called 'xyz'; known: paper"),
    (DIGEST + 'time = "8:00"', "time = '8:00' cannot be used; it takes a time of day like \"08:00\""),
    (DIGEST + 'time = "24:00"', 'it takes a time of day like "08:00"'),
    (DIGEST + "time = 08:00:00", "it takes a text in quotes"),
    (
        DIGEST + 'zone = "Peking"',
        "zone = 'Peking' cannot be used; it takes a time zone like \"Asia/Shanghai\"",
    ),
    (DIGEST + 'zone = "../../etc/passwd"', "it takes a time zone like"),
    (DIGEST + 'zone = ""', "it takes a time zone like"),
    (
        DIGEST + 'weekdays = ["Monday"]',
        "weekdays = ['Monday'] cannot be used; it takes some of: mon, tue, wed, thu, fri",
    ),
    (
        DIGEST + 'times = ["7:30"]',
        """times = ['7:30'] cannot be used; it takes up to 24 times of day, like ["07:30", "18:00"]""",
    ),
    (DIGEST + "times = []", "times = [] cannot be used; it takes up to 24 times of day"),
    (DIGEST + 'time = "08:00"\ntimes = ["08:00"]', "[[digest]] evening: takes either time or times"),
    (DIGEST + 'weekly = "sunday"', "weekly = 'sunday' cannot be used; it takes one of: mon, tue"),
    (DIGEST + 'weekly = "sun"\nweekdays = ["sun"]', "[[digest]] evening: takes either weekdays or weekly"),
    (DIGEST + 'quiet_hours = "22-7"', 'it takes a span of the day like "22:00-07:00"'),
    (DIGEST + 'quiet_hours = "22:00-22:00"', 'it takes a span of the day like "22:00-07:00"'),
    (
        DIGEST + "weekdays = []",
        "weekdays = [] cannot be used; it takes some of: mon, tue, wed, thu, fri, sat, sun",
    ),
    (DIGEST + "max_stories = 0", "max_stories = 0 cannot be used; it takes a whole number from 1 to 100"),
    (
        DIGEST + "max_stories = true",
        "max_stories = True cannot be used; it takes a whole number from 1 to 100",
    ),
    (
        DIGEST + "max_characters = 1.5",
        "max_characters = 1.5 cannot be used; it takes a whole number from 20 to 2000",
    ),
    (
        DIGEST + "min_points = true",
        "min_points = True cannot be used; it takes a number from 0 to 20",
    ),
    (
        DIGEST + "min_points = nan",
        "min_points = nan cannot be used; it takes a number from 0 to 20",
    ),
    (
        DIGEST + "max_age_days = -1",
        "max_age_days = -1 cannot be used; it takes a whole number from 0 to 36500",
    ),
    (
        DIGEST + 'theme = "plian"',
        "theme = 'plian' cannot be used; it takes one of: plain; did you mean 'plain'?",
    ),
    (
        DIGEST + 'lateness = "3"',
        'lateness = \'3\' cannot be used; it takes a span like "3h" or "45m", under a day',
    ),
    (DIGEST + 'lateness = "0m"', "it takes a span like"),
    (DIGEST + 'lateness = "24h"', "it takes a span like"),
    (SMALLEST + '[[digest]]\nname = "daily"', "two [[digest]] have the name 'daily'; give each its own name"),
    # --- [[destination]]
    (
        SMALLEST + "[[destination]]",
        "[[destination]] number 1: channel is missing; it takes one of: telegram, mail, archive",
    ),
    (
        SMALLEST + '[[destination]]\nchannel = "emial"',
        "cannot be used; it takes one of: telegram, mail, archive; did you mean 'mail'?",
    ),
    (
        SMALLEST + '[[destination]]\nchannel = "telegram"',
        "[[destination]] number 1: digest is missing; it takes a text",
    ),
    (SMALLEST + TELEGRAM, "[[destination]] number 1: chat is missing; it takes a text in quotes"),
    (
        SMALLEST + TELEGRAM + 'chat = "news"',
        "chat = 'news' cannot be used; it takes a chat's number (-1001234567890) or",
    ),
    (SMALLEST + TELEGRAM + "chat = true", "chat = True cannot be used; it takes a text in quotes"),
    (
        SMALLEST + TELEGRAM + "chat = 1\ntopic = 0",
        "topic = 0 cannot be used; it takes a whole number from 1 to",
    ),
    (SMALLEST + TELEGRAM + 'chat = 1\naddress = "x"', "address is not a key Zhaibao knows"),
    (
        SMALLEST + '[[destination]]\ndigest = "dayli"\nchannel = "telegram"\nchat = 1',
        "[[destination]] telegram: no digest called 'dayli'; did you mean 'daily'?",
    ),
    (
        SMALLEST + MAIL + 'address = "nobody"',
        "address = 'nobody' cannot be used; it takes a mail address like",
    ),
    (SMALLEST + MAIL + 'address = "a..b@example.org"', "it takes a mail address like reader@example.org"),
    (
        SMALLEST + MAIL + 'address = "a@b.example\\nBcc: c@d.example"',
        "it takes a mail address like reader@example.org",
    ),
    (SMALLEST + MAIL + 'address = "a@example.org"', "[[destination]] mail: mail needs [mail] host and from"),
    (
        SMALLEST + SENDER + MAIL + 'address = "a@example.org"\ntopic = 3',
        "it takes nothing here: only telegram has topics",
    ),
    (
        SMALLEST + '[[destination]]\ndigest = "daily"\nchannel = "archive"',
        "[[destination]] number 1: channel archive needs [archive] folder",
    ),
    (
        SMALLEST + TELEGRAM + "chat = 7\n" + TELEGRAM + 'chat = "7"',
        "[[destination]] telegram: 7 appears 2 times for daily; keep one",
    ),
    (
        SMALLEST + TELEGRAM + 'chat = 1\ntopics = ["急救"]',
        'topics need the name of their subscriber: subscriber = "alice"',
    ),
    (
        SMALLEST + TELEGRAM + 'chat = 1\nsubscriber = "alice"',
        "subscriber = 'alice' needs topics; set topics or remove subscriber",
    ),
    (
        SMALLEST + TELEGRAM + 'chat = 1\nreader = "alice"\ntopics = ["急救"]',
        "reader is not a key Zhaibao knows any more; it is called 'subscriber' now",
    ),
    (
        SMALLEST + TELEGRAM + 'chat = 1\nsubscriber = "a.b"\ntopics = ["急救"]',
        "subscriber = 'a.b' cannot be used; it takes a short",
    ),
    (
        SMALLEST + TELEGRAM + 'chat = 1\nsubscriber = "alice"\ntopics = ["/(/"]',
        "topics = ['/(/'] cannot be used; it takes words",
    ),
    (
        SMALLEST + '[[destination]]\ndigest = "dayli"\nchannel = "telegram"\nchat = 1\nsubscriber = '
        '"alice"\ntopics = ["x"]',
        "[[destination]] telegram: no digest called 'dayli'; did you mean 'daily'?",
    ),
    (
        SMALLEST
        + TELEGRAM
        + 'chat = 1\nsubscriber = "alice"\ntopics = ["急救"]\n'
        + TELEGRAM
        + 'chat = 2\nsubscriber = "alice"\ntopics = ["水库"]',
        "[[destination]] subscriber 'alice' of daily has different topics in two places",
    ),
    # --- the single tables
    (
        SMALLEST + '[telegram]\nbase_url = "localhost"',
        "base_url = 'localhost' cannot be used; it takes the http(s) address",
    ),
    (
        SMALLEST + '[telegram]\nproxy = "localhost:7890"',
        "[telegram] proxy = 'localhost:7890' cannot be used; it takes the http",
    ),
    (SMALLEST + '[telegram]\non_uncertain = "send"', "it takes one of: hold, resend; did you mean 'resend'?"),
    (SMALLEST + '[telegram]\non_closed_topic = "drop"', "it takes one of: fail, general"),
    (SMALLEST + '[mail]\nhots = "x"', "[mail] hots is not a key Zhaibao knows; did you mean 'host'?"),
    (SMALLEST + "[mail]\nhost = 1", "[mail] host = 1 cannot be used; it takes a text in quotes"),
    (
        SMALLEST + "[mail]\nconnections = 0",
        "[mail] connections = 0 cannot be used; it takes a whole number from 1 to 64",
    ),
    (SMALLEST + "[mail]\nper_domain = 60", "[mail] per_domain = 60 cannot be used; it takes mails a minute"),
    (SMALLEST + '[mail.per_domain]\n"qq.com" = -1', "it takes mails a minute to subscribers of a domain"),
    (
        SMALLEST + "[mail]\nport = 0",
        "[mail] port = 0 cannot be used; it takes a whole number from 1 to 65535",
    ),
    (
        SMALLEST + '[mail]\ntls = "ssl"',
        "[mail] tls = 'ssl' cannot be used; it takes one of: starttls, implicit, none",
    ),
    (SMALLEST + "[mail]\nuser = 1", "[mail] user = 1 cannot be used; it takes a text in quotes"),
    (
        SMALLEST + '[mail]\nfrom = "nobody"',
        "[mail] from = 'nobody' cannot be used; it takes a mail address, with or without",
    ),
    (SMALLEST + '[mail]\nfrom = "a\\nb <a@b.example>"', "it takes a mail address, with or without a name"),
    (
        SMALLEST + '[mail]\nunsubscribe = "nobody"',
        "[mail] unsubscribe = 'nobody' cannot be used; it takes a mail address",
    ),
    (
        SMALLEST + '[archive]\npublic_url = "example.org"',
        "[archive] public_url = 'example.org' cannot be used; it takes",
    ),
    (SMALLEST + "[archive]\nfolder = 1", "[archive] folder = 1 cannot be used; it takes a text in quotes"),
    (
        SMALLEST + '[archive]\nfoldr = "x"',
        "[archive] foldr is not a key Zhaibao knows; did you mean 'folder'?",
    ),
    (
        SMALLEST + '[store]\nurl = "mysql://x"',
        "[store] url or ZHAIBAO_STORE_URL takes sqlite:///FILE or postgresql://",
    ),
    (
        SMALLEST + '[store]\nurl = "sqlite:///"',
        "[store] url or ZHAIBAO_STORE_URL takes sqlite:///FILE or postgresql://",
    ),
    (
        SMALLEST + '[store]\nurl = ""',
        "[store] url or ZHAIBAO_STORE_URL takes sqlite:///FILE or postgresql://",
    ),
    (SMALLEST + "[store]\nurl = 1", "[store] url = 1 cannot be used; it takes a text in quotes"),
    (SMALLEST + '[store]\nulr = "x"', "[store] ulr is not a key Zhaibao knows; did you mean 'url'?"),
    (
        SMALLEST + '[fetch]\ncontact = "编辑部"',
        "[fetch] contact = '编辑部' cannot be used; it takes a mail address or web page in",
    ),
    (
        SMALLEST + "[fetch]\nevery_minutes = 0",
        "[fetch] every_minutes = 0 cannot be used; it takes a whole number from 1 to",
    ),
    (
        SMALLEST + '[fetch]\nallow_private = "nas"',
        "[fetch] allow_private = 'nas' cannot be used; it takes a list of texts",
    ),
    (
        SMALLEST + '[fetch]\ncontacts = "x"',
        "[fetch] contacts is not a key Zhaibao knows; did you mean 'contact'?",
    ),
    # --- secrets in the wrong place
    (
        SMALLEST + '[telegram]\ntoken = "9:x"',
        "a secret does not belong in this file: set ZHAIBAO_TELEGRAM_TOKEN or",
    ),
    (
        SMALLEST + '[mail]\npassword = "x"',
        "a secret does not belong in this file: set ZHAIBAO_MAIL_PASSWORD or",
    ),
]


@pytest.mark.parametrize(("text", "expected"), COMPLAINTS)
def test_a_complaint_names_file_and_key_and_what_would_be_right(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert expected in complaint(tmp_path, text)


def test_a_missing_file_names_the_two_ways_out(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"no configuration at .*; `zhaibao init` writes one, --config names another"
    ):
        load_settings(tmp_path / "zhaibao.toml", {}, KNOWN)


def test_a_folder_a_huge_file_and_another_encoding_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_settings(tmp_path, {}, KNOWN)
    file = tmp_path / "zhaibao.toml"
    file.write_bytes(b"#" * (_MAX_CONFIG_BYTES + 1))
    with pytest.raises(ConfigError, match="has over 1,000,000 bytes; this is not a configuration"):
        load_settings(file, {}, KNOWN)
    file.write_bytes("title = '摘报'".encode("gb18030"))
    with pytest.raises(ConfigError, match=r"is not in UTF-8 \(byte 11\); save it as UTF-8"):
        load_settings(file, {}, KNOWN)


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    file = tmp_path / "zhaibao.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert load_settings(file, {}, KNOWN).digests[0].name == "daily"


def test_paths_are_relative_to_the_configuration_and_not_to_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "there" / "zhaibao.toml").write_text(
        SMALLEST + '[archive]\nfolder = "../out"\n[store]\nurl = "sqlite:///z.db"'
    )
    settings = load_settings(Path("../there/zhaibao.toml"), {}, KNOWN)
    there = tmp_path.resolve() / "there"
    assert settings.sources[0].address == str(there / "pages")
    assert settings.get_channel_settings(ArchiveSettings).folder == tmp_path.resolve() / "out"
    assert settings.store_url.reveal() == f"sqlite:///{there / 'z.db'}"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123:abc\n")
    settings = read(tmp_path, SMALLEST, ZHAIBAO_TELEGRAM_TOKEN_FILE=str(tmp_path / "token"))
    assert settings.get_channel_settings(TelegramSettings).token.reveal() == "123:abc"


def test_the_variable_itself_counts_before_its_file(tmp_path: Path) -> None:
    settings = read(tmp_path, SMALLEST, ZHAIBAO_MAIL_PASSWORD="this", ZHAIBAO_MAIL_PASSWORD_FILE="/nowhere")
    assert settings.get_channel_settings(MailSettings).password.reveal() == "this"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read: No such file"),
        (b" \n", "is empty"),
        (b"s3cr\xff\xfet", "is not text in UTF-8"),
    ],
)
def test_a_secret_file_that_cannot_be_used_is_told_without_its_content(
    tmp_path: Path, content: bytes | None, expected: str
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, SMALLEST, ZHAIBAO_TELEGRAM_TOKEN_FILE=str(tmp_path / "secret"))
    said = str(caught.value)
    assert f"ZHAIBAO_TELEGRAM_TOKEN_FILE = {tmp_path / 'secret'}: {expected}" in said
    assert "s3cr" not in said


def test_the_environment_names_the_database_before_the_file_does(tmp_path: Path) -> None:
    text = SMALLEST + '[store]\nurl = "sqlite:///other.db"'
    settings = read(tmp_path, text, ZHAIBAO_STORE_URL="postgresql://z:hush@db/zhaibao")
    assert settings.store_url.reveal() == "postgresql+psycopg://z:hush@db/zhaibao"


def test_no_complaint_shows_a_secret(tmp_path: Path) -> None:
    assert "hush" not in complaint(tmp_path, SMALLEST, ZHAIBAO_STORE_URL="mysql://zhaibao:hush@db/zhaibao")
    assert "hush" not in complaint(tmp_path, SMALLEST + '[store]\nurl = "mysql://zhaibao:hush@db/zhaibao"')
    assert "hush" not in complaint(tmp_path, SMALLEST + '[telegram]\ntoken = "hush"')
    assert "hush" not in complaint(tmp_path, SMALLEST + '[mail]\npassword = "hush"')


def test_no_secret_can_be_seen_in_the_settings(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        SMALLEST,
        ZHAIBAO_TELEGRAM_TOKEN="hush-1",
        ZHAIBAO_MAIL_PASSWORD="hush-2",
        ZHAIBAO_STORE_URL="postgresql://z:hush-3@db/z",
    )
    token = settings.get_channel_settings(TelegramSettings).token
    for shown in (repr(settings), str(settings), f"{token}", f"{settings.store_url!r}"):
        assert "hush" not in shown
    assert repr(token) == "***"
    assert repr(Secret("")) == "(none)"
    assert not Secret("")


def test_an_unknown_digest_is_told_with_those_there_are(tmp_path: Path) -> None:
    settings = read(tmp_path, SMALLEST)
    assert settings.find_digest("daily").name == "daily"
    with pytest.raises(UnknownName, match=r"no digest called 'weekly' in .*zhaibao.toml; known: daily"):
        settings.find_digest("weekly")


def test_a_digest_without_sources_draws_on_all_in_the_order_of_the_file(tmp_path: Path) -> None:
    more = (
        SOURCE
        + 'path = "b"\n'
        + DIGEST
        + 'sources = ["more", "paper"]\n[[digest]]\nname = "late"\nsources = ["more"]'
    )
    settings = read(tmp_path, SMALLEST + more)
    names = [[source.name for source in settings.find_sources(digest)] for digest in settings.digests]
    assert names == [["paper", "more"], ["paper", "more"], ["more"]]


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (MailSettings(), ""),
        (
            MailSettings(sender="摘报 <digest@example.org>"),
            "mailto:digest@example.org?subject=unsubscribe%20daily",
        ),
        (
            MailSettings(sender="a@b.example", unsubscribe="z+x@b.example"),
            "mailto:z+x@b.example?subject=unsubscribe%20daily",
        ),
        (MailSettings(sender="a?b&c@d.example"), "mailto:a%3Fb%26c@d.example?subject=unsubscribe%20daily"),
    ],
)
def test_the_unsubscribe_address_is_a_valid_mailto(mail: MailSettings, expected: str) -> None:
    assert mail.build_unsubscribe_url("daily") == expected


def test_a_theme_of_the_operators_own_folder_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "themes" / "mine").mkdir(parents=True)
    text = SMALLEST + 'theme = "mine"\n[themes]\nfolder = "themes"\n'
    (tmp_path / "zhaibao.toml").write_text(text, encoding="utf-8")
    settings = load_settings(tmp_path / "zhaibao.toml", {}, KNOWN)
    assert (settings.digests[0].theme, settings.themes) == ("mine", tmp_path / "themes")


PAPER = '[[source]]\nname = "p"\nkind = "{kind}"\nurl = "{url}"\n{more}\n[[digest]]\nname = "daily"\n'
ISSUE = "https://paper.example/html/{day:%Y-%m/%d}/node_1.htm"


def of_papers(tmp_path: Path, **given: str) -> Settings:
    text = PAPER.format(**({"kind": "epaper", "url": ISSUE, "more": ""} | given))
    (tmp_path / "zhaibao.toml").write_text(text, encoding="utf-8")
    return load_settings(tmp_path / "zhaibao.toml", {}, replace(KNOWN, kinds=("feed", "epaper")))


def test_a_newspapers_address_keeps_its_day_and_its_zone(tmp_path: Path) -> None:
    more = 'zone = "Europe/Berlin"\npages = "#p a"\narticles = "#a a"'
    (source,) = of_papers(tmp_path, more=more).sources
    assert source.address == ISSUE
    assert (source.zone, source.pages, source.articles) == (ZoneInfo("Europe/Berlin"), "#p a", "#a a")
    assert of_papers(tmp_path).sources[0].zone == ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"url": "https://paper.example/{day}/1.htm"},
            "an address with one field for the day, like {day:%Y-%m/%d}",
        ),
        ({"url": "https://paper.example/{day:%Y}/1.htm"}, "an address with one field for the day"),
        ({"url": "https://paper.example/{date:%Y%m%d}/1.htm"}, "an address with one field for the day"),
        ({"url": "https://paper.example/{day:%Y%m%d}/{n}.htm"}, "an address with one field for the day"),
        ({"kind": "feed", "more": 'pages = "a"'}, "pages = 'a' cannot be used; it takes nothing here"),
        ({"kind": "feed", "more": 'zone = "UTC"'}, "a source of kind feed has no issues"),
        ({"more": 'zone = "Mars"'}, 'a time zone like "Asia/Shanghai"'),
    ],
)
def test_what_no_newspaper_can_have_is_told(tmp_path: Path, given: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        of_papers(tmp_path, **given)
    assert expected in str(caught.value)


LETTERS = '[[source]]\nname = "letters"\nkind = "mailbox"\n'
ACCOUNT = LETTERS + 'host = "imap.example"\nuser = "u"\npassword_env = "LETTERS_PASSWORD"\n'


def test_a_mailbox_is_an_account_whose_password_comes_from_the_environment(tmp_path: Path) -> None:
    told = 'folder = "周报"\nlist_id = "<weekly.linxi.example>"\n'
    source = read(tmp_path, SMALLEST + ACCOUNT + told, LETTERS_PASSWORD="geheim").sources[-1]
    assert source.address == "imaps://imap.example:993/周报"
    assert source.mailbox == Mailbox(
        host="imap.example", port=993, tls="implicit", user="u", password=Secret("geheim"),
        password_env="LETTERS_PASSWORD", folder="周报", list_id="weekly.linxi.example",
    )  # fmt: skip
    assert "geheim" not in repr(source)


def test_a_mailbox_encrypts_unless_told_otherwise(tmp_path: Path) -> None:
    boxes = [
        read(tmp_path, SMALLEST + ACCOUNT + f'tls = "{tls}"\n').sources[-1].mailbox
        for tls in ("starttls", "none")
    ]
    assert [box and (box.tls, box.port) for box in boxes] == [("starttls", 143), ("none", 143)]


def test_a_mailbox_may_be_a_folder_of_mails(tmp_path: Path) -> None:
    source = read(tmp_path, SMALLEST + LETTERS + 'path = "mails"\n').sources[-1]
    assert (source.address, source.mailbox) == (str(tmp_path.resolve() / "mails"), None)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "needs host, user and password_env for an account, or path for *.eml files"),
        (
            'url = "https://a.example/"\n',
            "needs host, user and password_env for an account, or path for *.eml files",
        ),
        ('host = "imap.example"\n', "password_env is missing; it takes the name of an environment variable"),
        ('host = "imap.example/x"\n', "the name of an IMAP server"),
        (
            'host = "h"\npassword_env = "Geheim7"\n',
            "password_env cannot be used; it takes the name of the environment",
        ),
        ('host = "h"\npassword_env = "PASS"\n', "user is missing"),
        ('host = "h"\npassword_env = "PASS"\nuser = "a\\r\\nb"\n', "user = 'a\\r\\nb' cannot be used"),
        ('host = "h"\npassword_env = "PASS"\nuser = "u"\nlist_id = "a b"\n', "of the mails' List-Id"),
        (
            'host = "h"\npassword_env = "PASS"\nuser = "u"\npassword = "Geheim7"\n',
            "name that in password_env",
        ),
        ('host = "h"\npassword_env = "PASS"\nuser = "u"\npath = "x"\n', "path is not a key Zhaibao knows"),
    ],
)
def test_what_is_wrong_with_a_mailbox_is_told(tmp_path: Path, rows: str, said: str) -> None:
    told = complaint(tmp_path, SMALLEST + LETTERS + rows)
    assert said in told
    assert "Geheim7" not in told


def test_rules_are_given_to_every_source(tmp_path: Path) -> None:
    text = SMALLEST + '[[rule]]\nhost = "*.Linxi.example"\nbody = "#a > p"\nremove = [".ad"]\n'
    settings = read(tmp_path, text)
    assert settings.rules == (SiteRule(host="*.linxi.example", body="#a > p", remove=(".ad",)),)
    assert all(source.rules == settings.rules for source in settings.sources)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "host is missing"),
        ('host = "https://a.example/"\n', "a site's host"),
        (
            'host = "a.example"\nbody = "div..x"\n',
            "body = 'div..x' cannot be used; it takes a CSS selector like",
        ),
        (
            'host = "a.example"\nremove = ["p", "["]\n',
            "remove = ['p', '['] cannot be used; it takes a CSS selector",
        ),
        (
            'host = "a.example"\nbdy = "p"\n',
            "[[rule]] a.example: bdy is not a key Zhaibao knows; did you mean 'body'?",
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(tmp_path: Path, rows: str, said: str) -> None:
    assert said in complaint(tmp_path, f"{SMALLEST}[[rule]]\n{rows}")


def test_a_section_pages_selector_is_looked_at_too(tmp_path: Path) -> None:
    said = complaint(tmp_path, SMALLEST + SOURCE + 'url = "https://a.example/"\nselector = "a >"\n')
    assert "[[source]] more: selector = 'a >' cannot be used; it takes a CSS selector" in said


def test_a_destination_with_topics_gets_a_digest_of_its_own(tmp_path: Path) -> None:
    mine = 'subscriber = "alice"\ntopics = ["急救", "!广告"]\n'
    text = SMALLEST + "topics = ['水库']\n" + TELEGRAM + "chat = 1\n" + TELEGRAM + "chat = 2\n" + mine
    settings = read(tmp_path, text + SENDER + MAIL + 'address = "alice@example.org"\n' + mine)
    daily, own = settings.digests
    assert [term.written for term in daily.topics] == ["水库"]
    assert own == replace(daily, name="daily.alice", topics=own.topics)
    assert [term.written for term in own.topics] == ["急救", "!广告"]
    assert [one.address for one in settings.find_destinations("daily.alice")] == ["2", "alice@example.org"]
    assert settings.find_digest("daily.alice") is own


def test_readers_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "readers.txt").write_text("a@b.example\n")
    text = SMALLEST + MAIL + 'recipients = "readers.txt"\n[mail]\nhost = "localhost"\nfrom = "a@b.example"'
    settings = read(tmp_path, text)
    assert settings.destinations == ()
    assert settings.address_files == (
        AddressFile(digest="daily", channel="mail", file=tmp_path / "readers.txt"),
    )
    assert settings.channels == {"mail"}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            'recipients = "none.txt"',
            "recipients = 'none.txt' cannot be used; it takes an existing file of mail addresses",
        ),
        ('recipients = "zhaibao.toml"\naddress = "a@b.example"', "takes either address or recipients"),
        ('recipients = "zhaibao.toml"\ntopic = 5', "only telegram has topics"),
        ('recipients = "zhaibao.toml"', "mail needs [mail] host and from"),
    ],
)
def test_a_file_of_readers_that_cannot_be_used_is_named(tmp_path: Path, keys: str, said: str) -> None:
    assert said in complaint(tmp_path, SMALLEST + MAIL + keys)


def test_mail_to_a_domain_may_have_a_pace_of_its_own(tmp_path: Path) -> None:
    settings = read(tmp_path, SMALLEST + '[mail]\nconnections = 2\nper_domain = { "QQ.com" = 60, "*" = 0 }')
    assert settings.get_channel_settings(MailSettings).per_domain == (("qq.com", 60), ("*", 0))
    assert settings.get_channel_settings(MailSettings).connections == 2


@pytest.mark.parametrize(
    ("written", "language"),
    [
        *(
            ("zh", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh-Hant", "zh-Hant"),
            ("zh-SG", "zh-Hans"),
        ),
        *(
            ("de", "de"),
            ("fr-CA", "fr"),
            ("es", "es"),
            ("vi", "vi"),
            ("ja", "ja"),
            ("ko-KR", "ko"),
            ("en_GB", "en"),
        ),
    ],
)
def test_a_digest_has_the_language_that_its_tag_means(tmp_path: Path, written: str, language: str) -> None:
    digest = read(tmp_path, SOURCE + 'path = "a"\n' + DIGEST + f'language = "{written}"').digests[0]
    assert digest.language == language
