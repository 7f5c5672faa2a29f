"""What a language's row of words holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """One language's words. Pairs are (one, many); {n}, {names} and the like are filled in."""

    tag: str  # for the lang attribute: tells fonts simplified from traditional
    weekdays: tuple[str, ...]  # seven, Monday first
    months: tuple[str, ...]  # twelve names, or none where they are numbers
    short_date: str  # {month} {month_name} {day}
    long_date: str  # {year} too
    month: str  # heading in the list of all editions
    dated: str  # {date} {weekday}
    stories: tuple[str, str]
    minutes: tuple[str, str]
    page: str  # {n}, of a newspaper
    empty: str
    unread: str
    untitled: str
    other_section: str  # heading of stories without a section that follow others with one
    comma: str  # between names in a list
    more: str  # after a list, {n} that are not named
    also: str  # before the other sources of a story
    update: str  # marks a story that was told before and goes on
    before: str  # {date} when it was told first
    adding: str  # {source}, before what another source adds to a story
    head_missing: str
    head_missing_from: str  # {page} as printed
    tail_missing: str
    tail_missing_to: str
    shortened: str
    whole: str  # link to the whole
    rest: tuple[str, str]  # stories that did not fit
    more_stories: str  # before the titles of stories that there was no room for
    more_others: str  # ends their list: {n} that are not named, or {total} with those that are
    on_the_web: str
    all_editions: str
    previous: str
    unsubscribe: str
    keywords: str

    def __post_init__(self) -> None:
        if len(self.weekdays) != 7 or len(self.months) not in (0, 12):
            raise ValueError(f"{self.tag}: seven weekdays, and twelve months or none")

    def format_short_date(self, day: date) -> str:
        return self._fill_date(self.short_date, day)

    def format_long_date(self, day: date) -> str:
        return self._fill_date(self.long_date, day)

    def format_month(self, day: date) -> str:
        return self._fill_date(self.month, day)

    def _fill_date(self, form: str, day: date) -> str:
        name = self.months[day.month - 1] if self.months else str(day.month)
        return form.format(year=day.year, month=day.month, month_name=name, day=day.day)

    def format_with_weekday(self, day: date, *, year: bool = False) -> str:
        shown = self.format_long_date(day) if year else self.format_short_date(day)
        return self.dated.format(date=shown, weekday=self.weekdays[day.weekday()])

    def join_names(self, names: Sequence[str], most: int) -> str:
        """Join names as the language does, at most `most` of them, the others counted."""
        return self.comma.join(names[:most]) + self.format_unnamed(len(names) - most)

    def format_unnamed(self, n: int) -> str:
        """Return what ends a list of which `n` are not named."""
        return self.more.format(n=n) if n > 0 else ""

    def split_addition(self) -> tuple[str, str]:
        """Return what stands before and after the name of a source that adds to a story."""
        before, _, after = self.adding.partition("{source}")
        return before, after

    def format_others(self, named: int, n: int) -> str:
        """Return what ends the list of stories without room, of which `n` are not among those `named`."""
        return self.more_others.format(n=n, total=named + n) if n > 0 else ""

    def format_remaining(self, n: int) -> str:
        return format_count(self.rest, n)


def format_count(forms: tuple[str, str], n: int) -> str:
    return forms[n != 1].format(n=n)
