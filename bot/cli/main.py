"""The program `zhaibao`: its commands and how it ends."""

import io
import os
import sys
from pathlib import Path

import click

from bot.cli import listings, operator_actions, reading, setup, sources, steps, stored_articles
from bot.cli.exit_status import INTERRUPTED, UNUSABLE, choose_exit_status
from bot.errors import ZhaibaoError

_COMMANDS: tuple[click.Command, ...] = (
    setup.init_configuration,
    setup.check_configuration,
    reading.split_pages,
    reading.summarize_text,
    sources.sources_group,
    steps.collect_sources,
    steps.preview_digest,
    steps.publish_editions,
    steps.deliver_messages,
    steps.run_service,
    listings.list_editions,
    listings.list_deliveries,
    operator_actions.resend_deliveries,
    operator_actions.settle_deliveries,
    operator_actions.cancel_deliveries,
    operator_actions.list_paused,
    operator_actions.resume_subscribers,
    operator_actions.list_actions,
    operator_actions.backup_database,
    stored_articles.search_articles,
    stored_articles.render_edition,
    stored_articles.vacuum_store,
)


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


for command in _COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line; every error is one line on standard error."""
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
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UNUSABLE
    except click.ClickException as error:
        _print_error(_describe_usage_error(error))
        return error.exit_code
    except ZhaibaoError as error:
        _print_error(" ".join(str(error).split()))
        return choose_exit_status(error)
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

    >>> _describe_usage_error(click.NoSuchOption("--frob"))
    "no such option '--frob'; `zhaibao --help` tells more"
    """
    words = " ".join(error.format_message().split()).rstrip(".")
    words = words[:1].lower() + words[1:] + ("" if words.endswith("?") else ";")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{words} `{context.command_path if context else 'zhaibao'} --help` tells more"
