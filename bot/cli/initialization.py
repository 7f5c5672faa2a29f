"""`zhaibao init`: a first configuration, its folders with a sample page, and a first edition to look at."""

import json
import os
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from bot.cli.translation import _, translate
from bot.errors import ForbiddenAddress, InputError, ZhaibaoError
from bot.phrases import Phrase

if TYPE_CHECKING:
    from bot.models import Source

_TEMPLATES = Path(__file__).parents[2] / "templates"
_DEFAULT_ZONE = "Asia/Shanghai"
_LOCAL_TIME = Path("/etc/localtime")
_PAGES, _LOOK = "pages", "look"
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_CHAT = re.compile(r"-?\d+|@\w+")
_MAILBOX = re.compile(r"[^@\s]+@([^@\s]+\.[^@\s]+)")
_WEEKDAYS = "一二三四五六日"


@dataclass(kw_only=True, slots=True)
class _Wishes:
    """What the operator wants: the defaults, or the answers to the questions."""

    has_pages: bool = True
    source: "Source | None" = None
    private_host: str = ""  # host and port of a source with a private address
    target: str = ""  # a mailbox or a Telegram chat; "": only the folder of web pages
    time: str = "08:00"


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Ask nothing: newspaper pages in a folder, web pages, 08:00.")
@click.option("--full", is_flag=True, help="Write every setting with a comment, and nothing else.")
def init_configuration(folder: Path, yes: bool, full: bool) -> None:
    """Write a first configuration and a first edition.

    zhaibao.toml, the folder pages with a sample page, and the folder look with the edition go into DIR, by
    default the current folder. On a terminal it asks what to read, where to send it, and when. An existing
    file is never overwritten.
    """
    target = folder / "zhaibao.toml"
    if target.exists():
        raise InputError(Phrase("{path} exists and stays as it is; name another folder", path=target))
    if full:
        _write_new_file(target, (_TEMPLATES / "zhaibao.toml").read_text("utf-8"))
        click.echo(_("Wrote {path}. Name your sources and destinations in it.", path=target))
        return
    wishes = _ask_questions() if _is_terminal() and not yes else _Wishes()
    zone = _detect_zone()
    _write_new_file(target, _build_configuration(wishes, zone))
    made = [str(target)]
    if wishes.has_pages:
        sample = folder / _PAGES / "sample.txt"
        if not sample.parent.exists():
            _write_new_file(sample, _build_sample_page(datetime.now(ZoneInfo(zone))))
            made.append(str(sample))
    click.echo(_("Wrote {files}.", files=", ".join(made)))
    _write_first_edition(target, folder / _LOOK)
    _print_next_steps(folder, wishes)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask_questions() -> _Wishes:
    wishes = _Wishes()
    click.echo(_("What should be read?"))
    click.echo(_("  1  newspaper pages in a folder (text, PDF, pictures)"))
    click.echo(_("  2  a site or feed on the web"))
    click.echo(_("  3  both"))
    choice = click.prompt(_("1, 2 or 3"), type=click.Choice(["1", "2", "3"]), default="1", show_choices=False)
    if choice != "1":
        _ask_for_source(wishes)
        wishes.has_pages = choice == "3" or wishes.source is None
    click.echo(_("Where should the digest be sent? A mail address, a Telegram chat (its number or @name),"))
    wishes.target = click.prompt(
        _("or nothing for a folder of web pages"), default="", show_default=False, value_proc=_read_target
    )
    wishes.time = click.prompt(_("At what time, every day?"), default=wishes.time, value_proc=_read_time)
    return wishes


def _ask_for_source(wishes: _Wishes) -> None:
    """Ask for an address until a source is there; an empty answer leaves the question for later."""
    while wishes.source is None:
        url = click.prompt(_("Its address (empty: later)"), default="", show_default=False).strip()
        if not url:
            return
        for address in [url] if "://" in url else [f"https://{url}", f"http://{url}"]:
            if wishes.source is None:
                _try_address(wishes, address)
    click.echo(_("There is a source: {title} ({url}).", title=wishes.source.title, url=wishes.source.address))


def _try_address(wishes: _Wishes, url: str) -> None:
    """Set the source that is at `url`; print why where there is none."""
    try:
        wishes.source = _find_source(url, wishes.private_host)
    except ForbiddenAddress as error:
        click.echo(translate(error.reason))
        host = urlsplit(url).netloc.rpartition("@")[2]
        allowed = _("Is it your own host? Then it will be allowed in the configuration.")
        if host != wishes.private_host and click.confirm(allowed):
            wishes.private_host = host
            _try_address(wishes, url)
    except ZhaibaoError as error:
        click.echo(translate(error))


def _find_source(url: str, private_host: str) -> "Source":
    """Return the best source at `url`. Raises FetchError, SourceError."""
    from bot.cli.assembly import run_async
    from bot.cli.source_search import discover_source
    from bot.models import Source
    from bot.settings import FetchSettings, Settings
    from bot.sources.opml import make_source_name

    hosts = frozenset(filter(None, [private_host]))
    settings = Settings(
        file=Path("zhaibao.toml"), sources=(), digests=(), fetch=FetchSettings(allow_private=hosts)
    )
    candidate = run_async(discover_source(settings, url))
    name = make_source_name(candidate.title, candidate.url)
    return Source(kind=candidate.kind, name=name, address=candidate.url, title=candidate.title or name)


def _read_target(text: str) -> str:
    text = text.strip()
    if text and not (_CHAT.fullmatch(text) or _MAILBOX.fullmatch(text)):
        raise click.UsageError(_("a mail address, a chat's number like -1001234567890, @name, or nothing"))
    return text


def _read_time(text: str) -> str:
    match = _TIME.fullmatch(text.strip().replace("：", ":"))
    if not match:
        raise click.UsageError(_("a time of day like 08:00"))
    return f"{int(match[1]):02}:{match[2]}"


def _detect_zone() -> str:
    """Return the machine's time zone; Shanghai's where it is not known or the machine keeps UTC."""
    for name in (os.environ.get("TZ", ""), str(_LOCAL_TIME.resolve()).partition("zoneinfo/")[2]):
        if "/" in name and not name.startswith(("Etc/", "/")):
            try:
                return ZoneInfo(name).key
            except (LookupError, ValueError, OSError):
                continue
    return _DEFAULT_ZONE


def _build_configuration(wishes: _Wishes, zone: str) -> str:
    from bot.cli.sources import format_source_table
    from bot.cli.translation import detect_language

    tag = detect_language(os.environ)
    pages = f'\n[[source]]\nname = "paper"\ntitle = "我的报纸"\nkind = "page"\npath = "{_PAGES}"\n'
    every_setting = _("Every setting: `zhaibao init --full OTHER_FOLDER`, or docs/reference/settings.md.")
    next_steps = _("Add a source: `zhaibao sources add ADDRESS`. After a change: `zhaibao check`.")
    return "".join(
        [
            f"# {every_setting}\n",
            f"# {next_steps}\n",
            pages if wishes.has_pages else "",
            format_source_table(wishes.source) if wishes.source else "",
            f'\n[[digest]]\nname = "daily"\ntitle = "每日摘报"\nlanguage = "{tag if tag != "en" else "zh"}"\n'
            f'time = "{wishes.time}"\nzone = "{zone}"\n',
            '\n[[destination]]\ndigest = "daily"\nchannel = "archive"\n',
            _build_destination(wishes.target),
            '\n[archive]\nfolder = "archive"\n',
            _build_mail_table(wishes.target),
            f"\n[fetch]\nallow_private = {json.dumps([wishes.private_host])}\n"
            if wishes.private_host
            else "",
        ]
    )


def _build_destination(target: str) -> str:
    if not target:
        return ""
    head = '\n[[destination]]\ndigest = "daily"\n'
    if _MAILBOX.fullmatch(target):
        return f'{head}channel = "mail"\naddress = {json.dumps(target)}\n'
    chat = json.dumps(target) if target.startswith("@") else target
    return f'{head}channel = "telegram"\nchat = {chat}\n'


def _build_mail_table(target: str) -> str:
    mailbox = _MAILBOX.fullmatch(target)
    if not mailbox:
        return ""
    host, user = json.dumps(f"smtp.{mailbox[1]}"), json.dumps(target)
    hint = _("your mail provider says what its server is called")
    return f"\n[mail]\nhost = {host}  # {hint}\nuser = {user}\nfrom = {user}\n"


def _build_sample_page(now: datetime) -> str:
    day = f"{now.year}年{now.month}月{now.day}日 星期{_WEEKDAYS[now.weekday()]}"
    return (_TEMPLATES / "sample-page.txt").read_text("utf-8").format(day=day)


def _write_new_file(path: Path, text: str) -> None:
    """Write a file that does not exist yet, with the folders it is in. Raises InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(Phrase("{path} is not a folder; name another one", path=path.parent)) from error
    except OSError as error:
        raise InputError(
            Phrase("{path}: cannot be written ({reason})", path=path, reason=error.strerror)
        ) from error


def _write_first_edition(config: Path, look: Path) -> None:
    """Read the sources and write the first edition into `look`, as `preview --out` does."""
    from bot.cli.assembly import load_configuration
    from bot.cli.steps import preview_edition

    preview_edition(load_configuration(config), "daily", look)


def _print_next_steps(folder: Path, wishes: _Wishes) -> None:
    steps = []
    if folder != Path():
        steps.append(f"cd {folder}")
    if wishes.has_pages:
        steps.append(_("Put your own pages into {folder}, and delete sample.txt.", folder=f"{_PAGES}/"))
    if _MAILBOX.fullmatch(wishes.target):
        steps.append(_("Set the mail server in zhaibao.toml, and export ZHAIBAO_MAIL_PASSWORD=…"))
    elif wishes.target:
        steps.append(_("Create a bot with @BotFather, export ZHAIBAO_TELEGRAM_TOKEN=…, add it to the chat."))
    steps.append(_("`zhaibao check` tests everything; `zhaibao run` is the service."))
    click.echo(_("Next:"))
    for number, step in enumerate(steps, 1):
        click.echo(f"  {number}. {step}")
