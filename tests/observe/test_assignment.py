"""The pairs are those of SciPy's own solver for full matrices."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from vidaudit.observe.assignment import cheapest_pairs

COSTS = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-10, 10, allow_nan=False, width=32))
)


@given(COSTS)
def test_no_pairing_costs_less(cost: npt.NDArray[np.float64]) -> None:
    pairs = cheapest_pairs(cost)
    rows, columns = linear_sum_assignment(cost)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs) == min(cost.shape)
    assert sum(cost[pair] for pair in pairs) == pytest.approx(cost[rows, columns].sum(), abs=1e-6)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_nothing_to_pair(shape: tuple[int, int]) -> None:
    assert cheapest_pairs(np.zeros(shape)) == []


def test_pairs_come_by_row() -> None:
    assert cheapest_pairs(np.array([[5.0, 0.0], [1.0, 9.0], [2.0, 2.0]])) == [(0, 1), (1, 0)]
