"""Time zones as people name them: eight cities to tap, a city to type, a place to send.

Telegram tells no bot the zone of its user: it is guessed from the language, shown, and easy to change.
"""

import math
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_location

from bot.locales.cities import OTHER_CITIES
from bot.locales.languages import match_language
from bot.text.folding import fold_text

CITIES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
)
_BEIJING = "Asia/Shanghai"  # which China calls by its capital
_BEIJING_NAMES = {"zh-Hans": "北京", "zh-Hant": "北京", "en": "Beijing"}
_ZONES_BY_LANGUAGE = {
    "zh-hk": "Asia/Hong_Kong",
    "zh-mo": "Asia/Macau",
    "zh-sg": "Asia/Singapore",
    "zh-hant": "Asia/Taipei",
    "zh-tw": "Asia/Taipei",
    "zh": _BEIJING,
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "vi": "Asia/Ho_Chi_Minh",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "es": "Europe/Madrid",
    "en-gb": "Europe/London",
    "ru": "Europe/Moscow",
}
_TYPED_LOCALES = ("zh-Hans", "zh-Hant", "en")
_COORDINATE = re.compile(r"([+-]\d{2,3})(\d{2})(?:\d{2})?")  # ISO 6709: ±DDMM or ±DDDMM, maybe with seconds
_TABLE = "zone1970.tab"


class _ZonePlace(NamedTuple):
    zone: str
    latitude: float
    longitude: float


def guess_zone(language: str, default: ZoneInfo) -> ZoneInfo:
    """Return the zone that a language tag of Telegram makes likely.

    >>> guess_zone("zh-hans", ZoneInfo("UTC")).key, guess_zone("en", ZoneInfo("UTC")).key
    ('Asia/Shanghai', 'UTC')
    """
    tag = language.lower().replace("_", "-")
    name = _ZONES_BY_LANGUAGE.get(tag) or _ZONES_BY_LANGUAGE.get(tag.partition("-")[0])
    return ZoneInfo(name) if name else default


def name_zone(zone: ZoneInfo, language: str) -> str:
    """Return the city of a zone in the language: 北京, 东京, New York."""
    tag = match_language(language) or "en"
    if zone.key == _BEIJING:
        return _BEIJING_NAMES.get(tag, "Beijing")
    return get_timezone_location(zone, locale=Locale.parse(tag, sep="-"), return_city=True)


def find_zone(written: str) -> ZoneInfo | None:
    """Return the zone of a typed city, or of a name like Asia/Tokyo; None if it names none."""
    key = _index_zones().get(_fold_name(written))
    return ZoneInfo(key) if key else None


@cache
def _index_zones() -> dict[str, str]:
    """Return city → zone, in the languages of the conversation, with the zones' own names."""
    index = {_fold_name(name): city.zone for city in OTHER_CITIES for name in city.names}
    main_zones = [place.zone for place in _load_places()]  # before their former names
    for key in dict.fromkeys([*CITIES, *main_zones, *sorted(available_timezones())]):
        if "/" not in key or key.startswith(("Etc/", "posix", "right", "SystemV")):
            continue
        for name in (key, key.rpartition("/")[2], *_name_in_languages(ZoneInfo(key))):
            index.setdefault(_fold_name(name), key)
    return index


def _fold_name(name: str) -> str:
    return fold_text(name).strip().removesuffix("市").replace(" ", "").replace("_", "")


def _name_in_languages(zone: ZoneInfo) -> Iterator[str]:
    for tag in _TYPED_LOCALES:
        try:
            yield get_timezone_location(zone, locale=Locale.parse(tag, sep="-"), return_city=True)
        except (LookupError, KeyError):
            continue


def find_nearest_zone(latitude: float, longitude: float) -> ZoneInfo | None:
    """Return the zone of the nearest city; near a border that may be the neighbour's, so it is shown.

    None where the system has no table of zones.
    """
    cities = [_ZonePlace(city.zone, city.latitude, city.longitude) for city in OTHER_CITIES]
    places = [*_load_places(), *cities] if _load_places() else []
    nearest = min(places, key=lambda place: _measure_angle(place, latitude, longitude), default=None)
    return ZoneInfo(nearest.zone) if nearest else None


def _measure_angle(place: _ZonePlace, latitude: float, longitude: float) -> float:
    """Return the angle between two places on a sphere, in radians."""
    first, second = math.radians(place.latitude), math.radians(latitude)
    turn = math.radians(place.longitude - longitude)
    cosine = math.sin(first) * math.sin(second) + math.cos(first) * math.cos(second) * math.cos(turn)
    return math.acos(max(-1.0, min(1.0, cosine)))


@cache
def _load_places() -> tuple[_ZonePlace, ...]:
    return tuple(place for line in _read_table().splitlines() if (place := _parse_place(line)))


def _read_table() -> str:
    """Return tzdata's table of zones and the coordinates of their main cities; "" if there is none."""
    for folder in map(Path, TZPATH):
        if (folder / _TABLE).is_file():
            return (folder / _TABLE).read_text("utf-8")
    try:
        return (files("tzdata") / "zoneinfo" / _TABLE).read_text("utf-8")
    except (ModuleNotFoundError, OSError):
        return ""


def _parse_place(line: str) -> _ZonePlace | None:
    """
    >>> _parse_place("CN\\t+3114+12128\\tAsia/Shanghai\\tBeijing Time").zone
    'Asia/Shanghai'
    """
    fields = line.split("\t")
    if line.startswith("#") or len(fields) < 3:
        return None
    coordinates = fields[1]
    split_at = max(coordinates.rfind("+"), coordinates.rfind("-"))
    latitude, longitude = _parse_degrees(coordinates[:split_at]), _parse_degrees(coordinates[split_at:])
    return _ZonePlace(fields[2], latitude, longitude)


def _parse_degrees(text: str) -> float:
    match = _COORDINATE.fullmatch(text)
    if match is None:
        return 0.0
    sign = -1.0 if text.startswith("-") else 1.0
    return sign * (abs(int(match[1])) + int(match[2]) / 60)
