from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import BaggingClassifier, StackingClassifier
from sklearn.impute import KNNImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import RobustScaler, StandardScaler

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.skops_classifier import SkopsClassifier
from weighbridge.adapters.models.skops_file import Saved
from weighbridge.adapters.models.views import views


def _tables(data: Any, names: tuple[str, ...]) -> pa.Table:
    return pa.table({name: np.asarray(data)[:, n] for n, name in enumerate(names)})


def _seen(model: Any, data: Any) -> list[Any]:
    names = ("a", "b", "c", "d")
    frame = pd.DataFrame(data, columns=list(names))
    model.fit(frame, Labels)
    found = SkopsClassifier(Saved(estimator=model, boosters={}, notes=()), label="m").structure()
    assert found.views is not None
    return list(found.views(_tables(data, names)))


def _is_among(rows: Any, seen: list[Any]) -> bool:
    return any(view is not None and view.shape == rows.shape and np.allclose(view, rows, rtol=1e-12) for view in seen)


def test_rows_are_told_as_each_step_sees_them() -> None:
    columns = ColumnTransformer(
        [("s", make_pipeline(KNNImputer(), RobustScaler()), ["c", "a"]), ("d", "drop", ["b"])], remainder="passthrough"
    )
    seen = _seen(make_pipeline(columns, LogisticRegression(max_iter=1000)), Features)
    robust = RobustScaler().fit_transform(Features[:, [2, 0]])
    assert _is_among(Features, seen)
    assert _is_among(Features[:, [2, 0]], seen)
    assert _is_among(np.column_stack([robust, Features[:, 3]]), seen)
    assert all(view is not None for view in seen)


def test_rows_are_told_as_each_part_of_several_sees_them() -> None:
    model = CalibratedClassifierCV(make_pipeline(RobustScaler(), KNeighborsClassifier()), cv=3)
    seen = _seen(model, Features)
    for one in model.calibrated_classifiers_:
        assert _is_among(one.estimator[0].transform(pd.DataFrame(Features, columns=list("abcd"))), seen)
    bagged = BaggingClassifier(KNeighborsClassifier(), 5, max_features=2, random_state=0)
    seen = _seen(bagged, Features)
    assert all(_is_among(Features[:, chosen], seen) for chosen in bagged.estimators_features_)
    union = make_pipeline(FeatureUnion([("r", RobustScaler()), ("s", StandardScaler())]), LogisticRegression())
    assert _is_among(union.fit(Features, Labels)[0].transform(Features), _seen(union, Features))


def test_what_a_step_cannot_be_asked_is_told_as_unknown() -> None:
    stack = StackingClassifier(
        [("l", LogisticRegression(max_iter=1000))], make_pipeline(RobustScaler(), KNeighborsClassifier()),
        passthrough=True,
    )  # fmt: skip
    assert None in [view if view is None else 0 for view in _seen(stack, Features)]
    wide = sparse.csr_matrix((1024, 1 << 20))
    assert list(views(LogisticRegression(), wide)) == [None]
