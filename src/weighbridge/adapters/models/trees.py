"""Whether a decision tree of scikit-learn can be followed without leaving its arrays.

scikit-learn follows the nodes of a tree without looking at bounds, so a crafted file could make it read beside them.
Here every node is looked at beforehand: a step leads forward to another node and asks for a feature that there is.
Only estimators are let through that check the width of their input and read a tree's values by numpy; gradient boosting
does neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

_LEAF = -1


class UnsafeTree(Exception):
    """A tree that could lead anywhere."""


def check_trees(estimator: Any) -> None:
    """Raise UnsafeTree unless all trees in this estimator can be followed."""
    from sklearn import ensemble, tree
    from sklearn.tree._tree import Tree

    owners = (
        tree.DecisionTreeClassifier, tree.DecisionTreeRegressor, tree.ExtraTreeClassifier, tree.ExtraTreeRegressor,
    )  # fmt: skip
    forests = (
        ensemble.RandomForestClassifier, ensemble.RandomForestRegressor,
        ensemble.ExtraTreesClassifier, ensemble.ExtraTreesRegressor,
    )  # fmt: skip
    others = (
        ensemble.BaggingClassifier, ensemble.AdaBoostClassifier, ensemble.VotingClassifier, ensemble.StackingClassifier,
    )  # fmt: skip
    for holder, held in _held(estimator):
        if isinstance(held, Tree):
            if type(holder) not in owners:
                msg = "it does not belong to an estimator of trees"
                raise UnsafeTree(msg)
            _check(held, _width(holder))
        elif type(held) in owners and holder is not None and _module(holder).startswith("sklearn.ensemble"):
            if type(holder) not in (*forests, *others):
                msg = f"{type(holder).__name__} follows trees without checks of its own"
                raise UnsafeTree(msg)
            if type(holder) in forests and hasattr(held, "tree_") and _width(holder) != _width(held):
                msg = "a forest and its tree disagree on the number of features"
                raise UnsafeTree(msg)


def _check(tree: Any, width: int) -> None:
    """Look at every node."""
    n = tree.node_count
    if not 0 < n <= tree.capacity:
        msg = "it says it has more nodes than there are"
        raise UnsafeTree(msg)
    left, right = np.asarray(tree.children_left), np.asarray(tree.children_right)
    inner = left != _LEAF
    here = np.arange(n)
    for child in (left, right):
        if not ((child > here) & (child < n))[inner].all():
            msg = "a node leads to one that is not there"
            raise UnsafeTree(msg)
    feature = np.asarray(tree.feature)[inner]
    if not ((feature >= 0) & (feature < width)).all():
        msg = "a node asks for a feature that is not there"
        raise UnsafeTree(msg)


def _width(estimator: Any) -> int:
    width = getattr(estimator, "n_features_in_", None)
    if not isinstance(width, (int, np.integer)):
        msg = "its estimator does not say how many features it takes"
        raise UnsafeTree(msg)
    return int(width)


def _module(thing: Any) -> str:
    return str(type(thing).__module__)


def _held(root: Any) -> Iterator[tuple[Any, Any]]:
    """Everything below an estimator, with the nearest object with attributes that holds it."""
    seen: set[int] = set()
    waiting: list[tuple[Any, Any]] = [(None, root)]
    while waiting:
        holder, thing = waiting.pop()
        if isinstance(thing, (str, bytes, int, float, type(None))):
            continue
        yield holder, thing
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, dict):
            waiting.extend((holder, value) for value in thing.values())
        elif isinstance(thing, (list, tuple, set, frozenset)):
            waiting.extend((holder, value) for value in thing)
        elif isinstance(thing, np.ndarray):
            waiting.extend((holder, value) for value in (thing.ravel().tolist() if thing.dtype == object else ()))
        elif hasattr(thing, "__dict__"):
            waiting.extend((thing, value) for value in vars(thing).values())
