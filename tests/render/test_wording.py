"""The words around the stories, in every language."""

from datetime import date

import pytest

from bot.locales import LANGUAGES
from bot.render.wording import find_wording


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        *(
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh_TW", "zh-Hant"),
            ("ZH-Hant", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
        ),
        *(("en-GB", "en"), ("de", "de"), ("xx", "en"), ("", "en")),
    ],
)
def test_a_language_without_a_row_is_worded_in_english(language: str, tag: str) -> None:
    assert find_wording(language).tag == tag


@pytest.mark.parametrize(
    ("language", "line"),
    [
        *(
            ("zh", " 等 11 篇"),
            ("zh-TW", " 等 11 篇"),
            ("en", " and 3 more"),
            ("de", " und 3 weitere"),
            ("ja", " など計11本"),
        ),
        *(("fr", " et 3 de plus"), ("es", " y 3 más"), ("ko", " 외 3건"), ("vi", " và 3 bài khác")),
    ],
)
def test_list_of_stories_without_room_ends_as_the_language_ends_it(language: str, line: str) -> None:
    assert find_wording(language).format_others(8, 3) == line
    assert find_wording(language).format_others(8, 0) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_a_year_reads_differently(language: str) -> None:
    words = find_wording(language)
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(365)]
    assert len({words.format_with_weekday(day, year=True) for day in days}) == 365
    assert len({words.format_month(day) for day in days}) == 12


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", "2026年11月22日 星期日"),
        ("en", "Sunday, 22 November 2026"),
        ("de", "Sonntag, 22. November 2026"),
        ("fr", "dimanche 22 novembre 2026"),
        ("es", "domingo, 22 de noviembre de 2026"),
        ("ja", "2026年11月22日 日曜日"),
        ("ko", "2026년 11월 22일 일요일"),
        ("vi", "Chủ Nhật, 22/11/2026"),
    ],
)
def test_day_is_written_as_the_language_writes_it(language: str, shown: str) -> None:
    assert find_wording(language).format_with_weekday(date(2026, 11, 22), year=True) == shown


@pytest.mark.parametrize(
    ("language", "n", "line"),
    [
        ("en", 1, "1 story"),
        ("en", 2, "2 stories"),
        ("fr", 0, "0 article"),
        ("zh-TW", 1, "1 篇"),
        ("de", 0, "0 Meldungen"),
    ],
)
def test_stories_are_counted_as_the_language_counts(language: str, n: int, line: str) -> None:
    assert find_wording(language).format_story_count(n) == line
