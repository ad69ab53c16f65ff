from __future__ import annotations

import numpy as np
import pytest

from weighbridge.maths.separation import FoldScores, separation
from weighbridge.probekit.ports import Floats, Ints
from weighbridge.probes.implicit_attributes.linear import narrowed, read_linearly


def _area(values: Floats, has_it: Ints) -> float:
    fold = np.arange(len(has_it)) // 2 % 5
    scores = read_linearly(values, has_it, fold, 2)[:, 1]
    scored = FoldScores(scores=scores, is_positive=has_it == 1, fold=fold, groups=np.arange(len(fold)))
    return separation(scored, 0.95).value


@pytest.mark.parametrize("width", [1, 10, 60, 400])
@pytest.mark.parametrize("scale", [1e-6, 1.0])
def test_a_direction_is_found_among_many_however_little_it_varies(width: int, scale: float) -> None:
    rng = np.random.default_rng(width)
    has_it = np.arange(300) % 2
    values = rng.normal(size=(300, width))
    values[:, 0] = (values[:, 0] * 0.2 + has_it) * scale
    assert _area(values, has_it) > (0.95 if width < 100 else 0.85)


def test_nothing_is_found_where_there_is_nothing() -> None:
    areas = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        areas.append(_area(rng.normal(size=(200, 50)), rng.integers(0, 2, 200)))
    assert np.mean(areas) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(
    "values", [np.zeros((20, 0)), np.ones((20, 3)), np.repeat(np.arange(20.0)[:, None], 3, axis=1)]
)
def test_numbers_that_say_nothing_or_the_same(values: Floats) -> None:
    found = read_linearly(values, np.arange(20) % 2, np.arange(20) % 4, 3)
    assert found.shape == (20, 3)
    assert np.isfinite(found).all()


def test_the_folds_that_are_told_are_not_learnt_from() -> None:
    rng = np.random.default_rng(0)
    values, targets, fold = rng.normal(size=(60, 5)), rng.integers(0, 2, 60), np.arange(60) % 3
    before = read_linearly(values, targets, fold, 2)
    targets[fold == 0] = 1 - targets[fold == 0]
    assert np.array_equal(read_linearly(values, targets, fold, 2)[fold == 0], before[fold == 0])


def test_narrowing_keeps_a_direction() -> None:
    rng = np.random.default_rng(0)
    has_it = np.arange(400) % 2
    values = rng.normal(size=(400, 300))
    values[:, 7] += 12 * has_it
    few = narrowed(values, 100, rng)
    assert few.shape == (400, 100)
    assert _area(few, has_it) > 0.85
    assert narrowed(values, 300, rng) is values
