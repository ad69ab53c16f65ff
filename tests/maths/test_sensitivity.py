from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.maths.sensitivity import (
    beats,
    binned,
    chance_of_change,
    correlation_interval,
    first_order,
    first_order_interval,
    most_preferred,
    rank_correlation,
    simplex,
    winners,
)

N = 4000


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def test_the_index_of_a_sum_is_that_of_its_parts() -> None:
    """Y = 3 a + b: a explains nine tenths of the variance, b one tenth, c nothing."""
    a, b, c = rng().standard_normal((3, N))
    y = 3 * a + b
    assert first_order(a, y) == pytest.approx(0.9, abs=0.03)
    assert first_order(b, y) == pytest.approx(0.1, abs=0.03)
    assert first_order(c, y) < 0.01


def test_an_even_function_has_an_index_though_no_correlation() -> None:
    a = rng().uniform(-1, 1, N)
    assert abs(rank_correlation(a[None, :], a**2)[0]) < 0.05
    assert first_order(a, a**2) > 0.9


def test_the_interval_covers_the_known_index() -> None:
    source = rng()
    hits = 0
    for _ in range(20):
        a, b = source.standard_normal((2, 1000))
        got = first_order_interval(a, a + b, source, rounds=40)
        hits += got.low - 0.02 <= 0.5 <= got.high + 0.02
    assert hits >= 15


def test_what_never_varies_explains_nothing() -> None:
    still = np.ones(N)
    assert first_order(still, rng().standard_normal(N)) == 0
    assert first_order(rng().standard_normal(N), still) == 0
    assert list(rank_correlation(np.stack([still, np.arange(1.0 * N)]), np.arange(1.0 * N))) == pytest.approx(
        [0.0, 1.0]
    )


def test_fishers_interval_covers() -> None:
    got = correlation_interval(0.5, 100)
    assert got.low < 0.5 < got.high
    assert correlation_interval(1.0, 10).high == pytest.approx(1.0)
    assert (correlation_interval(0.2, 3).low, correlation_interval(0.2, 3).high) == (-1.0, 1.0)


def test_bins_hold_about_as_many_and_ties_share_one() -> None:
    assert set(np.bincount(binned(rng().standard_normal(1000), 10))) == {100}
    assert len(set(binned(np.ones(50), 10))) == 1


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_weightings_add_up_and_groups_weigh_alike(groups: Any) -> None:
    drawn = simplex(tuple((1.0,) * size for size in groups), 3000, rng())
    assert drawn.shape == (3000, sum(groups))
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    start = 0
    for size in groups:
        assert drawn[:, start : start + size].sum(axis=1).mean() == pytest.approx(1 / len(groups), abs=0.03)
        start += size


def test_a_tie_goes_to_what_can_be_undone() -> None:
    worth = np.array([[0.5, 0.5], [0.5, 0.5], [0.1, 0.1]])
    weights = simplex(((1.0,), (1.0,)), 50, rng())
    assert set(winners(worth, weights, np.array([0.0, 3.0, 9.0]))) == {1}
    assert most_preferred(worth, weights, np.array([0.0, 3.0, 9.0])) == 1


def test_what_is_as_good_everywhere_and_better_somewhere_beats() -> None:
    one = rng().random((100, 3))
    assert beats(one + np.array([0.1, 0, 0]), one)
    assert not beats(one, one)
    assert not beats(one + np.array([0.1, -0.1, 0]), one)


def test_knowing_what_decides_would_change_the_choice_and_knowing_noise_would_not() -> None:
    x, noise = rng().uniform(0, 1, (2, N))
    worth = np.stack([np.full(N, 0.45), x], axis=1)[:, :, None]  # the second plan is worth x, the first 0.45
    weights, order = np.ones((1, 1)), np.zeros(2)
    assert chance_of_change(x, worth, weights, order) == pytest.approx(0.4, abs=0.1)
    assert chance_of_change(noise, worth, weights, order) == 0


def test_a_group_and_a_count_lean_by_what_is_told() -> None:
    drawn = simplex(((1.0,), (4.0, 2.0)), 40_000, rng())
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert drawn[:, 1:].sum(axis=1).mean() == pytest.approx(3 / 4, abs=0.01)
    assert drawn[:, 1].mean() / drawn[:, 2].mean() == pytest.approx(2, abs=0.05)
