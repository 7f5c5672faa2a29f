"""Does what is new come back, and what is told again stay out? Over told articles and what came after them.

    ZHAIBAO_SHARED=../shared python tests/benchmarks/stories/updates.py [--wrong]

Two sets. The invented news of tests/stories/updates.toml, with the sentences that are new marked: the constants were
chosen by them. And updates.tsv, ids alone (see measure.py): `answer` is update (something happened since, by reading
both) or repeat (the same news again: a person's summary of it, "#reference", or another paper's telling); no
constant was chosen by it, and one rule (that an announced day has come) made after it was seen.
"""

import argparse
import csv
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from measure import articles

from bot.models import Article
from bot.stories.news import news

HERE = Path(__file__).parent
INVENTED = HERE.parents[1] / "stories" / "updates.toml"
TABLE = HERE / "updates.tsv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """`new`: beginnings of the later article's sentences that are new; empty where they are not marked."""

    name: str
    told: Article
    later: Article
    is_update: bool
    new: tuple[str, ...] = ()


def invented() -> Iterator[Case]:
    for row in tomllib.loads(INVENTED.read_text("utf-8"))["case"]:
        told, later = (
            Article(title="", text=row[text].strip(), published_at=datetime.combine(row[day], time(12), tzinfo=UTC))
            for text, day in (("told", "told_day"), ("later", "day"))
        )
        new = tuple(row.get("new", ()))
        yield Case(name=row["name"], told=told, later=later, is_update=row["answer"] == "update", new=new)


def real(shared: Path) -> Iterator[Case]:
    with TABLE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    found = articles(shared, [name for row in rows for name in (row["told"], row["later"])])
    for row in rows:
        told, later = found[row["told"]], found[row["later"]]
        if told.published_at == later.published_at and told.published_at:  # an article and its summary: a day later
            later = replace(later, published_at=told.published_at + timedelta(days=1))
        yield Case(name=f"{row['told']} {row['later']}", told=told, later=later, is_update=row["answer"] == "update")


def found_new(case: Case) -> list[str]:
    return [each.text for each in news(case.later, [case.told], told_on=None, today=None)]


def report(title: str, cases: list[Case], *, wrong: bool) -> None:
    answers = [(case, found_new(case)) for case in cases]
    updates = [(case, new) for case, new in answers if case.is_update]
    repeats = [(case, new) for case, new in answers if not case.is_update]
    missed = [case for case, new in updates if not new]
    slipped = [case for case, new in repeats if new]
    print(f"{title}: of {len(updates)} updates {len(missed)} missed, of {len(repeats)} repeats {len(slipped)} slipped")
    marked = [(case, new) for case, new in updates if case.new]
    right = sum(any(text.startswith(mark) for mark in case.new) for case, new in marked for text in new)
    told, meant = sum(len(new) for _, new in marked), sum(len(case.new) for case, _ in marked)
    if marked:
        print(f"  new sentences: precision {right / max(1, told):.3f}, recall {right / meant:.3f}")
    for case in [*missed, *slipped] if wrong else ():
        print(f"  {'missed' if case.is_update else 'slipped'} {case.name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--wrong", action="store_true", help="list what is judged wrongly")
    chosen = parser.parse_args()
    shared = Path(os.environ.get("ZHAIBAO_SHARED") or Path(__file__).parents[4] / "shared")
    report("invented", list(invented()), wrong=chosen.wrong)
    report("real", list(real(shared)), wrong=chosen.wrong)


if __name__ == "__main__":
    main()
