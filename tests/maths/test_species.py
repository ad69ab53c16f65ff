"""What is unseen, held against worlds whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from weighbridge.maths.species import expected_different, in_reach, next_is_new


def test_rarefaction_is_the_mean_over_all_subsets() -> None:
    sets = [{1, 2}, {2}, {3}, set()]
    incidences = np.array([1, 2, 1])
    import itertools

    for of in range(1, 5):
        counted = [len(set().union(*chosen)) for chosen in itertools.combinations(sets, of)]
        assert expected_different(incidences, 4, of) == pytest.approx(np.mean(counted))


def test_nothing_seen_is_nothing() -> None:
    assert expected_different(np.zeros(0, np.int64), 10, 5) == 0
    assert in_reach(np.zeros(0, np.int64), 10).high == 0


def test_chao_by_hand() -> None:
    found = in_reach(np.array([1, 1, 1, 2, 3]), 10)
    assert found.value == pytest.approx(5 + 0.9 * 3 * 2 / (2 * 2))
    assert 5 < found.low < found.value < found.high


def test_everything_seen_often_leaves_nothing_in_reach() -> None:
    assert in_reach(np.array([5, 6, 7]), 20).high == 3


def test_the_bound_lies_below_the_truth_mostly_and_near_it_where_all_are_alike() -> None:
    rng = np.random.default_rng(0)
    true, n_draws, below, near = 60, 40, 0, 0
    for _ in range(200):
        shown = rng.random((n_draws, true)) < 0.03
        counts = shown.sum(axis=0)
        found = in_reach(counts[counts > 0], n_draws)
        near += found.low <= true <= found.high
        below += found.low <= true
    assert below >= 190
    assert near >= 170


def test_how_likely_something_new_is_covers_the_truth() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        found = next_is_new(rng.random(100) < 0.1)
        covered += found.low <= 0.1 <= found.high
    assert covered >= 186
    assert next_is_new(np.zeros(100, np.bool_)).high == pytest.approx(1 - 0.025 ** (1 / 100))
    assert math.isclose(next_is_new(np.ones(10, np.bool_)).value, 1)
