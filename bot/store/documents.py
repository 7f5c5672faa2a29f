"""Values ↔ the JSON they are kept as. The same value gives the same text on every machine."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.models import Addition, Article, Edition, Message, Part, Reference, Story, Told
from summarizer import Sentence, Summary


def to_json(value: Article | Edition | Message) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)
    if text.isascii() or is_utf8(text):
        return text
    # a lone surrogate, as broken feeds bring, fits no database: escape it
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=plain)


def is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(f"no JSON form for {type(value).__name__}")


# `Any`: json.loads gives no better, and these rows were written by to_json.
Row = Mapping[str, Any]


def article(row: Row) -> Article:
    published_at = row["published_at"]
    return Article(
        **{
            **row,
            "published_at": datetime.fromisoformat(published_at) if published_at else None,
            "subheadings": tuple(row["subheadings"]),
        }
    )


def summary(row: Row) -> Summary:
    return Summary(**{**row, "sentences": tuple(Sentence(**sentence) for sentence in row["sentences"])})


def story(row: Row) -> Story:
    return Story(
        **{
            **row,
            "article": article(row["article"]),
            "summary": summary(row["summary"]),
            "others": tuple(map(article, row["others"])),
            # editions of before there were updates lack these two
            "additions": tuple(map(addition, row.get("additions", ()))),
            "told": told(row["told"]) if row.get("told") else None,
        }
    )


def addition(row: Row) -> Addition:
    return Addition(article=article(row["article"]), summary=summary(row["summary"]))


def told(row: Row) -> Told:
    return Told(slot=date.fromisoformat(row["slot"]), number=row["number"])


def edition(document: str) -> Edition:
    row: Row = json.loads(document)
    return Edition(
        **{
            **row,
            "slot": date.fromisoformat(row["slot"]),
            "zone": ZoneInfo(row["zone"]),
            "created_at": datetime.fromisoformat(row["created_at"]),
            "stories": tuple(map(story, row["stories"])),
            "empty_sources": tuple(row["empty_sources"]),
            # editions of before those without room were named lack this and the count
            "more": tuple(Reference(**one) for one in row.get("more", ())),
        }
    )


def message(document: str) -> Message:
    row: Row = json.loads(document)
    return Message(
        subject=row["subject"],
        parts=tuple(Part(**part) for part in row["parts"]),
        rich=tuple(Part(**part) if part else None for part in row.get("rich", ())),  # older rows have none
    )
