"""Classifiers of scikit-learn, XGBoost and LightGBM from skops files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from weighbridge.adapters.models.boosted_classifier import BoostedClassifier
from weighbridge.adapters.models.boosters import boosted_kind
from weighbridge.adapters.models.cloning import recipe_of
from weighbridge.adapters.models.embedding import last_hidden
from weighbridge.adapters.models.estimators import asking, before_last, intake_of, last_step
from weighbridge.adapters.models.intake import shown
from weighbridge.adapters.models.probabilities import checked, class_names
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.skops_file import Saved, read_skops
from weighbridge.adapters.models.structure import estimator_structure
from weighbridge.adapters.models.views import views
from weighbridge.core.evidence import NotMeasured, Silent, not_applicable, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Classifier, Floats, Recipe, Structure

_ROWS = 4096  # predicted at a time


class SkopsClassifier:
    """A fitted classifier of scikit-learn.

    `kind` is the class name of the estimator; of a pipeline, that of its last step. One that gives no probabilities can
    still be looked into.
    """

    def __init__(
        self, saved: Saved, *, label: str, recipe: RecipeFile | None = None, spill: Path | None = None
    ) -> None:
        estimator = saved.estimator
        self._estimator = estimator
        self._boosters = saved.boosters
        self._label = label
        self.notes = saved.notes
        self.kind = type(last_step(estimator)).__name__
        self.classes = class_names(estimator.classes_)
        self.inputs = tuple(str(name) for name in getattr(estimator, "feature_names_in_", ()))
        width = int(getattr(estimator, "n_features_in_", 1))
        self._intake = intake_of(estimator, names=self.inputs, width=width, label=label)
        self.n_inputs = self._intake.width
        self._recipe_file = recipe
        self._spill = spill or Path()

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities, shape (n, classes), in the order of `classes`."""
        silent = why_silent(self._estimator, self.classes, self._label)
        if silent is not None:
            raise silent
        found = np.empty((inputs.num_rows, len(self.classes)))
        for start in range(0, inputs.num_rows, _ROWS):
            part = inputs.slice(start, _ROWS)
            rows = self._intake.taken(part)
            with asking(_unasked(self._label, part)):
                made = self._estimator.predict_proba(rows)
            found[start : start + _ROWS] = checked(made, part.num_rows, len(self.classes), label=self._label)
        return found

    def embed(self, inputs: pa.Table) -> Floats | None:
        """The last hidden layer of a multi-layer perceptron; None for other kinds."""
        before, last = before_last(self._estimator), last_step(self._estimator)
        if type(last).__name__ != "MLPClassifier":
            return None
        parts = []
        for start in range(0, max(1, inputs.num_rows), _ROWS):
            rows = self._intake.taken(inputs.slice(start, _ROWS))
            with asking(_unasked(self._label, inputs)):
                parts.append(last_hidden(last, before.transform(rows) if before is not None else rows))
        return np.concatenate(parts)

    def structure(self) -> Structure:
        """What the estimator holds."""
        return replace(estimator_structure(self._estimator, self._boosters), views=self._views)

    def _views(self, inputs: pa.Table) -> Iterator[Floats | None]:
        """These rows as each step sees them."""
        rows = self._intake.taken(inputs)
        with asking(_unasked(self._label, inputs)):
            yield from views(self._estimator, rows)

    @cached_property
    def recipe(self) -> Recipe | None:
        """The recipe that is named; else the estimator's own parameters."""
        return recipe_of(
            self._recipe_file, own=self._estimator, classes=self.classes, names=self.inputs, width=self.n_inputs,
            spill=self._spill, label=self._label,
        )  # fmt: skip


def open_skops(path: Path, *, label: str, recipe: RecipeFile | None = None, spill: Path | None = None) -> Classifier:
    """Open a skops file; see `open_classifier`."""
    saved = read_skops(path, label=label)
    estimator = saved.estimator
    _check_classifier(estimator, label)
    if boosted_kind(estimator):
        return _boosted(saved, label, recipe, spill or Path())
    return SkopsClassifier(saved, label=label, recipe=recipe, spill=spill)


def _boosted(saved: Saved, label: str, recipe: RecipeFile | None, spill: Path) -> BoostedClassifier:
    """An estimator of XGBoost or LightGBM is asked as its native model is."""
    estimator = saved.estimator
    model = saved.boosters[id(estimator)]
    found = BoostedClassifier(
        model, boosted_kind(estimator), label=label, recipe=recipe, spill=spill, names=class_names(estimator.classes_)
    )
    found.notes = saved.notes
    found.own = estimator
    best = getattr(estimator._Booster, "best_iteration", 0) if found.library == "lightgbm" else 0  # noqa: SLF001
    found.rounds = max(best, 0) or found.rounds
    return found


def why_silent(estimator: Any, classes: tuple[str, ...], label: str) -> Silent | None:
    """Why nothing can be asked of this estimator, where that is so."""
    if len(classes) < 2:
        return Silent(
            NotMeasured(
                because=phrase("{label} knows a single class, and gives every row the same answer", label=label),
                remedy=phrase("weigh a classifier that was fitted on two classes at least"),
            )
        )
    if not hasattr(estimator, "predict_proba"):
        return Silent(
            NotMeasured(
                because=phrase(
                    "{label} ({kind}) gives no probabilities", label=label, kind=type(last_step(estimator)).__name__
                ),
                remedy=phrase("weigh it as CalibratedClassifierCV(FrozenEstimator(model)), fitted on data of its own"),
            )
        )
    return None


def _check_classifier(estimator: Any, label: str) -> None:
    from sklearn.base import is_classifier

    with asking(phrase("{label} cannot be looked into", label=label)):
        is_one = hasattr(estimator, "get_params") and is_classifier(estimator)
        classes = getattr(estimator, "classes_", None) if is_one else None
    if not is_one:
        not_applicable(phrase("{label} is no classifier but a {kind}", label=label, kind=type(estimator).__name__))
    if classes is None or not len(classes):
        not_measured(
            phrase("{label} was not fitted: it knows no classes", label=label),
            phrase("save the classifier after its fit"),
        )
    if np.ndim(classes[0]) > 0:
        not_measured(
            phrase("{label} has several outputs", label=label),
            phrase("weigh one classifier for each output"),
        )
    if boosted_kind(estimator) and "_Booster" not in vars(estimator):
        not_measured(
            phrase("{label} was not fitted: it holds no trees", label=label),
            phrase("save the classifier after its fit"),
        )


def _unasked(label: str, inputs: pa.Table) -> Phrase:
    """What to say where the classifier raises, with the column in which something is missing, if one is."""
    for name, column in zip(inputs.column_names, inputs.columns, strict=True):
        if column.null_count:
            return phrase(
                "{label} cannot be asked about these rows, in which column {name} misses values",
                label=label, name=shown(name),
            )  # fmt: skip
    return phrase("{label} cannot be asked about these rows", label=label)
