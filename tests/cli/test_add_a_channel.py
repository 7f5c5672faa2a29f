"""docs/how-to/add-a-channel.md, followed word for word: the new channel is there in every command."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.channels
from bot.channels.protocol import Channel
from bot.channels.registry import CHANNELS
from tests.cli.conftest import CONFIGURATION, Shell
from tests.test_imports import imported, is_allowed, part_of

RECIPE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-channel.md"
STEP = re.compile(
    r"^## \d+\. [^\n]*`bot/channels/gazette/(\w+\.py)`[^\n]*\n.*?^```python\n(.*?)^```",
    re.MULTILINE | re.DOTALL,
)
DESTINATION = '\n[[destination]]\ndigest = "daily"\nchannel = "gazette"\nroom = "#news"\n'


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The recipe's files as the package bot.channels.gazette, and its line in the table."""
    package = tmp_path / "added" / "gazette"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for name, code in STEP.findall(RECIPE.read_text("utf-8")):
        (package / name).write_text(code, encoding="utf-8")
    monkeypatch.setattr(bot.channels, "__path__", [*bot.channels.__path__, str(package.parent)])
    row = importlib.import_module("bot.channels.gazette.row").ROW
    monkeypatch.setitem(CHANNELS, "gazette", row)
    yield package
    for name in [name for name in sys.modules if name.startswith("bot.channels.gazette")]:
        del sys.modules[name]


@pytest.fixture
def rooms(folder: Path, package: Path) -> Path:  # noqa: ARG001 - the channel must be in the table
    """Where Gazette writes, in a configuration that has somebody to send to."""
    rooms = folder / "rooms"
    rooms.mkdir()
    settings = f'{DESTINATION}\n[gazette]\nfolder = "{rooms}"\n'
    (folder / "zhaibao.toml").write_text(CONFIGURATION + settings, encoding="utf-8")
    return rooms


def test_the_recipe_names_every_file_of_a_channel(package: Path) -> None:
    existing = {path.name for path in Path(bot.channels.__file__).parent.glob("archive/*.py")}
    assert {path.name for path in package.glob("*.py")} == existing


def test_the_recipes_modules_import_only_what_their_layer_may(package: Path) -> None:
    for path in package.glob("*.py"):
        part = part_of(f"bot.channels.gazette.{path.stem}")
        wrong = [name for name in imported(path) if not is_allowed(part, name)]
        assert not wrong, f"{path.name} imports {wrong}"


@pytest.mark.usefixtures("package")
def test_the_recipes_client_has_every_method_of_a_channel() -> None:
    client = importlib.import_module("bot.channels.gazette.channel").GazetteChannel
    assert {name for name in vars(Channel) if not name.startswith("_")} <= set(vars(client))


def test_check_asks_the_new_channel(zhaibao: Shell, rooms: Path) -> None:
    assert "#news can be written to" in zhaibao("check").out
    rooms.rmdir()
    ended = zhaibao("check")
    assert ended.status == 1
    assert "is no folder: create it" in ended.out


@pytest.mark.usefixtures("rooms")
def test_check_names_what_the_new_channel_needs(zhaibao: Shell, folder: Path) -> None:
    file = folder / "zhaibao.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("#news", "news"), encoding="utf-8")
    assert "room = 'news' cannot be used; it takes the name of a room: #news" in zhaibao("check").complaint
    file.write_text(text.partition("[gazette]")[0], encoding="utf-8")
    assert zhaibao("check").complaint.endswith("[[destination]] gazette: gazette needs [gazette] folder")
    file.write_text(text + 'token = "123"\n', encoding="utf-8")
    assert "set ZHAIBAO_GAZETTE_TOKEN" in zhaibao("check").complaint


def test_preview_writes_the_new_channels_messages_too(zhaibao: Shell, folder: Path, rooms: Path) -> None:
    ended = zhaibao("preview", "daily", "--out", "out")
    assert ended.status == 0
    assert "全县冬季供暖提前三天达标" in (folder / "out" / "gazette-2.txt").read_text("utf-8")
    assert "Gazette message 2" in ended.out
    assert not list(rooms.iterdir())


def test_a_published_digest_is_delivered_by_the_new_channel_once(zhaibao: Shell, rooms: Path) -> None:
    assert zhaibao("collect").status == 0
    assert zhaibao("publish", "daily").status == 0
    assert "2 sent" in zhaibao("deliver").out
    assert "全县冬季供暖提前三天达标" in (rooms / "news.txt").read_text("utf-8")
    listed = zhaibao("deliveries").out
    assert "gazette" in listed
    size = (rooms / "news.txt").stat().st_size
    zhaibao("deliver")
    assert (rooms / "news.txt").stat().st_size == size
