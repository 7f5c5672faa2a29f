"""The program `zhaibao`: its commands and how it ends."""

import io
import os
import sys
from pathlib import Path

import click

from bot.cli import (
    checking,
    edition_diff,
    initialization,
    listings,
    operator_actions,
    reading,
    sending,
    sources,
    status,
    steps,
    stored_articles,
    subscribers,
)
from bot.cli.exit_status import INTERRUPTED, UNUSABLE, choose_exit_status
from bot.cli.translation import _, translate, translate_click, translate_command
from bot.errors import ConfigErrors, ZhaibaoError

_COMMANDS: tuple[click.Command, ...] = (
    initialization.init_configuration,
    checking.check_configuration,
    reading.split_pages,
    reading.summarize_source,
    reading.read_sources,
    sources.sources_group,
    steps.collect_sources,
    steps.preview_digest,
    steps.publish_editions,
    steps.deliver_messages,
    sending.send_test,
    steps.run_service,
    status.show_status,
    edition_diff.replay_digest,
    listings.list_editions,
    listings.list_deliveries,
    operator_actions.resend_deliveries,
    operator_actions.settle_deliveries,
    operator_actions.cancel_deliveries,
    subscribers.subscribers_group,
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
    help="The configuration file.",
)
@click.version_option(package_name="zhaibao", prog_name="zhaibao")
@click.pass_context
def cli(context: click.Context, config: Path) -> None:
    """Zhaibao 摘报 condenses newspaper pages and feeds to their own key sentences and delivers a
    daily digest.

    Start with `zhaibao init`, or try one page: `zhaibao split PAGE.txt`.

    Exit status: 0 done; 1 a server did not answer or refused; 2 the input or the configuration cannot be
    used.
    """
    context.obj = config


for command in _COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line. Print every error as one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # do not fail on a terminal that cannot show Chinese characters
    translate_click()
    sys.exit(_run_command())


def _run_command() -> int:
    output = sys.stdout
    try:
        status = translate_command(cli).main(prog_name="zhaibao", standalone_mode=False)
        output.flush()
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UNUSABLE
    except click.ClickException as error:
        _print_error(_describe_usage_error(error))
        return error.exit_code
    except ConfigErrors as error:
        for fault in error.errors:
            _print_error(" ".join(translate(fault).split()))
        return UNUSABLE
    except ZhaibaoError as error:
        _print_error(" ".join(translate(error).split()))
        return choose_exit_status(error)
    except (BrokenPipeError, SystemExit) as error:
        # click turns a broken pipe into SystemExit and leaves another object as sys.stdout.
        if isinstance(error, SystemExit) and sys.stdout is output:
            raise
        # The reader closed our output. Python would report an error at exit, so the remaining output is
        # discarded.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
        return 0
    return status or 0


def _print_error(line: str) -> None:
    click.echo(f"zhaibao: {line}", err=True)


def _describe_usage_error(error: click.ClickException) -> str:
    """Return click's error in one line, with the help command.

    >>> _describe_usage_error(click.NoSuchOption("--frob"))
    "no such option '--frob'; `zhaibao --help` tells more"
    """
    if isinstance(error, click.NoSuchOption) and error.ctx and error.option_name in _list_options(cli):
        command = error.ctx.command_path.removeprefix("zhaibao ")
        return _(
            "{option} stands before the command: `zhaibao {option} … {command}`",
            option=error.option_name,
            command=command,
        )
    complaint = " ".join(error.format_message().split()).rstrip(".。")
    complaint = complaint[:1].lower() + complaint[1:]
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "zhaibao"
    if complaint.endswith(("?", "？")):
        return _("{question} `{command} --help` tells more", question=complaint, command=command)
    return _("{complaint}; `{command} --help` tells more", complaint=complaint, command=command)


def _list_options(command: click.Command) -> list[str]:
    return [option for parameter in command.params for option in parameter.opts]
