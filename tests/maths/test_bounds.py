"""Bounds against every table there is: small ones can be counted through."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.maths.bounds import Bounds, bounds, equations

Terms = list[tuple[np.ndarray, np.ndarray]]


def two_way(table: np.ndarray, hidden: np.ndarray, top: float) -> tuple[np.ndarray, np.ndarray, Terms]:
    """A table with shown totals: its cells, then totals of rows, then of columns, as variables with their equations."""
    n, m = table.shape
    shown = np.concatenate([table.ravel(), table.sum(axis=1), table.sum(axis=0)]).astype(float)
    mask = np.concatenate([hidden.ravel(), np.zeros(n + m, bool)])
    rows = [np.r_[np.arange(i * m, (i + 1) * m), n * m + i] for i in range(n)]
    columns = [np.r_[np.arange(j, n * m, m), n * m + n + j] for j in range(m)]
    terms = [(c, np.r_[np.ones(len(c) - 1), -1.0]) for c in (*rows, *columns)]
    return np.where(mask, 0.0, shown), np.where(mask, top, shown), terms


def by_counting(table: np.ndarray, hidden: np.ndarray, top: int) -> tuple[np.ndarray, np.ndarray]:
    """The same by trying every filling of the hidden cells."""
    places = np.argwhere(hidden)
    low, high = np.full(table.shape, np.inf), np.full(table.shape, -np.inf)
    for values in itertools.product(range(top + 1), repeat=len(places)):
        tried = table.copy()
        tried[tuple(places.T)] = values
        if (tried.sum(0) == table.sum(0)).all() and (tried.sum(1) == table.sum(1)).all():
            low, high = np.minimum(low, tried), np.maximum(high, tried)
    return low, high


def solve(low: np.ndarray, high: np.ndarray, terms: Terms, **options: float) -> Bounds:
    return bounds(low, high, equations(terms), **options)  # type: ignore[arg-type]


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_equal_to_counting_all_tables_through(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 5, (3, 3))
    hidden = rng.random((3, 3)) < 0.6
    if hidden.sum() > 6:
        hidden.ravel()[np.flatnonzero(hidden)[6:]] = False
    low, high = by_counting(table, hidden, 5)
    found = solve(*two_way(table, hidden, 5.0))
    assert (found.low[:9].reshape(3, 3) == low).all()
    assert (found.high[:9].reshape(3, 3) == high).all()
    assert not found.contradictory.any()


def test_one_hidden_cell_is_worked_out_by_subtraction() -> None:
    table = np.array([[3, 20], [30, 40]])
    found = solve(*two_way(table, np.array([[True, False], [False, False]]), np.inf))
    assert (found.low[0], found.high[0]) == (3, 3)


def test_a_square_of_four_stays_open_as_far_as_the_totals_let_it() -> None:
    table = np.array([[3, 20, 9], [30, 40, 9], [9, 9, 9]])
    hidden = np.zeros((3, 3), bool)
    hidden[:2, :2] = True
    found = solve(*two_way(table, hidden, np.inf))
    assert (found.low[0], found.high[0]) == (0, 23)


def test_without_a_total_there_is_no_upper_end() -> None:
    low, high = np.array([0.0, 0.0, 0.0]), np.array([np.inf, np.inf, np.inf])
    found = bounds(low, high, equations([(np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0]))]))
    assert np.isinf(found.high).all()
    assert (found.low == 0).all()


def test_equations_that_nothing_satisfies_are_told_and_narrow_nothing() -> None:
    low, high = np.array([5.0, 5.0, 9.0, 0.0]), np.array([5.0, 5.0, 9.0, 7.0])
    terms = [(np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0])), (np.array([3, 0]), np.array([1.0, -1.0]))]
    found = solve(low, high, terms)
    assert found.contradictory.all()
    assert (found.high[3], found.low[3]) == (7, 0)


def test_too_many_unknowns_are_left_and_told() -> None:
    rng = np.random.default_rng(0)
    low, high, terms = two_way(rng.integers(0, 30, (6, 6)), np.ones((6, 6), bool), np.inf)
    found = solve(low, high, terms, unknowns=10)
    assert found.unsolved[:36].all()
    assert np.isfinite(found.high[:36]).all()  # by subtraction they are known that far


def test_what_cannot_be_small_is_not_narrowed() -> None:
    table = np.array([[3, 20, 9], [30, 40, 9], [9, 9, 9]])
    hidden = np.zeros((3, 3), bool)
    hidden[:2, :2] = True
    whole = solve(*two_way(table, hidden, np.inf))
    part = solve(*two_way(table, hidden, np.inf), below=11)
    assert (part.high >= whole.high).all()
    assert (part.low <= whole.low).all()


def test_nothing_to_solve() -> None:
    found = bounds(np.array([1.0]), np.array([4.0]), equations([]))
    assert (found.low[0], found.high[0]) == (1, 4)


@pytest.mark.parametrize("parity", [0, 1])
def test_whole_numbers_are_asked_for_where_few_are_unknown(parity: int) -> None:
    """2x + 2y = 6 + parity: no whole solution where the sum is odd, though fractions would do."""
    low, high = np.array([0.0, 0.0, 6.0 + parity]), np.array([9.0, 9.0, 6.0 + parity])
    found = solve(low, high, [(np.array([0, 1, 2]), np.array([2.0, 2.0, -1.0]))])
    assert found.contradictory[0] == bool(parity)
