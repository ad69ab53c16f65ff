"""Native models of XGBoost (.json, .ubj) and LightGBM (.txt)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from weighbridge.adapters.models.boosters import ask, booster
from weighbridge.adapters.models.cloning import recipe_of
from weighbridge.adapters.models.estimators import asking
from weighbridge.adapters.models.foreign import reading, settle
from weighbridge.adapters.models.intake import chosen_columns, is_number, numbers, shown
from weighbridge.adapters.models.lightgbm_file import read_lightgbm
from weighbridge.adapters.models.probabilities import checked
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.ubjson import Damaged
from weighbridge.adapters.models.xgboost_file import MOST_BYTES, BoostedModel, NotProbable, read_xgboost
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Floats, Recipe, Structure

_ROWS = 1 << 16  # predicted at a time
_NAMES = {"xgboost": "XGBoost", "lightgbm": "LightGBM"}


class BoostedClassifier:
    """Boosted trees, or a boosted linear model.

    A native file does not name its classes: they are numbered from 0, as both libraries do, unless a fitted recipe
    names them.
    """

    def __init__(
        self, model: BoostedModel, library: str, *, label: str, recipe: RecipeFile | None = None,
        spill: Path | None = None, names: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._model = model
        self._label = label
        self._booster = booster(model, library)
        self.library = library
        self.kind = library
        self.rounds = model.rounds
        self.inputs = model.names
        self.n_inputs = model.n_inputs
        self._recipe_file = recipe
        self._spill = spill or Path()
        self.own: Any = None  # the estimator that came with it in a skops file
        is_told = len(names) == model.n_classes
        self.classes = names if is_told else tuple(str(n) for n in range(model.n_classes))
        self.notes: tuple[Phrase, ...] = (
            () if is_told else (
                phrase("{label} does not name its classes; they are taken as 0, 1 and so on", label=label),
            )
        )  # fmt: skip

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities, shape (n, classes), in the order of `classes`."""
        chosen = chosen_columns(inputs, self.inputs, self.n_inputs, label=self._label)
        found = np.empty((chosen.num_rows, len(self.classes)))
        for start in range(0, chosen.num_rows, _ROWS):
            rows = self._rows(chosen.slice(start, _ROWS))
            with asking(phrase("{label} cannot be asked about these rows", label=self._label)):
                said = np.asarray(ask(self._booster, self.library, rows, self.rounds), dtype=np.float64)
            made = np.stack([1 - said, said], axis=1) if said.ndim == 1 else said
            found[start : start + _ROWS] = checked(made, len(rows), len(self.classes), label=self._label)
        return found

    def _rows(self, table: pa.Table) -> Floats:
        """Columns as floats; a category by its number in the model, one that the model does not know as missing."""
        made = np.empty((table.num_rows, table.num_columns))
        for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
            known = self._model.categories.get(place)
            if known is not None:
                numbered: dict[str | None, float] = {category: float(n) for n, category in enumerate(known)}
                made[:, place] = [numbered.get(_category(value), np.nan) for value in column.to_pylist()]
            elif is_number(column.type):
                made[:, place] = numbers(column)
            else:
                not_measured(
                    phrase("{label} takes numbers, and column {name} holds none", label=self._label, name=shown(name)),
                    phrase("give the data with the numbers that the classifier was fitted on"),
                )
        return made

    def embed(self, inputs: pa.Table) -> Floats | None:  # noqa: ARG002  the port's
        """None: boosted trees have no layer."""
        return None

    def structure(self) -> Structure:
        """Leaves with their records, where the file tells; names of categories; thresholds and values."""
        return Structure(
            instances=np.zeros((0, 0)), names_instances=False, leaves=self._model.leaves,
            untold_leaves=self._model.untold_leaves,
            vocabulary=tuple(name for names in self._model.categories.values() for name in names),
            arrays=self._model.arrays,
        )  # fmt: skip

    @cached_property
    def recipe(self) -> Recipe | None:
        """The recipe that is named, or the estimator the model came with; a native file says none."""
        return recipe_of(
            self._recipe_file, own=self.own, classes=self.classes, names=self.inputs, width=self.n_inputs,
            spill=self._spill, label=self._label,
        )  # fmt: skip


def open_boosted(
    path: Path, *, label: str, library: str, recipe: RecipeFile | None, spill: Path, names: tuple[str, ...] = ()
) -> BoostedClassifier:
    """Open a native model; see `open_classifier`."""
    settle()
    try:
        __import__(library)
    except ImportError:
        not_measured(
            phrase("models of XGBoost and LightGBM need packages that are not installed"),
            phrase("pip install 'weighbridge[boosting]'"),
        )
    what = _("cannot open the classifier {label}").format(label=label)
    fix = _("save it again with save_model of {library}").format(library=_NAMES[library])
    with reading(what, why=_("it is damaged"), fix=fix):
        if path.stat().st_size > MOST_BYTES:
            raise Unusable(what, _("it is larger than the {n} bytes that are read").format(n=MOST_BYTES), fix)
        model = _sound(path.read_bytes(), library, what, fix)
        return BoostedClassifier(model, library, label=label, recipe=recipe, spill=spill, names=names)


def _sound(data: bytes, library: str, what: str, fix: str) -> BoostedModel:
    try:
        return read_xgboost(data) if library == "xgboost" else read_lightgbm(data)
    except Damaged as error:
        raise Unusable(what, _("it is damaged: {why}").format(why=error), fix) from error
    except NotProbable as error:
        not_measured(
            phrase("it gives no probabilities of classes ({objective})", objective=str(error)),
            phrase("train it with an objective of classification, such as binary:logistic or multiclass"),
        )


def _category(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:g}" if isinstance(value, float) else str(value)
