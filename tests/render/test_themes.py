"""Themes: whose file is taken, and what a template may not do."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.mail.form import render_mail
from bot.channels.telegram.form import render_telegram
from bot.errors import ConfigError, UnknownName
from bot.models import Article, Edition, Story
from bot.render import themes
from summarizer import Sentence, Summary
from tests.fakes import slot_on


def edition(theme: str) -> Edition:
    sentence = Sentence(text="路修好了。", start=0, end=5, score=1)
    told = Story(
        article=Article(title="青岭<镇>修路", text="路修好了。"),
        summary=Summary(sentences=(sentence,), language="zh"),
    )
    return Edition(
        digest="daily",
        slot_at=slot_on(date(2026, 11, 22)),
        title="临溪摘报",
        language="zh",
        zone=ZoneInfo("Asia/Shanghai"),
        theme=theme,
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        stories=(told,),
    )


def own_theme(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        path = folder / "mine" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def test_theme_may_bring_one_file_and_take_the_others_from_plain(tmp_path: Path) -> None:
    folder = own_theme(tmp_path, mail_subject_txt="今早：{{ edition.title }}")
    mine = render_mail(edition("mine"), themes=folder)
    plain = render_mail(edition("plain"))
    assert mine.subject == "今早：临溪摘报"
    assert mine.parts == plain.parts


def test_theme_may_show_a_storys_picture_and_ours_show_none(tmp_path: Path) -> None:
    folder = own_theme(
        tmp_path, mail_html="{% for story in stories %}<img src='{{ story.image }}'>{% endfor %}"
    )
    (story,) = edition("mine").stories
    address = "https://img.example/a.jpg?x=1&y=2"
    pictured = (replace(story, article=replace(story.article, image=address)),)
    mine, plain = (replace(edition(theme), stories=pictured) for theme in ("mine", "plain"))
    assert "https://img.example/a.jpg?x=1&amp;y=2" in render_mail(mine, themes=folder).parts[0].html
    assert "img.example" not in render_mail(plain).parts[0].html + render_telegram(plain).parts[0].html


def test_theme_may_change_a_piece_that_other_files_include(tmp_path: Path) -> None:
    folder = own_theme(tmp_path, telegram_story_html="<b>{{ story.title }}</b>\n{{ story.number }}")
    (part,) = render_telegram(edition("mine"), themes=folder).parts
    assert part.html.endswith("<b>青岭&lt;镇&gt;修路</b>\n1")
    assert part.text.startswith("临溪摘报")


def test_theme_may_build_on_the_file_of_plain_with_the_same_name(tmp_path: Path) -> None:
    folder = own_theme(
        tmp_path, telegram_html='{% include "plain/telegram.html" %}\n\n<i>临溪县融媒体中心</i>'
    )
    (part,) = render_telegram(edition("mine"), themes=folder).parts
    assert part.text == render_telegram(edition("plain")).parts[0].text + "\n\n临溪县融媒体中心"


@pytest.mark.parametrize("name", ["nosuch", "", ".", "../bot", "plain/web"])
def test_unknown_theme_is_told_with_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"known: .*mine, plain"):
        render_telegram(edition(name), themes=own_theme(tmp_path, mail_txt="x"))


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("<b>\n{{ edition.titel }}", r"theme 'mine': telegram\.html, line 2: .*no attribute 'titel'"),
        (
            "{{ edition.__class__.__mro__ }}",
            r"telegram\.html, line 1: access to attribute '__class__' .* is unsafe",
        ),
        ("\n\n{% if first %}", r"telegram\.html, line 3: Unexpected end of template"),
        ('{% include "nosuch.html" %}', r"telegram\.html, line 1: .*nosuch\.html"),
    ],
)
def test_template_that_cannot_be_filled_is_told_with_file_and_line(
    template: str, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        render_telegram(edition("mine"), themes=own_theme(tmp_path, telegram_html=template))


def test_installed_themes_are_known() -> None:
    assert themes.list_themes() == {"broadsheet", "plain"}
