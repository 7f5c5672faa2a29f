"""Write docs/deploy/zhaibao.1 from the commands' own help: `.venv/bin/python docs/deploy/make_man.py`."""

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.main import cli

_PAGE = Path(__file__).with_name("zhaibao.1")
_FILES = """\
.SH FILES
.TP
.I zhaibao.toml
The configuration, in the present folder; \\-\\-config names another.
.TP
.I zhaibao.sqlite
The database beside it, unless [store] url names another.
.SH ENVIRONMENT
.TP
.B ZHAIBAO_TELEGRAM_TOKEN, ZHAIBAO_MAIL_PASSWORD, ZHAIBAO_STORE_URL
Secrets. A name with _FILE at its end names a file that contains the secret.
.SH EXIT STATUS
0 done; 1 something outside did not answer or refused, or needs a hand; 2 the input or the
configuration cannot be used.
"""


def render_page() -> str:
    """Return the page in man(7)'s macros."""
    lines = [
        '.TH ZHAIBAO 1 "" "Zhaibao" "User Commands"',
        ".SH NAME",
        "zhaibao \\- a digest of newspapers and feeds",
    ]
    lines += [".SH SYNOPSIS", ".B zhaibao", "[\\-\\-config FILE] COMMAND [OPTIONS]", ".SH DESCRIPTION"]
    lines += [_escape(_join(cli.help or "").split("\n\n")[0]), ".SH COMMANDS"]
    for name, command in _list_commands(cli):
        lines += _render_command(name, command)
    return "\n".join(lines) + "\n" + _FILES


def _list_commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{prefix}{name}", command
        if isinstance(command, click.Group):
            yield from _list_commands(command, f"{prefix}{name} ")


def _render_command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield f".SS zhaibao {_escape(name)} {_escape(' '.join(command.collect_usage_pieces(context)))}"
    for number, paragraph in enumerate(_join(command.help or "").split("\n\n")):
        if number:
            yield ".PP"
        yield _escape(paragraph)
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record:
            yield from (".TP", f".B {_escape(record[0])}", _escape(" ".join(record[1].split())) or "\\&")


def _join(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _escape(text: str) -> str:
    """Return the text without what roff reads as a command."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    _PAGE.write_text(render_page(), "utf-8")
