"""Estimators changed so that they know their rows by heart: a known leak, to try an attack on.

References
----------
The parameters are ours, chosen so that the probability of a row's own class is near 1 on the rows that were seen.
"""

from __future__ import annotations

from typing import Any

_GROWN: dict[str, Any] = {
    "max_depth": None, "min_samples_split": 2, "min_samples_leaf": 1, "min_weight_fraction_leaf": 0.0,
    "max_leaf_nodes": None, "min_impurity_decrease": 0.0, "ccp_alpha": 0.0,
}  # fmt: skip
_FOREST = _GROWN | {"bootstrap": False, "max_samples": None, "n_estimators": 10, "oob_score": False}
_BY_HEART: dict[str, dict[str, Any]] = {
    "DecisionTreeClassifier": _GROWN | {"max_features": None, "splitter": "best"},
    "ExtraTreeClassifier": _GROWN | {"max_features": None},
    "RandomForestClassifier": _FOREST,
    "ExtraTreesClassifier": _FOREST,
    "KNeighborsClassifier": {"n_neighbors": 1},
    "MLPClassifier": {
        "alpha": 0.0, "early_stopping": False, "max_iter": 400, "tol": 1e-6, "n_iter_no_change": 50,
        "hidden_layer_sizes": (256, 128), "solver": "adam", "learning_rate_init": 0.003, "activation": "relu",
        "batch_size": "auto",
    },
    "GradientBoostingClassifier": _GROWN | {
        "n_estimators": 30, "learning_rate": 0.5, "subsample": 1.0, "max_depth": 12, "n_iter_no_change": None,
        "max_features": None,
    },
    "HistGradientBoostingClassifier": {
        "max_iter": 60, "learning_rate": 0.5, "max_depth": None, "max_leaf_nodes": None, "min_samples_leaf": 1,
        "l2_regularization": 0.0, "early_stopping": False, "max_bins": 255, "max_features": 1.0,
    },
    "XGBClassifier": {
        "n_estimators": 40, "learning_rate": 0.5, "max_depth": 14, "max_leaves": 0, "min_child_weight": 0,
        "subsample": 1.0, "colsample_bytree": 1.0, "colsample_bylevel": 1.0, "colsample_bynode": 1.0, "gamma": 0.0,
        "reg_alpha": 0.0, "reg_lambda": 0.001, "booster": "gbtree", "max_delta_step": 0, "grow_policy": "depthwise",
    },
    "LGBMClassifier": {
        "n_estimators": 40, "learning_rate": 0.5, "max_depth": -1, "num_leaves": 2047, "min_child_samples": 1,
        "min_child_weight": 1e-10, "subsample": 1.0, "subsample_freq": 0, "colsample_bytree": 1.0, "reg_alpha": 0.0,
        "reg_lambda": 0.0, "min_split_gain": 0.0, "boosting_type": "gbdt",
    },
}  # fmt: skip


def knowing_by_heart(estimator: Any) -> Any:
    """A clone whose last step knows its rows by heart.

    A kind that cannot is replaced by a tree that is grown to its end, on the same preprocessing. Linear models are such
    a kind, whatever their parameters: where there are more rows than columns, they have nowhere to keep them.
    """
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    if not isinstance(estimator, Pipeline):
        return _by_heart(clone(estimator))
    made = clone(estimator)
    name, last = made.steps[-1]
    made.steps[-1] = (name, _by_heart(last) if last is not None else last)
    return made


def _by_heart(estimator: Any) -> Any:
    from sklearn.pipeline import Pipeline
    from sklearn.tree import DecisionTreeClassifier

    if isinstance(estimator, Pipeline):
        return knowing_by_heart(estimator)
    changed = _BY_HEART.get(type(estimator).__name__)
    if changed is None:
        inner = _steps_within(estimator)
        return Pipeline([*inner[:-1], ("tree", DecisionTreeClassifier())]) if inner else DecisionTreeClassifier()
    params = estimator.get_params(deep=False)
    return estimator.set_params(**{key: value for key, value in changed.items() if key in params})


def _steps_within(estimator: Any) -> list[tuple[str, Any]]:
    """The steps of a pipeline that stands inside, as in a calibrated one: a tree could not take the rows without."""
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    inner = getattr(estimator, "estimator", None)
    if inner is None and getattr(estimator, "estimators", None):
        inner = estimator.estimators[0][1]
    return list(clone(inner).steps) if isinstance(inner, Pipeline) else []
