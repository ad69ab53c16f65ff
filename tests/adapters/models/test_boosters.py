from __future__ import annotations

import numpy as np
import pytest
from lightgbm import LGBMClassifier
from sklearn.linear_model import LogisticRegression
from xgboost import XGBClassifier

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.boosters import RANK, ask, boosted_kind, booster, renew_boosters
from weighbridge.adapters.models.bounds import Unbound
from weighbridge.adapters.models.lightgbm_file import read_lightgbm
from weighbridge.adapters.models.xgboost_file import read_xgboost

XGB = XGBClassifier(n_estimators=4, n_jobs=1).fit(Features, Labels)
LGB = LGBMClassifier(n_estimators=4, n_jobs=1, verbose=-1).fit(Features, Labels)


def test_kinds_are_told_by_where_they_come_from() -> None:
    assert [boosted_kind(thing) for thing in (XGB, LGB, LogisticRegression(), None)] == ["xgboost", "lightgbm", "", ""]


def test_so_many_rounds_are_asked() -> None:
    for kind, model, whole in (
        ("xgboost", read_xgboost(bytes(XGB.get_booster().save_raw("ubj"))), XGB.get_booster()[:2]),
        ("lightgbm", read_lightgbm(LGB.booster_.model_to_string().encode()), LGB.booster_),
    ):
        made = booster(model, kind)
        part = ask(made, kind, Features, 2)
        assert part.shape == (150, 3)
        assert not np.allclose(part, ask(made, kind, Features, 0))
        if kind == "xgboost":
            assert np.array_equal(part, XGB.predict_proba(Features, iteration_range=(0, 2)))
        else:
            assert np.array_equal(part, whole.predict(Features, num_iteration=2))


@pytest.mark.parametrize(
    "model",
    [
        LGBMClassifier(machines="example.org:1"),
        LGBMClassifier(forcedsplits_filename="x"),
        XGBClassifier(updater="x"),
        XGBClassifier(callbacks=[1]),
    ],
)
def test_parameters_that_reach_beyond_the_model_are_refused(model: object) -> None:
    with pytest.raises(Unbound):
        renew_boosters([model], [])
    assert renew_boosters([LGBMClassifier(max_bin=7), XGBClassifier()], []) == {}


def test_a_booster_that_was_not_looked_through_is_refused() -> None:
    model = XGBClassifier(n_estimators=1, n_jobs=1).fit(Features, Labels)
    with pytest.raises(Unbound):
        renew_boosters(model, [])
    setattr(model.get_booster(), RANK, 3)
    with pytest.raises(Unbound):
        renew_boosters(model, [read_xgboost(bytes(model.get_booster().save_raw("ubj")))])
