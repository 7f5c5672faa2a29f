"""Which slot is due, and what stands in an edition: laws over zones, clocks and years."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editorial.composition import compose_edition
from bot.editorial.selection import Selection, select_stories
from bot.editorial.slots import Schedule, find_latest_slot, find_next_slot, get_schedule, list_slots_of
from bot.editorial.stories import Event
from bot.models import Article, Digest, Source, StoryReference
from tests.fakes import NOON, slot_on

ZONES = (
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns",
    "Africa/Cairo",
    "Asia/Kathmandu", "America/Sao_Paulo", "America/Nuuk", "Antarctica/Troll", "Africa/Casablanca", "UTC",
)  # fmt: skip
BODY = (
    "水库今天开始蓄水，村民们在岸边看了一上午，都说今年的庄稼有救了。这是二十年来的头一回，县里下了大力气。"
)


def digest(zone: str = "Asia/Shanghai", *times: time, **changes: object) -> Digest:
    values: dict[str, object] = {
        "name": "daily", "title": "摘报", "language": "zh", "sources": (), "times": times or (time(8),),
        "zone": ZoneInfo(zone),
    }  # fmt: skip
    return Digest(**(values | changes))  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


WALL_TIMES = st.times(timezones=st.none()).map(lambda at: at.replace(second=0, microsecond=0))
SCHEDULES = st.builds(
    Schedule,
    times=st.sets(WALL_TIMES, min_size=1, max_size=4).map(lambda times: tuple(sorted(times))),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
DAYS = st.dates(date(2012, 1, 1), date(2037, 12, 1))
MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC))
A_DAY = timedelta(days=1)


@given(SCHEDULES, DAYS)
def test_a_day_has_a_slot_for_each_time_unless_it_is_a_day_off(made: Schedule, day: date) -> None:
    slots = made.list_on(day)
    assert len(slots) <= len(made.times)
    assert bool(slots) == (day.weekday() in made.weekdays)
    if len({made.zone.utcoffset(datetime.combine(day + A_DAY * n, time(0))) for n in (-1, 0, 1, 2)}) == 1:
        assert len(slots) == len(made.times) * (day.weekday() in made.weekdays)


@given(SCHEDULES, DAYS)
def test_a_slot_opens_at_its_wall_time_or_in_a_gap_as_much_later_as_the_gap_is_long(
    made: Schedule, day: date
) -> None:
    for at in made.times:
        (opens_at,) = Schedule(times=(at,), weekdays=frozenset(range(7)), zone=made.zone).list_on(day)
        wall = opens_at.astimezone(made.zone).replace(tzinfo=None)
        meant = datetime.combine(day, at)
        assert timedelta(0) <= wall - meant <= timedelta(hours=2), "no gap of these zones is longer"
        if wall != meant:
            before = (opens_at - (wall - meant)).astimezone(made.zone)
            after = opens_at.astimezone(made.zone)
            assert after.utcoffset() != before.utcoffset(), "only where the clocks were changed"
        if wall == meant:
            earlier = [opens_at - timedelta(minutes=minutes) for minutes in (30, 60, 120)]
            assert all(moment.astimezone(made.zone).replace(tzinfo=None) != meant for moment in earlier), (
                "the first of two"
            )


@given(SCHEDULES, MOMENTS)
def test_the_latest_slot_has_opened_and_the_next_one_has_not(made: Schedule, now: datetime) -> None:
    latest, upcoming = made.find_latest(now), made.find_next(now)
    assert upcoming > now
    if latest:
        assert latest <= now < latest + timedelta(days=2, hours=2)
        assert made.find_next(latest) == upcoming, "there is none between them"


@given(SCHEDULES, MOMENTS)
def test_who_goes_from_slot_to_slot_misses_none_and_meets_none_twice(made: Schedule, now: datetime) -> None:
    first = now.astimezone(made.zone).date()
    days = [first + A_DAY * n for n in range(-1, 16)]
    every = sorted({at for day in days for at in made.list_on(day) if now < at <= now + 13 * A_DAY})
    walked, at = [], made.find_next(now)
    while at <= now + 13 * A_DAY:
        walked.append(at)
        at = made.find_next(at)
    assert walked == every


def test_two_times_that_the_clocks_make_one_are_one_slot() -> None:
    made = get_schedule(digest("Europe/Berlin", time(2, 30), time(3, 30), time(18)))
    assert made.list_on(date(2026, 3, 29)) == (utc("2026-03-29 03:30+02:00"), utc("2026-03-29 18:00+02:00"))


def test_a_slot_closes_when_the_next_one_opens_or_when_it_is_too_late() -> None:
    morning, noon, evening = list_slots_of(
        digest("Asia/Shanghai", time(7, 30), time(9), time(18)), date(2026, 1, 15)
    )
    assert (morning.closes_at, noon.closes_at) == (noon.opens_at, noon.opens_at + timedelta(hours=3))
    assert evening.opens_at == utc("2026-01-15 18:00+08:00")


def test_only_one_slot_a_week_makes_a_week_the_usual_span() -> None:
    weekly = digest(weekdays=frozenset({6}))
    assert get_schedule(weekly).usual_span == timedelta(days=7)
    assert get_schedule(digest("UTC", time(8), time(18), weekdays=frozenset({6}))).usual_span == A_DAY
    assert get_schedule(digest(weekdays=frozenset({5, 6}))).usual_span == A_DAY


def test_a_day_off_offers_the_slots_that_it_would_have() -> None:
    made = digest("Asia/Shanghai", time(8), time(18), weekdays=frozenset({0}))  # 2026-01-15 is a Thursday
    assert [slot.opens_at for slot in list_slots_of(made, date(2026, 1, 15))] == [
        utc("2026-01-15 08:00+08:00"),
        utc("2026-01-15 18:00+08:00"),
    ]


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
    assert get_schedule(digest(zone, at)).list_on(day) == (utc(opens_at),)


def test_a_slot_that_opens_this_minute_is_open() -> None:
    made = digest()
    opens_at = utc("2026-01-15 08:00+08:00")
    assert find_latest_slot(made, opens_at).opens_at == opens_at  # type: ignore[union-attr]
    assert find_latest_slot(made, opens_at - timedelta(seconds=1)).opens_at == opens_at - A_DAY  # type: ignore[union-attr]
    assert find_next_slot(made, opens_at).opens_at == opens_at + A_DAY


def test_a_digest_of_one_day_a_week_names_its_next_day() -> None:
    made = digest(weekdays=frozenset({0}))  # 2026-01-15 is a Thursday
    assert find_latest_slot(made, NOON) is None
    assert find_next_slot(made, NOON).opens_at == utc("2026-01-19 08:00+08:00")


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
        made,
        slot_on(date(2026, 1, 15)),
        choice(clusters, [source("paper", "本地")], made),
        now=NOON,
        unread=["科讯"],
    )
    assert (edition.digest, edition.day, edition.title, edition.theme) == (
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
            digest(), slot_on(date(2026, 1, 15)), choice([], [source("paper")], digest()), now=NOON
        ).stories
        == ()
    )


def test_an_edition_names_the_best_it_had_no_room_for_and_counts_the_others() -> None:
    made = digest(max_stories=1)
    news = [[article(f"第{n}号", url=f"https://a.example/{n}", text=BODY + "村" * n)] for n in range(12)]
    refused = [[article("过时", age_days=30)], [article("短", text="启事。")]]
    edition = compose_edition(
        made, slot_on(date(2026, 1, 15)), choice([*refused, *news], [source("paper")], made), now=NOON
    )
    assert [told.article.title for told in edition.stories] == ["第0号"]
    assert edition.more == tuple(
        StoryReference(title=f"第{n}号", url=f"https://a.example/{n}") for n in range(1, 9)
    )
    assert edition.more_count == 3
    later = compose_edition(
        made,
        slot_on(date(2026, 1, 16)),
        choice(news, [source("paper")], made),
        now=NOON,
        was_named=edition.more.__contains__,
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
    edition = compose_edition(
        made, slot_on(date(2026, 1, 15)), choice(halves, [source("paper")], made), now=NOON
    )
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
