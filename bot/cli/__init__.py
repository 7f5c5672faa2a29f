"""The command line, and the one place where the parts are put together.

What a command needs is imported inside it, so that `zhaibao --help` answers at once.
"""

import io
import os
import sys
from pathlib import Path

import click

from bot.errors import BadStatus, DeliveryError, FetchError, ForbiddenAddress, StoreError, ZhaibaoError

UNREACHABLE, UNUSABLE = 1, 2  # exit statuses: something outside does not answer; what was given cannot be used


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("zhaibao.toml"),
    show_default=True,
    help="The configuration to use.",
)
@click.version_option(package_name="zhaibao", prog_name="zhaibao")
@click.pass_context
def cli(context: click.Context, config: Path) -> None:
    """Zhaibao 摘报 condenses newspaper pages and feeds to their own key sentences and delivers a daily digest.

    Start with `zhaibao init`, or look at one page: `zhaibao split PAGE.txt`.

    Exit status: 0 done, 1 something outside did not answer or refused, 2 what was given cannot be used.
    """
    context.obj = config


def main() -> None:
    """Run the command line; every error is one line on standard error."""
    from bot.cli import (  # noqa: F401 - they add their commands to `cli`
        listings,
        operator_actions,
        reading,
        setup,
        sources,
        steps,
        stored_articles,
    )

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Chinese is no reason to fail
    sys.exit(_run_command())


def _run_command() -> int:
    output = sys.stdout
    try:
        status = cli.main(prog_name="zhaibao", standalone_mode=False)
        output.flush()
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UNUSABLE
    except click.ClickException as error:
        _print_error(_describe_usage_error(error))
        return error.exit_code
    except ZhaibaoError as error:
        _print_error(" ".join(str(error).split()))
        return _choose_exit_status(error)
    except (BrokenPipeError, SystemExit) as error:
        # click makes a broken pipe an exit, and leaves another object in place of sys.stdout.
        if isinstance(error, SystemExit) and sys.stdout is output:
            raise
        # Whoever read our output has seen enough; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
        return 0
    return status or 0


def _print_error(line: str) -> None:
    click.echo(f"zhaibao: {line}", err=True)


def _describe_usage_error(error: click.ClickException) -> str:
    """click's complaint in one line, with where to look.

    >>> told(click.NoSuchOption("--frob"))
    "no such option '--frob'; `zhaibao --help` tells more"
    """
    words = " ".join(error.format_message().split()).rstrip(".")
    words = words[:1].lower() + words[1:] + ("" if words.endswith("?") else ";")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{words} `{context.command_path if context else 'zhaibao'} --help` tells more"


def _choose_exit_status(error: ZhaibaoError) -> int:
    if isinstance(error, ForbiddenAddress):
        return UNUSABLE
    return UNREACHABLE if isinstance(error, FetchError | BadStatus | StoreError | DeliveryError) else UNUSABLE
