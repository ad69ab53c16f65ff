"""Boosters of XGBoost and LightGBM, made from models that were looked through; and what their estimators may ask."""

from __future__ import annotations

from typing import Any

import numpy as np

from weighbridge.adapters.models.bounds import Unbound
from weighbridge.adapters.models.trees import held_by
from weighbridge.adapters.models.xgboost_file import BoostedModel
from weighbridge.probekit.ports import Floats

RANK = "weighbridge_rank"  # the attribute by which a booster whose model was taken out is told from others

# Parameters beyond those that the estimators name: numbers that shape the trees. Others name files, machines to
# connect to, and devices.
_ALLOWED = frozenset(
    {
        "bagging_fraction", "bagging_freq", "bagging_seed", "boost_from_average", "cat_l2", "cat_smooth",
        "data_random_seed", "deterministic", "eta", "extra_trees", "feature_fraction", "feature_fraction_bynode",
        "feature_fraction_seed", "force_col_wise", "force_row_wise", "is_unbalance", "lambda", "alpha", "lambda_l1",
        "lambda_l2", "max_bin", "max_cat_threshold", "max_cat_to_onehot", "max_delta_step", "metric",
        "min_data_in_bin", "min_data_in_leaf", "min_gain_to_split", "min_sum_hessian_in_leaf", "neg_bagging_fraction",
        "nthread", "num_class", "num_threads", "path_smooth", "pos_bagging_fraction", "scale_pos_weight", "seed",
        "sigmoid", "silent", "use_missing", "verbose", "verbosity", "zero_as_missing",
    }
)  # fmt: skip


def boosted_kind(estimator: Any) -> str:
    """Which library an estimator is of: "xgboost" or "lightgbm", else nothing."""
    root = type(estimator).__module__.partition(".")[0]
    return root if root in ("xgboost", "lightgbm") else ""


def renew_boosters(estimator: Any, models: list[BoostedModel]) -> dict[int, BoostedModel]:
    """Give every estimator of boosting the booster that was taken out of its file, made anew.

    Returns
    -------
    By id of the estimator, its model.
    """
    found: dict[int, BoostedModel] = {}
    for _holder, held in held_by(estimator):
        kind = boosted_kind(held)
        if not kind or type(held).__name__ not in ("XGBClassifier", "LGBMClassifier"):
            continue
        _check_parameters(held)
        old = vars(held).get("_Booster")
        if id(held) in found or old is None:
            continue
        rank = vars(old).get(RANK)
        if not isinstance(rank, int) or not 0 <= rank < len(models):
            raise Unbound("an estimator holds a booster that was not looked through")
        found[id(held)] = models[rank]
        held._Booster = booster(models[rank], kind)  # noqa: SLF001  where both libraries keep it
        if kind == "lightgbm":
            best = vars(old).get("best_iteration", -1)
            held._Booster.best_iteration = best if isinstance(best, int) else -1  # noqa: SLF001  as above
    return found


def _check_parameters(estimator: Any) -> None:
    """Only parameters that shape the trees, and only plain values."""
    for name in ("kwargs", "_other_params"):
        other = vars(estimator).get(name) or {}
        for key in other:
            if key not in _ALLOWED:
                raise Unbound(f"an estimator asks for {str(key)[:40]}, which may reach beyond the model")
    if vars(estimator).get("callbacks"):
        raise Unbound("an estimator of boosting calls functions of its own")


def booster(model: BoostedModel, kind: str) -> Any:
    """The model as the library's own booster, in one thread."""
    if kind == "lightgbm":
        import lightgbm

        return lightgbm.Booster(model_str=model.model.decode())
    import xgboost

    made = xgboost.Booster(params={"nthread": 1, "verbosity": 0}, model_file=bytearray(model.model))
    made.feature_names = list(model.names) or None
    if model.rounds:
        made.set_attr(best_iteration=str(model.rounds - 1))
    return made


def ask(made: Any, kind: str, rows: Floats, rounds: int) -> Any:
    """What a booster says of rows: shape (n,) for two classes, else (n, classes)."""
    if kind == "lightgbm":
        return made.predict(rows, num_iteration=rounds or None, num_threads=1)
    import xgboost

    matrix = xgboost.DMatrix(rows, nthread=1, missing=np.nan)
    return made.predict(matrix, iteration_range=(0, rounds), validate_features=False)
