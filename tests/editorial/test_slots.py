"""Which slot is due, and what stands in an edition: laws over zones, clocks and years."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editorial.composition import compose_edition
from bot.editorial.selection import Selection, select_stories
from bot.editorial.slots import find_latest_slot, find_next_slot, get_slot_on
from bot.editorial.stories import Event
from bot.models import Article, Digest, Source, StoryReference
from tests.fakes import NOON

ZONES = (
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns",
    "Africa/Cairo",
    "Asia/Kathmandu", "America/Sao_Paulo", "America/Nuuk", "Antarctica/Troll", "Africa/Casablanca", "UTC",
)  # fmt: skip
BODY = (
    "水库今天开始蓄水，村民们在岸边看了一上午，都说今年的庄稼有救了。这是二十年来的头一回，县里下了大力气。"
)


def digest(zone: str = "Asia/Shanghai", at: time = time(8), **changes: object) -> Digest:
    values: dict[str, object] = {
        "name": "daily", "title": "摘报", "language": "zh", "sources": (), "at": at, "zone": ZoneInfo(zone),
    }  # fmt: skip
    return Digest(**(values | changes))  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


DIGESTS = st.builds(
    digest,
    st.sampled_from(ZONES),
    st.times(timezones=st.none()).map(lambda at: at.replace(second=0, microsecond=0)),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    lateness_minutes=st.integers(1, 23 * 60),
)
DAYS = st.dates(date(2012, 1, 1), date(2037, 12, 1))
MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC))


@given(DIGESTS, DAYS)
def test_a_day_has_one_slot_unless_it_is_a_day_off(made: Digest, day: date) -> None:
    slot = get_slot_on(made, day)
    assert (slot is None) == (day.weekday() not in made.weekdays)
    if slot:
        assert slot.day == day
        assert slot.closes_at - slot.opens_at == timedelta(minutes=made.lateness_minutes)


@given(DIGESTS, DAYS)
def test_a_slot_opens_at_its_wall_time_or_in_a_gap_as_much_later_as_the_gap_is_long(
    made: Digest, day: date
) -> None:
    slot = get_slot_on(made, day)
    if slot is None:
        return
    wall = slot.opens_at.astimezone(made.zone).replace(tzinfo=None)
    meant = datetime.combine(day, made.at)
    assert timedelta(0) <= wall - meant <= timedelta(hours=2), "no gap of these zones is longer"
    if wall != meant:
        before = (slot.opens_at - (wall - meant)).astimezone(made.zone)
        after = slot.opens_at.astimezone(made.zone)
        assert after.utcoffset() != before.utcoffset(), "only where the clocks were changed"
    if wall == meant:
        earlier = [slot.opens_at - timedelta(minutes=minutes) for minutes in (30, 60, 120)]
        assert all(moment.astimezone(made.zone).replace(tzinfo=None) != meant for moment in earlier), (
            "the first of two"
        )


@given(DIGESTS, DAYS)
def test_slots_open_day_after_day(made: Digest, day: date) -> None:
    slots = [slot for n in range(15) if (slot := get_slot_on(made, day + timedelta(days=n)))]
    assert all(one.opens_at < other.opens_at for one, other in pairwise(slots))


@given(DIGESTS, MOMENTS)
def test_the_latest_slot_has_opened_and_the_next_one_has_not(made: Digest, now: datetime) -> None:
    latest, upcoming = find_latest_slot(made, now), find_next_slot(made, now)
    assert upcoming.opens_at > now
    assert upcoming.day.weekday() in made.weekdays
    if latest:
        assert latest.opens_at <= now < latest.opens_at + timedelta(days=2, hours=2)
        assert latest.day < upcoming.day


@given(DIGESTS, DAYS)
def test_who_looks_every_minute_sees_each_open_slot_once(made: Digest, day: date) -> None:
    """Walk three days by quarters of an hour: the slots seen open are those of the days, in order."""
    begin = datetime.combine(day, time(0), made.zone).astimezone(UTC)
    seen: list[date] = []
    for step in range(3 * 96):
        slot = find_latest_slot(made, begin + timedelta(minutes=15 * step))
        if slot and slot.day >= day and slot.day not in seen[-1:]:
            seen.append(slot.day)
    assert seen == sorted(set(seen))
    full = [day + timedelta(days=n) for n in range(2) if (day + timedelta(days=n)).weekday() in made.weekdays]
    assert seen[: len(full)] == full


@pytest.mark.parametrize(
    ("zone", "day", "at", "opens_at"),
    [
        ("Asia/Shanghai", date(2026, 3, 29), time(2, 30), "2026-03-29 02:30+08:00"),
        ("Europe/Berlin", date(2026, 3, 28), time(2, 30), "2026-03-28 02:30+01:00"),
        (
            "Europe/Berlin",
            date(2026, 3, 29),
            time(2, 30),
            "2026-03-29 03:30+02:00",
        ),  # left out: moved forward
        (
            "Europe/Berlin",
            date(2026, 10, 25),
            time(2, 30),
            "2026-10-25 02:30+02:00",
        ),  # repeated: the first of two
        ("America/New_York", date(2026, 3, 8), time(2), "2026-03-08 03:00-04:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 59), "2026-11-01 01:59-04:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-04 02:45+11:00"),  # half an hour
        ("Africa/Cairo", date(2026, 4, 24), time(0, 15), "2026-04-24 01:15+03:00"),  # at midnight
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "2026-03-29 00:30-01:00"),  # across midnight
        ("Asia/Shanghai", date(2028, 2, 29), time(8), "2028-02-29 08:00+08:00"),
    ],
)
def test_when_the_clocks_change(zone: str, day: date, at: time, opens_at: str) -> None:
    slot = get_slot_on(digest(zone, at), day)
    assert slot is not None
    assert slot.opens_at == utc(opens_at)


def test_a_slot_that_opens_this_minute_is_open() -> None:
    made = digest()
    opens_at = utc("2026-01-15 08:00+08:00")
    assert find_latest_slot(made, opens_at).day == date(2026, 1, 15)  # type: ignore[union-attr]
    assert find_latest_slot(made, opens_at - timedelta(seconds=1)).day == date(2026, 1, 14)  # type: ignore[union-attr]
    assert find_next_slot(made, opens_at).day == date(2026, 1, 16)


def test_a_digest_of_one_day_a_week_names_its_next_day() -> None:
    made = digest(weekdays=frozenset({0}))  # 2026-01-15 is a Thursday
    assert find_latest_slot(made, NOON) is None
    assert find_next_slot(made, NOON).day == date(2026, 1, 19)


# --- what stands in an edition


def article(
    title: str = "蓄水", source: str = "paper", age_days: float | None = 0, text: str = BODY, **more: object
) -> Article:
    at = None if age_days is None else NOON - timedelta(days=age_days)
    return Article(title=title, text=text, source=source, published_at=at, language="zh", **more)  # type: ignore[arg-type]


def source(name: str, section: str = "") -> Source:
    return Source(kind="page", name=name, address=f"/{name}", section=section)


def choice(clusters: list[list[Article]], sources: list[Source], made: Digest) -> Selection:
    events = [Event(articles=tuple(cluster)) for cluster in clusters]
    return select_stories(events, sources, made, now=NOON, spans=lambda _: ())


def test_an_edition_says_what_it_is_and_what_could_not_be_read() -> None:
    made = digest("Europe/Berlin", title="日报", language="zh", max_characters=60)
    clusters = [
        [article("蓄水", url="https://a.example/1"), article("水库蓄水", "news")],
        [article("过时", age_days=30)],
    ]
    edition = compose_edition(
        made, date(2026, 1, 15), choice(clusters, [source("paper", "本地")], made), now=NOON, unread=["科讯"]
    )
    assert (edition.digest, edition.slot, edition.title, edition.theme) == (
        "daily",
        date(2026, 1, 15),
        "日报",
        "plain",
    )
    assert (edition.zone.key, edition.created_at, edition.empty_sources) == ("Europe/Berlin", NOON, ("科讯",))
    (story,) = edition.stories
    assert (story.section, story.article.title, [other.title for other in story.others]) == (
        "本地",
        "蓄水",
        ["水库蓄水"],
    )
    assert story.summary.sentences
    assert all(BODY[each.start : each.end] == each.text for each in story.summary.sentences)


def test_an_edition_with_nothing_new_is_empty_and_not_a_failure() -> None:
    assert (
        compose_edition(
            digest(), date(2026, 1, 15), choice([], [source("paper")], digest()), now=NOON
        ).stories
        == ()
    )


def test_an_edition_names_the_best_it_had_no_room_for_and_counts_the_others() -> None:
    made = digest(max_stories=1)
    news = [[article(f"第{n}号", url=f"https://a.example/{n}", text=BODY + "村" * n)] for n in range(12)]
    refused = [[article("过时", age_days=30)], [article("短", text="启事。")]]
    edition = compose_edition(
        made, date(2026, 1, 15), choice([*refused, *news], [source("paper")], made), now=NOON
    )
    assert [told.article.title for told in edition.stories] == ["第0号"]
    assert edition.more == tuple(
        StoryReference(title=f"第{n}号", url=f"https://a.example/{n}") for n in range(1, 9)
    )
    assert edition.more_count == 3
    later = compose_edition(
        made, date(2026, 1, 16), choice(news, [source("paper")], made), now=NOON, named=edition.more
    )
    assert [one.title for one in later.more] == ["第9号", "第10号", "第11号"]
    assert later.more_count == 0


def test_the_other_half_of_a_told_article_is_not_named_below() -> None:
    made = digest(max_stories=1)
    halves = [
        [article("冬修开工")],
        [article("冬修开工", text=BODY + "其余的渠道明年春天整治。")],
        [article("另一件事")],
    ]
    edition = compose_edition(made, date(2026, 1, 15), choice(halves, [source("paper")], made), now=NOON)
    assert [one.title for one in edition.more] == ["另一件事"]


def test_an_edition_with_room_for_all_names_none() -> None:
    made = digest()
    edition = compose_edition(
        made,
        date(2026, 1, 15),
        choice([[article()], [article("旧", age_days=30)]], [source("paper")], made),
        now=NOON,
    )
    assert (edition.more, edition.more_count) == ((), 0)
