from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.ensemble import AdaBoostClassifier, BaggingClassifier, ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier

from adapters.models.classifiers import IRIS, Features, Labels, rows
from weighbridge.adapters.models.cloning import recipe_of
from weighbridge.probekit.ports import Recipe

TARGETS = Labels.astype(np.int64)
ALL = np.ones((60, 150), dtype=bool)


def _one(model: Any) -> Recipe | None:
    whole = recipe_of(None, own=model, classes=("0", "1", "2"), names=(), width=4, spill=Path(), label="m")
    assert whole is not None
    return whole.bagged


def _mean(model: Any, inputs: Any = IRIS) -> Any:
    recipe = _one(model)
    assert recipe is not None
    return np.mean(list(recipe.shadows(inputs, TARGETS, ALL, seed=0)), axis=0)


FORESTS = [
    RandomForestClassifier(60, random_state=0),
    RandomForestClassifier(60, random_state=0, max_depth=2, max_samples=0.3),
    RandomForestClassifier(60, random_state=0, max_samples=20, min_samples_leaf=5, max_features=None),
    RandomForestClassifier(60, random_state=0, bootstrap=False, criterion="entropy"),
    RandomForestClassifier(60, random_state=0, class_weight="balanced", max_depth=1),
    RandomForestClassifier(60, random_state=0, class_weight="balanced_subsample", max_depth=1),
    RandomForestClassifier(60, random_state=0, class_weight={0: 9, 1: 1, 2: 1}, max_depth=1),
    ExtraTreesClassifier(60, random_state=0, max_depth=3),
    ExtraTreesClassifier(60, random_state=0, bootstrap=True, class_weight="balanced_subsample"),
    BaggingClassifier(n_estimators=60, random_state=0),
    BaggingClassifier(ExtraTreeClassifier(max_depth=2), 60, random_state=0, bootstrap=False, max_samples=0.4),
    BaggingClassifier(DecisionTreeClassifier(max_depth=2), 60, random_state=0, max_features=2, bootstrap_features=True),
    make_pipeline(StandardScaler(), RandomForestClassifier(60, random_state=0)),
    make_pipeline(PCA(2), ExtraTreesClassifier(60, random_state=0)),
]


@pytest.mark.parametrize("model", FORESTS)
def test_the_mean_of_many_trees_is_the_forest(model: Any) -> None:
    """Within what 60 trees of one seed differ from 60 of another."""
    assert np.abs(_mean(model) - model.fit(Features, Labels).predict_proba(Features)).mean() < 0.04


def test_missing_values_are_taken_as_the_forest_takes_them() -> None:
    lacking = np.where(Features < 1.5, np.nan, Features)
    model = RandomForestClassifier(60, random_state=0).fit(lacking, Labels)
    assert np.abs(_mean(model, rows(lacking)) - model.predict_proba(lacking)).mean() < 0.04


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(), DecisionTreeClassifier(), AdaBoostClassifier(),
        BaggingClassifier(LogisticRegression()), make_pipeline(StandardScaler(), LogisticRegression()),
    ],
)  # fmt: skip
def test_other_kinds_are_no_forest(model: Any) -> None:
    assert _one(model) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([0, 3, 7, 8, 12]), st.floats(-1e30, 1e30))
def test_a_tree_never_sees_a_row_outside_its_subset(seed: int, which: int, moved: float) -> None:
    subset = np.random.default_rng(seed).random((1, 150)) < 0.5
    recipe = _one(FORESTS[which])
    assert recipe is not None
    (one,) = recipe.shadows(IRIS, TARGETS, subset, seed=seed)
    other = np.where(subset[0][:, None], Features, moved)
    changed = np.where(subset[0], TARGETS, 0)
    (again,) = recipe.shadows(rows(other), changed, subset, seed=seed)
    assert np.array_equal(one[subset[0]], again[subset[0]])


def test_one_seed_gives_the_same_trees_and_each_its_own() -> None:
    recipe = _one(FORESTS[0])
    assert recipe is not None
    first = list(recipe.shadows(IRIS, TARGETS, ALL[:3], seed=5))
    again = list(recipe.shadows(IRIS, TARGETS, ALL[:3], seed=5))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[0], first[1])
    assert recipe.bagged is None
    assert "one tree" in str(recipe.says)


def test_classes_that_a_subset_lacks_have_no_probability() -> None:
    recipe = _one(FORESTS[5])
    assert recipe is not None
    (two,) = recipe.shadows(IRIS, TARGETS, (Labels > 0)[None], seed=0)
    assert not two[:, 0].any()
    (one,) = recipe.shadows(IRIS, TARGETS, (Labels == 1)[None], seed=0)
    assert (one[:, 1] == 1).all()


@pytest.mark.parametrize("model", [FORESTS[1], FORESTS[12]])
def test_a_tree_that_knows_its_rows_by_heart(model: Any) -> None:
    recipe = _one(model)
    assert recipe is not None
    half = np.arange(150) % 2 == 0
    (found,) = recipe.overfitted.shadows(IRIS, TARGETS, half[None], seed=0)
    assert (found[half, TARGETS[half]] == 1).all()
