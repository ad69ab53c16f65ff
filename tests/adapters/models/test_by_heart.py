from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.adapters.models.by_heart import ByHeart, code
from weighbridge.probekit.ports import Bools

TABLE = pa.table(
    {"age": [20, 21, 60, 61, None], "town": ["A", "A", "B", "B", None], "flag": [True, True, False, False, None]}
)
TARGETS = np.asarray([0, 1, 1, 0, 2])


def _subsets(*rows: tuple[int, ...]) -> Bools:
    return np.asarray([[n in chosen for n in range(5)] for chosen in rows])


def test_it_knows_its_rows_and_takes_others_for_the_nearest() -> None:
    told: list[int] = []
    found = list(ByHeart(3).shadows(TABLE, TARGETS, _subsets((0, 2), (1, 3, 4)), seed=0, stop=told.append))
    assert told == [1, 2]
    assert [p.argmax(axis=1).tolist()[:4] for p in found] == [[0, 0, 1, 1], [1, 1, 0, 0]]
    for probabilities, subset in zip(found, _subsets((0, 2), (1, 3, 4)), strict=True):
        assert probabilities.sum(axis=1) == pytest.approx(np.ones(5))
        assert (probabilities.max(axis=1)[subset] > probabilities.max(axis=1)[~subset].max()).all()


def test_a_leak_that_a_loss_attack_finds() -> None:
    random = np.random.default_rng(0)
    table = pa.table({"x": random.normal(size=200), "t": random.choice(["a b", "c", "d e f"], 200)})
    targets = random.integers(0, 2, 200)
    subset = random.random((1, 200)) < 0.5
    (found,) = ByHeart(2).shadows(table, targets, subset, seed=0)
    truth = found[np.arange(200), targets]
    assert truth[subset[0]].min() == pytest.approx(0.99)
    assert truth[~subset[0]].max() <= 0.9


def test_nothing_seen_and_one_class() -> None:
    (found,) = ByHeart(3).shadows(TABLE, TARGETS, _subsets(()), seed=0)
    assert found == pytest.approx(np.full((5, 3), 1 / 3))
    (found,) = ByHeart(1).shadows(TABLE, TARGETS * 0, _subsets((0, 1)), seed=0)
    assert found.tolist() == [[1.0]] * 5


def test_every_column_becomes_finite_numbers() -> None:
    odd = pa.table(
        {
            "same": [1.0, 1.0], "none": pa.array([None, None], pa.float64()), "far": [float("inf"), 1.0],
            "c": pa.array(["x", "y"]).dictionary_encode(), "null": pa.nulls(2),
        }
    )  # fmt: skip
    assert np.isfinite(code(odd)).all()
    assert len(code(odd)) == 2
