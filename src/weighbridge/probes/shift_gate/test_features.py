from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.probekit.coding import coded_columns, coded_texts
from weighbridge.probekit.learner import folds_of
from weighbridge.probes.shift_gate.features import features_of_table, features_of_texts, scores

MEMBERS = np.repeat([True, False], 50)
FOLD = folds_of(MEMBERS.astype(np.int64), groups=None, folds=5, seed=0)


@pytest.mark.parametrize("values", [[1.0] * 50 + [2.0] * 50, ["a"] * 50 + ["b"] * 50, [None] * 50 + [0.0] * 50])
def test_a_column_that_tells_scores_members_higher(values: list[object]) -> None:
    (feature,) = features_of_table(coded_columns(pa.table({"x": values})), 100)
    made = scores(feature, MEMBERS, FOLD)
    assert made[MEMBERS].min() > made[~MEMBERS].max()


def test_what_was_never_seen_counts_nothing() -> None:
    values = [f"v{i}" for i in range(5)] * 20
    (feature,) = features_of_table(coded_columns(pa.table({"x": values})), 100)
    fold = np.tile(np.arange(5), 20)  # each value stands in a fold of its own
    assert np.ptp(scores(feature, MEMBERS, fold)) == 0


def test_each_trait_of_texts_has_a_score() -> None:
    column = coded_texts([f"word {i}" for i in range(100)])
    features = features_of_texts(column)
    assert [feature.name for feature in features] == ["length", "compression", "dates", "format", "words"]
    for feature in features:
        assert np.isfinite(scores(feature, MEMBERS, FOLD)).all()
