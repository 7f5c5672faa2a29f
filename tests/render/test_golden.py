"""Every rendered form of every named edition, as it was last read and found good."""

from collections.abc import Callable
from datetime import date

from bot.channels.archive.form import build_page_path, render_archive
from bot.channels.mail.form import render_mail
from bot.channels.telegram.form import render_summary, render_telegram
from bot.models import Edition

Golden = Callable[[str, str], None]
ADDRESS = "https://digest.example/临溪/daily/2026-11-22.html"


def test_telegram_messages_are_as_last_approved(named_edition: tuple[str, Edition], golden: Golden) -> None:
    name, edition = named_edition
    message = render_telegram(edition, archive_url=ADDRESS, rich=True)
    for number, part in enumerate(message.parts, start=1):
        golden(f"{name}/telegram-{number}.html", part.html + "\n")
        golden(f"{name}/telegram-{number}.txt", part.text + "\n")
    for number, part in enumerate(filter(None, message.rich), start=1):
        golden(f"{name}/telegram-rich-{number}.html", part.html + "\n")


def test_mail_is_as_last_approved(named_edition: tuple[str, Edition], golden: Golden) -> None:
    name, edition = named_edition
    message = render_mail(
        edition, archive_url=ADDRESS, unsubscribe_url="mailto:digest@linxi.example?subject=stop"
    )
    (part,) = message.parts
    golden(f"{name}/mail.html", part.html)
    golden(f"{name}/mail.txt", part.text)
    golden(f"{name}/mail.subject.txt", message.subject + "\n")


def test_archive_is_as_last_approved(
    named_edition: tuple[str, Edition], golden: Golden, history: list[Edition]
) -> None:
    name, edition = named_edition
    message = render_archive(edition, history, public_url="https://digest.example/临溪")
    for part in message.parts:
        golden(f"{name}/archive/{part.name}", part.html)


def test_answer_to_summary_is_as_last_approved(named_edition: tuple[str, Edition], golden: Golden) -> None:
    name, edition = named_edition
    for number, story in enumerate(edition.stories[:9], start=1):
        part = render_summary(story.article, story.summary, ("公交", "<加班>", "x" * 900), zone=edition.zone)
        golden(f"{name}/summary-{number}.html", part.html + "\n")


def test_edition_of_another_day_is_named_by_its_day(named_edition: tuple[str, Edition]) -> None:
    _, edition = named_edition
    names = [part.name for part in render_archive(edition, ()).parts]
    assert names == [build_page_path(edition), "index.html", "feed.xml"]
    assert date.fromisoformat(names[0].split("/")[1].removesuffix(".html")) == edition.day
