from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from lightgbm import LGBMClassifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, SplineTransformer, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from adapters.models.classifiers import IRIS, NAMES, Features, Labels, change_skops, rows, save_skops
from weighbridge.adapters.models.skops_classifier import open_skops
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotApplicable, NotMeasured, Silent
from weighbridge.probekit.ports import Classifier, Structure


def _opened(model: Any, tmp_path: Path) -> Classifier:
    return open_skops(save_skops(model, tmp_path / "m.skops"), label="m.skops")


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (RandomForestClassifier(5, random_state=0), "RandomForestClassifier"),
        (DecisionTreeClassifier(), "DecisionTreeClassifier"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "LogisticRegression"),
        (MLPClassifier(4, tol=0.1, n_iter_no_change=2, random_state=0), "MLPClassifier"),
        (GaussianNB(), "GaussianNB"),
        (KNeighborsClassifier(), "KNeighborsClassifier"),
        (GradientBoostingClassifier(n_estimators=2), "GradientBoostingClassifier"),
        (HistGradientBoostingClassifier(max_iter=2), "HistGradientBoostingClassifier"),
        (GaussianProcessClassifier(), "GaussianProcessClassifier"),
        (CalibratedClassifierCV(LinearSVC(), cv=2), "CalibratedClassifierCV"),
    ],
)
def test_probabilities_are_those_of_the_model(model: Any, kind: str, tmp_path: Path) -> None:
    model.fit(Features, NAMES)
    opened = _opened(model, tmp_path)
    assert opened.kind == kind
    assert opened.classes == ("setosa", "versicolor", "virginica")
    assert (opened.inputs, opened.n_inputs) == ((), 4)
    assert opened.notes == ()
    assert np.array_equal(opened.predict_proba(IRIS), model.predict_proba(Features))


def test_many_rows_are_predicted_as_few(tmp_path: Path) -> None:
    opened = _opened(GaussianNB().fit(Features, Labels), tmp_path)
    many = rows(np.tile(Features, (60, 1)))
    assert np.allclose(opened.predict_proba(many)[-150:], opened.predict_proba(IRIS))
    assert opened.predict_proba(IRIS.slice(0, 0)).shape == (0, 3)
    with pytest.raises(Silent, match="takes 4 columns by position, and the data has 3"):
        opened.predict_proba(rows(Features[:, :3]))


def test_columns_with_names_are_taken_by_them(tmp_path: Path) -> None:
    model = GaussianNB().fit(pd.DataFrame(Features, columns=list("abcd")), Labels)
    opened = _opened(model, tmp_path)
    assert opened.inputs == ("a", "b", "c", "d")
    other = IRIS.select(["d", "b", "c", "a"]).append_column("e", IRIS["a"])
    assert np.array_equal(opened.predict_proba(other), opened.predict_proba(IRIS))
    with pytest.raises(Silent, match=r"m\.skops takes a column c, and the data has 0 of that name"):
        opened.predict_proba(IRIS.select(["a", "b", "d"]))


FRAME = pd.DataFrame(
    {
        "age": Features[:, 0],
        "town": np.where(Labels > 1, "x", "y").astype(object),
        "words": [("red" if n % 2 else "blue") + " house" for n in range(150)],
        "member": Labels > 0,
    }
)
FRAME.loc[3, "age"] = np.nan
FRAME.loc[5, "town"] = np.nan
TABLE = pa.Table.from_pandas(FRAME, preserve_index=False)
NUMBERS = ("n", make_pipeline(SimpleImputer(), StandardScaler()), ["age", "member"])


@pytest.mark.parametrize(
    "texts", [TfidfVectorizer(), CountVectorizer(binary=True), HashingVectorizer(n_features=16, alternate_sign=False)]
)
@pytest.mark.parametrize("words", [OneHotEncoder(handle_unknown="ignore"), OrdinalEncoder(encoded_missing_value=-1)])
def test_pipelines_over_mixed_columns_are_asked_by_name(texts: Any, words: Any, tmp_path: Path) -> None:
    steps = ColumnTransformer([NUMBERS, ("w", words, ["town"]), ("t", texts, "words")])
    model = make_pipeline(steps, LogisticRegression(max_iter=1000)).fit(FRAME, NAMES)
    opened = _opened(model, tmp_path)
    assert opened.inputs == tuple(FRAME.columns)
    mixed = TABLE.select(["words", "member", "age", "town"])
    assert np.array_equal(opened.predict_proba(mixed), model.predict_proba(FRAME))
    with pytest.raises(Silent, match="a column town"):
        opened.predict_proba(TABLE.drop_columns(["town"]))
    with pytest.raises(Silent, match="column words holds none"):
        opened.predict_proba(TABLE.set_column(2, "words", TABLE["age"]))
    lacking = TABLE.set_column(2, "words", pa.array([None, *TABLE["words"].to_pylist()[1:]]))
    assert np.isfinite(opened.predict_proba(lacking)).all()


@pytest.mark.parametrize("texts", [TfidfVectorizer(), CountVectorizer(), HashingVectorizer(n_features=64)])
def test_a_pipeline_over_texts_takes_one_column_of_them(texts: Any, tmp_path: Path) -> None:
    model = make_pipeline(texts, LogisticRegression()).fit(FRAME["words"], Labels)
    opened = _opened(model, tmp_path)
    assert (opened.inputs, opened.n_inputs) == ((), 1)
    assert np.array_equal(opened.predict_proba(TABLE.select(["words"])), model.predict_proba(FRAME["words"]))
    with pytest.raises(Silent, match="takes texts"):
        opened.predict_proba(TABLE.select(["age"]))


def test_missing_values_are_told_where_they_cannot_be_taken(tmp_path: Path) -> None:
    opened = _opened(LogisticRegression(max_iter=1000).fit(Features, Labels), tmp_path)
    lacking = IRIS.set_column(2, "c", pa.array([None, *IRIS["c"].to_pylist()[1:]]))
    with pytest.raises(Silent, match=r"in which column c misses values: it raises ValueError"):
        opened.predict_proba(lacking)
    forest = _opened(RandomForestClassifier(3).fit(np.where(Features < 2, np.nan, Features), Labels), tmp_path)
    assert forest.predict_proba(lacking).shape == (150, 3)


def test_words_where_numbers_are_taken_are_told(tmp_path: Path) -> None:
    opened = _opened(LogisticRegression(max_iter=1000).fit(Features, Labels), tmp_path)
    with pytest.raises(Silent, match=r"it raises ValueError") as raised:
        opened.predict_proba(IRIS.set_column(1, "b", pa.array(["secret"] * 150)))
    assert "secret" not in str(raised.value)


def _broken(model: Any, **changed: Any) -> Any:
    for name, value in changed.items():
        setattr(model, name, value)
    return model


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (_broken(LogisticRegression(max_iter=1000).fit(Features, Labels), coef_=np.full((3, 4), np.nan)), "no numbers"),
        (_broken(GaussianNB().fit(Features, Labels), class_prior_=np.zeros(3)), "no numbers"),
        (DummyClassifier().fit(Features, np.zeros(150)), "a single class"),
        (LinearSVC().fit(Features, Labels), "gives no probabilities"),
        (_broken(DummyClassifier().fit(Features, Labels), class_prior_=np.full(3, 0.3)), "do not sum to 1"),
        (_broken(DummyClassifier().fit(Features, Labels), class_prior_=np.array([2.0, -0.5, -0.5])), "below 0"),
        (_broken(DummyClassifier().fit(Features, Labels), class_prior_=np.array([0.5, 0.5])), "something else"),
        (_broken(DummyClassifier().fit(Features, Labels), class_prior_="x"), "it raises"),
    ],
)
def test_answers_that_are_no_probabilities_are_silent(model: Any, why: str, tmp_path: Path) -> None:
    opened = _opened(model, tmp_path)
    with pytest.raises(Silent, match=why) as raised:
        opened.predict_proba(IRIS)
    assert isinstance(raised.value.outcome, NotMeasured)
    assert isinstance(opened.structure(), Structure)


def test_a_machine_without_probabilities_can_still_be_looked_into(tmp_path: Path) -> None:
    assert _opened(SVC().fit(Features, Labels), tmp_path).structure().names_instances


def test_the_last_hidden_layer_is_behind_the_steps_before_it(tmp_path: Path) -> None:
    network = MLPClassifier((6, 4), tol=0.1, n_iter_no_change=2, random_state=0)
    model = make_pipeline(StandardScaler(), network).fit(Features, Labels)
    hidden = _opened(model, tmp_path).embed(IRIS)
    assert hidden is not None
    assert hidden.shape == (150, 4)
    assert _opened(GaussianNB().fit(Features, Labels), tmp_path).embed(IRIS) is None


@pytest.mark.parametrize("names", [list("abcd"), None])
def test_estimators_of_boosting_are_asked_as_their_models_are(names: Any, tmp_path: Path) -> None:
    given = Features if names is None else pd.DataFrame(Features, columns=names)
    for model in (
        XGBClassifier(n_estimators=3, n_jobs=1),
        LGBMClassifier(n_estimators=3, n_jobs=1, verbose=-1),
    ):
        model.fit(given, Labels)
        opened = _opened(model, tmp_path)
        assert opened.inputs == tuple(names or ())
        assert opened.classes == ("0", "1", "2")
        assert opened.notes == ()
        assert opened.predict_proba(IRIS) == pytest.approx(model.predict_proba(given))
        assert opened.recipe is not None
        assert opened.structure().untold_leaves or opened.structure().leaves.sum() == 9 * 150


def test_estimators_of_boosting_within_pipelines_are_asked(tmp_path: Path) -> None:
    for last in (XGBClassifier(n_estimators=3, n_jobs=1), LGBMClassifier(n_estimators=3, n_jobs=1, verbose=-1)):
        model = make_pipeline(StandardScaler(), last).fit(Features, Labels)
        opened = _opened(model, tmp_path)
        assert np.array_equal(opened.predict_proba(IRIS), model.predict_proba(Features))
        assert len(opened.structure().leaves) or opened.structure().untold_leaves


def test_what_skops_does_not_know_is_refused_and_not_run(tmp_path: Path) -> None:
    model = make_pipeline(FunctionTransformer(sys.exit), LogisticRegression(max_iter=1000))
    model[-1].fit(Features, Labels)
    with pytest.raises(Unusable) as raised:
        _opened(model, tmp_path)
    assert "holds 1 types" in raised.value.why
    assert "ONNX" in raised.value.fix


@pytest.mark.parametrize("model", [make_pipeline(SplineTransformer(), LogisticRegression(max_iter=1000))])
def test_models_that_cannot_be_followed_safely_are_refused(model: Any, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"m\.skops"):
        _opened(model.fit(Features, Labels), tmp_path)


@pytest.mark.parametrize(
    ("model", "outcome"),
    [
        (LinearRegression().fit(Features, Labels), NotApplicable),
        (StandardScaler().fit(Features), NotApplicable),
        (RandomForestClassifier(2).fit(Features, np.stack([Labels, Labels], axis=1)), NotMeasured),
        (LogisticRegression(), NotMeasured),
        (XGBClassifier(), NotMeasured),
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
