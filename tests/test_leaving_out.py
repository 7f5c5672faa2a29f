import pytest

from tests.leaving_out import leave_out, told


def test_a_missing_part_leaves_its_test_out_and_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHAIBAO_REAL", raising=False)
    with pytest.raises(
        pytest.skip.Exception, match=r"left out: Postfix is not installed \(apt-get install postfix\)"
    ):
        leave_out("Postfix is not installed", "apt-get install postfix")


def test_where_all_parts_must_be_there_a_missing_one_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAIBAO_REAL", "1")
    with pytest.raises(pytest.fail.Exception, match="Postfix is not installed"):
        leave_out("Postfix is not installed", "apt-get install postfix")


def test_what_was_left_out_is_told_by_reason_the_most_frequent_first() -> None:
    assert told(["left out: no fonts (b)", "left out: no server (a)", "left out: no server (a)"]) == [
        "2 tests: no server (a)",
        "1 test: no fonts (b)",
    ]
