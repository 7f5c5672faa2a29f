"""docs/reference names every setting and every command, and none that does not exist."""

import ast
import re
import tomllib
from pathlib import Path

import click

from bot.cli.main import cli

ROOT = Path(__file__).parents[2]
SETTINGS_PAGE = (ROOT / "docs/reference/settings.md").read_text("utf-8")
COMMANDS_PAGE = (ROOT / "docs/reference/commands.md").read_text("utf-8")
TABLE_METHODS = re.compile(r"read_(?!secret)\w+|get_value|_read_line|_check_selector")
FILES_THAT_READ_TABLES = (
    *sorted((ROOT / "bot/config").glob("*.py")),
    *sorted((ROOT / "bot/channels").rglob("*.py")),
)


def is_table(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "table"


def find_keys_in_code() -> set[str]:
    """Return each key that code asks a table for: table.read_text("title"), read_selector(table, "body")."""
    keys = set()
    for path in FILES_THAT_READ_TABLES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            match node.func:
                case ast.Attribute(value=ast.Name(id="table"), attr=name) if TABLE_METHODS.fullmatch(name):
                    arguments = node.args[:1]
                case ast.Name(id=name) if TABLE_METHODS.fullmatch(name) and is_table(node.args[0]):
                    arguments = node.args[1:2]
                case _:
                    continue
            keys |= {
                key.value for key in arguments if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
    return keys


def find_keys_on_page() -> set[str]:
    tables = SETTINGS_PAGE.split("## Environment")[0]
    return set(re.findall(r"^\| `(\w+)` \|", tables, re.MULTILINE))


def test_every_setting_is_described_and_none_that_does_not_exist() -> None:
    # read_name and read_zone have their keys as defaults; chat and address are chosen by the channel
    in_code = find_keys_in_code() | {"name", "zone", "chat", "address", "time"}
    assert find_keys_on_page() == in_code


def test_every_example_of_a_setting_is_toml() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| [^|]* \| `([^`]+)` \|", SETTINGS_PAGE, re.MULTILINE)
    assert len(rows) > 50
    for key, example in rows:
        assert key in tomllib.loads(f"{key} = {example}")


def test_every_environment_variable_is_described() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    in_code = set(re.findall(r'(?:read|find)_secret\((?:"\w+", )?"(ZHAIBAO_\w+)"', code))
    assert in_code
    assert in_code == set(re.findall(r"^\| `(ZHAIBAO_\w+)` \|", SETTINGS_PAGE, re.MULTILINE))


def list_commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    commands: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        commands[f"{prefix}{name}"] = command
        if isinstance(command, click.Group):
            commands |= list_commands(command, f"{prefix}{name} ")
    return commands


def read_sections() -> dict[str, str]:
    """Return the text below each heading `## zhaibao NAME`."""
    pieces = re.split(r"^##+ `zhaibao ([\w -]+)`.*$", COMMANDS_PAGE, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def test_every_command_is_described_with_all_its_options_and_none_that_does_not_exist() -> None:
    commands, sections = list_commands(cli), read_sections()
    assert sections.keys() == commands.keys()
    for name, command in commands.items():
        options = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
        }
        described = set(re.findall(r"`(--?[\w-]+)", sections[name]))
        assert {option for option in options if option.startswith("--")} <= described, name
        assert {option for option in described if option.startswith("--")} <= options | {"--config"}, name
