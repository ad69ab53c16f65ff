from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.maths.proportions import Interval
from weighbridge.maths.roc import auc
from weighbridge.maths.separation import Floats, FoldScores, Ints, separation


def scored(scores: Floats, is_positive: Ints, fold: Ints | None = None, groups: Ints | None = None) -> FoldScores:
    n = len(scores)
    return FoldScores(
        scores=scores, is_positive=is_positive.astype(bool), fold=np.zeros(n, np.int64) if fold is None else fold,
        groups=np.arange(n) if groups is None else groups,
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=6, max_size=40), st.sampled_from([0.8, 0.95, 0.999])
)
def test_it_is_the_share_of_pairs_in_order_and_lies_in_its_interval(
    rows: list[tuple[int, bool]], confidence: float
) -> None:
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    if positive.all() or not positive.any():
        return
    found = separation(scored(scores.astype(float), positive), confidence)
    pairs = [(a > b) + (a == b) / 2 for a in scores[positive] for b in scores[~positive]]
    assert found.value == pytest.approx(np.mean(pairs))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high >= 0.5


def test_folds_are_not_compared_with_each_other() -> None:
    fold = np.repeat([0, 1], 50)
    positive = np.tile([0, 1], 50)
    scores = positive + 100.0 * fold  # in order within each fold, and not across
    assert separation(scored(scores, positive, fold), 0.95).value == 1


def test_a_fold_without_one_side_is_left_out() -> None:
    fold, positive = np.array([0, 0, 0, 0, 1]), np.array([1, 0, 1, 0, 1])
    assert separation(scored(np.array([2.0, 1, 2, 1, 0]), positive, fold), 0.95).value == 1


def test_perfect_order_has_the_exact_bound_of_disjoint_pairs() -> None:
    positive = np.repeat([1, 0], 20)
    found = separation(scored(positive.astype(float), positive), 0.95)
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.025 ** (1 / 20))
    assert separation(scored(1.0 - positive, positive), 0.95) == Interval(0.0, 0.0, 0.5)


def test_copies_of_a_row_say_no_more_than_the_row() -> None:
    rng = np.random.default_rng(0)
    positive = np.repeat([1, 0], 50)
    scores = rng.normal(size=100) + positive
    once = separation(scored(scores, positive), 0.95)
    again = separation(scored(np.repeat(scores, 5), np.repeat(positive, 5), groups=np.repeat(np.arange(100), 5)), 0.95)
    alone = separation(scored(np.repeat(scores, 5), np.repeat(positive, 5)), 0.95)
    assert again.value == pytest.approx(once.value)
    assert again.high - again.low == pytest.approx(once.high - once.low, rel=0.05)
    assert alone.high - alone.low < 0.6 * (once.high - once.low)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_folds_are_averaged_by_their_pairs(seed: int, folds: int) -> None:
    rng = np.random.default_rng(seed)
    positive = np.arange(60) % 3 == 0
    scores = rng.integers(0, 5, 60) + positive * rng.random()
    fold = np.arange(60) // 3 % folds
    sides = [(scores[(fold == k) & positive], scores[(fold == k) & ~positive]) for k in range(folds)]
    found = separation(scored(scores, positive, fold), 0.95)
    assert found.value == pytest.approx(
        np.average([auc(above, below) for above, below in sides], weights=[len(a) * len(b) for a, b in sides])
    )
    assert 0 <= found.low <= found.value <= found.high <= 1
