"""`zhaibao init` and `zhaibao check`: from nothing to a configuration that works."""

import sys
from pathlib import Path

import click

from bot.cli.exit_status import UNREACHABLE
from bot.errors import InputError, ZhaibaoError

_EXAMPLE = Path(__file__).parents[2] / "templates" / "zhaibao.toml"


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def init_configuration(folder: Path) -> None:
    """Write a commented zhaibao.toml to start from.

    It is written into DIR, or here, and never over one that is there.
    """
    target, example = folder / "zhaibao.toml", _EXAMPLE.read_text("utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(example)
    except FileExistsError as error:
        what = f"{target} is there already" if target.exists() else f"{folder} is no folder"
        raise InputError(f"{what} and stays as it is; name another folder") from error
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror})") from error
    zhaibao = "zhaibao" if folder == Path() else f"zhaibao --config {target}"
    click.echo(
        f"Wrote {target}. Next:\n"
        "  1. Open it: name your sources, and who gets the digest.\n"
        "  2. For Telegram: make a bot with @BotFather, export ZHAIBAO_TELEGRAM_TOKEN=…,\n"
        "     and add the bot to your channel as an administrator.\n"
        f"  3. {zhaibao} check    looks whether all of it works; then   {zhaibao} run"
    )


@click.command("check")
@click.pass_obj
def check_configuration(config: Path) -> None:
    """Look whether sources and destinations work; sends nothing."""
    from bot.cli.assembly import load_configuration, open_store, run_async
    from bot.cli.checks import CheckResult, check_parts
    from bot.cli.printing import print_check_results

    settings = load_configuration(config)
    found = [CheckResult("configuration", str(config))]
    try:
        with open_store(settings) as store:
            found.append(CheckResult("store", store.address))
    except ZhaibaoError as error:
        found.append(CheckResult("store", str(error), UNREACHABLE))
    found += run_async(check_parts(settings))
    print_check_results(found)
    if worst := max(finding.status for finding in found):
        sys.exit(worst)
