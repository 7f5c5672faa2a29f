"""`--json`: the rows of a list for other programs, one JSON object per line."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

import click

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line, for other programs."
)


def print_rows(rows: Iterable[Mapping[str, object]]) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False, default=encode_value))


def encode_value(value: object) -> str:
    """Return dates and times in ISO 8601, times in UTC.

    >>> encode_value(datetime(2026, 11, 30, 8, tzinfo=UTC)), encode_value(date(2026, 11, 30))
    ('2026-11-30T08:00:00Z', '2026-11-30')
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
