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


@pytest.mark.parametrize("model", [ensemble.GradientBoostingClassifier(n_estimators=2)])
def test_estimators_that_follow_trees_without_checks_are_found(model: Any) -> None:
    with pytest.raises(UnsafeTree):
        check_trees(model.fit(Features, Labels))


def test_a_tree_in_a_strange_place_is_found() -> None:
    model = tree.DecisionTreeClassifier(**TREES).fit(Features, Labels)
    with pytest.raises(UnsafeTree):
        check_trees({"tree": model.tree_})
    del model.n_features_in_
    with pytest.raises(UnsafeTree):
        check_trees(model)
