"""`zhaibao init` and `zhaibao check`: write a first configuration, and check a configuration."""

import sys
from pathlib import Path

import click

from bot.cli.exit_status import UNREACHABLE
from bot.cli.translation import _, translate
from bot.errors import ZhaibaoError


@click.command("check")
@click.pass_obj
def check_configuration(config: Path) -> None:
    """Test what the next slot will do. Sends nothing.

    It tests the configuration, the database, each source and destination, the mail server and its login, the
    themes with today's articles, disk and clock.
    """
    from bot.cli.assembly import load_configuration, open_store, run_async
    from bot.cli.checks import (
        CheckResult,
        check_machine,
        check_next_editions,
        check_parts,
        list_changes,
    )
    from bot.cli.printing import print_check_results

    settings = load_configuration(config)
    results = [CheckResult(_("configuration"), str(config))]
    try:
        with open_store(settings) as store:
            results.append(CheckResult(_("store"), store.address))
            results += list_changes(settings, store)
            results += check_next_editions(settings, store)
            results += check_machine(settings, store)
    except ZhaibaoError as error:
        results.append(CheckResult(_("store"), translate(error), UNREACHABLE))
    results += run_async(check_parts(settings))
    print_check_results(results)
    if worst := max(result.status for result in results):
        sys.exit(worst)
