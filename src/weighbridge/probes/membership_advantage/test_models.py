"""Real models, fitted here: one that knows its records by heart, and one that knows none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.ports import Bools, Examples, Floats, Ints, Recipe, Structure
from weighbridge.probes.membership_advantage.calibration import gate
from weighbridge.probes.membership_advantage.probe import PROBE, Settings

ensemble = pytest.importorskip("sklearn.ensemble")
linear = pytest.importorskip("sklearn.linear_model")
tree = pytest.importorskip("sklearn.tree")
base = pytest.importorskip("sklearn.base")

N = 700


def matrix(inputs: pa.Table) -> Floats:
    return np.stack([np.asarray(inputs[name], dtype=np.float64) for name in inputs.column_names], axis=1)


def told(model: Any, inputs: pa.Table) -> Floats:
    out = np.zeros((inputs.num_rows, 2))
    out[:, model.classes_] = model.predict_proba(matrix(inputs))
    return out


@dataclass(slots=True, kw_only=True)
class Cloned:
    """Fits clones of an estimator."""

    estimator: Any
    tree: Any = None
    says: Phrase = phrase("clones are fitted")  # noqa: RUF009  a phrase never changes

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        rows = matrix(inputs)
        for k, subset in enumerate(subsets):
            model = base.clone(self.estimator).set_params(random_state=seed % 2**31 + k)
            yield told(model.fit(rows[subset], targets[subset]), inputs)
            if stop is not None:
                stop(k + 1)

    @property
    def bagged(self) -> Recipe | None:
        return None if self.tree is None else Cloned(estimator=self.tree)

    @property
    def overfitted(self) -> Recipe:
        return Cloned(estimator=tree.DecisionTreeClassifier())


@dataclass(slots=True, kw_only=True)
class Fitted:
    model: Any
    recipe: Recipe | None
    kind: str = "fitted"
    classes: tuple[str, ...] = ("0", "1")
    inputs: tuple[str, ...] = ()
    n_inputs: int = 0
    notes: tuple[Phrase, ...] = ()

    def predict_proba(self, inputs: pa.Table) -> Floats:
        return told(self.model, inputs)

    def embed(self, inputs: pa.Table) -> Floats | None:
        return None

    def structure(self) -> Structure:
        raise NotImplementedError


def rows(rng: np.random.Generator, label: str) -> Examples:
    """Ten numbers that say something of the answer, a fifth of which is wrong whatever they say."""
    x = rng.normal(size=(N, 10))
    answers = ((x[:, 0] + x[:, 1] + rng.normal(size=N) > 0) ^ (rng.random(N) < 0.2)).astype(np.int64)
    return Examples(
        inputs=pa.table({f"c{n}": x[:, n] for n in range(10)}), targets=answers, beside=pa.table({"none": [0] * N}),
        labels=(label,) * N, records=np.arange(1, N + 1), persons=np.arange(N), declared=Declared(), n_records=N,
        n_repeated=0, n_shared=0, n_unlabelled=0,
    )  # fmt: skip


def weighed(estimator: Any, single: Any, settings: Settings) -> Measured:
    rng = np.random.default_rng(1)
    train, held_out = rows(rng, "train"), rows(rng, "held-out")
    model = base.clone(estimator).set_params(random_state=0).fit(matrix(train.inputs), train.targets)
    bench = MemoryBench(
        the_classifier=Fitted(model=model, recipe=Cloned(estimator=estimator, tree=single)),
        examples_by_role={Role.TRAIN_DATA: train, Role.HELD_OUT: held_out},
        evidence_by_slug={"shift-gate": gate()},
    )
    outcome = PROBE.measure(bench, settings)
    assert isinstance(outcome, Measured)
    return outcome


def bounds(got: Measured, metric: str, **by: str) -> tuple[float, float]:
    (q,) = (q for q in got.quantities if q.metric == metric and dict(q.by) == by)
    return q.low, q.high


def test_a_forest_that_knows_its_records_by_heart_gives_them_away() -> None:
    got = weighed(
        ensemble.RandomForestClassifier(40), tree.DecisionTreeClassifier(max_features="sqrt"), Settings(pool_trees=60)
    )
    assert bounds(got, "auc", form="bytes")[0] > 0.75
    assert bounds(got, "tpr-at-fpr-1pct", form="bytes")[0] > 0.03
    assert bounds(got, "epsilon-lower", form="bytes")[0] > 0.5
    assert bounds(got, "control-found")[0] > 0
    assert bounds(got, "auc-of-attack", attack="tree-pool")[0] > bounds(got, "auc-of-attack", attack="loss")[1] - 0.1


def test_boosted_trees_are_tried_by_ratio_and_likelihood() -> None:
    boosted = ensemble.GradientBoostingClassifier(n_estimators=20, learning_rate=0.5, max_depth=5, max_features=4)
    got = weighed(boosted, None, Settings())
    for attack in ("ratio", "lira-offline", "lira-online"):
        assert bounds(got, "auc-of-attack", attack=attack)[0] > 0.6
    assert bounds(got, "control-found")[0] > 0


def test_a_regression_on_a_few_columns_knows_hardly_any_record() -> None:
    got = weighed(linear.LogisticRegression(C=0.1), None, Settings())
    for form in ("bytes", "probabilities", "labels"):
        low, high = bounds(got, "auc", form=form)
        assert low < 0.5 < high < 0.6
        assert bounds(got, "epsilon-lower", form=form)[0] == 0
        assert bounds(got, "tpr-at-fpr-1pct", form=form)[0] <= 0.01
    assert bounds(got, "control-found")[0] > 0  # the attack could have found a leak


def test_where_the_recipe_is_not_known_a_stand_in_finds_less_but_something() -> None:
    rng = np.random.default_rng(1)
    train, held_out = rows(rng, "train"), rows(rng, "held-out")
    model = tree.DecisionTreeClassifier(random_state=0).fit(matrix(train.inputs), train.targets)
    bench = MemoryBench(
        the_classifier=Fitted(model=model, recipe=None),
        examples_by_role={Role.TRAIN_DATA: train, Role.HELD_OUT: held_out},
        evidence_by_slug={"shift-gate": gate()},
    )
    outcome = PROBE.measure(bench, Settings())
    assert isinstance(outcome, Measured)
    assert bounds(outcome, "auc", form="labels")[0] > 0.6
