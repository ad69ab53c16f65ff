from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.maths.classes import crowd, n_combinations, round_step


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60), st.integers(1, 12))
def test_the_crowd_is_that_of_a_plain_count(values: list[int], k: int) -> None:
    counts = Counter(values)
    by_size = Counter(counts[value] for value in values)
    sizes = np.array(sorted(by_size), dtype=np.int64)
    made = crowd(sizes, np.array([by_size[int(size)] for size in sizes], dtype=np.int64), k=k)
    assert made.n == len(values)
    assert made.unique == sum(counts[value] == 1 for value in values)
    assert made.small == sum(counts[value] < k for value in values)
    assert made.smallest == min(counts.values())
    assert (made.unique_share, made.small_share) == (made.unique / made.n, made.small / made.n)


def test_nobody_is_no_crowd() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    with pytest.raises(ValueError, match="nobody"):
        crowd(nothing, nothing, k=11)


@pytest.mark.parametrize(
    ("columns", "at_most", "n"), [(0, 3, 0), (1, 3, 1), (2, 3, 3), (12, 3, 298), (12, 4, 793), (2000, 1, 2000)]
)
def test_combinations_are_counted_without_making_them(columns: int, at_most: int, n: int) -> None:
    assert n_combinations(columns, at_most=at_most) == n


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([5.0, 5.0, 5.0], 0.0),
        (list(np.linspace(0, 100, 1001)), 2.0),  # nine tenths are 90 wide; 90 / 20 = 4.5
        (list(np.linspace(0, 0.1, 1001)), 0.002),
        ([0.0, 5e-324], 0.0),
        ([-1.7e308, 1.7e308], 0.0),
        ([0.0] * 99 + [1000.0], 50.0),  # the middle does not differ: the whole range is cut
    ],
)
def test_steps_are_round(values: list[float], step: float) -> None:
    assert round_step(np.array(values), steps=20) == pytest.approx(step)


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=50), st.integers(1, 50))
def test_a_step_never_cuts_coarser_than_asked(values: list[float], steps: int) -> None:
    step = round_step(np.array(values), steps=steps)
    low, high = np.quantile(values, [0.05, 0.95])
    if low != high:
        assert step * steps <= (high - low) * (1 + 1e-6)
