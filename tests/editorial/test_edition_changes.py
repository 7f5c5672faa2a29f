"""What differs between two editions of one slot."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.editorial.edition_changes import compare_editions
from bot.models import Article, Edition, Story
from summarizer import summarize

TEXT = "县里修好了通往大坪乡的最后一段公路，全长十七公里。总投资八千二百万元，十一月二十日正式通车。"


def build_story(name: str, *others: str, section: str = "", characters: int = 120) -> Story:
    article = Article(title=name, text=f"{name}：{TEXT}", source="paper")
    return Story(
        article=article,
        summary=summarize(article.text, characters=characters),
        section=section,
        others=tuple(Article(title=other, text=f"{other}：{TEXT}", source="news") for other in others),
    )


def build_edition(stories: Sequence[Story]) -> Edition:
    return Edition(
        digest="daily",
        slot_at=datetime(2026, 11, 30, tzinfo=UTC),
        title="摘报",
        language="zh",
        zone=ZoneInfo("Asia/Shanghai"),
        theme="plain",
        created_at=datetime(2026, 11, 30, tzinfo=UTC),
        stories=tuple(stories),
    )


STORIES = {name: build_story(name) for name in "甲乙丙丁戊"}  # once: summaries take time


@given(st.lists(st.sampled_from("甲乙丙丁"), unique=True))
def test_an_edition_does_not_differ_from_itself(names: list[str]) -> None:
    edition = build_edition([STORIES[name] for name in names])
    assert compare_editions(edition, edition).is_empty


@given(
    st.lists(st.sampled_from("甲乙丙丁戊"), unique=True), st.lists(st.sampled_from("甲乙丙丁戊"), unique=True)
)
def test_what_came_and_went_and_stayed_is_everything(before: list[str], after: list[str]) -> None:
    changes = compare_editions(
        build_edition([STORIES[name] for name in before]),
        build_edition([STORIES[name] for name in after]),
    )
    assert [story.article.title for story in changes.added] == [n for n in after if n not in before]
    assert [story.article.title for story in changes.removed] == [n for n in before if n not in after]
    assert not changes.changed
    assert changes.is_reordered == ([n for n in before if n in after] != [n for n in after if n in before])


def test_a_story_with_another_lead_is_the_same_story_changed() -> None:
    before, after = build_story("甲", "乙"), build_story("乙", "甲")
    changes = compare_editions(build_edition([before]), build_edition([after]))
    assert changes.changed == ((before, after),)
    assert not changes.added
    assert not changes.removed


def test_a_story_that_takes_in_another_leaves_one_removed() -> None:
    before = [build_story("甲"), build_story("乙")]
    changes = compare_editions(build_edition(before), build_edition([build_story("乙", "甲")]))
    assert [story.article.title for story in changes.removed] == ["甲"]
    assert [after.article.title for _, after in changes.changed] == ["乙"]


def test_other_words_sources_and_sections_are_changes() -> None:
    story = build_story("甲")
    for other in (build_story("甲", characters=30), build_story("甲", "乙")):
        assert compare_editions(build_edition([story]), build_edition([other])).changed == ((story, other),)
    moved = compare_editions(build_edition([story]), build_edition([replace(story, section="要闻")]))
    assert moved.is_reordered
    assert not moved.changed
