"""Macro-F1 and its interval."""

from __future__ import annotations

import numpy as np
import pytest

from weighbridge.maths.agreement import macro_f1


def test_it_is_the_mean_of_f1_over_classes() -> None:
    targets, answers = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    made = macro_f1(targets, answers, n_classes=3, rng=np.random.default_rng(0))
    assert made.value == pytest.approx((2 * 2 / 5 + 2 * 1 / 3) / 2)
    assert 0 <= made.low < made.value < made.high <= 1


def test_all_right_and_all_wrong() -> None:
    targets = np.array([0, 1] * 20)
    right = macro_f1(targets, targets, n_classes=2, rng=np.random.default_rng(0))
    assert 0.85 < right.low < right.value == right.high == 1
    wrong = macro_f1(targets, 1 - targets, n_classes=2, rng=np.random.default_rng(0))
    assert 0 == wrong.low == wrong.value < wrong.high < 0.15


def test_it_covers() -> None:
    rng, held = np.random.default_rng(3), 0
    for _ in range(200):  # balanced classes and errors alike on both sides: F1 of each is the share of right answers
        targets = rng.integers(0, 2, 150)
        answers = np.where(rng.random(150) < 0.8, targets, 1 - targets)
        made = macro_f1(targets, answers, n_classes=2, rng=rng)
        held += made.low <= 0.8 <= made.high
    assert held >= 180  # of 200 at 95 %, fewer with probability 0.0002 (exact binomial)
