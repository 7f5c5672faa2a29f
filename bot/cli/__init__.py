"""The command line, and the one place where the parts are put together.

What a command needs is imported inside it, so that `zhaibao --help` answers at once.
"""

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
    """
    context.obj = config


def main() -> None:
    """Run the command line; every error is one line on standard error."""
    from bot.cli import (  # noqa: F401 - they add their commands to `cli`
        desk,
        lists,
        memory,
        reading,
        setup,
        sources,
        steps,
    )

    try:
        status = cli.main(standalone_mode=False)
    except click.Abort:
        status = 130
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except ZhaibaoError as error:
        click.echo(f"zhaibao: {' '.join(str(error).split())}", err=True)
        status = exit_status(error)
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def exit_status(error: ZhaibaoError) -> int:
    if isinstance(error, ForbiddenAddress):
        return UNUSABLE
    return UNREACHABLE if isinstance(error, FetchError | BadStatus | StoreError | DeliveryError) else UNUSABLE
