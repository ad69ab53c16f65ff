from __future__ import annotations

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from xgboost import XGBClassifier

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.estimators import asking, before_last, intake_of, last_step
from weighbridge.adapters.models.intake import Way
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import phrase


def test_the_last_step_is_found_within_pipelines_and_searches() -> None:
    last = LogisticRegression(max_iter=1000)
    assert last_step(make_pipeline(StandardScaler(), make_pipeline(last))) is last
    search = GridSearchCV(make_pipeline(StandardScaler(), last), {"logisticregression__C": [1.0]}, cv=2)
    assert last_step(search) is search
    assert type(last_step(search.fit(Features, Labels))) is LogisticRegression
    assert before_last(last) is None
    assert before_last(make_pipeline(last)) is None
    assert [name for name, _step in before_last(make_pipeline(StandardScaler(), last)).steps] == ["standardscaler"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("estimator", "names", "way"),
    [
        (LogisticRegression(), (), Way.MATRIX),
        (LogisticRegression(), ("a",), Way.MATRIX),
        (make_pipeline(TfidfVectorizer(), LinearSVC()), (), Way.TEXT),
        (make_pipeline(FeatureUnion([("t", TfidfVectorizer())]), LinearSVC()), (), Way.TEXT),
        (GridSearchCV(make_pipeline(TfidfVectorizer(), LinearSVC()), {}), (), Way.TEXT),
        (make_pipeline(ColumnTransformer([("t", TfidfVectorizer(), "a")]), LinearSVC()), ("a",), Way.FRAME),
        (make_pipeline(ColumnTransformer([("t", StandardScaler(), [0])]), LinearSVC()), (), Way.MATRIX),
        (XGBClassifier(), ("a",), Way.FRAME),
    ],
)
def test_what_an_estimator_takes(estimator: object, names: tuple[str, ...], way: Way) -> None:
    assert intake_of(estimator, names=names, width=1, label="m").way is way


def test_columns_of_texts_and_the_word_for_missing_are_found() -> None:
    steps = ColumnTransformer([("t", make_pipeline(TfidfVectorizer()), "a"), ("w", OneHotEncoder(), ["b"])])
    assert intake_of(steps, names=("a", "b"), width=2, label="m").documents == {"a"}
    assert np.isnan(intake_of(steps, names=("a", "b"), width=2, label="m").missing)  # type: ignore[arg-type]
    knowing = OneHotEncoder().fit(np.array([["x"], [None]], dtype=object))
    assert intake_of(knowing, names=("a",), width=1, label="m").missing is None


def test_whatever_is_raised_becomes_silence_without_its_message() -> None:
    with pytest.raises(Silent, match="because: it raises ZeroDivisionError"), asking(phrase("because")):
        raise ZeroDivisionError("a secret")
    with pytest.raises(Outside), asking(phrase("because")):
        raise MemoryError
    with pytest.raises(Unusable), asking(phrase("because")):
        raise Unusable("a", "b", "c")
