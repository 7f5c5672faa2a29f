"""What is due is published once, late but not too late, and nothing is told twice."""

import asyncio
from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog.testing
from structlog.typing import EventDict

from bot.channels.archive.settings import ArchiveSettings
from bot.channels.mail.settings import MailSettings
from bot.editorial.topics import parse_term
from bot.models import (
    Article,
    DeliveryState,
    Destination,
    Digest,
    Edition,
    LeftOutReason,
    PrintedStory,
    Source,
)
from bot.pipeline.drafting import draft_edition
from bot.pipeline.publish import PublishOutcome, PublishResult, publish_due, publish_now
from bot.pipeline.rendering import render_messages
from bot.settings import AddressFile, Secret, Settings
from bot.store import Store
from tests.fakes import NOON, Clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 1, 15)
ELEVEN_HOURS = timedelta(hours=11)  # NOON is 20:00 in Shanghai; the digest's 21:00 lies an hour ahead
BODIES = (
    "县里的水库今天开始蓄水，村民们在岸边看了一整个上午，都说今年春天的庄稼终于有救了。",
    "城南小学的新图书馆昨天开门，三千册新书一天之内被孩子们借走了六百多册，馆员忙不过来。",
    "高速铁路的测量队上周进驻青岭镇，预计明年秋天动工，届时到省城只要四十分钟车程。",
    "农科所培育的早稻新品种通过了省里的审定，亩产比往年常种的品种高出一成还多。",
    "文化馆的皮影戏班正在招收学徒，不收学费，只要求每周末能来排练两次，坚持半年以上。",
)


def digest(**changes: object) -> Digest:
    values: dict[str, object] = {
        "name": "daily", "title": "临溪摘报", "language": "zh", "sources": (),
        "times": (time(20),), "zone": SHANGHAI,
    }  # fmt: skip
    return Digest(**(values | changes))  # type: ignore[arg-type]


def settings(*digests: Digest, destinations: Sequence[Destination] = (), **changes: object) -> Settings:
    values: dict[str, object] = {
        "file": Path("zhaibao.toml"),
        "sources": (
            Source(kind="page", name="paper", address="/pages", section="本地", title="临溪日报"),
            Source(kind="feed", name="news", address="/news.xml", section="要闻"),
        ),
        "digests": digests or (digest(),),
        "destinations": tuple(destinations),
        "channel_settings": {"mail": MailSettings(host="localhost", sender="digest@example.org")},
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


def article(number: int, source: str = "paper", **changes: object) -> Article:
    values: dict[str, object] = {
        "title": BODIES[number][:8], "text": BODIES[number] * 2, "source": source, "language": "zh",
    }  # fmt: skip
    return Article(**(values | changes))  # type: ignore[arg-type]


def due(configured: Settings, store: Store, clock: Clock) -> list[PublishResult]:
    return [outcome.result for outcome in asyncio.run(publish_due(configured, store, clock()))]


def published(store: Store) -> list[Edition]:
    return list(
        reversed(store.editions.load_recent_editions(["daily"], NOON - timedelta(days=999), limit=99))
    )


def told(edition: Edition) -> list[str]:
    return [story.article.title for story in edition.stories]


def test_a_slot_is_published_when_it_opens_and_once(store: Store) -> None:
    store.articles.add_articles([article(0)], NOON)
    clock = Clock(NOON - timedelta(minutes=1))
    configured = settings(destinations=[Destination(digest="daily", channel="telegram", address="1")])
    assert due(configured, store, clock) == [PublishResult.NOT_DUE]
    clock.advance(minutes=1)
    (outcome,) = asyncio.run(publish_due(configured, store, clock()))
    assert outcome == PublishOutcome(
        digest=configured.digests[0], result=PublishResult.PUBLISHED, slot_at=NOON, stories=1, destinations=1
    )
    assert due(configured, store, clock) == [PublishResult.ALREADY]
    assert [(row.channel, row.address, row.edition_name) for row in store.deliveries.list_deliveries()] == [
        ("telegram", "1", "2026-01-15")
    ]


def test_a_machine_that_was_off_publishes_late_but_not_too_late(
    store: Store, logged: list[EventDict]
) -> None:
    clock = Clock(NOON - timedelta(days=1, minutes=1))
    configured = settings()
    due(configured, store, clock)
    clock.now = NOON + timedelta(minutes=179)
    assert due(configured, store, clock) == [PublishResult.PUBLISHED]
    clock.now = NOON + timedelta(days=1, minutes=180)
    assert due(configured, store, clock) == [PublishResult.MISSED]
    assert due(configured, store, clock) == [PublishResult.NOT_DUE], "told once"
    assert [line["slot"] for line in logged if line["event"] == "missed"] == ["2026-01-16T12:00:00+00:00"]
    assert [row.edition_id for row in store.editions.list_slots(9)] == [None, 1]


def test_slots_before_the_digest_was_known_are_nobodys_to_miss(store: Store) -> None:
    assert due(settings(), store, Clock(NOON + timedelta(hours=4))) == [PublishResult.NOT_DUE]
    assert store.editions.list_slots(9) == ()


def test_a_day_off_is_no_missed_slot(store: Store) -> None:
    configured = settings(digest(weekdays=frozenset({0})))  # NOON is a Thursday
    clock = Clock()
    assert [due(configured, store, clock), due(configured, store, Clock(NOON + timedelta(days=1)))] == [
        [PublishResult.NOT_DUE],
        [PublishResult.NOT_DUE],
    ]


def test_two_programs_publish_one_edition(store_url: str) -> None:
    with Store(Secret(store_url)) as one, Store(Secret(store_url)) as other:
        configured = settings(destinations=[Destination(digest="daily", channel="telegram", address="1")])
        one.articles.add_articles([article(0)], NOON)

        async def both() -> list[PublishResult]:
            rows = await asyncio.gather(*(publish_due(configured, store, NOON) for store in (one, other)))
            return sorted(row[0].result for row in rows)

        assert asyncio.run(both()) == [PublishResult.PUBLISHED, PublishResult.ALREADY]
        assert len(one.deliveries.list_deliveries()) == 1


def test_whoever_asks_gets_an_edition_early_late_or_on_a_day_off_but_one_a_day(store: Store) -> None:
    configured = settings(digest(weekdays=frozenset({0})))
    today = Clock(NOON - ELEVEN_HOURS)
    first = asyncio.run(publish_now(configured, store, configured.digests[0], today()))
    again = asyncio.run(publish_now(configured, store, configured.digests[0], NOON))
    assert (first.result, first.slot_at) == (PublishResult.PUBLISHED, NOON)
    assert again.result == PublishResult.ALREADY
    assert due(configured, store, Clock()) == [PublishResult.NOT_DUE]


def test_deliveries_expire_when_the_digest_is_too_late(store: Store) -> None:
    destinations = [Destination(digest="daily", channel="telegram", address="1")]
    configured = settings(digest(times=(time(21),), lateness_minutes=60), destinations=destinations)
    asyncio.run(publish_now(configured, store, configured.digests[0], NOON))
    (early,) = store.deliveries.list_deliveries()
    assert early.due_at == NOON
    assert early.expires_at == NOON + timedelta(hours=2), "an hour after the slot, though it went out before"


def test_nothing_is_told_again_on_the_next_days(store: Store) -> None:
    clock = Clock()
    configured = settings()
    store.articles.add_articles([article(0), article(1)], clock())
    due(configured, store, clock)
    for number in (2, 3):
        clock.advance(days=1)
        # the page is read again each time; a copy in another source is old news too
        store.articles.add_articles([article(0), article(1), article(0, "news"), article(number)], clock())
        due(configured, store, clock)
    assert [sorted(told(edition)) for edition in published(store)] == [
        sorted([article(0).title, article(1).title]),
        [article(2).title],
        [article(3).title],
    ]


def test_a_republished_article_in_other_words_is_old_news(store: Store) -> None:
    clock = Clock()
    configured = settings()
    store.articles.add_articles([article(0), *(article(number) for number in (2, 3, 4))], clock())
    due(configured, store, clock)
    clock.advance(days=1)
    store.articles.add_articles(
        [article(0, "news", title="水库蓄水了", text="本报讯 " + article(0).text), article(1)], clock()
    )
    due(configured, store, clock)
    assert told(published(store)[-1]) == [article(1).title]


@pytest.mark.parametrize("days", [7, 40])
def test_a_weekly_digest_or_a_long_pause_repeats_nothing(store: Store, days: int) -> None:
    clock = Clock()
    configured = settings()
    store.articles.add_articles([article(0)], clock())
    due(configured, store, clock)
    clock.advance(days=days, seconds=5)
    store.articles.add_articles([article(0, "news"), article(1)], clock())
    due(configured, store, clock)
    assert [told(edition) for edition in published(store)] == [[article(0).title], [article(1).title]]


BRIDGE = "1月15日上午，江州交警通报，清江老桥因桥墩检测出裂缝封闭，禁止一切车辆通行。公交12路、17路改走新桥。"
REOPENED = "因桥墩检测出裂缝封闭的清江老桥，18日凌晨5时恢复通行。公交12路、17路当天恢复原线，不再改走新桥。"


def test_a_told_story_comes_back_only_with_what_is_new_and_says_when_it_was_told(store: Store) -> None:
    clock = Clock()
    configured = settings()
    others = [article(number) for number in range(4)]
    store.articles.add_articles([*others, article(0, title="清江老桥封闭", text=BRIDGE)], clock())
    due(configured, store, clock)
    clock.advance(days=1)
    store.articles.add_articles(
        [article(0, "news", title="清江老桥今天封闭", text=BRIDGE + "请绕行。")], clock()
    )
    due(configured, store, clock)
    clock.advance(days=2)
    store.articles.add_articles([article(0, "news", title="清江老桥恢复通行", text=REOPENED)], clock())
    due(configured, store, clock)
    first, repeated, last = published(store)
    assert told(repeated) == []
    (update,) = last.stories
    place = told(first).index("清江老桥封闭") + 1
    assert (update.article.title, update.first_printing) == (
        "清江老桥恢复通行",
        PrintedStory(edition=DAY.isoformat(), number=place),
    )
    assert "18日凌晨5时恢复通行" in update.summary.display


def test_a_story_that_was_told_longer_ago_than_printed_days_is_printed_like_any_other(store: Store) -> None:
    clock = Clock()
    configured = settings(digest(printed_days=2))
    others = [article(number) for number in range(4)]
    store.articles.add_articles([*others, article(0, title="清江老桥封闭", text=BRIDGE)], clock())
    for _ in range(4):
        due(configured, store, clock)
        clock.advance(days=1)
    store.articles.add_articles([article(0, "news", title="清江老桥恢复通行", text=REOPENED)], clock())
    due(configured, store, clock)
    (story,) = published(store)[-1].stories
    assert (story.article.title, story.first_printing) == ("清江老桥恢复通行", None)


def test_articles_that_came_while_the_last_edition_was_made_are_not_lost(store: Store) -> None:
    clock = Clock()
    configured = settings()
    due(configured, store, clock)
    store.articles.add_articles(
        [article(0)], clock() - timedelta(minutes=30)
    )  # its reading began before, and ended after
    clock.advance(days=1)
    due(configured, store, clock)
    assert [told(edition) for edition in published(store)] == [[], [article(0).title]]


def test_what_there_was_no_room_for_is_named_once_and_may_still_be_told(store: Store) -> None:
    configured = settings(digest(max_stories=1))
    store.articles.add_articles([article(0), article(1), article(2)], NOON)
    clock = Clock(NOON)
    due(configured, store, clock)
    clock.advance(hours=24)
    store.articles.add_articles([article(3)], clock())
    due(configured, store, clock)
    first, second = published(store)
    names = [[one.title for one in each.more] for each in (first, second)]
    assert (told(first), names[0]) == ([article(0).title], [article(1).title, article(2).title])
    assert (told(second), names[1]) == ([article(1).title], [article(3).title])


def test_a_digest_draws_on_its_own_sources_only(store: Store) -> None:
    store.articles.add_articles([article(0), article(1, "news"), article(2, "gone")], NOON)
    both, news = digest(), digest(name="news", sources=("news",))
    configured = settings(both, news)
    assert sorted(told(draft_edition(configured, store, both, NOON, NOON))) == sorted(
        [article(0).title, article(1).title]
    )
    assert told(draft_edition(configured, store, news, NOON, NOON)) == [article(1).title]


def test_what_is_old_is_no_news_and_how_old_the_digest_says(store: Store) -> None:
    store.articles.add_articles(
        [article(0, published_at=NOON - timedelta(days=9)), article(1, published_at=NOON)], NOON
    )
    assert told(draft_edition(settings(), store, digest(), NOON, NOON)) == [article(1).title]
    assert len(told(draft_edition(settings(), store, digest(max_age_days=10), NOON, NOON))) == 2


def test_sources_that_could_not_be_read_are_named_and_only_while_they_fail(store: Store) -> None:
    store.sources.record_failure("paper", NOON, "does not answer")
    store.sources.record_failure("gone", NOON, "not in the configuration any more")
    assert draft_edition(settings(), store, digest(), NOON, NOON).empty_sources == ("临溪日报",)
    store.sources.record_success("paper", NOON)
    assert draft_edition(settings(), store, digest(), NOON, NOON).empty_sources == ()


def test_an_empty_edition_goes_out_and_says_so(store: Store) -> None:
    configured = settings(destinations=[Destination(digest="daily", channel="telegram", address="1")])
    assert due(configured, store, Clock()) == [PublishResult.PUBLISHED]
    (part,) = store.editions.load_message(1, "telegram").parts
    assert "临溪摘报" in part.text
    assert store.deliveries.count_by_state() == {"pending": 1}


def test_a_draft_is_the_same_as_what_is_published(store: Store) -> None:
    store.articles.add_articles([article(number) for number in range(4)], NOON)
    drafted = draft_edition(settings(), store, digest(), NOON, NOON)
    due(settings(), store, Clock())
    assert published(store) == [drafted]


def test_only_the_channels_that_somebody_has_are_rendered(store: Store) -> None:
    edition = draft_edition(settings(), store, digest(), NOON, NOON)
    assert set(render_messages(edition, ["mail"], settings(), store)) == {"mail"}
    assert render_messages(edition, [], settings(), store) == {}


def test_the_archives_list_shows_every_digest_of_its_folder(store: Store) -> None:
    morning, evening, private = (
        digest(title="晨报"),
        digest(name="late", title="晚报"),
        digest(name="private", title="内参"),
    )
    destinations = [Destination(digest=name, channel="archive", address="/out") for name in ("daily", "late")]
    configured = settings(
        evening,
        private,
        morning,
        destinations=destinations,
        channel_settings={"archive": ArchiveSettings(folder=Path("/out"))},
    )
    due(configured, store, Clock())
    number = store.editions.find_edition_id("daily", NOON)
    assert number is not None
    parts = {part.name: part.html for part in store.editions.load_message(number, "archive").parts}
    assert "晨报" in parts["index.html"]
    assert "late/2026-01-15.html" in parts["index.html"]
    assert "内参" not in parts["index.html"], "it is not in the archive"


def test_an_edition_leads_to_its_page_where_the_archive_is_public(store: Store) -> None:
    store.articles.add_articles([article(0)], NOON)
    edition = draft_edition(settings(), store, digest(), NOON, NOON)
    archive = {"archive": ArchiveSettings(folder=Path("/out"), public_url="https://example.org/digest")}
    public = settings(
        destinations=[Destination(digest="daily", channel="archive", address="/out")],
        channel_settings=archive,
    )
    address = "https://example.org/digest/daily/2026-01-15.html"
    assert address in render_messages(edition, ["telegram"], public, store)["telegram"].parts[0].html
    assert address in render_messages(edition, ["mail"], public, store)["mail"].parts[0].html
    for without in (settings(), settings(channel_settings=archive)):
        assert (
            "https://" not in render_messages(edition, ["telegram"], without, store)["telegram"].parts[0].html
        )


def test_a_reader_with_topics_of_his_own_gets_an_edition_of_his_own_of_the_same_digest(store: Store) -> None:
    own = digest(name="daily.alice", topics=(parse_term("水库"),))
    destinations = [
        Destination(digest="daily", channel="telegram", address="1"),
        Destination(digest="daily.alice", channel="telegram", address="2"),
    ]
    configured = settings(digest(), own, destinations=destinations)
    store.articles.add_articles([article(number) for number in range(3)], NOON)
    assert due(configured, store, Clock()) == [PublishResult.PUBLISHED, PublishResult.PUBLISHED]
    assert due(configured, store, Clock()) == [PublishResult.ALREADY, PublishResult.ALREADY]
    rows = {
        row.address: store.editions.load_message(row.edition_id, "telegram").parts[0].text
        for row in store.deliveries.list_deliveries()
    }
    assert all(article(number).title in rows["1"] for number in range(3))
    assert article(0).title in rows["2"]
    assert article(1).title not in rows["2"]


def test_readers_in_a_file_get_the_edition_each_once(
    store: Store, tmp_path: Path, logged: list[EventDict]
) -> None:
    file = tmp_path / "readers.txt"
    file.write_text(
        "甲 <a@b.example> https://b.example/leave\nnobody\nc@d.example\nc@D.example\ne@f.example\n", "utf-8"
    )
    configured = settings(
        destinations=[Destination(digest="daily", channel="mail", address="e@f.example")],
        address_files=(AddressFile(digest="daily", channel="mail", file=file),),
    )
    (outcome,) = asyncio.run(publish_due(configured, store, NOON))
    assert (outcome.result, outcome.destinations) == (PublishResult.PUBLISHED, 3)
    rows = {row.address: (row.name, row.unsubscribe, row.state) for row in store.deliveries.list_deliveries()}
    assert rows == {
        "e@f.example": ("", "", DeliveryState.PENDING),
        "a@b.example": ("甲", "https://b.example/leave", DeliveryState.PENDING),
        "c@d.example": ("", "", DeliveryState.PENDING),
    }
    (fault,) = (line for line in logged if line["event"] == "address line")
    assert (fault["file"], fault["line"]) == (str(file), 2)


def test_a_file_of_readers_that_is_away_holds_its_digest_back_and_no_other(
    store: Store, tmp_path: Path, logged: list[EventDict]
) -> None:
    file = tmp_path / "readers.txt"
    configured = settings(
        digest(),
        digest(name="other"),
        address_files=(AddressFile(digest="daily", channel="mail", file=file),),
    )
    clock = Clock()
    assert due(configured, store, clock) == [PublishResult.WAITS, PublishResult.PUBLISHED]
    assert [line["error"] for line in logged if line["event"] == "waits"] == [
        f"{file}: there is no such file"
    ]
    assert store.deliveries.count_by_state() == {}
    file.write_text("a@b.example\n", "utf-8")
    clock.advance(minutes=1)
    assert due(configured, store, clock) == [PublishResult.PUBLISHED, PublishResult.ALREADY]
    assert store.deliveries.count_by_state() == {DeliveryState.PENDING: 1}


def test_an_empty_edition_by_hand_keeps_its_slot_and_says_why(store: Store) -> None:
    configured = settings()
    store.articles.add_articles([article(0, published_at=NOON - timedelta(days=30))], NOON)
    (digest_of_today,) = configured.digests
    outcome = asyncio.run(publish_now(configured, store, digest_of_today, NOON, may_be_empty=False))
    assert (outcome.result, str(outcome.why)) == (PublishResult.EMPTY, "1 too old: max_age_days = 7")
    assert published(store) == []
    outcome = asyncio.run(publish_now(configured, store, digest_of_today, NOON))
    assert (outcome.result, len(published(store))) == (PublishResult.PUBLISHED, 1)
    outcome = asyncio.run(publish_now(configured, store, digest_of_today, NOON, may_be_empty=False))
    assert outcome.result == PublishResult.ALREADY


def test_a_slot_that_a_setting_leaves_empty_is_warned_of(store: Store) -> None:
    configured = settings()
    store.record_creation(NOON - timedelta(days=1))
    store.articles.add_articles([article(0, published_at=NOON - timedelta(days=30))], NOON)
    with structlog.testing.capture_logs() as logged:
        assert due(configured, store, Clock()) == [PublishResult.PUBLISHED]
    (warning,) = [line for line in logged if line["event"] == "empty"]
    assert (warning["log_level"], warning["left_out"]) == ("warning", "1 too old: max_age_days = 7")
    (edition,) = published(store)
    assert edition.left_out == {LeftOutReason.OLD: 1}
