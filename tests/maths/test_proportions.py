from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from weighbridge.maths.proportions import (
    Interval,
    clean_tries_needed,
    clopper_pearson,
    corrected,
    difference,
    largest,
    lead,
)

tries = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(tries, st.sampled_from([0.8, 0.95, 0.999]))
def test_the_bounds_are_where_the_tails_have_half_the_error(hits_n: tuple[int, int], confidence: float) -> None:
    hits, n = hits_n
    made = clopper_pearson(hits, n, confidence=confidence)
    assert made.low <= made.value <= made.high
    if hits > 0:
        assert binom.sf(hits - 1, n, made.low) == pytest.approx((1 - confidence) / 2, rel=1e-6)
    if hits < n:
        assert binom.cdf(hits, n, made.high) == pytest.approx((1 - confidence) / 2, rel=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.003, 0.1, 0.5, 0.97, 1.0])
@pytest.mark.parametrize("n", [1, 7, 40, 300])
def test_covers_at_least_as_often_as_it_says(share: float, n: int) -> None:
    hits = np.arange(n + 1)
    covers = [clopper_pearson(int(k), n).low <= share <= clopper_pearson(int(k), n).high for k in hits]
    assert binom.pmf(hits, n, share)[covers].sum() >= 0.95 - 1e-9


def test_no_hit_is_a_bound_and_not_zero() -> None:
    made = clopper_pearson(0, 40)
    assert (made.value, made.low) == (0.0, 0.0)
    assert made.high == pytest.approx(0.0881, abs=1e-4)  # 0 of 40, exact and two-sided


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3), (0, 0)])
def test_refuses_what_is_no_share(hits: int, n: int) -> None:
    with pytest.raises(ValueError):
        clopper_pearson(hits, n)


@given(tries, tries)
def test_a_difference_holds_every_pair_of_plausible_shares(a: tuple[int, int], b: tuple[int, int]) -> None:
    made = difference(*a, *b)
    one, other = clopper_pearson(*a, confidence=0.975), clopper_pearson(*b, confidence=0.975)
    assert -1 <= made.low <= made.value <= made.high <= 1
    assert made.low <= one.low - other.low <= made.high
    assert made.low <= one.high - other.high <= made.high


@given(st.floats(0.0005, 0.5), st.sampled_from([0.9, 0.95, 0.99]))
def test_so_many_clean_tries_are_enough_and_one_fewer_is_not(at_most: float, confidence: float) -> None:
    n = clean_tries_needed(at_most, confidence=confidence)
    assert clopper_pearson(0, n, confidence=confidence).high <= at_most + 1e-12
    assert n == 1 or clopper_pearson(0, n - 1, confidence=confidence).high > at_most - 1e-12


def test_correction_splits_the_error() -> None:
    assert corrected(0.95, 1) == 0.95
    assert corrected(0.95, 5) == pytest.approx(0.99)


def test_the_largest_and_the_difference_hold_what_their_parts_hold() -> None:
    assert largest([Interval(0.5, 0.4, 0.9), Interval(0.6, 0.3, 0.7)]) == Interval(0.6, 0.4, 0.9)
    assert lead(Interval(0.75, 0.5, 1.0), Interval(0.25, 0.0, 0.5)) == Interval(0.5, 0.0, 1.0)
