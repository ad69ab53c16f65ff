"""Ratios of sums, paired drops and places: their intervals hold as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.maths.proportions import Interval
from weighbridge.maths.ratios import paired_drop, place_among, ratio_of_sums


def test_a_ratio_is_that_of_the_sums() -> None:
    made = ratio_of_sums(np.array([2.0, 6.0]), np.array([1.0, 3.0]))
    assert made.value == 2.0
    assert made.low == pytest.approx(2.0)  # both units agree
    spread = ratio_of_sums(np.array([1.0, 6.0, 2.0]), np.array([1.0, 3.0, 2.0]))
    assert 0 < spread.low < spread.value == 1.5 < spread.high


def test_a_rise_may_be_a_fall_and_none_may_be_exact() -> None:
    assert ratio_of_sums(np.array([0.0, 0.0]), np.array([1.0, 2.0])) == Interval(0.0, 0.0, 0.0)
    fall = ratio_of_sums(np.array([-1.0, -2.0, 0.1]), np.array([4.0, 4.0, 4.0]))
    assert fall.low < fall.value < 0 < fall.high


def test_units_are_what_is_independent() -> None:
    above, below = np.array([1.0, 1.0, 3.0, 3.0]), np.ones(4)
    alone = ratio_of_sums(above, below)
    together = ratio_of_sums(above, below, units=np.array([0, 0, 1, 1]))
    assert together.value == alone.value
    assert together.high > alone.high
    with pytest.raises(ValueError, match="1 units"):
        ratio_of_sums(above, below, units=np.zeros(4, dtype=np.int64))
    with pytest.raises(ValueError, match="sum up to 0"):
        ratio_of_sums(np.ones(3), np.zeros(3))


def test_a_ratio_covers() -> None:
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(300):
        below = rng.lognormal(4, 0.8, size=50)
        made = ratio_of_sums(below * rng.gamma(4, 0.5, size=50), below)
        held += made.low <= 2 <= made.high
    assert held >= 273  # of 300 at 95 %, fewer with probability 0.001 (exact binomial)


def test_a_drop_covers_and_no_change_has_a_bound() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        before = rng.random(60) < 0.8
        after = before & (rng.random(60) < 0.75)
        made = paired_drop(before, after)
        held += made.low <= 0.2 <= made.high
    assert held >= 285  # conservative
    same = paired_drop(np.ones(20, bool), np.ones(20, bool))
    assert same.value == 0
    assert same.low == -same.high < -0.1


intervals = st.tuples(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5)).map(
    lambda t: Interval(sorted(t)[1], min(t), sorted(t)[2])
)


@given(intervals, st.lists(intervals, min_size=1, max_size=8))
def test_a_place_holds_where_the_others_do(one: Interval, others: list[Interval]) -> None:
    made = place_among(one, others)
    assert 0 <= made.low <= made.value <= made.high <= 1
    for pick in ("low", "value", "high"):  # wherever the others' truths lie inside their intervals
        truth = np.mean([getattr(o, pick) < one.value for o in others])
        assert made.low <= truth <= made.high
