from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xgboost
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.ubjson import Damaged, load_ubjson
from weighbridge.adapters.models.xgboost_file import NotProbable, read_xgboost

SMALL: dict[str, Any] = {"n_estimators": 3, "max_depth": 3, "n_jobs": 1}
FRAME = pd.DataFrame(Features, columns=list("abcd")).assign(town=pd.Categorical(np.where(Labels > 1, "hi", "lo")))
CODES = np.c_[Features, FRAME["town"].cat.codes]


def _saved(model: Any, kind: str = "json") -> bytes:
    return bytes(model.get_booster().save_raw(kind))


def _asked(data: bytes, rows: Any) -> Any:
    return xgboost.Booster(model_file=bytearray(data)).predict(xgboost.DMatrix(rows))


THREE = _saved(xgboost.XGBClassifier(**SMALL).fit(Features, Labels))
TWO = _saved(xgboost.XGBClassifier(**SMALL, enable_categorical=True).fit(FRAME, Labels > 0))
BINARY = _saved(xgboost.XGBClassifier(**SMALL).fit(Features, Labels), "ubj")


@pytest.mark.parametrize("kind", ["json", "ubj"])
@pytest.mark.parametrize("labels", [Labels, Labels > 0])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"booster": "dart", "rate_drop": 0.5},
        {"booster": "gblinear", "max_depth": None},
        {"num_parallel_tree": 3},
        {"gamma": 2},
    ],
)
def test_a_model_written_anew_says_the_same(kind: str, labels: Any, options: dict[str, Any]) -> None:
    model = xgboost.XGBClassifier(**{**SMALL, **options}).fit(Features, labels)
    found = read_xgboost(_saved(model, kind))
    assert (found.n_inputs, found.n_classes, found.names) == (4, labels.max() + 1, ())
    assert np.array_equal(_asked(found.model, Features), _asked(_saved(model), Features))
    assert found.untold_leaves == (options.get("booster") != "gblinear")
    assert all(array.size for array in found.arrays)


def test_categories_are_numbered_as_the_model_numbers_them() -> None:
    model = xgboost.XGBClassifier(**SMALL, enable_categorical=True, max_cat_to_onehot=1).fit(FRAME, Labels > 1)
    for kind in ("json", "ubj"):
        found = read_xgboost(_saved(model, kind))
        assert found.names == ("a", "b", "c", "d", "town")
        assert found.categories == {4: ("hi", "lo")}
        assert _asked(found.model, CODES) == pytest.approx(model.predict_proba(FRAME)[:, 1])


def test_rounds_after_the_best_are_not_asked() -> None:
    model = xgboost.XGBClassifier(n_estimators=30, early_stopping_rounds=2, n_jobs=1, learning_rate=1.0)
    model.fit(Features[::2], Labels[::2], eval_set=[(Features[1::2], Labels[1::2])], verbose=False)
    assert read_xgboost(_saved(model)).rounds == model.best_iteration + 1


@pytest.mark.parametrize("objective", ["reg:squarederror", "binary:logitraw", "rank:pairwise", "binary:hinge"])
def test_other_objectives_are_told(objective: str) -> None:
    changed = json.loads(TWO)
    changed["learner"]["objective"]["name"] = objective
    with pytest.raises(NotProbable, match=objective):
        read_xgboost(json.dumps(changed).encode())


def _tree(model: dict[str, Any], n: int = 0) -> Any:
    return model["learner"]["gradient_booster"]["model"]["trees"][n]


def _learner(model: dict[str, Any]) -> Any:
    return model["learner"]


def _set(of: Callable[[dict[str, Any]], Any], *path: Any) -> Callable[[dict[str, Any]], None]:
    def change(model: dict[str, Any]) -> None:
        *steps, last, value = path
        place = of(model)
        for step in steps:
            place = place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set(_tree, "left_children", 0, 10_000),
        _set(_tree, "left_children", 0, 0),
        _set(_tree, "left_children", 0, -1),
        _set(_tree, "left_children", 0, -7),
        _set(_tree, "left_children", 0, 2),
        _set(_tree, "left_children", 0, 1.5),
        _set(_tree, "left_children", 0, 2**40),
        _set(_tree, "right_children", 0, 1),
        _set(_tree, "parents", 0, 0),
        _set(_tree, "parents", 1, 2),
        _set(_tree, "split_indices", 0, 4),
        _set(_tree, "split_indices", 0, -1),
        _set(_tree, "split_type", 0, 1),
        _set(_tree, "split_type", 0, 9),
        _set(_tree, "default_left", [0]),
        _set(_tree, "base_weights", ["x"]),
        _set(_tree, "tree_param", "num_nodes", "99"),
        _set(_tree, "tree_param", "num_nodes", "0"),
        _set(_tree, "tree_param", "num_deleted", "1"),
        _set(_tree, "tree_param", "size_leaf_vector", "4"),
        _set(_tree, "categories_nodes", [0]),
        _set(_learner, "gradient_booster", "name", "other"),
        _set(_learner, "gradient_booster", "model", "trees", []),
        _set(_learner, "gradient_booster", "model", "trees", {}),
        _set(_learner, "gradient_booster", "model", "tree_info", 0, 3),
        _set(_learner, "gradient_booster", "model", "tree_info", [0]),
        _set(_learner, "gradient_booster", "model", "iteration_indptr", [0, 5]),
        _set(_learner, "gradient_booster", "model", "cats", "enc", [1]),
        _set(_learner, "gradient_booster", []),
        _set(_learner, "learner_model_param", "num_feature", "0"),
        _set(_learner, "learner_model_param", "num_feature", "-1"),
        _set(_learner, "learner_model_param", "num_feature", True),
        _set(_learner, "learner_model_param", "num_target", "2"),
        _set(_learner, "learner_model_param", "base_score", "nan"),
        _set(_learner, "learner_model_param", "base_score", "[1,1]"),
        _set(_learner, "feature_names", ["a"]),
        _set(_learner, "feature_names", [1, 2, 3, 4]),
        _set(_learner, "attributes", {"best_iteration": "x"}),
        _set(lambda model: model, "version", [99, 0, 0]),
        _set(lambda model: model, "version", "3"),
        _set(lambda model: model, "learner", None),
    ],
)
def test_a_model_that_leads_astray_is_found(change: Callable[[dict[str, Any]], None]) -> None:
    model = json.loads(THREE)
    read_xgboost(json.dumps(model).encode())
    change(model)
    with pytest.raises(Damaged):
        read_xgboost(json.dumps(model).encode())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("categories_nodes", [10_000]),
        ("categories_sizes", [10_000]),
        ("categories_segments", [-1]),
        ("categories_segments", [0, 0]),
        ("categories", [2**30]),
        ("categories", [-1]),
        ("categories_nodes", []),
    ],
)
def test_categories_out_of_bounds_are_found(key: str, value: Any) -> None:
    model = xgboost.XGBClassifier(n_estimators=1, max_depth=1, n_jobs=1, enable_categorical=True)
    data = json.loads(_saved(model.fit(FRAME[["town"]], Labels > 1)))
    read_xgboost(json.dumps(data).encode())
    _tree(data)[key] = value
    with pytest.raises(Damaged):
        read_xgboost(json.dumps(data).encode())


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"learner":1,"learner":2}', b"\xff\xfe"]
)
def test_what_is_no_model_is_told(data: bytes) -> None:
    with pytest.raises(Damaged):
        read_xgboost(data)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([THREE, TWO, BINARY]), st.integers(0, 10**6), st.integers(0, 255), st.booleans())
def test_a_changed_or_cut_file_is_told_or_stays_within_bounds(data: bytes, at: int, byte: int, is_cut: bool) -> None:
    at %= len(data)
    changed = data[:at] if is_cut else data[:at] + bytes([byte]) + data[at + 1 :]
    try:
        found = read_xgboost(changed)
    except (Damaged, NotProbable):
        return
    assert not is_cut or data[at:].strip() == b""
    assert _asked(found.model, np.zeros((2, found.n_inputs))).shape[0] == 2


def test_nothing_but_what_is_known_is_handed_on() -> None:
    model = copy.deepcopy(json.loads(THREE))
    model["learner"]["attributes"]["other"] = "x"
    model["learner"]["gradient_booster"]["model"]["other"] = [1]
    _tree(model)["other"] = {"a": 1}
    again = load_ubjson(read_xgboost(json.dumps(model).encode()).model)
    assert again["learner"]["attributes"] == {}
    assert "other" not in again["learner"]["gradient_booster"]["model"]
    assert "other" not in _tree(again)
