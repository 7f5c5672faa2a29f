"""What holds for every edition.

`ZHAIBAO_EDITIONS=2000 pytest tests/render/test_laws.py` tries each law on 2,000.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import lxml.html
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.archive.form import render_archive
from bot.channels.mail.form import render_mail
from bot.channels.telegram.form import (
    _LONGEST_PLACE,
    build_part,
    build_part_renderer,
    fit_story,
    is_within_limits,
    render_summary,
    render_telegram,
)
from bot.models import (
    Addition,
    Article,
    Edition,
    MessagePart,
    PrintedStory,
    Story,
    StoryReference,
)
from bot.render import themes
from bot.render.plaintext import clean_paragraphs, clip_text, measure_utf16
from bot.render.themes import fill_template
from bot.render.view import StoryView, build_view
from summarizer import Sentence, Summary
from tests.fakes import slot_on
from tests.real.bot_api_rules import judge_rich

ADDRESS = "https://digest.example/daily/2026-11-22.html"
HOSTILE = [
    *(
        "<b>",
        "</a>",
        "<!--",
        "]]>",
        "<![CDATA[",
        "&",
        "&amp;",
        "&nbsp;",
        "&#60;",
        '"',
        "'",
        "\\",
        "{{7*7}}",
        "{%raw%}",
    ),
    *(
        "👨‍👩‍👧‍👦",
        "👍🏽",
        "🇨🇳",
        "e\u0301\u0323",
        "\u200d",
        "\ufe0f",
        "𠮷",
        "النشرة",
        "שלום",
        "\u202e",
        "\u2066",
        "\u200f",
    ),
    *("main.py", "http://b.example/", *"\x00\x1b\ud800\ufffe\u2028\x85\u00a0\n\r\t "),
]
ORDINARY = [
    *("县里", "今年", "修好了", "村道", "12公里", "，", "。", "！", "（试行）", "“好”"),
    *("the ferry ", "runs ", "twice. ", "3.5% "),
]
LONG = ["x" * 5000, "长" * 5000, "👨‍👩‍👧‍👦" * 700, "&" * 4000, "句子。" * 1500]


# The number of editions a run tries. Large texts are slow to draw.
LONG_FORM = int(os.environ.get("ZHAIBAO_EDITIONS", "0"))
judged = settings(max_examples=LONG_FORM or 300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
tried = settings(judged, max_examples=LONG_FORM or 50)


def phrase(*pieces: list[str], most: int) -> st.SearchStrategy[str]:
    piece = st.one_of(st.sampled_from([*chain(*pieces)]), st.text(max_size=8))
    return st.lists(piece, max_size=most).map("".join)


def summaries(text: st.SearchStrategy[str]) -> st.SearchStrategy[Summary]:
    return st.lists(st.tuples(text, st.floats(0, 1)), max_size=6).map(
        lambda rows: Summary(
            sentences=tuple(
                Sentence(text=text, start=index, end=index + 1, score=score, number=index)
                for index, (text, score) in enumerate(rows)
            ),
            language="zh",
        )
    )


hosts = st.sampled_from(
    ["", "https://a.example/", "http://a.example/?q=", "javascript:", "https://", "http://例子.中国:8080/"]
)
web_addresses = st.tuples(hosts, st.sampled_from(["", "&", "中", "%20", '"', "&" * 2000, "字" * 700])).map(
    "".join
)


def articles(text: st.SearchStrategy[str], name: st.SearchStrategy[str]) -> st.SearchStrategy[Article]:
    return st.builds(
        Article,
        title=text,
        text=st.just(""),
        kicker=name,
        byline=name,
        dateline=name,
        language=st.sampled_from(["", "zh", "en", "ar", "xx-Klingon"]),
        published_at=st.none() | st.datetimes(date_range(2000), date_range(2099), timezones=st.just(UTC)),
        url=st.tuples(hosts, st.sampled_from(["", "&", "中", "%20", '"'])).map("".join),
        source=name,
        page=name,
        cut_head=st.booleans(),
        cut_tail=st.booleans(),
        continued_from=name,
        continues_on=name,
    )


def date_range(year: int) -> datetime:
    return datetime(year, 1, 1)  # hypothesis adds the zone


def editions(*pieces: list[str], most: int = 5, stories: int = 8) -> st.SearchStrategy[Edition]:
    text = phrase(*pieces, most=most)
    name = st.sampled_from(["", *chain(*pieces)])
    told = st.builds(
        Story,
        article=articles(text, name),
        summary=summaries(phrase(*pieces, most=most * 3)),
        section=st.sampled_from(["", "要闻", "<i>"]),
        others=st.lists(articles(name, name), max_size=4).map(tuple),
        additions=st.lists(
            st.builds(Addition, article=articles(name, name), summary=summaries(phrase(*pieces, most=most))),
            max_size=3,
        ).map(tuple),
        first_printing=st.none()
        | st.builds(
            PrintedStory,
            edition=st.dates(date(2000, 1, 1), date(2099, 1, 1)).map(date.isoformat),
            number=st.integers(1, 99),
        ),
    )
    return st.builds(
        Edition,
        digest=name,
        slot_at=st.dates(date(2000, 1, 1), date(2099, 1, 1)).map(slot_on),
        shares_day=st.booleans(),
        title=text,
        language=st.sampled_from(["zh", "en", "zh-Hant", "ja", "fr", "cy", ""]),
        zone=st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]),
        theme=st.sampled_from(sorted(themes.list_themes())),
        created_at=st.just(datetime(2026, 11, 22, tzinfo=UTC)),
        stories=st.lists(told, max_size=stories).map(tuple),
        empty_sources=st.lists(name, max_size=9).map(tuple),
        more=st.lists(st.builds(StoryReference, title=text, url=web_addresses), max_size=8).map(tuple),
        more_count=st.integers(0, 300),
    )


addresses = st.sampled_from(["", ADDRESS])


def squeeze(text: str) -> str:
    """Return what a text says, without what differs between the two forms."""
    bare = "".join(character for character in text if not character.isspace() and character not in "·•\u2060")
    return re.sub("…+", "…", bare)


@judged
@given(edition=editions(ORDINARY, HOSTILE, LONG), address=addresses)
def test_telegram_takes_every_message_as_intended(
    assert_taken: Callable[[MessagePart], None], edition: Edition, address: str
) -> None:
    for message_part in render_telegram(edition, archive_url=address).parts:
        assert_taken(message_part)


@tried
@given(edition=editions(ORDINARY, HOSTILE, LONG), address=addresses)
def test_rich_messages_are_taken_and_tell_what_the_plain_ones_tell(edition: Edition, address: str) -> None:
    message = render_telegram(edition, archive_url=address, rich=True)
    assert message.parts == render_telegram(edition, archive_url=address).parts
    place = 0
    while place < len(message.parts):
        rich = message.rich[place]
        done = place + (rich.stands_for if rich else 1)
        assert all(other is None for other in message.rich[place + 1 : done])
        if rich is not None:
            plain = "\n".join(part.text for part in message.parts[place:done]).replace("\u2060", "")
            if len(message.parts) > 1:  # plain messages are numbered
                for number in range(place, done):
                    mark = f" · {number + 1}/{len(message.parts)}"
                    head = build_view(edition).title if number else ""
                    plain = plain.replace(f"{head}{mark}", "", 1)
            assert squeeze(judge_rich({"html": rich.html})) == squeeze(plain)
        place = done
    assert place == len(message.parts) == len(message.rich)


@tried
@given(edition=editions(ORDINARY, HOSTILE, LONG, stories=1))
def test_telegram_takes_every_answer_to_summary_as_intended(
    assert_taken: Callable[[MessagePart], None], edition: Edition
) -> None:
    for story in edition.stories:
        keywords = [story.article.title, story.article.source, ""] * 9
        assert_taken(render_summary(story.article, story.summary, keywords))


@tried
@given(edition=editions(ORDINARY, LONG, stories=3), address=addresses)
def test_a_story_too_long_loses_sentences_then_its_end_and_says_so(edition: Edition, address: str) -> None:
    page = build_view(edition, address)
    whole = build_part_renderer(replace(page, more=()), edition.theme, None, first=True, last=True)
    for story in page.stories:
        told = fit_story(story, whole)
        shown = whole([told])
        assert is_within_limits(shown)
        assert told.is_shortened == (
            told.paragraphs != story.paragraphs or not is_within_limits(whole([story]))
        )
        kept = told.summary.sentences
        assert [sentence for sentence in story.summary.sentences if sentence in kept] == list(kept), (
            "in their order"
        )
        sentences = clean_paragraphs(told.summary.display)
        if told.paragraphs != sentences:  # only what is alone is cut
            assert len(kept) <= 1
            (cut,) = told.paragraphs
            assert " ".join(sentences).startswith(cut.removesuffix("…"))
        if told.is_shortened:
            assert page.words.shortened in shown.text
            assert not told.href or f">{page.words.whole}</a>" in shown.html


@tried
@given(edition=editions(ORDINARY, HOSTILE), address=addresses)
def test_all_forms_tell_the_same_stories_in_the_same_order_with_the_same_sentences(
    edition: Edition, address: str
) -> None:
    page = build_view(edition)
    named = [link.text for link in page.more]
    for name, shown in forms(edition, address).items():
        text, place = without_blanks(shown), 0
        for piece in chain((piece for story in page.stories for piece in pieces(story)), named):
            told = without_blanks(piece)
            found = text.find(told, place)
            assert found >= 0, f"{name} does not go on with {told!r}"
            place = found + len(told)


def without_blanks(text: str) -> str:
    """Return the text without white space: on Telegram the second sentence begins a line, which folds."""
    return re.sub(r"\s+", "", text)


def pieces(story: StoryView) -> Iterator[str]:
    """Yield what every form prints of a story, in order."""
    yield from filter(None, (story.update, story.title, *story.paragraphs))
    for addition in story.additions:
        yield from filter(None, (addition.source.text, addition.text))
    if story.before:
        yield story.before.text


@tried
@given(edition=editions(ORDINARY, HOSTILE, LONG), address=addresses)
def test_no_form_drops_a_story_in_silence(edition: Edition, address: str) -> None:
    page = build_view(edition)
    for name, text in forms(edition, address).items():
        place = 0
        for title in chain((story.title for story in page.stories), (link.text for link in page.more)):
            found = text.find(clip_text(title, 80).removesuffix("…"), place)
            assert found >= 0, f"{name} has lost {title!r}"
            place = found + 1
        if page.more:
            assert text[place:].find(page.more_others.strip()) >= 0, (
                f"{name} does not say how many more there are"
            )


@tried
@given(edition=editions(ORDINARY, HOSTILE, LONG), address=addresses)
def test_stories_without_room_are_named_once_with_the_same_links_in_every_form(
    edition: Edition, address: str
) -> None:
    marked = [replace(one, title=f"{number}号") for number, one in enumerate(edition.more)]
    kept = replace(edition, more=tuple(marked), stories=())
    page = build_view(kept, address)
    links = [link.href for link in page.more if link.href]
    assert all(link.href in ("", one.url) for link, one in zip(page.more, marked, strict=True))
    message = render_telegram(kept, archive_url=address, rich=True)
    told = [shown.html for shown in (*message.parts, *message.rich) if shown]
    (letter,) = render_mail(kept, archive_url=address).parts
    web, _, feed = render_archive(kept).parts
    assert len(told) == 2
    for text in (*told, letter.html):
        found = lxml.html.document_fromstring(text).xpath("//a/@href")
        assert found[: len(links)] == links
    assert lxml.html.document_fromstring(web.html).xpath("//p[@class='more']/a/@href") == links
    assert lxml.html.document_fromstring(f"<main>{entry(feed)}</main>").xpath("//a/@href") == links
    assert [line.strip() for line in letter.text.split("\n") if line.startswith("  ")] == links


def forms(edition: Edition, address: str) -> dict[str, str]:
    """Return what a reader sees of each form's stories, white space collapsed."""
    message = render_telegram(edition, archive_url=address, rich=True)
    rich = [rich or plain for rich, plain in zip(message.rich, message.parts, strict=True)]
    behind = {place + n for place, part in enumerate(rich) for n in range(1, part.stands_for)}
    (letter,) = render_mail(edition, archive_url=address).parts
    page, _, feed = render_archive(edition, public_url=address.removesuffix("/daily/2026-11-22.html")).parts
    return {
        "telegram": collapsed("\n".join(part.text for part in message.parts)),
        "telegram rich": collapsed(
            "\n".join(part.text for place, part in enumerate(rich) if place not in behind)
        ),
        "mail html": visible(letter.html, "//table"),
        "mail text": collapsed(letter.text),
        "archive page": visible(page.html, "//main"),
        "feed": visible(f"<main>{entry(feed)}</main>", "//main"),
    }


def collapsed(text: str) -> str:
    """Return the text as people see it, without the word joiners that keep Telegram from making links."""
    return re.sub(r"\s+", " ", text.replace("\u2060", ""))


def visible(html: str, within: str) -> str:
    return collapsed(lxml.html.document_fromstring(html).xpath(within)[0].text_content())


def entry(feed: MessagePart) -> str:
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(feed.html.encode())  # noqa: S314 -- our own
    return str(root.findtext(f"{atom}entry/{atom}content"))


@tried
@given(edition=editions(ORDINARY, HOSTILE, LONG), address=addresses)
def test_mail_is_never_clipped_and_fetches_nothing(edition: Edition, address: str) -> None:
    (letter,) = render_mail(edition, archive_url=address, unsubscribe_url="mailto:stop@a.example").parts
    assert len(letter.html.encode()) < 90_000
    tree = lxml.html.document_fromstring(letter.html)
    assert not tree.xpath(
        "//script|//img|//link|//iframe|//object|//form|//*[@src or @background or @onclick]"
    )
    assert "url(" not in "".join(tree.xpath("//style/text()|//@style"))
    assert all(re.match("https?://|mailto:stop@", href) for href in tree.xpath("//@href"))


@tried
@given(
    edition=editions(ORDINARY, HOSTILE, LONG),
    public_url=st.sampled_from(["", "https://a.example/x/", "javascript:x"]),
)
def test_archive_is_safe_in_a_folder_and_its_feed_is_xml(edition: Edition, public_url: str) -> None:
    page, index, feed = render_archive(edition, [edition], public_url=public_url).parts
    assert re.fullmatch(r"[\w-]+/\d{4}-\d\d-\d\d(-\d{4})?\.html", page.name)
    assert [anchor.number for anchor in build_view(edition).stories] == [
        int(name[1:]) for name in lxml.html.document_fromstring(page.html).xpath("//article/@id")
    ]
    assert not lxml.html.document_fromstring(index.html).xpath("//script|//img")
    assert entry(feed)


@tried
@given(
    lengths=st.lists(st.integers(1, 3600), min_size=1, max_size=9),
    sources=st.integers(0, 6),
    named=st.integers(0, 8),
)
def test_telegram_messages_are_as_few_as_fit(lengths: list[int], sources: int, named: int) -> None:
    stories = tuple(of_length(length) for length in lengths)
    more = (StoryReference(title="讯" * 40, url="https://a.example/1"),) * named
    edition = replace(bare_edition(stories), empty_sources=("源" * 70,) * sources, more=more)
    parts = render_telegram(edition, archive_url=ADDRESS).parts
    assert len(parts) == fewest(build_view(edition, ADDRESS).stories, edition)


def fewest(stories: tuple[StoryView, ...], edition: Edition) -> int:
    """Return the least number of messages over all ways to split the stories and their last line, tried one
    by one.
    """
    page = build_view(edition, ADDRESS)
    whole = len(stories) + bool(page.more)
    best = [0] + [99] * whole
    for end in range(1, whole + 1):
        for start in range(end):
            values = {"stories": stories[start:end], "first": start == 0, "last": end == whole}
            values["place"] = "" if start == 0 and end == whole else _LONGEST_PLACE
            run = fill_template("plain", "telegram.html", None, edition=page, words=page.words, **values)
            if is_within_limits(build_part(run)):
                best[end] = min(best[end], best[start] + 1)
    return best[-1]


def of_length(length: int) -> Story:
    sentence = Sentence(text="字" * (length - 1) + "。", start=0, end=length, score=1)
    return Story(article=Article(title="题", text=""), summary=Summary(sentences=(sentence,), language="zh"))


def bare_edition(stories: tuple[Story, ...]) -> Edition:
    return Edition(
        digest="daily",
        slot_at=slot_on(date(2026, 11, 22)),
        title="临溪摘报",
        language="zh",
        zone=ZoneInfo("Asia/Shanghai"),
        theme="plain",
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        stories=stories,
    )


@tried
@given(text=phrase(ORDINARY, HOSTILE, LONG, most=12), most=st.integers(2, 400))
def test_clipped_text_is_a_beginning_that_fits(text: str, most: int) -> None:
    clipped = clip_text(text, most)
    assert measure_utf16(clipped) <= most
    assert clipped == text or text.startswith(clipped.removesuffix("…"))
    assert not clipped.endswith("\u200d…")
