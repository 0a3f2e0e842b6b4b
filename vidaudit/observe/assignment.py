"""Pairing rows with columns one to one at the least total cost."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching


def cheapest_pairs(cost: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """(row, column) of as many pairs as there can be, by row (Jonker and Volgenant 1987).

    `scipy.optimize.linear_sum_assignment` does the same, and takes every worker a third of a second to load.

    Args:
        cost: (rows, columns), finite; may be empty.
    """
    if cost.size == 0:
        return []
    above_zero = cost - cost.min() + 1.0  # a pair that isn't stored would be no pair
    rows, columns = min_weight_full_bipartite_matching(csr_array(above_zero))
    return sorted(zip(rows.tolist(), columns.tolist(), strict=True))
