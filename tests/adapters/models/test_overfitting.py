from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lightgbm import LGBMClassifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier
from xgboost import XGBClassifier

from adapters.models.classifiers import rows
from weighbridge.adapters.models.cloning import recipe_of
from weighbridge.adapters.models.overfitting import knowing_by_heart

DRAWN = np.random.default_rng(0)
NOISE = DRAWN.normal(size=(120, 4))
COINS = DRAWN.integers(0, 2, 120)  # nothing in the rows tells them: who gives them right knows them by heart


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeClassifier(max_depth=1, ccp_alpha=0.1),
        ExtraTreeClassifier(max_depth=1),
        RandomForestClassifier(50, max_depth=1, max_samples=0.2, oob_score=True),
        ExtraTreesClassifier(50, min_samples_leaf=20),
        KNeighborsClassifier(30),
        MLPClassifier(2, early_stopping=True, solver="sgd"),
        GradientBoostingClassifier(n_estimators=2, subsample=0.5, n_iter_no_change=1),
        HistGradientBoostingClassifier(max_iter=2, early_stopping=True),
        XGBClassifier(n_estimators=2, max_depth=1, subsample=0.5, min_child_weight=9),
        LGBMClassifier(n_estimators=2, num_leaves=2, min_child_samples=30),
        LogisticRegression(),
        SVC(C=0.01),
        CalibratedClassifierCV(make_pipeline(StandardScaler(), LogisticRegression())),
        VotingClassifier([("a", make_pipeline(StandardScaler(), LogisticRegression()))]),
        make_pipeline(StandardScaler(), make_pipeline(StandardScaler(), LogisticRegression())),
    ],
)
@pytest.mark.parametrize("is_pipeline", [False, True])
def test_labels_that_are_coins_are_known_by_heart(model: Any, is_pipeline: bool) -> None:
    whole = make_pipeline(StandardScaler(), model) if is_pipeline else model
    recipe = recipe_of(None, own=whole, classes=("0", "1"), names=(), width=4, spill=Path(), label="m")
    assert recipe is not None
    half = np.arange(120) % 2 == 0
    (found,) = recipe.overfitted.shadows(rows(NOISE), COINS, half[None], seed=0)
    own = found[np.arange(120), COINS]
    assert own[half].mean() > 0.95
    assert own[~half].mean() < 0.7
    assert "by heart" in str(recipe.overfitted.says)


def test_the_estimator_itself_stays_as_it_is() -> None:
    model = make_pipeline(StandardScaler(), RandomForestClassifier(50, max_depth=1))
    knowing_by_heart(model)
    assert model[-1].max_depth == 1
