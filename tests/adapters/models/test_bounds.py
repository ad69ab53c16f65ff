from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import DistanceMetric
from sklearn.neighbors import KDTree, KernelDensity, KNeighborsClassifier, LocalOutlierFactor, RadiusNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import SVC, SVR, NuSVC

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.bounds import Unbound, check_bounds

WORDS = [["a", "x"], ["b", "y"], ["c", "x"]] * 50


def _changed(model: Any, **attributes: Any) -> Any:
    for name, value in attributes.items():
        setattr(model, name, value)
    return model


def _neighbours(**options: Any) -> Any:
    return KNeighborsClassifier(**options).fit(Features, Labels)


def _machine(**options: Any) -> Any:
    return SVC(**options).fit(Features, Labels)


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
def test_search_trees_are_built_anew(algorithm: str) -> None:
    model = _neighbours(algorithm=algorithm)
    before, tree = model.predict_proba(Features), model._tree
    check_bounds([model])
    assert model._tree is not tree or algorithm == "brute"
    assert np.array_equal(model.predict_proba(Features), before)


@pytest.mark.parametrize(
    "model",
    [
        RadiusNeighborsClassifier(9).fit(Features, Labels),
        _neighbours(metric="manhattan", algorithm="ball_tree"),
        KNeighborsClassifier().fit(sparse.csr_array(Features), Labels),
        _machine(),
        SVC().fit(sparse.csr_array(Features), Labels),
        NuSVC().fit(Features, Labels > 0),
        OneHotEncoder(drop="first").fit(WORDS),
        OneHotEncoder(min_frequency=60).fit(WORDS),
        make_pipeline(CountVectorizer(), LogisticRegression()).fit(["a b", "cc dd"] * 5, [0, 1] * 5),
        KNeighborsClassifier(),
        SVC(),
        OneHotEncoder(),
    ],
)
def test_estimators_as_they_were_fitted_pass(model: Any) -> None:
    check_bounds(model)


@pytest.mark.parametrize(
    "model",
    [
        _changed(_neighbours(), _y=Labels + 1),
        _changed(_neighbours(), _y=Labels - 1),
        _changed(_neighbours(), _y=Labels[:-1]),
        _changed(_neighbours(), _y=Labels * 1.0),
        _changed(_neighbours(), n_neighbors=151),
        _changed(_neighbours(), n_samples_fit_=151),
        _changed(_neighbours(), n_features_in_=5),
        _changed(_neighbours(), _fit_X=Features[:, 0]),
        _changed(_neighbours(), _fit_X=Features.astype(object)),
        _changed(_neighbours(), effective_metric_="precomputed"),
        _changed(_neighbours(), effective_metric_=np.add),
        _changed(_neighbours(), _fit_method="other"),
        _changed(_neighbours(), _fit_method="brute"),
        LocalOutlierFactor().fit(Features),
        KernelDensity().fit(Features),
        [KDTree(Features)],
        [DistanceMetric.get_metric("euclidean")],
        _changed(_machine(), support_vectors_=np.zeros((2, 4))),
        _changed(_machine(), support_vectors_=np.zeros((60, 9))),
        _changed(_machine(), _n_support=np.array([1000, 1, 1], dtype=np.int32)),
        _changed(_machine(), _n_support=np.array([1, 1], dtype=np.int32)),
        _changed(_machine(), _dual_coef_=np.zeros((1, 2))),
        _changed(_machine(), _intercept_=np.zeros(1)),
        _changed(_machine(), _probA=np.zeros(1)),
        _changed(_machine(), classes_=np.arange(9)),
        _changed(_machine(), kernel="precomputed"),
        _changed(_machine(), kernel=np.dot),
        _changed(_machine(), _sparse=True),
        SVR().fit(Features, Labels),
        _changed(OneHotEncoder().fit(WORDS), _n_features_outs=[1, 1]),
        _changed(CountVectorizer().fit(["a bb cc"]), vocabulary_={"bb": 0, "cc": 7}),
        _changed(CountVectorizer().fit(["a bb cc"]), vocabulary_={"bb": 0, "cc": 0}),
        _changed(CountVectorizer().fit(["a bb cc"]), vocabulary_={"bb": "0"}),
        CountVectorizer(vocabulary={"bb": 5}),
        CountVectorizer(input="filename"),
        HashingVectorizer(input="file"),
    ],
)
def test_what_leads_astray_is_found(model: Any) -> None:
    with pytest.raises(Unbound):
        check_bounds(model)


def test_a_sparse_matrix_with_a_column_that_is_not_there_is_found() -> None:
    matrix = sparse.csr_array(Features)
    matrix.indices[0] = 1000
    with pytest.raises(ValueError, match="indices"):
        check_bounds({"deep": [matrix]})
