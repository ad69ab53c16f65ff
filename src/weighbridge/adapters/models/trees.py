"""Whether a decision tree of scikit-learn can be followed without leaving its arrays.

scikit-learn follows the nodes of a tree without looking at bounds, so a crafted file could make it read beside them.
Here every node is looked at beforehand: a step leads forward to another node and asks for a feature that there is.
Only estimators are let through that check the width of their input and read a tree's values by numpy. Gradient
boosting does neither, so its trees must be as wide as it is, and as many in a round as the scores it adds them to.
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
    from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor
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
    for holder, held in held_by(estimator):
        if type(held) is ensemble.GradientBoostingClassifier:
            _check_boosting(held)
        elif type(held) is ensemble.HistGradientBoostingClassifier:
            _check_histograms(held)
        elif isinstance(held, TreePredictor) and type(holder) is not ensemble.HistGradientBoostingClassifier:
            msg = "it does not belong to an estimator of trees"
            raise UnsafeTree(msg)
        elif isinstance(held, Tree):
            if type(holder) not in owners:
                msg = "it does not belong to an estimator of trees"
                raise UnsafeTree(msg)
            _check(held, _width(holder))
        elif type(held) in owners and holder is not None and _module(holder).startswith("sklearn.ensemble"):
            if type(holder) not in (*forests, *others, ensemble.GradientBoostingClassifier):
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


def _check_boosting(boosting: Any) -> None:
    """Look at what gradient boosting takes for granted: it adds its trees' values to scores by bare pointers."""
    from sklearn.dummy import DummyClassifier
    from sklearn.tree import DecisionTreeRegressor

    rounds = getattr(boosting, "estimators_", None)
    if rounds is None:
        return
    width = _width(boosting)
    if not isinstance(rounds, np.ndarray) or rounds.dtype != object or rounds.ndim != 2 or not rounds.size:
        msg = "its rounds are no table of trees"
        raise UnsafeTree(msg)
    for tree in rounds.ravel().tolist():
        if type(tree) is not DecisionTreeRegressor or not hasattr(tree, "tree_") or _width(tree) != width:
            msg = "boosting and its tree disagree on the number of features"
            raise UnsafeTree(msg)
        if np.asarray(tree.tree_.value).shape != (tree.tree_.node_count, 1, 1):
            msg = "a tree has no single value in each node"
            raise UnsafeTree(msg)
    start = getattr(boosting, "init_", None)
    if not (isinstance(start, str) and start == "zero") and type(start) is not DummyClassifier:
        msg = "boosting starts from another estimator"
        raise UnsafeTree(msg)
    scores = boosting._raw_predict_init(np.zeros((2, width), dtype=np.float32))  # noqa: SLF001  what it adds to
    if scores.shape != (2, rounds.shape[1]):
        msg = "boosting has another number of trees in a round than of scores"
        raise UnsafeTree(msg)


class _OfWidth:
    """A step before boosting that must give as many columns as its trees were looked through for."""

    def __init__(self, step: Any, width: int) -> None:
        self.step = step
        self.width = width

    def transform(self, rows: Any) -> Any:
        made = self.step.transform(rows)
        if np.ndim(made) != 2 or np.shape(made)[1] != self.width:
            msg = "a step before boosting gives another number of columns than it should"
            raise ValueError(msg)
        return made


def _check_histograms(boosting: Any) -> None:
    """Look at every node of boosting over histograms, whose steps may ask for categories by sets of bits."""
    from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
    from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

    rounds = getattr(boosting, "_predictors", None)
    if rounds is None:
        return
    width, mapper = _width(boosting), getattr(boosting, "_bin_mapper", None)
    if mapper is None or type(mapper) is not _BinMapper or np.shape(mapper.is_categorical_) != (width,):
        msg = "boosting and its bins disagree on the number of features"
        raise UnsafeTree(msg)
    for tree in (tree for trees in rounds for tree in trees):
        if type(tree) is not TreePredictor:
            msg = "a tree is none"
            raise UnsafeTree(msg)
        _check_predictor(tree, width)
    step = getattr(boosting, "_preprocessor", None)
    if step is not None and not isinstance(step, _OfWidth):
        boosting._preprocessor = _OfWidth(step, width)  # noqa: SLF001  its columns are asked for without a look


def _check_predictor(tree: Any, width: int) -> None:
    from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE

    nodes, bits = tree.nodes, tree.raw_left_cat_bitsets
    if not isinstance(nodes, np.ndarray) or nodes.dtype != PREDICTOR_RECORD_DTYPE or nodes.ndim != 1 or not len(nodes):
        msg = "a tree has no nodes"
        raise UnsafeTree(msg)
    if not isinstance(bits, np.ndarray) or bits.ndim != 2 or bits.shape[1] != 8 or bits.dtype != np.uint32:
        msg = "the categories of a tree are no sets of bits"
        raise UnsafeTree(msg)
    here = np.arange(len(nodes))
    inner = nodes["is_leaf"] == 0
    for child in (nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)):
        if not ((child > here) & (child < len(nodes)))[inner].all():
            msg = "a node leads to one that is not there"
            raise UnsafeTree(msg)
    feature = nodes["feature_idx"][inner]
    if not ((feature >= 0) & (feature < width)).all():
        msg = "a node asks for a feature that is not there"
        raise UnsafeTree(msg)
    if not (nodes["bitset_idx"].astype(np.int64) < len(bits))[inner & (nodes["is_categorical"] != 0)].all():
        msg = "a node asks for categories that are not there"
        raise UnsafeTree(msg)


def _width(estimator: Any) -> int:
    width = getattr(estimator, "n_features_in_", None)
    if not isinstance(width, (int, np.integer)):
        msg = "its estimator does not say how many features it takes"
        raise UnsafeTree(msg)
    return int(width)


def _module(thing: Any) -> str:
    return str(type(thing).__module__)


def held_by(root: Any) -> Iterator[tuple[Any, Any]]:
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
