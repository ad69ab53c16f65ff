from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import ensemble, tree
from sklearn.calibration import CalibratedClassifierCV
from sklearn.tree._tree import Tree

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.trees import UnsafeTree, check_trees

TREES = {"max_depth": 3, "random_state": 0}


@pytest.mark.parametrize(
    "model",
    [
        tree.DecisionTreeClassifier(**TREES),
        tree.ExtraTreeClassifier(**TREES),
        ensemble.RandomForestClassifier(3, **TREES),
        ensemble.ExtraTreesClassifier(3, **TREES),
        ensemble.BaggingClassifier(tree.DecisionTreeClassifier(**TREES), 3, max_features=2),
        ensemble.AdaBoostClassifier(n_estimators=3),
        CalibratedClassifierCV(ensemble.RandomForestClassifier(3, **TREES), cv=2),
        ensemble.VotingClassifier([("tree", tree.DecisionTreeClassifier(**TREES))]),
        ensemble.GradientBoostingClassifier(n_estimators=3, **TREES),
        ensemble.HistGradientBoostingClassifier(max_iter=3, **TREES),
    ],
)
def test_trees_as_they_were_fitted_can_be_followed(model: Any) -> None:
    check_trees(model.fit(Features, Labels))


def _tampered(**columns: Any) -> Any:
    """A fitted tree of which some nodes were changed: by column, the node and its new value."""
    model = tree.DecisionTreeClassifier(**TREES).fit(Features, Labels)
    make, arguments, state = model.tree_.__reduce__()
    assert make is Tree
    nodes = np.array(state["nodes"])
    for column, (node, value) in columns.items():
        nodes[column][node] = value
    other = Tree(*arguments)
    other.__setstate__(state | {"nodes": nodes})
    model.tree_ = other
    return model


@pytest.mark.parametrize(
    "columns",
    [
        {"left_child": (0, 10_000)},
        {"right_child": (0, 10_000)},
        {"right_child": (0, -1)},
        {"right_child": (0, -7)},
        {"left_child": (0, 0)},
        {"left_child": (2, 1)},
        {"left_child": (0, -2)},
        {"feature": (0, 4)},
        {"feature": (0, -1)},
    ],
)
def test_a_tree_that_leads_astray_is_found(columns: dict[str, Any]) -> None:
    check_trees(_tampered())
    with pytest.raises(UnsafeTree):
        check_trees(_tampered(**columns))
    forest = ensemble.RandomForestClassifier(2, **TREES).fit(Features, Labels)
    forest.estimators_[1] = _tampered(**columns)
    with pytest.raises(UnsafeTree):
        check_trees([{"deep": (forest,)}])


def test_a_forest_narrower_than_its_trees_is_found() -> None:
    forest = ensemble.RandomForestClassifier(2, **TREES).fit(Features, Labels)
    forest.n_features_in_ = 2
    with pytest.raises(UnsafeTree):
        check_trees(forest)


@pytest.mark.parametrize("model", [ensemble.IsolationForest(n_estimators=3), ensemble.RandomTreesEmbedding(3)])
def test_estimators_that_follow_trees_without_checks_are_found(model: Any) -> None:
    with pytest.raises(UnsafeTree):
        check_trees(model.fit(Features, Labels))


def _boosting(**changed: Any) -> Any:
    made = ensemble.GradientBoostingClassifier(n_estimators=2, **TREES).fit(Features, Labels)
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def _one_tree(tree_: Any) -> Any:
    rounds = _boosting().estimators_
    rounds[1, 2] = tree_
    return rounds


@pytest.mark.parametrize(
    "changed",
    [
        {"n_features_in_": 3},
        {"estimators_": []},
        {"estimators_": np.zeros((0, 3), dtype=object)},
        {"estimators_": np.array([[1, 2, 3]], dtype=object)},
        {"estimators_": _boosting().estimators_[:, :2]},
        {"estimators_": np.tile(_boosting().estimators_, (1, 2))},
        {"estimators_": _one_tree(tree.DecisionTreeRegressor(max_depth=2).fit(Features[:, :3], Labels))},
        {"estimators_": _one_tree(tree.DecisionTreeRegressor().fit(Features, np.stack([Labels, Labels], axis=1)))},
        {"estimators_": _one_tree(_tampered(feature=(0, 9)))},
        {"init_": tree.DecisionTreeClassifier().fit(Features, Labels)},
    ],
)
def test_boosting_that_disagrees_with_its_trees_is_found(changed: dict[str, Any]) -> None:
    check_trees(_boosting())
    check_trees(ensemble.GradientBoostingClassifier())
    with pytest.raises(UnsafeTree):
        check_trees(_boosting(**changed))


def _histograms(first_node: dict[str, Any] | None = None, **changed: Any) -> Any:
    rows = np.c_[Features, Labels]
    made = ensemble.HistGradientBoostingClassifier(max_iter=2, categorical_features=[4], **TREES)
    made.fit(rows, Labels)
    first = made._predictors[0][0]
    for column, value in (first_node or {}).items():
        first.nodes[column][0] = value
    for name, value in changed.items():
        setattr(first if hasattr(first, name) else made, name, value)
    return made


@pytest.mark.parametrize(
    ("nodes", "changed"),
    [
        ({"left": 10_000}, {}),
        ({"right": 0}, {}),
        ({"feature_idx": 5}, {}),
        ({"feature_idx": -1}, {}),
        ({"is_categorical": 1, "bitset_idx": 1000}, {}),
        ({}, {"nodes": np.zeros(3)}),
        ({}, {"raw_left_cat_bitsets": np.zeros((4, 2), dtype=np.uint32)}),
        ({}, {"n_features_in_": 9}),
        ({}, {"_bin_mapper": None}),
        ({}, {"_predictors": [[None]]}),
    ],
)
def test_boosting_over_histograms_that_leads_astray_is_found(nodes: dict[str, Any], changed: dict[str, Any]) -> None:
    check_trees(ensemble.HistGradientBoostingClassifier())
    with pytest.raises(UnsafeTree):
        check_trees(_histograms(nodes, **changed))


def test_boosting_over_histograms_gives_the_same_after_the_look_and_watches_its_columns() -> None:
    made, rows = _histograms(), np.c_[Features, Labels]
    before = made.predict_proba(rows)
    check_trees(made)
    check_trees(made)
    assert np.array_equal(made.predict_proba(rows), before)
    made._preprocessor.step = tree.DecisionTreeClassifier()
    made._preprocessor.step.transform = lambda rows: rows[:, :3]
    with pytest.raises(ValueError, match="another number of columns"):
        made.predict_proba(rows)


def test_a_predictor_in_a_strange_place_is_found() -> None:
    with pytest.raises(UnsafeTree):
        check_trees([_histograms()._predictors])


def test_a_tree_in_a_strange_place_is_found() -> None:
    model = tree.DecisionTreeClassifier(**TREES).fit(Features, Labels)
    with pytest.raises(UnsafeTree):
        check_trees({"tree": model.tree_})
    del model.n_features_in_
    with pytest.raises(UnsafeTree):
        check_trees(model)
