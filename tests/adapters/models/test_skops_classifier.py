from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from adapters.models.classifiers import NAMES, Features, Labels, change_skops, save_skops
from weighbridge.adapters.models.skops_classifier import SkopsClassifier, open_skops
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotApplicable, NotMeasured, Silent


def _opened(model: Any, tmp_path: Path) -> SkopsClassifier:
    return open_skops(save_skops(model, tmp_path / "m.skops"), label="m.skops")


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (RandomForestClassifier(5, random_state=0), "RandomForestClassifier"),
        (DecisionTreeClassifier(), "DecisionTreeClassifier"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "LogisticRegression"),
        (MLPClassifier(4, tol=0.1, n_iter_no_change=2, random_state=0), "MLPClassifier"),
        (GaussianNB(), "GaussianNB"),
        (CalibratedClassifierCV(LinearSVC(), cv=2), "CalibratedClassifierCV"),
    ],
)
def test_probabilities_are_those_of_the_model(model: Any, kind: str, tmp_path: Path) -> None:
    model.fit(Features, NAMES)
    opened = _opened(model, tmp_path)
    assert opened.kind == kind
    assert opened.classes == ("setosa", "versicolor", "virginica")
    assert opened.n_features == 4
    assert opened.notes == ()
    assert np.array_equal(opened.predict_proba(Features), model.predict_proba(Features))


def test_many_rows_are_predicted_as_few(tmp_path: Path) -> None:
    opened = _opened(GaussianNB().fit(Features, Labels), tmp_path)
    many = np.tile(Features, (60, 1))
    assert np.allclose(opened.predict_proba(many)[-150:], opened.predict_proba(Features))
    assert opened.predict_proba(Features[:0]).shape == (0, 3)
    for wrong in (Features[:, :3], Features[0]):
        with pytest.raises(ValueError):
            opened.predict_proba(wrong)


def test_a_model_fitted_with_names_of_columns_is_asked_without(tmp_path: Path) -> None:
    model = GaussianNB().fit(Features, Labels)
    model.feature_names_in_ = np.array(list("abcd"), dtype=object)
    with pytest.warns(UserWarning, match="feature names"):
        model.predict_proba(Features)
    opened = _opened(model, tmp_path)
    assert opened.predict_proba(Features).shape == (150, 3)


def test_what_skops_does_not_know_is_refused_and_not_run(tmp_path: Path) -> None:
    model = make_pipeline(FunctionTransformer(sys.exit), LogisticRegression(max_iter=1000))
    model[-1].fit(Features, Labels)
    with pytest.raises(Unusable) as raised:
        _opened(model, tmp_path)
    assert "holds 1 types" in raised.value.why
    assert "ONNX" in raised.value.fix


@pytest.mark.parametrize("model", [KNeighborsClassifier(), GradientBoostingClassifier(n_estimators=2)])
def test_models_that_cannot_be_followed_safely_are_refused(model: Any, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"m\.skops"):
        _opened(model.fit(Features, Labels), tmp_path)


@pytest.mark.parametrize(
    ("model", "outcome"),
    [
        (LinearRegression().fit(Features, Labels), NotApplicable),
        (StandardScaler().fit(Features), NotApplicable),
        (LinearSVC().fit(Features, Labels), NotMeasured),
        (make_pipeline(CountVectorizer(), LogisticRegression()).fit(["ab cd", "cd ef"] * 9, [0, 1] * 9), NotMeasured),
        (RandomForestClassifier(2).fit(Features, np.stack([Labels, Labels], axis=1)), NotMeasured),
        (LogisticRegression(), NotMeasured),
    ],
)
def test_what_gives_no_probabilities_is_silent(model: Any, outcome: type, tmp_path: Path) -> None:
    with pytest.raises(Silent) as raised:
        _opened(model, tmp_path)
    assert isinstance(raised.value.outcome, outcome)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 99, b""])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.skops").write_bytes(content)
    with pytest.raises(Unusable, match=r"m\.skops"):
        open_skops(tmp_path / "m.skops", label="m.skops")


def test_a_file_with_parts_missing_is_told(tmp_path: Path) -> None:
    path = save_skops(GaussianNB().fit(Features, Labels), tmp_path / "m.skops")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unusable):
        open_skops(path, label="m.skops")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.json", "{}")
    with pytest.raises(Unusable):
        open_skops(path, label="m.skops")


def test_another_version_of_the_library_becomes_a_note(tmp_path: Path) -> None:
    import sklearn

    path = save_skops(GaussianNB().fit(Features, Labels), tmp_path / "m.skops")
    change_skops(path, lambda schema: schema.replace(sklearn.__version__, "1.2.0"))
    (note,) = open_skops(path, label="m.skops").notes
    assert "1.2.0" in str(note)
    assert sklearn.__version__ in str(note)
