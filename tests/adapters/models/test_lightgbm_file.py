from __future__ import annotations

import re
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.lightgbm_file import read_lightgbm
from weighbridge.adapters.models.ubjson import Damaged
from weighbridge.adapters.models.xgboost_file import NotProbable

SMALL: dict[str, Any] = {"n_estimators": 3, "num_leaves": 5, "min_child_samples": 5, "n_jobs": 1, "verbose": -1}
TOWNS = np.array(["ba", "ca", "da", "ea", "fa", "ga"])[np.random.default_rng(0).integers(0, 6, 150)]
FRAME = pd.DataFrame(Features, columns=list("abcd")).assign(town=pd.Categorical(TOWNS))
CODES = np.c_[Features, FRAME["town"].cat.codes]


def _saved(model: Any) -> str:
    return str(model.booster_.model_to_string())


def _asked(data: bytes | str, rows: Any) -> Any:
    text = data if isinstance(data, str) else data.decode()
    return lightgbm.Booster(model_str=text).predict(rows)


THREE = _saved(lightgbm.LGBMClassifier(**SMALL).fit(Features, Labels))
TOWN = _saved(
    lightgbm.LGBMClassifier(**SMALL, min_data_per_group=1, cat_smooth=1, max_cat_to_onehot=1).fit(
        FRAME[["town"]], np.isin(TOWNS, ["ba", "da"])
    )
)


@pytest.mark.parametrize("labels", [Labels, Labels > 0])
@pytest.mark.parametrize(
    "options", [{}, {"boosting_type": "dart"}, {"boosting_type": "rf", "subsample": 0.5, "subsample_freq": 1}]
)
def test_a_model_written_anew_says_the_same(labels: Any, options: dict[str, Any]) -> None:
    model = lightgbm.LGBMClassifier(**SMALL, **options).fit(Features, labels)
    found = read_lightgbm(_saved(model).encode())
    assert (found.n_inputs, found.n_classes, found.names) == (4, labels.max() + 1, ())
    assert np.array_equal(_asked(found.model, Features), _asked(_saved(model), Features))
    assert not found.untold_leaves
    assert found.leaves.min() >= 1


def test_leaves_hold_each_record_once_a_tree() -> None:
    assert read_lightgbm(THREE.encode()).leaves.sum() == 9 * 150
    found = read_lightgbm(re.sub(r"leaf_count=.*\n", "", THREE).encode())
    assert found.untold_leaves
    assert not len(found.leaves)


def test_categories_are_numbered_as_the_model_numbers_them() -> None:
    model = lightgbm.LGBMClassifier(**SMALL, min_data_per_group=1, cat_smooth=1, max_cat_to_onehot=1)
    model.fit(FRAME, np.isin(TOWNS, ["ba", "da"]))
    found = read_lightgbm(_saved(model).encode())
    assert found.names == ("a", "b", "c", "d", "town")
    assert found.categories == {4: ("ba", "ca", "da", "ea", "fa", "ga")}
    assert _asked(found.model, CODES) == pytest.approx(model.predict_proba(FRAME)[:, 1])
    assert "num_cat=1" in found.model.decode()


def test_names_of_files_and_machines_are_not_handed_on() -> None:
    hostile = THREE.replace("[machines: ]", "[machines: example.org:80]").replace("end of trees", "end of trees")
    found = read_lightgbm(hostile.encode()).model
    assert b"machines" not in found
    assert b"tree_sizes" not in found


@pytest.mark.parametrize("objective", ["regression", "lambdarank", "cross_entropy", "custom"])
def test_other_objectives_are_told(objective: str) -> None:
    with pytest.raises(NotProbable, match=objective):
        read_lightgbm(re.sub(r"objective=.*\n", f"objective={objective}\n", THREE, count=1).encode())


def test_trees_of_regressions_are_told() -> None:
    model = lightgbm.LGBMClassifier(**SMALL, linear_tree=True).fit(Features, Labels)
    with pytest.raises(NotProbable, match="linear_tree"):
        read_lightgbm(_saved(model).encode())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("left_child", "10000"), ("left_child", "-10000"), ("left_child", "0"), ("left_child", "x"),
        ("right_child", "-1"), ("split_feature", "4"), ("split_feature", "-1"), ("split_feature", "1.5"),
        ("decision_type", "3"), ("decision_type", "99"), ("threshold", "1e99999"), ("leaf_value", "0x10"),
        ("leaf_count", "-1"), ("num_leaves", "99"), ("num_leaves", "0"), ("num_leaves", ""), ("shrinkage", "one"),
    ],
)  # fmt: skip
def test_a_tree_that_leads_astray_is_found(key: str, value: str) -> None:
    changed = re.sub(rf"\n{key}=\S*", f"\n{key}={value}", THREE, count=1)
    assert changed != THREE
    with pytest.raises(Damaged):
        read_lightgbm(changed.encode())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("max_feature_idx", "9"), ("num_class", "4"), ("num_tree_per_iteration", "2"), ("feature_names", "a"),
        ("objective", "multiclass num_class:9"), ("objective", "binary"), ("max_feature_idx", "x"), ("Tree", "5"),
        ("num_tree_per_iteration", "0"),
    ],
)  # fmt: skip
def test_a_header_that_disagrees_is_found(key: str, value: str) -> None:
    changed = re.sub(rf"\n{key}=.*\n", f"\n{key}={value}\n", THREE, count=1)
    assert changed != THREE
    with pytest.raises(Damaged):
        read_lightgbm(changed.encode())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cat_boundaries", "0 99"), ("cat_boundaries", "1 1"), ("cat_threshold", "-1"), ("threshold", "7"),
        ("threshold", "-1"), ("threshold", "0.5"), ("num_cat", "0"), ("num_cat", "9"),
    ],
)  # fmt: skip
def test_categories_out_of_bounds_are_found(key: str, value: str) -> None:
    read_lightgbm(TOWN.encode())
    assert "\ncat_threshold=" in TOWN
    with pytest.raises(Damaged):
        read_lightgbm(re.sub(rf"\n{key}=.*\n", f"\n{key}={value}\n", TOWN, count=1).encode())


@pytest.mark.parametrize("tail", ["pandas_categorical:[[", "pandas_categorical:[1]", "pandas_categorical:[[],[],[]]"])
def test_broken_names_of_categories_are_told(tail: str) -> None:
    with pytest.raises(Damaged):
        read_lightgbm(re.sub(r"pandas_categorical:.*", tail, TOWN).encode())


@pytest.mark.parametrize("data", [b"", b"tree\n", b"tree\nend of trees\n", b"\xff", b"x\nend of trees\n"])
def test_what_is_no_model_is_told(data: bytes) -> None:
    with pytest.raises(Damaged):
        read_lightgbm(data)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([THREE, TOWN]), st.integers(0, 10**6), st.integers(0, 255), st.booleans())
def test_a_changed_or_cut_file_is_told_or_stays_within_bounds(text: str, at: int, byte: int, is_cut: bool) -> None:
    data = text.encode()
    at %= len(data)
    changed = data[:at] if is_cut else data[:at] + bytes([byte]) + data[at + 1 :]
    try:
        found = read_lightgbm(changed)
    except (Damaged, NotProbable):
        return
    assert len(_asked(found.model, np.zeros((2, found.n_inputs)))) == 2
