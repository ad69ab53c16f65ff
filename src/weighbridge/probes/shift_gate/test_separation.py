from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.maths.proportions import Interval
from weighbridge.maths.separation import FoldScores, separation
from weighbridge.probekit.learner import cross_predicted, folds_of

pytest.importorskip("sklearn", reason="scikit-learn is an extra")


def drawn(seed: int, *, rates: tuple[float, float], noise: int, n: int, folds: int) -> Interval:
    """An indicator at two rates, beside columns that tell nothing, learnt and scored as the probe does."""
    rng = np.random.default_rng([seed, noise, n, folds])
    members = np.repeat([0, 1], n // 2)
    table = pa.table(
        {
            "mark": rng.random(n) < np.where(members, rates[0], rates[1]),
            **{f"x{j}": rng.normal(size=n) for j in range(noise)},
        }
    )
    made = cross_predicted(table, members, n_classes=2, groups=None, folds=folds, seed=seed)[:, 1]
    scored = FoldScores(
        scores=made, is_positive=members == 1, fold=folds_of(members, groups=None, folds=folds, seed=seed),
        groups=np.arange(n),
    )  # fmt: skip
    return separation(scored, 0.95)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rates", "noise", "n", "folds"),
    [
        ((0.5, 0.5), 0, 300, 5),
        ((0.5, 0.5), 2, 300, 2),
        ((0.5, 0.5), 3, 200, 5),
        ((0.5, 0.5), 8, 100, 5),
        ((0.75, 0.35), 1, 300, 5),
        ((0.97, 0.02), 0, 100, 5),
    ],
)
def test_it_covers(rates: tuple[float, float], noise: int, n: int, folds: int) -> None:
    truth = 0.5 + (rates[0] - rates[1]) / 2
    found = [drawn(seed, rates=rates, noise=noise, n=n, folds=folds) for seed in range(300)]
    covered = sum(f.low <= truth <= f.high for f in found)
    assert covered >= 273  # of 300 at 95 %, fewer cover with probability 0.001 (exact binomial)
