from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from xgboost import XGBClassifier

from adapters.models.classifiers import IRIS, NAMES, Features, Labels, rows, save_skops
from weighbridge.adapters.models.classifier import open_classifier
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent
from weighbridge.probekit.ports import Classifier

TOWNS = np.array(["ba", "ca", "da"])[np.arange(150) % 3]
FRAME = pd.DataFrame(Features, columns=list("abcd")).assign(town=pd.Categorical(TOWNS))
TABLE = IRIS.append_column("town", pa.array(TOWNS))
MODELS = [
    XGBClassifier(n_estimators=3, max_depth=3, n_jobs=1, enable_categorical=True),
    LGBMClassifier(n_estimators=3, num_leaves=4, n_jobs=1, verbose=-1, min_data_per_group=1),
]


def _native(model: Any, folder: Path, suffix: str = "json") -> Path:
    path = folder / ("m.txt" if isinstance(model, LGBMClassifier) else f"m.{suffix}")
    model.booster_.save_model(path) if isinstance(model, LGBMClassifier) else model.save_model(path)
    return path


def _opened(path: Path, recipe: RecipeFile | None = None) -> Classifier:
    format_ = "lightgbm" if path.suffix == ".txt" else "xgboost"
    return open_classifier(path, label=path.name, format=format_, recipe=recipe, spill=path.parent)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("suffix", ["json", "ubj"])
@pytest.mark.parametrize("labels", [Labels, Labels > 0])
def test_probabilities_are_those_of_the_model(model: Any, suffix: str, labels: Any, tmp_path: Path) -> None:
    model = clone(model).fit(FRAME, labels)
    opened = _opened(_native(model, tmp_path, suffix))
    assert opened.inputs == ("a", "b", "c", "d", "town")
    assert opened.classes == tuple(str(n) for n in range(int(labels.max()) + 1))
    mixed = TABLE.select(["town", "d", "c", "b", "a"])
    assert opened.predict_proba(mixed) == pytest.approx(model.predict_proba(FRAME), abs=1e-6)
    assert opened.predict_proba(mixed.slice(0, 0)).shape == (0, len(opened.classes))
    assert opened.embed(mixed) is None
    assert opened.recipe is None
    assert "does not name its classes" in str(opened.notes[0])
    assert opened.structure().vocabulary == ("ba", "ca", "da")


@pytest.mark.parametrize("model", MODELS)
def test_columns_without_names_go_by_position(model: Any, tmp_path: Path) -> None:
    opened = _opened(_native(model.fit(Features, Labels), tmp_path))
    assert (opened.inputs, opened.n_inputs) == ((), 4)
    assert opened.predict_proba(IRIS) == pytest.approx(model.predict_proba(Features), abs=1e-6)
    with pytest.raises(Silent, match="takes 4 columns by position"):
        opened.predict_proba(rows(Features[:, :2]))
    with pytest.raises(Silent, match="column b holds none"):
        opened.predict_proba(IRIS.set_column(1, "b", pa.array(["x"] * 150)))


def test_a_missing_column_is_named_and_an_unknown_category_is_missing(tmp_path: Path) -> None:
    opened = _opened(_native(MODELS[0].fit(FRAME, Labels), tmp_path))
    with pytest.raises(Silent, match="a column town"):
        opened.predict_proba(IRIS)
    unknown = TABLE.set_column(4, "town", pa.array(["zz", None] * 75))
    lacking = FRAME.assign(town=pd.Categorical([None] * 150, categories=["ba", "ca", "da"]))
    assert opened.predict_proba(unknown) == pytest.approx(MODELS[0].predict_proba(lacking), abs=1e-6)


def test_what_xgboost_cannot_take_is_told(tmp_path: Path) -> None:
    opened = _opened(_native(MODELS[0].fit(Features, Labels), tmp_path))
    with pytest.raises(Silent, match="it raises XGBoostError"):
        opened.predict_proba(rows(np.full((3, 4), np.inf)))


@pytest.mark.parametrize("model", MODELS)
def test_a_recipe_beside_it_names_its_classes_and_fits_it_again(model: Any, tmp_path: Path) -> None:
    path = _native(model.fit(Features, Labels), tmp_path)
    other = LogisticRegression(max_iter=1000).fit(Features, NAMES)
    file = RecipeFile(
        path=save_skops(other, tmp_path / "r.skops"), label="r.skops", format="skops", is_trusted=False
    )  # fmt: skip
    opened = _opened(path, file)
    assert opened.classes == ("setosa", "versicolor", "virginica")
    assert opened.notes == ()
    assert opened.recipe is not None
    unfitted = RecipeFile(
        path=save_skops(model.__class__(n_estimators=2), tmp_path / "u.skops"), label="u", format="skops", is_trusted=False
    )  # fmt: skip
    again = _opened(path, unfitted).recipe
    assert again is not None
    (found,) = again.shadows(IRIS, Labels.astype(np.int64), np.ones((1, 150), dtype=bool), seed=0)
    assert found.shape == (150, 3)


def test_an_objective_without_probabilities_is_silent(tmp_path: Path) -> None:
    model = XGBClassifier(n_estimators=1, n_jobs=1, objective="binary:logitraw").fit(Features, Labels > 0)
    with pytest.raises(Silent, match="binary:logitraw"):
        _opened(_native(model, tmp_path))
    ova = LGBMClassifier(n_estimators=1, n_jobs=1, verbose=-1, objective="multiclassova").fit(Features, Labels)
    with pytest.raises(Silent, match="do not sum to 1"):
        _opened(_native(ova, tmp_path)).predict_proba(IRIS)


@pytest.mark.parametrize("model", MODELS)
def test_a_damaged_file_is_told(model: Any, tmp_path: Path) -> None:
    path = _native(model.fit(Features, Labels), tmp_path)
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 3], whole[: len(whole) // 10], b"", b"\xff" * 50):
        path.write_bytes(content)
        with pytest.raises(Unusable, match="cannot open the classifier m") as raised:
            _opened(path)
        assert "save_model" in raised.value.fix
