"""Exact paired tests, against counts that can be done by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.maths.pairs import holm, mcnemar


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (0, 5, 2 / 32),  # twice one half to the fifth
        (0, 6, 2 / 64),
        (1, 7, 2 * (1 + 8) / 256),
        (4, 4, 1.0),
    ],
)
def test_by_hand(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == pytest.approx(p)
    assert mcnemar(second, first) == pytest.approx(p)


def test_what_is_no_count_is_refused() -> None:
    with pytest.raises(ValueError, match="are no counts"):
        mcnemar(-1, 3)


@given(st.integers(1, 60))
def test_is_no_more_often_below_the_level_than_the_level_says(told: int) -> None:
    below = sum(math.comb(told, k) for k in range(told + 1) if mcnemar(k, told - k) <= 0.05) / 2**told
    assert below <= 0.05


def test_holm_by_hand() -> None:
    assert holm((0.01, 0.04, 0.03)) == pytest.approx((0.03, 0.06, 0.06))
    assert holm(()) == ()
    assert holm((0.5, 0.9)) == (1.0, 1.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_between_each_alone_and_bonferroni(p_values: list[float]) -> None:
    for alone, corrected in zip(p_values, holm(p_values), strict=True):
        assert alone <= corrected <= max(alone, min(1.0, len(p_values) * alone))
