"""Values ↔ the JSON they are kept as. The same value gives the same text on every machine."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.models import Addition, Article, Edition, Message, MessagePart, PrintedStory, Story, StoryReference
from summarizer import Sentence, Summary


def to_json(value: Article | Edition | Message) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_to_plain)
    if text.isascii() or _is_utf8(text):
        return text
    # a lone surrogate, as broken feeds bring, fits no database: escape it
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_to_plain)


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


# `Any`: json.loads gives no better, and these rows were written by to_json.
_JsonRow = Mapping[str, Any]


def parse_article(row: _JsonRow) -> Article:
    published_at = row["published_at"]
    return Article(
        **{
            **row,
            "published_at": datetime.fromisoformat(published_at) if published_at else None,
            "subheadings": tuple(row["subheadings"]),
        }
    )


def _parse_summary(row: _JsonRow) -> Summary:
    return Summary(**{**row, "sentences": tuple(Sentence(**sentence) for sentence in row["sentences"])})


def _parse_story(row: _JsonRow) -> Story:
    return Story(
        **{
            **row,
            "article": parse_article(row["article"]),
            "summary": _parse_summary(row["summary"]),
            "others": tuple(map(parse_article, row["others"])),
            # editions of before there were updates lack these two
            "additions": tuple(map(_parse_addition, row.get("additions", ()))),
            "told": _parse_printed_story(row["told"]) if row.get("told") else None,
        }
    )


def _parse_addition(row: _JsonRow) -> Addition:
    return Addition(article=parse_article(row["article"]), summary=_parse_summary(row["summary"]))


def _parse_printed_story(row: _JsonRow) -> PrintedStory:
    return PrintedStory(slot=date.fromisoformat(row["slot"]), number=row["number"])


def parse_edition(document: str) -> Edition:
    row: _JsonRow = json.loads(document)
    return Edition(
        **{
            **row,
            "slot": date.fromisoformat(row["slot"]),
            "zone": ZoneInfo(row["zone"]),
            "created_at": datetime.fromisoformat(row["created_at"]),
            "stories": tuple(map(_parse_story, row["stories"])),
            "empty_sources": tuple(row["empty_sources"]),
            # editions of before those without room were named lack this and the count
            "more": tuple(StoryReference(**one) for one in row.get("more", ())),
        }
    )


def parse_message(document: str) -> Message:
    row: _JsonRow = json.loads(document)
    return Message(
        subject=row["subject"],
        parts=tuple(MessagePart(**part) for part in row["parts"]),
        rich=tuple(MessagePart(**part) if part else None for part in row.get("rich", ())),  # older rows have none
    )
