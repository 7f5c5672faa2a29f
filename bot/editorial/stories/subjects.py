"""What two articles name in the same words: the longest run that their beginnings share and a heading has.

Retellings in free words share little else, but both name the law, the meeting or the building that they are
about: 领事保护与协助条例, "the Linxi emergency centre". A run counts by how rare its words are.
"""

import numpy as np

from bot.editorial.stories.traits import BREAK, TraitArray, Traits

_WeightArray = np.ndarray[tuple[int], np.dtype[np.float64]]


def weigh_shared_subject(
    first: Traits, second: Traits, holders: TraitArray, weight_by_holders: _WeightArray
) -> float:
    """Return the weight of the heaviest run of tokens in both beginnings that a heading of either has."""
    rows, columns = first.beginning, second.beginning
    if not len(rows) or not len(columns):
        return 0.0
    weights = np.where(rows >= 0, weight_by_holders[holders[np.maximum(rows, 0)]], 0.0)
    in_heading = np.arange(len(columns)) < second.heading_size
    best = 0.0
    runs = np.zeros(len(columns) + 1)  # weight of the run that ends at each place of `columns`
    for row, (token, weight) in enumerate(zip(rows.tolist(), weights.tolist(), strict=True)):
        if token == BREAK:
            runs[:] = 0.0
            continue
        runs[1:] = np.where(columns == token, runs[:-1] + weight, 0.0)
        ends = runs[1:] if row < first.heading_size else runs[1:][in_heading]
        best = max(best, float(ends.max(initial=0.0)))
    return best
