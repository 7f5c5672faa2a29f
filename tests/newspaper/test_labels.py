"""The path through a page is always one an editor could have set."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.newspaper.labels import (
    LABELS,
    NO_HEADING,
    OPENS,
    STATES,
    Label,
    explain_label,
    find_article_starts,
    find_best_path,
    find_states,
    load_weights,
    may_follow,
    score_labels,
)

NAMES = sorted(load_weights()[0])
EVIDENCE = st.lists(st.tuples(st.sampled_from([*NAMES, *NO_HEADING]), st.floats(-3, 3)), max_size=12).map(
    tuple
)


@settings(max_examples=200, deadline=None)
@given(st.lists(EVIDENCE, max_size=15))
def test_any_evidence_gives_a_possible_sequence_of_labels(page: list[tuple[tuple[str, float], ...]]) -> None:
    path = find_best_path([score_labels(evidence) for evidence in page])

    assert len(path) == len(page)
    assert find_states(path) is not None


def test_heading_never_ends_in_a_full_stop() -> None:
    page = [
        ((NO_HEADING[0], 1.0), ("short, before a dated dateline", 9.0)),
        (("begins with a dated dateline", 1.0),),
    ]

    assert find_best_path([score_labels(evidence) for evidence in page])[0] == Label.LEAD


def test_every_state_can_be_reached_and_left_for_a_new_article() -> None:
    for state in STATES:
        assert state in OPENS or any(may_follow(before, state) for before in STATES)
    for label in (Label.LEAD, Label.PARAGRAPH, Label.REST):
        assert all(may_follow(state, (Label.TITLE, 0)) for state in STATES if state[0] == label)


def test_kicker_needs_its_title() -> None:
    assert find_states([Label.KICKER, Label.LEAD]) is None
    assert find_states([Label.KICKER, Label.TITLE, Label.LEAD]) is not None


def test_every_row_of_the_table_has_a_weight_a_label() -> None:
    assert {len(row) for row in load_weights()[0].values()} == {len(LABELS)}


def test_reasons_name_what_spoke_for_the_label() -> None:
    found = (("any", 1.0), ("begins with a dated dateline", 1.0), ("begins like a list", 0.0))

    assert explain_label(found, Label.LEAD) == "begins with a dated dateline"


def test_an_article_begins_at_each_kicker_or_title_but_one_below_a_kicker() -> None:
    path = [
        Label.LEAD,
        Label.KICKER,
        Label.TITLE,
        Label.DECK,
        Label.LEAD,
        Label.TITLE,
        Label.LEAD,
        Label.PARAGRAPH,
    ]
    assert find_article_starts(path) == [0, 1, 5]
