"""A source that brings news less often than it used to is noticed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sources.habits import SourceHabits, measure_habits

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def list_days(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=day) for day in days]


def test_the_usual_gap_is_the_middle_one_of_the_newest_items():
    habits = measure_habits(list_days(9, 10, 11, 12, 20), NOW)
    assert habits == SourceHabits(newest_at=NOW - timedelta(days=9), usual_gap_days=1.0)
    assert habits.count_silent_days(NOW) == 9


@pytest.mark.parametrize(
    "days",
    [(1, 2, 3, 4, 5), (9, 12, 15, 18), (9,), (), (2, 2.1, 2.2, 2.3)],
    ids=["regular", "rare", "one item", "none", "short silence"],
)
def test_a_source_within_its_habits_is_not_silent(days):
    assert measure_habits(list_days(*days), NOW).count_silent_days(NOW) == 0


def test_dates_to_come_and_unknown_ones_do_not_count():
    habits = measure_habits([*list_days(9, 10, 11, 12, -30), None], NOW)
    assert habits.newest_at == NOW - timedelta(days=9)
