"""What the operator is told of stories that an edition leaves out."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.editorial.left_out import explain_left_out, is_emptied_by_settings
from bot.models import Digest, Edition, LeftOutReason

ZONE = ZoneInfo("Asia/Shanghai")
DIGEST = Digest(
    name="daily",
    title="摘报",
    language="zh",
    sources=(),
    times=(time(8),),
    zone=ZONE,
    max_age_days=3,
    min_certainty=70,
)


def edition(**left_out: int) -> Edition:
    return Edition(
        digest="daily",
        slot_at=datetime(2026, 1, 15, tzinfo=UTC),
        title="摘报",
        language="zh",
        zone=ZONE,
        theme="plain",
        created_at=datetime(2026, 1, 15, tzinfo=UTC),
        stories=(),
        left_out={LeftOutReason[name]: number for name, number in left_out.items()},
    )


def test_each_reason_names_the_setting_that_decides_it() -> None:
    line = explain_left_out({LeftOutReason.OLD: 8, LeftOutReason.UNCERTAIN: 1}, DIGEST)
    assert str(line) == "8 too old: max_age_days = 3; 1 uncertain: min_certainty = 70"


def test_where_nothing_is_left_out_nothing_is_said() -> None:
    assert explain_left_out({}, DIGEST) is None


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [({"OLD": 1}, True), ({"OFF_TOPIC": 2}, True), ({"PRINTED": 3}, False), ({}, False)],
)
def test_an_edition_is_emptied_by_settings_if_another_setting_would_fill_it(
    left_out: dict[str, int], expected: bool
) -> None:
    assert is_emptied_by_settings(edition(**left_out)) is expected
