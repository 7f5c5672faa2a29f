"""Time zones by the cities that people name, and by where they are."""

from zoneinfo import ZoneInfo

import pytest

from bot.locales.cities import OTHER_CITIES
from bot.locales.zones import CITIES, find_nearest_zone, find_zone, guess_zone, name_zone

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("北京", "Asia/Shanghai"),
        ("深圳市", "Asia/Shanghai"),
        ("東京", "Asia/Tokyo"),
        (" new york ", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("乌鲁木齐", "Asia/Urumqi"),
        ("伦敦", "Europe/London"),
    ],
)
def test_a_typed_city_has_a_zone(written: str, zone: str) -> None:
    found = find_zone(written)
    assert found is not None
    assert found.key == zone


@pytest.mark.parametrize("written", ["", "某某城", "Etc/GMT+5", "北"])
def test_what_is_no_city_has_none(written: str) -> None:
    assert find_zone(written) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (39.9, 116.4, "Asia/Shanghai"),
        (22.3, 114.2, "Asia/Hong_Kong"),
        (51.5, -0.1, "Europe/London"),
        (40.7, -74.0, "America/New_York"),
        (-33.9, 151.2, "Australia/Sydney"),
    ],
)
def test_a_place_has_the_zone_of_the_nearest_city(latitude: float, longitude: float, zone: str) -> None:
    found = find_nearest_zone(latitude, longitude)
    assert found is not None
    assert found.key == zone


def test_every_city_of_the_table_is_in_a_zone_that_exists() -> None:
    for city in OTHER_CITIES:
        assert ZoneInfo(city.zone)
        assert -90 <= city.latitude <= 90
        assert -180 <= city.longitude <= 180


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-Hant", "en", "de"])
def test_every_city_on_a_button_has_a_name(tag: str) -> None:
    assert len({name_zone(ZoneInfo(key), tag) for key in CITIES}) == len(CITIES)


@pytest.mark.parametrize(
    ("language", "zone"),
    [("zh-hans", "Asia/Shanghai"), ("zh-HK", "Asia/Hong_Kong"), ("xx", "UTC"), ("", "UTC")],
)
def test_the_language_makes_a_zone_likely(language: str, zone: str) -> None:
    assert guess_zone(language, UTC).key == zone
