from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.impute import KNNImputer
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier, RadiusNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.semi_supervised import LabelPropagation
from sklearn.svm import SVC, NuSVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.structure import estimator_structure
from weighbridge.adapters.models.xgboost_file import read_xgboost


def _rows(array: Any) -> set[tuple[float, ...]]:
    return set(map(tuple, np.asarray(array).tolist()))


@pytest.mark.parametrize(
    "model",
    [
        KNeighborsClassifier(), RadiusNeighborsClassifier(9), GaussianProcessClassifier(), LabelPropagation(),
        KNeighborsClassifier(algorithm="brute"), BaggingClassifier(KNeighborsClassifier(), 30),
        CalibratedClassifierCV(KNeighborsClassifier(), cv=2),
        StackingClassifier([("k", KNeighborsClassifier())], LogisticRegression(max_iter=1000), cv=2),
    ],
)  # fmt: skip
def test_training_rows_are_found_wherever_they_are_kept(model: Any) -> None:
    found = estimator_structure(model.fit(Features, Labels))
    assert found.names_instances
    assert _rows(found.instances) == _rows(Features)


@pytest.mark.parametrize("model", [SVC(), NuSVC(), make_pipeline(SVC())])
def test_support_vectors_are_training_rows(model: Any) -> None:
    found = estimator_structure(model.fit(Features, Labels))
    last = model[-1] if hasattr(model, "steps") else model
    assert _rows(found.instances) == _rows(last.support_vectors_) < _rows(Features)


def test_rows_kept_sparse_are_spread_out() -> None:
    model = KNeighborsClassifier().fit(sparse.csr_array(Features), Labels)
    assert np.array_equal(estimator_structure(model).instances, Features)


def test_rows_of_several_outputs_and_of_kernels_are_found() -> None:
    several = MultiOutputClassifier(KNeighborsClassifier()).fit(Features, np.stack([Labels, Labels], axis=1))
    assert len(estimator_structure(several).instances) == 150
    kernel = make_pipeline(Nystroem(n_components=9), LogisticRegression()).fit(Features, Labels)
    assert _rows(estimator_structure(kernel).instances) < _rows(Features)


def test_rows_of_another_width_are_kept_as_arrays() -> None:
    model = StackingClassifier(
        [("a", KNeighborsClassifier()), ("b", make_pipeline(Nystroem(n_components=3), KNeighborsClassifier()))],
        LogisticRegression(max_iter=1000), cv=2,
    ).fit(Features, Labels)  # fmt: skip
    found = estimator_structure(model)
    assert found.instances.shape[1] == 4
    assert any(array.shape == (150, 3) for array in found.arrays)


def test_leaves_hold_the_records_they_were_grown_on() -> None:
    tree = make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=3)).fit(Features, Labels)
    counts = np.unique(tree[-1].apply(tree[0].transform(Features)), return_counts=True)[1]
    assert sorted(estimator_structure(tree).leaves) == sorted(counts)
    for model, trees in (
        (ExtraTreesClassifier(5), 5),
        (GradientBoostingClassifier(n_estimators=2), 6),
        (HistGradientBoostingClassifier(max_iter=2), 6),
    ):
        leaves = estimator_structure(model.fit(Features, Labels)).leaves
        assert leaves.sum() == 150 * trees
        assert leaves.min() >= 1
    drawn = estimator_structure(RandomForestClassifier(5).fit(Features, Labels)).leaves
    assert drawn.sum() < 5 * 150


def test_boosters_of_xgboost_do_not_tell_their_leaves() -> None:
    model = XGBClassifier(n_estimators=2, n_jobs=1).fit(Features, Labels)
    assert estimator_structure(model).untold_leaves
    read = read_xgboost(bytes(model.get_booster().save_raw("ubj")))
    found = estimator_structure(make_pipeline(model), {id(model): read})
    assert found.untold_leaves
    assert found.arrays


def test_words_and_categories_are_found_and_classes_are_none_of_them() -> None:
    texts = ["red house", "blue house"] * 5
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(texts, ["warm", "cold"] * 5)
    assert set(estimator_structure(model).vocabulary) == {"red", "blue", "house"}
    encoder = OneHotEncoder().fit(np.array([["x", 7], ["y", None]], dtype=object))
    assert set(estimator_structure(encoder).vocabulary) == {"x", "y", "7"}


def test_other_numbers_are_arrays() -> None:
    model = MLPClassifier((3,), max_iter=200, tol=0.1, n_iter_no_change=2).fit(Features, Labels)
    found = estimator_structure(model)
    assert any(array is model.coefs_[0] for array in found.arrays)
    assert not found.names_instances
    assert not found.untold_leaves
    assert found.instances.size == found.leaves.size == 0
    assert found.vocabulary == ()


def test_the_parts_that_keep_rows_are_told() -> None:
    model = make_pipeline(KNNImputer(), LogisticRegression(max_iter=1000)).fit(Features, Labels)
    assert estimator_structure(model).keepers == (("KNNImputer", len(Features)),)
    several = BaggingClassifier(KNeighborsClassifier(), 3, random_state=0).fit(Features, Labels)
    assert [kind for kind, _n in estimator_structure(several).keepers] == ["KNeighborsClassifier"] * 3
    assert estimator_structure(LogisticRegression(max_iter=1000).fit(Features, Labels)).keepers == ()
