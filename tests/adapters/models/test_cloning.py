from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lightgbm import LGBMClassifier
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier, StackingClassifier, VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectFromModel
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from adapters.models.classifiers import IRIS, NAMES, Features, Labels, rows, save_skops
from weighbridge.adapters.models.cloning import open_skops_recipe, recipe_classes, recipe_of, unfitted
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent
from weighbridge.probekit.ports import Recipe

TARGETS = Labels.astype(np.int64)
HALVES = np.random.default_rng(0).random((4, 150)) < 0.5
EVERY_THIRD = np.arange(150) % 3 == 0


def _recipe(model: Any, classes: tuple[str, ...] = ("0", "1", "2"), names: tuple[str, ...] = ()) -> Recipe:
    made = recipe_of(None, own=model, classes=classes, names=names, width=4, spill=Path(), label="m")
    assert made is not None
    return made


def _shadows(recipe: Recipe, inputs: pa.Table = IRIS, subsets: Any = HALVES, seed: int = 1) -> list[Any]:
    return list(recipe.shadows(inputs, TARGETS[: inputs.num_rows], subsets, seed=seed))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_shadow_never_sees_a_row_outside_its_subset(data: st.DataObject) -> None:
    """A nearest neighbour gives the label of the row itself wherever it saw it; labels here say nothing else."""
    n = data.draw(st.integers(2, 24))
    targets = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), dtype=np.int64)
    subset = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    subset[data.draw(st.integers(0, n - 1))] = True
    spread = np.arange(n, dtype=float)[:, None] ** 2
    steps = make_pipeline(StandardScaler(), KNeighborsClassifier(1))
    recipe = recipe_of(None, own=steps, classes=("a", "b", "c"), names=(), width=1, spill=Path(), label="m")
    assert recipe is not None
    (found,) = recipe.shadows(rows(spread), targets, subset[None], seed=0)
    seen = np.flatnonzero(subset)
    nearest = seen[np.abs(spread - spread[seen].T).argmin(axis=1)]
    assert np.array_equal(found.argmax(axis=1), targets[nearest])
    other = targets.copy()
    other[~subset] = data.draw(st.integers(0, 2))
    moved = np.where(subset[:, None], spread, -7.0)
    (again,) = recipe.shadows(rows(moved), other, subset[None], seed=0)
    assert np.array_equal(again[subset], found[subset])


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),
        RandomForestClassifier(4),
        MLPClassifier(8, max_iter=60, activation="tanh"),
        XGBClassifier(n_estimators=3, subsample=0.5),
        LGBMClassifier(n_estimators=3, subsample=0.5, subsample_freq=1, min_child_samples=2),
    ],
)
def test_what_lies_outside_a_subset_changes_nothing_inside(model: Any) -> None:
    subset = HALVES[:1]
    moved = np.where(subset[0][:, None], Features, -Features)
    for recipe in (_recipe(model), _recipe(model).overfitted):
        (one,), (other,) = _shadows(recipe, subsets=subset), _shadows(recipe, rows(moved), subset)
        assert np.array_equal(one[subset[0]], other[subset[0]])
        assert not np.array_equal(one[~subset[0]], other[~subset[0]])


def test_one_seed_gives_the_same_and_each_model_has_its_own() -> None:
    recipe = _recipe(RandomForestClassifier(2, random_state=7))
    same = np.tile(HALVES[:1], (2, 1))
    first, second = _shadows(recipe, subsets=same)
    again = _shadows(recipe, subsets=same)
    assert np.array_equal(first, again[0])
    assert np.array_equal(second, again[1])
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, _shadows(recipe, subsets=same, seed=2)[0])


@pytest.mark.parametrize(
    "model", [LogisticRegression(max_iter=1000), XGBClassifier(n_estimators=2), LGBMClassifier(n_estimators=2)]
)
@pytest.mark.parametrize("present", [[2], [0, 2], [1, 2]])
def test_a_class_that_a_subset_lacks_has_no_probability(model: Any, present: list[int]) -> None:
    (found,) = _shadows(_recipe(model), subsets=np.isin(Labels, present)[None])
    assert found.sum(axis=1) == pytest.approx(np.ones(150), abs=1e-5)
    missing = [n for n in range(3) if n not in present]
    assert not found[:, missing].any()
    assert (found[np.isin(Labels, present)].argmax(axis=1) == Labels[np.isin(Labels, present)]).mean() > 0.8


def test_weights_and_labels_by_name_follow_their_classes() -> None:
    heavy = DecisionTreeClassifier(max_depth=1, class_weight={"setosa": 1, "versicolor": 1, "virginica": 1000})
    recipe = _recipe(heavy, ("setosa", "versicolor", "virginica"))
    (found,) = _shadows(recipe, subsets=(Labels > 0)[None])
    assert found[Labels > 0, 2].mean() > 0.5
    (bagged,) = _shadows(
        _recipe(RandomForestClassifier(1, max_depth=1, class_weight={"virginica": 1000}), recipe_names()).bagged,  # type: ignore[arg-type]
        subsets=(Labels > 0)[None],
    )
    assert bagged[Labels > 0, 2].mean() > 0.5


def recipe_names() -> tuple[str, ...]:
    return ("setosa", "versicolor", "virginica")


def test_mixed_columns_and_texts_are_prepared_within_each_subset() -> None:
    words = np.array([f"word{n}" for n in range(150)])
    table = pa.table({"words": words, "age": Features[:, 2], "town": np.where(Labels > 1, "x", "y")})
    steps = ColumnTransformer(
        [
            ("t", TfidfVectorizer(), "words"),
            ("w", OneHotEncoder(handle_unknown="ignore"), ["town"]),
            ("n", "passthrough", ["age"]),
        ]
    )
    for last in (LogisticRegression(max_iter=1000), RandomForestClassifier(3)):
        recipe = recipe_of(
            None, own=make_pipeline(steps, last), classes=("0", "1", "2"), names=("words", "age", "town"), width=3,
            spill=Path(), label="m",
        )  # fmt: skip
        assert recipe is not None
        assert len(_shadows(recipe, table)) == 4
        (memorised,) = _shadows(recipe.overfitted, table, EVERY_THIRD[None])
        assert (memorised.argmax(axis=1) == Labels)[EVERY_THIRD].all()
        assert recipe.bagged is None or len(_shadows(recipe.bagged, table)) == 4


def test_the_number_of_models_made_is_told_and_may_end_it() -> None:
    told: list[int] = []

    def stop(n: int) -> None:
        told.append(n)
        if n == 2:
            raise KeyError

    with pytest.raises(KeyError):
        list(_recipe(DummyClassifier()).shadows(IRIS, TARGETS, HALVES, seed=0, stop=stop))
    assert told == [1, 2]


class Raising(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def fit(self, rows: Any, labels: Any) -> None:
        raise KeyError("a secret")


class Lying(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def __init__(self, answer: float = 0.7) -> None:
        self.answer = answer

    def fit(self, rows: Any, labels: Any) -> Lying:
        self.classes_ = np.unique(labels)
        return self

    def predict_proba(self, rows: Any) -> Any:
        return np.full((len(rows), len(self.classes_)), self.answer)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (Raising(), "it raises KeyError"),
        (Lying(), "do not sum to 1"),
        (Lying(answer=np.nan), "no numbers"),
        (LogisticRegression(C=-1.0), "it raises InvalidParameterError"),
        (
            make_pipeline(SelectFromModel(LogisticRegression(), threshold=1e9), LogisticRegression()),
            "it raises ValueError",
        ),
    ],
)
def test_a_recipe_that_gives_no_model_is_silent(model: Any, why: str) -> None:
    with pytest.raises(Silent, match=why) as raised:
        _shadows(_recipe(model))
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "model",
    [
        FrozenEstimator(KNeighborsClassifier(1).fit(Features, Labels)),
        CalibratedClassifierCV(FrozenEstimator(KNeighborsClassifier(1).fit(Features, Labels)), cv=2),
        make_pipeline(FrozenEstimator(StandardScaler().fit(Features)), KNeighborsClassifier(1)),
        VotingClassifier([("a", FrozenEstimator(DecisionTreeClassifier().fit(Features, Labels)))], voting="soft"),
        StackingClassifier([("a", KNeighborsClassifier(1).fit(Features, Labels))], cv="prefit"),
        make_pipeline(SelectFromModel(DecisionTreeClassifier().fit(Features, Labels), prefit=True), KNeighborsClassifier(1)),
        GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1]}, cv=2).fit(Features, Labels),
    ],
)  # fmt: skip
def test_what_was_fitted_before_is_fitted_again(model: Any) -> None:
    recipe = _recipe(model)
    subset = HALVES[:1]
    moved = np.where(subset[0][:, None], Features, Features[::-1] * 3)
    (one,), (other,) = _shadows(recipe, subsets=subset), _shadows(recipe, rows(moved), subset)
    assert np.array_equal(one[subset[0]], other[subset[0]])


class Keeping(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def __sklearn_clone__(self) -> Keeping:
        return self

    def fit(self, rows: Any, labels: Any) -> Keeping:
        self.seen_ = rows
        return self


def test_what_keeps_what_it_saw_is_refused() -> None:
    with pytest.raises(Silent, match="keeps a Keeping that was fitted before"):
        _recipe(Keeping().fit(Features, Labels))


def test_nothing_starts_threads_writes_files_or_goes_on(tmp_path: Path) -> None:
    model = make_pipeline(
        RandomForestClassifier(2, n_jobs=8, warm_start=True, verbose=2), memory=str(tmp_path / "kept"), verbose=True
    )
    params = unfitted(model, "m").get_params()
    assert (params["memory"], params["verbose"]) == (None, False)
    forest = "randomforestclassifier__"
    assert (params[forest + "n_jobs"], params[forest + "warm_start"], params[forest + "verbose"]) == (1, False, 0)
    boosted = unfitted(XGBClassifier(device="cuda", early_stopping_rounds=3, n_jobs=4), "m").get_params()
    assert (boosted["device"], boosted["early_stopping_rounds"], boosted["n_jobs"]) == ("cpu", None, 1)
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    "model", [RandomForestClassifier(10**9), make_pipeline(StandardScaler(), LogisticRegression(max_iter=10**9))]
)
def test_a_recipe_that_would_never_end_is_silent(model: Any) -> None:
    with pytest.raises(Silent, match=r"asks for 1,?000,?000,?000 of"):
        _recipe(model)


@pytest.mark.parametrize("model", [LinearRegression(), StandardScaler(), {"a": 1}])
def test_what_is_no_classifier_is_no_recipe(model: Any) -> None:
    with pytest.raises(Silent, match="no recipe of a classifier"):
        _recipe(model)


def _file(model: Any, folder: Path) -> RecipeFile:
    return RecipeFile(
        path=save_skops(model, folder / "r.skops"), label="r.skops", format="skops", is_trusted=False
    )  # fmt: skip


@pytest.mark.parametrize("fit", [lambda model: model, lambda model: model.fit(Features, NAMES)])
def test_a_recipe_lies_in_a_file_of_its_own(fit: Callable[[Any], Any], tmp_path: Path) -> None:
    file = _file(fit(make_pipeline(StandardScaler(), LogisticRegression())), tmp_path)
    recipe = open_skops_recipe(file, classes=("0", "1", "2"), inputs=("a", "b", "c", "d"))
    assert "LogisticRegression" in str(recipe.says)
    assert all(found.shape == (150, 3) for found in _shadows(recipe))
    with pytest.raises(Silent, match="a column d"):
        _shadows(recipe, IRIS.select(["a", "b", "c"]))


def test_the_classes_of_a_recipe_are_told_where_it_was_fitted(tmp_path: Path) -> None:
    assert recipe_classes(None) == ()
    assert recipe_classes(_file(LogisticRegression(), tmp_path)) == ()
    assert recipe_classes(_file(KNeighborsClassifier().fit(Features, NAMES), tmp_path)) == recipe_names()


def test_a_recipe_that_is_no_skops_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.skops").write_bytes(b"PK\x03\x04")
    file = RecipeFile(path=tmp_path / "r.skops", label="r.skops", format="skops", is_trusted=True)
    with pytest.raises(Unusable, match=r"r\.skops"):
        open_skops_recipe(file, classes=("0", "1"), inputs=())


def test_a_recipe_by_name_takes_the_names_of_the_data(tmp_path: Path) -> None:
    steps = ColumnTransformer([("n", StandardScaler(), ["a", "c"])])
    file = _file(
        make_pipeline(steps, LogisticRegression()).fit(pd.DataFrame(Features, columns=list("abcd")), Labels), tmp_path
    )
    recipe = recipe_of(file, own=None, classes=("0", "1", "2"), names=(), width=4, spill=tmp_path, label="m")
    assert recipe is not None
    assert len(_shadows(recipe)) == 4


def test_a_recipe_in_python_is_not_run_unless_it_is_trusted(tmp_path: Path) -> None:
    (tmp_path / "r.py").write_text("raise SystemExit")
    file = RecipeFile(path=tmp_path / "r.py", label="r.py", format="python", is_trusted=False)
    own = KNeighborsClassifier().fit(Features, Labels)
    with pytest.raises(Silent, match=r"r\.py"):
        recipe_of(file, own=own, classes=("0", "1", "2"), names=(), width=4, spill=tmp_path, label="m")
