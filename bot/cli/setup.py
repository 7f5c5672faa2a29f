"""`zhaibao init` and `zhaibao check`: write a first configuration, and check a configuration."""

import sys
from pathlib import Path

import click

from bot.cli.exit_status import UNREACHABLE
from bot.cli.translation import _, translate
from bot.errors import InputError, ZhaibaoError
from bot.phrases import Phrase

_EXAMPLE = Path(__file__).parents[2] / "templates" / "zhaibao.toml"


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def init_configuration(folder: Path) -> None:
    """Write a commented zhaibao.toml to start from.

    It goes into DIR, by default the current folder. An existing file is never overwritten.
    """
    target, example = folder / "zhaibao.toml", _EXAMPLE.read_text("utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(example)
    except FileExistsError as error:
        if target.exists():
            raise InputError(
                Phrase("{path} exists and stays as it is; name another folder", path=target)
            ) from error
        raise InputError(Phrase("{path} is not a folder; name another one", path=folder)) from error
    except OSError as error:
        raise InputError(
            Phrase("{path}: cannot be written ({reason})", path=target, reason=error.strerror)
        ) from error
    zhaibao = "zhaibao" if folder == Path() else f"zhaibao --config {target}"
    click.echo(
        _(
            "Wrote {path}. Next:\n"
            "  1. Open it: name your sources, and who gets the digest.\n"
            "  2. For Telegram: create a bot with @BotFather, export ZHAIBAO_TELEGRAM_TOKEN=…,\n"
            "     and add the bot to your channel as an administrator.\n"
            "  3. `{zhaibao} check` checks everything; then `{zhaibao} run` starts the service.",
            path=target,
            zhaibao=zhaibao,
        )
    )


@click.command("check")
@click.pass_obj
def check_configuration(config: Path) -> None:
    """Check sources and destinations. Sends nothing."""
    from bot.cli.assembly import load_configuration, open_store, run_async
    from bot.cli.checks import CheckResult, check_parts, list_changes
    from bot.cli.printing import print_check_results

    settings = load_configuration(config)
    results = [CheckResult(_("configuration"), str(config))]
    try:
        with open_store(settings) as store:
            results.append(CheckResult(_("store"), store.address))
            results += list_changes(settings, store)
    except ZhaibaoError as error:
        results.append(CheckResult(_("store"), translate(error), UNREACHABLE))
    results += run_async(check_parts(settings))
    print_check_results(results)
    if worst := max(result.status for result in results):
        sys.exit(worst)
