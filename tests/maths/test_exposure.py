from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, skewnorm

from weighbridge.maths.exposure import bits, exposure, extrapolated_rank, median_interval, sampled_rank
from weighbridge.maths.proportions import Interval


def test_exposure_of_ranks() -> None:
    assert bits(1, 10**6) == pytest.approx(19.93, abs=0.01)
    assert bits(10**6, 10**6) == 0
    assert bits(5 * 10**5, 10**6) == 1
    assert bits(1, 10**400) == pytest.approx(400 * math.log2(10))  # larger than any float
    assert exposure(Interval(4, 2, 8), 16) == Interval(2, 1, 3)


def test_a_sampled_rank_lies_between_its_bounds() -> None:
    none = sampled_rank(0, 1000, 999_999, confidence=0.95)
    assert (none.value, none.low) == (1, 1)
    assert none.high == pytest.approx(1 + 999_999 * 0.003682, rel=1e-3)
    half = sampled_rank(500, 1000, 999_999, confidence=0.95)
    assert half.low < 470_000 < half.value < 530_000 < half.high
    assert sampled_rank(1000, 1000, 9, confidence=0.95).high == 10


@pytest.mark.slow
@given(st.floats(-6, 6), st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_extrapolation_finds_the_tail_of_a_skew_normal(shape: float, scale: float, at: float) -> None:
    grid = skewnorm.ppf((np.arange(20_000) + 0.5) / 20_000, shape, loc=at, scale=scale)
    truth = float(skewnorm.ppf(1 - 1e-4, shape, loc=at, scale=scale))
    assert extrapolated_rank(grid, truth, 10**6) == pytest.approx(101, rel=0.5)


def test_extrapolation_of_what_has_no_shape() -> None:
    assert extrapolated_rank(np.zeros(50), 1.0, 10**6) == 1
    assert extrapolated_rank(np.array([1.0, 2.0]), 1e9, 10**6) == 1
    assert extrapolated_rank(np.exp(np.arange(60.0)), 1e30, 10**6) >= 1  # more skewed than a skew-normal can be


@given(st.integers(1, 60))
def test_the_median_is_covered_as_often_as_said(n: int) -> None:
    values = np.arange(1.0, n + 1)
    got = median_interval(values, values, values, most=99.0, confidence=0.95)
    rank = 0 if got.low == 0 else int(got.low)
    assert 2 * binom.cdf(rank - 1, n, 0.5) <= 0.05
    assert got.high == (99.0 if rank == 0 else n - rank + 1)
    assert got.low <= got.value <= got.high
