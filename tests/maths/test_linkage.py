from __future__ import annotations

import numpy as np
import pytest

from weighbridge.maths.linkage import Met, beyond_chance


def met(left: np.ndarray, right: np.ndarray, *, kept: float = 1.0) -> Met:
    """Count keys, shape (n,) of whole numbers, as the definition says."""
    n = int(max(left.max(), right.max())) + 1
    a, b = np.bincount(left, minlength=n), np.bincount(right, minlength=n)
    drawn = np.random.default_rng(7).random(n) < kept
    return Met(
        once=int(((a == 1) & (b == 1) & drawn).sum()),
        twice=int(((((a == 2) & (b == 0)) | ((a == 0) & (b == 2))) & drawn).sum()),
        n_left=len(left), n_right=len(right), kept=kept,
    )  # fmt: skip


@pytest.mark.parametrize(("n_left", "n_right"), [(500, 500), (200, 1500), (60, 4000)])
@pytest.mark.parametrize("kept", [1.0, 0.5])
def test_different_people_of_one_population_are_not_linked(n_left: int, n_right: int, kept: float) -> None:
    """Keys of very unequal frequency, so that many people meet somebody by chance."""
    covered = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        left, right = ((3000 * rng.beta(0.5, 2.0, n)).astype(int) for n in (n_left, n_right))
        covered += beyond_chance(met(left, right, kept=kept)).matched.low == 0
    assert covered >= 54


def test_the_people_of_both_are_counted_with_those_who_meet_by_chance_taken_off() -> None:
    held = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        keys = (4000 * rng.beta(0.7, 2.0, 900)).astype(int)
        left, right = np.append(keys[:300], keys[300:600]), np.append(keys[:300], keys[600:900])
        a, b = np.bincount(left, minlength=4000), np.bincount(right, minlength=4000)
        truth = int(((a[keys[:300]] == 1) & (b[keys[:300]] == 1)).sum())
        found = beyond_chance(met(left, right))
        assert found.matched.low > 0
        held += found.matched.low <= truth <= found.matched.high
    assert held >= 54


@pytest.mark.parametrize("kept", [0.05, 0.25])
def test_pairs_of_the_larger_table_may_be_drawn_more_thinly(kept: float) -> None:
    covered = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        left, right = ((3000 * rng.beta(0.5, 2.0, n)).astype(int) for n in (300, 4000))
        a, b = np.bincount(left, minlength=3001), np.bincount(right, minlength=3001)
        elsewhere = int(((a == 0) & (b == 2) & (rng.random(3001) < kept)).sum())
        found = Met(
            once=int(((a == 1) & (b == 1)).sum()), twice=int(((a == 2) & (b == 0)).sum()), n_left=300, n_right=4000,
            twice_elsewhere=elsewhere, kept_elsewhere=kept,
        )  # fmt: skip
        covered += beyond_chance(found).matched.low == 0
    assert covered >= 54


def test_nobody_meets_where_there_is_nobody_alone() -> None:
    found = beyond_chance(Met(once=0, twice=0, n_left=10, n_right=10))
    assert (found.matched.value, found.matched.low, found.matched.high) == (0, 0, 0)


def test_a_few_who_meet_are_not_told_from_chance() -> None:
    assert beyond_chance(Met(once=3, twice=0, n_left=100, n_right=100)).matched.low == 0
    assert beyond_chance(Met(once=20, twice=0, n_left=100, n_right=100)).matched.low > 10


def test_tables_of_one_person() -> None:
    found = beyond_chance(Met(once=1, twice=0, n_left=1, n_right=1))
    assert (found.matched.low, found.matched.high) == (0, 1)
