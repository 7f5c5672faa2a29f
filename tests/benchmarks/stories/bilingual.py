"""Do the two languages of one event come together, and its neighbour's stay apart? Over invented items in
twos.

    python tests/benchmarks/stories/bilingual.py [--wrong]

`bilingual.toml` says what the items are. Items with odd numbers chose the constants; those with even numbers
are the check half, printed first.
"""

import argparse
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.editorial.stories.bilingual import (
    SAME_EVENT,
    extract_anchors,
    measure_bilingual_similarity,
    weigh_anchors,
)
from bot.models import Article

ITEMS = tomllib.loads(Path(__file__).with_name("bilingual.toml").read_text("utf-8"))["item"]


def article(pair: list[str]) -> Article:
    return Article(
        title=pair[0], text=pair[1], source="invented", published_at=datetime(2026, 11, 30, tzinfo=UTC)
    )


@dataclass(frozen=True, kw_only=True)
class Half:
    """What came of one half: its events, those whose languages joined, and the neighbours that joined
    wrongly.
    """

    events: int
    joined: int
    trapped: int
    wrong: tuple[str, ...]


def measure_half(half: str) -> Half:
    names = [item["id"] for item in ITEMS if int(item["id"][:-1]) % 2 == (half == "development")]
    rows = {item["id"]: item for item in ITEMS}
    chinese = {name: extract_anchors(article(rows[name]["zh"])) for name in names}
    others = {name: extract_anchors(article(rows[name]["en"])) for name in names}
    weights = weigh_anchors([*chinese.values(), *others.values()])

    def is_joined(name: str, other: str) -> bool:
        return measure_bilingual_similarity(chinese[name], others[other], weights) >= SAME_EVENT

    neighbours = {name: name[:-1] + ("b" if name[-1] == "a" else "a") for name in names}
    apart = [name for name in names if not is_joined(name, name)]
    trapped = [name for name in names if is_joined(name, neighbours[name])]
    return Half(
        events=len(names),
        joined=len(names) - len(apart),
        trapped=len(trapped),
        wrong=(
            *(f"{name} stays apart" for name in apart),
            *(f"{name} joins {neighbours[name]}" for name in trapped),
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--wrong", action="store_true", help="list the pairs that are answered wrongly")
    wants_wrong = parser.parse_args().wrong
    for name in ("check", "development"):
        half = measure_half(name)
        print(f"{name}: {half.joined} of {half.events} events joined, {half.trapped} of {half.events} traps")
        if wants_wrong:
            print(*half.wrong, sep="\n")


if __name__ == "__main__":
    main()
