"""Does what is new come back, and what is told again stay out? Over told articles and what came after them.

    ZHAIBAO_SHARED=../shared python tests/benchmarks/stories/updates.py [--wrong]

Two sets. The invented news of tests/editorial/stories/updates.toml, with the sentences that are new marked:
the constants were chosen by them. And updates.tsv, ids alone (see measure.py): `answer` is update (something
happened since, by reading

both) or repeat (the same news again: a person's summary of it, "#reference", or another paper's telling); no
constant was chosen by it, and one rule (that an announced day has come) made after it was seen.
"""

import argparse
import csv
import os
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from measure import Pair, articles, neighbours, table

from bot.editorial.stories import find_news, group_events, mark_updates
from bot.editorial.stories.grouping import match_followed
from bot.editorial.stories.traits import extract_traits
from bot.models import Article, PrintedStory

HERE = Path(__file__).parent
INVENTED = Path(__file__).parents[2] / "editorial/stories/updates.toml"
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
            Article(title="", text=row[text].strip(), published_at=at_noon(row[day]))
            for text, day in (("told", "told_day"), ("later", "day"))
        )
        new = tuple(row.get("new", ()))
        yield Case(name=row["name"], told=told, later=later, is_update=row["answer"] == "update", new=new)


def real(shared: Path) -> Iterator[Case]:
    with TABLE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    known = articles(shared, [name for row in rows for name in (row["told"], row["later"])])
    for row in rows:
        told, later = known[row["told"]], known[row["later"]]
        if (
            told.published_at == later.published_at and told.published_at
        ):  # an article and its summary: a day later
            later = replace(later, published_at=told.published_at + timedelta(days=1))
        yield Case(
            name=f"{row['told']} {row['later']}", told=told, later=later, is_update=row["answer"] == "update"
        )


def found_new(case: Case) -> list[str]:
    return [each.text for each in find_news(case.later, [case.told], printed_on=None, today=None)]


def report(title: str, cases: list[Case], *, wrong: bool) -> None:
    answers = [(case, found_new(case)) for case in cases]
    updates = [(case, new) for case, new in answers if case.is_update]
    repeats = [(case, new) for case, new in answers if not case.is_update]
    missed = [case for case, new in updates if not new]
    slipped = [case for case, new in repeats if new]
    print(
        f"{title}: of {len(updates)} updates {len(missed)} missed, of {len(repeats)} repeats "
        f"{len(slipped)} slipped"
    )
    marked = [(case, new) for case, new in updates if case.new]
    right = sum(any(text.startswith(mark) for mark in case.new) for case, new in marked for text in new)
    told, meant = sum(len(new) for _, new in marked), sum(len(case.new) for case, _ in marked)
    if marked:
        print(f"  new sentences: precision {right / max(1, told):.3f}, recall {right / meant:.3f}")
    for case in [*missed, *slipped] if wrong else ():
        print(f"  {'missed' if case.is_update else 'slipped'} {case.name}")


def found(cases: list[Case]) -> None:
    """How the invented cases come out of a day's articles, the told story to be found first."""
    others = [
        Article(title=row["title"], text=row["text"].strip(), published_at=at_noon(row["day"]))
        for row in tomllib.loads(INVENTED.with_name("events.toml").read_text("utf-8"))["article"]
    ]
    every = {case.told.fingerprint: case.told for case in cases}
    tellings = {
        name: [PrintedStory(edition=told.published_at.date().isoformat(), number=1)]
        for name, told in every.items()
    }
    outcomes = Counter(
        (case.is_update, outcome(case, others, list(every.values()), tellings)) for case in cases
    )
    for is_update, what in ((True, "updates"), (False, "repeats")):
        came = {name: number for (answer, name), number in sorted(outcomes.items()) if answer == is_update}
        print(f"found among {len(others)} articles: {what} come as {came}")


def outcome(
    case: Case, others: list[Article], told: list[Article], tellings: dict[str, list[PrintedStory]]
) -> str:
    today = case.later.published_at.date()
    every = mark_updates(group_events([case.later, *others], told), tellings, today=today)
    (event,) = [each for each in every if case.later in each.articles]
    return "update" if event.news else "left out" if event.first_printing else "new"


def strangers(shared: Path) -> None:
    """How many pairs of different events on different days would come as an update of each other."""
    pairs = [pair for pair in table() if pair.answer == "other"]
    known = articles(shared, [name for pair in table() for name in (pair.one, pair.other)])
    for half in ("development", "check"):
        chosen = [
            p
            for p in pairs
            if p.half == half and differ(known[p.one].published_at, known[p.other].published_at)
        ]
        wrong = sum(goes_on(pair, known) for pair in chosen)
        print(
            f"{half}: of {len(chosen)} pairs of different events on different days {wrong} come as an update"
        )


def differ(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one != other


def goes_on(pair: Pair, known: dict[str, Article]) -> bool:
    earlier, later = sorted((pair.one, pair.other), key=lambda name: known[name].published_at)
    names = neighbours(pair, known)
    ahead = match_followed([extract_traits(known[name]) for name in names], {names.index(earlier)})
    return names.index(later) in ahead and bool(
        find_news(known[later], [known[earlier]], printed_on=None, today=None)
    )


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--wrong", action="store_true", help="list what is judged wrongly")
    chosen = parser.parse_args()
    shared = Path(os.environ.get("ZHAIBAO_SHARED") or Path(__file__).parents[4] / "shared")
    report("invented", list(invented()), wrong=chosen.wrong)
    found(list(invented()))
    report("real", list(real(shared)), wrong=chosen.wrong)
    strangers(shared)


if __name__ == "__main__":
    main()
