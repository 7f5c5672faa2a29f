"""Four sentences by hand, the same as in docs/explanation/summarizer.md.

    0  red dam broke      1  dam flooded town      2  town fled      3  sun shone

df: dam 2, town 2, the rest 1; n = 4. idf = ln(5 / (df + ½)): ln 2 for df 2, ln(10/3) for df 1.
"""

from math import exp, log, sqrt

import numpy as np
import pytest

from summarizer.languages.neutral import NEUTRAL
from summarizer.rankers import DAMPING, OverlapGraph, walk_graph
from summarizer.sentence_graph import build_graph

TEXT = "red dam broke. dam flooded town. town fled. sun shone."
BOUNDS = [(0, 14), (15, 32), (33, 43), (44, 54)]

TWICE, ONCE = log(5 / 2.5), log(5 / 1.5)
DAM = TWICE / sqrt(TWICE**2 + 2 * ONCE**2) * TWICE / sqrt(2 * TWICE**2 + ONCE**2)  # cos(0, 1)
TOWN = TWICE / sqrt(2 * TWICE**2 + ONCE**2) * TWICE / sqrt(TWICE**2 + ONCE**2)  # cos(1, 2)


def test_likeness_is_the_cosine_of_what_two_sentences_share() -> None:
    found = build_graph(TEXT, BOUNDS, NEUTRAL)
    assert found.compare_with(0) == pytest.approx([0, DAM, 0, 0])
    assert found.compare_with(1) == pytest.approx([DAM, 0, TOWN, 0])
    assert found.compare_with(3) == pytest.approx([0, 0, 0, 0])


def test_directed_sums_tell_what_went_before_from_what_follows() -> None:
    earlier, later = build_graph(TEXT, BOUNDS, NEUTRAL).sum_directed()
    assert earlier == pytest.approx([0, DAM, TOWN, 0])
    assert later == pytest.approx([DAM, TOWN, 0, 0])


def test_the_walk_is_the_fixed_point_of_the_equations() -> None:
    """p0 = j + d·p1·DAM/(DAM+TOWN), p1 = j + d·(p0 + p2), p2 = j + d·p1·TOWN/(DAM+TOWN), p3 = j.

    j = (1 − d)/4 + d·p3/4: the sentence linked to nothing sends its reader anywhere.
    """
    jump = (1 - DAMPING) / 4 / (1 - DAMPING / 4)
    middle = (jump + 2 * DAMPING * jump) / (1 - DAMPING**2)
    left = jump + DAMPING * middle * DAM / (DAM + TOWN)
    right = jump + DAMPING * middle * TOWN / (DAM + TOWN)
    assert walk_graph(build_graph(TEXT, BOUNDS, NEUTRAL)) == pytest.approx(
        [left, middle, right, jump], abs=2e-3
    )


def test_the_walk_loses_nothing_and_needs_no_links() -> None:
    alone = build_graph("one. two.", [(0, 4), (5, 9)], NEUTRAL)
    assert walk_graph(alone) == pytest.approx([0.5, 0.5])
    assert walk_graph(build_graph(TEXT, BOUNDS, NEUTRAL)).sum() == pytest.approx(1)


def test_sums_over_terms_equal_sums_over_the_matrix() -> None:
    text = "甲乙丙丁。乙丙丁戊。丙丁己庚。辛壬癸子。甲乙辛壬。"
    bounds = [(0, 5), (5, 10), (10, 15), (15, 20), (20, 25)]
    found = build_graph(text, bounds, NEUTRAL)
    matrix = np.array([found.compare_with(row) for row in range(5)])
    assert np.allclose(matrix, matrix.T)
    assert np.allclose(np.tril(matrix, -1).sum(1), found.sum_directed()[0])
    assert np.allclose(np.triu(matrix, 1).sum(1), found.sum_directed()[1])
    mass = np.array([exp(row) for row in range(5)])
    assert np.allclose(matrix @ mass, found.spread_mass(mass))


def test_overlap_counts_words_in_common_over_the_logarithms_of_lengths() -> None:
    links = OverlapGraph(build_graph(TEXT, BOUNDS, NEUTRAL))
    to_second = links.spread_mass(np.array([0.0, 1.0, 0.0, 0.0]))
    assert to_second == pytest.approx([1 / (log(3) + log(3)), 0, 1 / (log(3) + log(2)), 0])
