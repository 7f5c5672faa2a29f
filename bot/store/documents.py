"""Values ↔ their stored JSON. The same value gives the same text on every machine.

Every document has the version of its form. _UPGRADES turns documents of older forms into the present form,
and the parsers below read only that. To change a stored value, raise VERSION, add an upgrade, and add a
document of the new form to tests/store/documents.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import StoreError
from bot.models import (
    Addition,
    Article,
    Edition,
    LeftOutReason,
    Message,
    MessagePart,
    PrintedStory,
    Story,
    StoryReference,
)
from bot.phrases import Phrase
from summarizer import Sentence, Summary

VERSION = 6
_NOON = time(12)

Document = Article | Edition | Message
# `Any`: json.loads gives no better, and these rows were written by to_json.
_JsonRow = dict[str, Any]


def to_json(value: Document) -> str:
    """Return the document of a value, in the present form."""
    document = {"version": VERSION, **{field.name: getattr(value, field.name) for field in fields(value)}}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_to_plain)
    if text.isascii() or _is_utf8(text):
        return text
    # broken feeds contain lone surrogates, which no database accepts: escape them
    return json.dumps(document, sort_keys=True, separators=(",", ":"), default=_to_plain)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _to_plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(f"no JSON form for {type(value).__name__}")


def parse_article(document: str) -> Article:
    """Raises StoreError if the document has a newer form than this program knows."""
    return _parse_article(_load(document, Article))


def parse_edition(document: str) -> Edition:
    """Raises StoreError if the document has a newer form than this program knows."""
    row = _load(document, Edition)
    return Edition(
        **{
            **row,
            "slot_at": datetime.fromisoformat(row["slot_at"]),
            "zone": ZoneInfo(row["zone"]),
            "created_at": datetime.fromisoformat(row["created_at"]),
            "from_at": _parse_moment(row["from_at"]),
            "until_at": _parse_moment(row["until_at"]),
            "stories": tuple(map(_parse_story, row["stories"])),
            "empty_sources": tuple(row["empty_sources"]),
            "more": tuple(StoryReference(**reference) for reference in row["more"]),
            "left_out": {LeftOutReason(reason): number for reason, number in row["left_out"].items()},
        }
    )


def parse_message(document: str) -> Message:
    """Raises StoreError if the document has a newer form than this program knows."""
    row = _load(document, Message)
    return Message(
        subject=row["subject"],
        parts=tuple(MessagePart(**part) for part in row["parts"]),
        rich=tuple(MessagePart(**part) if part else None for part in row["rich"]),
    )


def _parse_article(row: _JsonRow) -> Article:
    return Article(
        **{
            **row,
            "published_at": _parse_moment(row["published_at"]),
            "subheadings": tuple(row["subheadings"]),
        }
    )


def _parse_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _parse_summary(row: _JsonRow) -> Summary:
    return Summary(**{**row, "sentences": tuple(map(_parse_sentence, row["sentences"]))})


def _parse_sentence(row: _JsonRow) -> Sentence:
    return Sentence(
        **{
            **row,
            "reasons": tuple((name, value) for name, value in row["reasons"]),
            "stands_for": tuple(map(tuple, row["stands_for"])),
        }
    )


def _parse_story(row: _JsonRow) -> Story:
    printed = row["first_printing"]
    return Story(
        **{
            **row,
            "article": _parse_article(row["article"]),
            "summary": _parse_summary(row["summary"]),
            "others": tuple(map(_parse_article, row["others"])),
            "additions": tuple(map(_parse_addition, row["additions"])),
            "first_printing": PrintedStory(**printed) if printed else None,
        }
    )


def _parse_addition(row: _JsonRow) -> Addition:
    return Addition(article=_parse_article(row["article"]), summary=_parse_summary(row["summary"]))


# --- older forms


def _load(document: str, kind: type[Document]) -> _JsonRow:
    """Return the document's row in the present form."""
    row: _JsonRow = json.loads(document)
    version = row.pop("version", 1)  # the first form had no number
    if version > VERSION:
        raise StoreError(
            Phrase(
                "a document in the database was written by a newer zhaibao (form {version}); update zhaibao",
                version=version,
            )
        )
    for older in range(version, VERSION):
        row = _UPGRADES[older][kind](row)
    return row


def _upgrade_article_1(row: _JsonRow) -> _JsonRow:
    return {"image": "", **row}


def _upgrade_edition_1(row: _JsonRow) -> _JsonRow:
    """Add what the first form gained while it was in use: updates and references."""
    stories = [_upgrade_story_1(story) for story in row["stories"]]
    return {"more": [], "more_count": 0, **row, "stories": stories}


def _upgrade_story_1(row: _JsonRow) -> _JsonRow:
    additions = [
        {**addition, "article": _upgrade_article_1(addition["article"])}
        for addition in row.get("additions", ())
    ]
    changed = {
        **row,
        "article": _upgrade_article_1(row["article"]),
        "others": [_upgrade_article_1(article) for article in row["others"]],
        "additions": additions,
        "first_printing": row.get("told"),
    }
    changed.pop("told", None)
    return changed


def _upgrade_message_1(row: _JsonRow) -> _JsonRow:
    return {"rich": [], **row}


def _upgrade_edition_2(row: _JsonRow) -> _JsonRow:
    """Turn the fields for the parts of a sentence's score into its list of reasons."""
    return {**row, "stories": [_upgrade_story_2(story) for story in row["stories"]]}


def _upgrade_story_2(row: _JsonRow) -> _JsonRow:
    additions = [
        {**addition, "summary": _upgrade_summary_2(addition["summary"])} for addition in row["additions"]
    ]
    return {**row, "summary": _upgrade_summary_2(row["summary"]), "additions": additions}


def _upgrade_summary_2(row: _JsonRow) -> _JsonRow:
    return {**row, "sentences": [_upgrade_sentence_2(sentence) for sentence in row["sentences"]]}


def _upgrade_sentence_2(row: _JsonRow) -> _JsonRow:
    changed = dict(row)
    parts = {name: changed.pop(name, 0.0) for name in ("centrality", "position", "title", "length", "manner")}
    parts["repetition"] = -changed.pop("redundancy", 0.0)
    return {**changed, "reasons": [(name, value) for name, value in parts.items() if value]}


def _upgrade_article_3(row: _JsonRow) -> _JsonRow:
    return {"certainty": None, **row}


def _upgrade_edition_3(row: _JsonRow) -> _JsonRow:
    """Articles of newspaper pages now say how certain their boundaries are."""
    return {**row, "stories": [_upgrade_story_3(story) for story in row["stories"]]}


def _upgrade_story_3(row: _JsonRow) -> _JsonRow:
    return {
        **row,
        "article": _upgrade_article_3(row["article"]),
        "others": [_upgrade_article_3(article) for article in row["others"]],
        "additions": [
            {**addition, "article": _upgrade_article_3(addition["article"])} for addition in row["additions"]
        ],
    }


def _upgrade_edition_4(row: _JsonRow) -> _JsonRow:
    """An edition that is not full now says what it left out."""
    return {"left_out": {}, **row}


def _upgrade_edition_5(row: _JsonRow) -> _JsonRow:
    """A slot is an instant. Of an older edition only the day is known, and when it was made."""
    created_at, zone = datetime.fromisoformat(row["created_at"]), ZoneInfo(row["zone"])
    day = date.fromisoformat(row["slot"])
    slot = created_at if created_at.astimezone(zone).date() == day else datetime.combine(day, _NOON, zone)
    changed = {name: value for name, value in row.items() if name != "slot"}
    return {
        **changed,
        "slot_at": slot.astimezone(UTC).isoformat(),
        "from_at": None,
        "until_at": None,
        "shares_day": False,
        "stories": [_upgrade_story_5(story) for story in row["stories"]],
    }


def _upgrade_story_5(row: _JsonRow) -> _JsonRow:
    printing = row["first_printing"]
    changed = {"edition": printing["slot"], "number": printing["number"]} if printing else None
    return {**row, "first_printing": changed}


def _keep(row: _JsonRow) -> _JsonRow:
    return row


_UPGRADES: Mapping[int, Mapping[type[Document], Callable[[_JsonRow], _JsonRow]]] = {
    1: {Article: _upgrade_article_1, Edition: _upgrade_edition_1, Message: _upgrade_message_1},
    2: {Article: _keep, Edition: _upgrade_edition_2, Message: _keep},
    3: {Article: _upgrade_article_3, Edition: _upgrade_edition_3, Message: _keep},
    4: {Article: _keep, Edition: _upgrade_edition_4, Message: _keep},
    5: {Article: _keep, Edition: _upgrade_edition_5, Message: _keep},
}
