"""Recipes that are estimators: cloned, and fitted on other rows, their preprocessing included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.adapters.models.boosters import boosted_kind
from weighbridge.adapters.models.estimators import asking, intake_of, last_step
from weighbridge.adapters.models.intake import Intake, Way
from weighbridge.adapters.models.probabilities import checked, class_names
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.skops_file import read_skops
from weighbridge.adapters.models.trees import held_by
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bools, Floats, Ints, Recipe

_FOREST = re.compile(r"(Random|Extra).*(Forest|Tree)")
_THREADS = frozenset({"n_jobs", "nthread", "num_threads", "thread_count"})
_CPU = {"device": "cpu", "memory": None, "callbacks": None, "early_stopping_rounds": None, "warm_start": False}
# Ours: more than anybody means, and so a file that would keep a machine busy for ever.
_MOST = {"n_estimators": 20_000, "max_iter": 1_000_000, "n_components": 100_000, "degree": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a recipe is asked to answer: classes, and how the estimator takes its rows."""

    classes: tuple[str, ...]
    intake: Intake
    label: str


class ClonedRecipe:
    """An estimator's own parameters, fitted again on other rows in one thread. `says` tells what is refitted."""

    def __init__(self, estimator: Any, task: Task, *, says: Phrase | None = None) -> None:
        self._estimator = estimator
        self._task = task
        self.says = says or phrase(
            "{kind} is fitted again, with all of its steps", kind=type(last_step(estimator)).__name__
        )

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """For each subset the probabilities of a model fitted on it; see the port."""
        rows = self._taken(inputs)
        for k, subset in enumerate(np.asarray(subsets, dtype=bool)):
            yield self._shadow(rows, targets, np.flatnonzero(subset), seeds_of(seed, k))
            if stop is not None:
                stop(k + 1)

    def _taken(self, inputs: pa.Table) -> Any:
        rows = self._task.intake.taken(inputs)
        is_trees = _FOREST.match(type(self._estimator).__name__) or type(self._estimator).__name__.startswith(
            "Decision"
        )
        if is_trees and isinstance(rows, np.ndarray) and rows.dtype.kind == "f":
            return np.ascontiguousarray(rows, dtype=np.float32)  # what trees make of it, once for all of them
        return rows

    def _shadow(self, rows: Any, targets: Ints, chosen: Ints, seeds: np.random.SeedSequence) -> Floats:
        found = np.zeros((len(targets), len(self._task.classes)))
        present, codes = np.unique(targets[chosen], return_inverse=True)
        if len(present) == 1:
            found[:, present] = 1.0
            return found
        model = seeded(for_classes(self._estimator, self._task.classes, present), seeds)
        with asking(phrase("the recipe of {label} does not give a model", label=self._task.label)), one_thread():
            model.fit(rows_at(rows, chosen), codes)
            known = np.asarray(model.classes_, dtype=np.int64)
            made = model.predict_proba(rows)
        found[:, present[known]] = checked(made, len(targets), len(known), label=self._task.label)
        return found

    @property
    def bagged(self) -> Recipe | None:
        """The recipe of one tree of a forest, else None."""
        from weighbridge.adapters.models.tree_recipe import tree_of

        return tree_of(self._estimator, self._task)

    @property
    def overfitted(self) -> Recipe:
        """The same preprocessing, and a last step that knows its rows by heart."""
        from weighbridge.adapters.models.overfitting import knowing_by_heart

        changed = knowing_by_heart(self._estimator)
        kind = type(last_step(changed)).__name__
        return ClonedRecipe(
            changed, self._task, says=phrase("{kind} is fitted until it knows its rows by heart", kind=kind)
        )


def recipe_of(  # noqa: PLR0913  joined in three places that have all of it
    file: RecipeFile | None, *, own: Any | None, classes: tuple[str, ...], names: tuple[str, ...], width: int,
    spill: Path, label: str,
) -> Recipe | None:  # fmt: skip
    """The recipe in a file; else that of the estimator itself; None where there is neither."""
    if file is not None and file.format != "skops":
        from weighbridge.adapters.models.recipe_child import open_recipe

        return open_recipe(file, classes=classes, inputs=names, spill=spill)
    if file is not None:
        own, label = read_skops(file.path, label=file.label).estimator, file.label
    if own is None:
        return None
    with asking(phrase("{label} is no recipe of a classifier", label=label)):
        settled = unfitted(own, label)
        intake = intake_of(own, names=names, width=width, label=label)
        if not names and intake.way is Way.MATRIX and _goes_by_name(own):
            intake = replace(intake, way=Way.FRAME)
        return ClonedRecipe(settled, Task(classes=classes, intake=intake, label=label))


def open_skops_recipe(file: RecipeFile, *, classes: tuple[str, ...], inputs: tuple[str, ...]) -> Recipe:
    """The recipe in a skops file, for a classifier that takes columns of these names.

    Raises
    ------
    Unusable, Silent
        Where the file holds no estimator that can be fitted.
    """
    found = recipe_of(
        file, own=None, classes=classes, names=inputs, width=len(inputs), spill=Path(), label=file.label
    )  # fmt: skip
    if found is None:
        not_measured(
            phrase("{label} is no recipe of a classifier", label=file.label),
            phrase("name a .skops file that holds the classifier, fitted or not"),
        )
    return found


def recipe_classes(file: RecipeFile | None) -> tuple[str, ...]:
    """The names of the classes that a fitted recipe knows; () where there is none."""
    if file is None or file.format != "skops":
        return ()
    found = getattr(read_skops(file.path, label=file.label).estimator, "classes_", ())
    return class_names(found) if np.ndim(found) == 1 else ()


def unfitted(estimator: Any, label: str) -> Any:
    """A clone that holds nothing of the rows it saw, and reaches nothing beyond its rows.

    Of a search for parameters the estimator that it found is taken. What was frozen is fitted again.
    """
    from sklearn.base import clone, is_classifier

    if not hasattr(estimator, "get_params") or not is_classifier(estimator) or not hasattr(estimator, "fit"):
        not_measured(
            phrase("{label} is no recipe of a classifier", label=label),
            phrase("name a .skops file that holds the classifier, fitted or not"),
        )
    best = vars(estimator).get("best_estimator_")
    made = clone(_thawed(best if best is not None else estimator))
    params = made.get_params(deep=True)
    while any(_is_frozen(value) for value in params.values()):
        made.set_params(**{key: clone(_thawed(value)) for key, value in params.items() if _is_frozen(value)})
        params = made.get_params(deep=True)
    made.set_params(**_harmless(params))
    for value in (made, *params.values()):
        if boosted_kind(value) == "lightgbm":
            value.set_params(verbose=-1)
    _check_unfitted(made, label)
    _check_sizes(made, label)
    return made


def _is_frozen(value: Any) -> bool:
    return type(value).__name__ == "FrozenEstimator"


def _thawed(value: Any) -> Any:
    return _thawed(value.estimator) if _is_frozen(value) else value


def _harmless(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters in place of those that start threads, keep files, print, or go on from an earlier fit."""
    changed: dict[str, Any] = {}
    for key, value in params.items():
        name = key.rpartition("__")[2]
        if name in _THREADS:
            changed[key] = 1
        elif name in _CPU and value is not _CPU[name] and value is not None:
            changed[key] = _CPU[name]
        elif name == "verbose":
            changed[key] = False if isinstance(value, bool) else 0
        elif name == "prefit" and value is True:
            changed[key] = False
        elif name == "cv" and isinstance(value, str):
            changed[key] = None
    return changed


def _check_unfitted(estimator: Any, label: str) -> None:
    """Refuse what a clone keeps although it was fitted: it would know rows that a subset does not have."""
    for _holder, held in held_by(estimator):
        if hasattr(held, "get_params") and not isinstance(held, type):
            params = held.get_params(deep=False)
            if any(name.endswith("_") and not name.startswith("__") and name not in params for name in vars(held)):
                not_measured(
                    phrase(
                        "the recipe of {label} keeps a {kind} that was fitted before", label=label,
                        kind=type(held).__name__,
                    ),
                    phrase("name a recipe whose steps are all fitted together"),
                )  # fmt: skip


def _check_sizes(estimator: Any, label: str) -> None:
    for key, value in estimator.get_params(deep=True).items():
        name = key.rpartition("__")[2]
        if isinstance(value, (int, float)) and value > _MOST.get(name, np.inf):
            not_measured(
                phrase("the recipe of {label} asks for {n} of {name}", label=label, n=int(value), name=name),
                phrase("name a recipe that can be fitted several times"),
            )


def _goes_by_name(estimator: Any) -> bool:
    """Whether a step chooses columns by their names."""
    return any(
        type(held).__name__ == "ColumnTransformer" and any(_are_names(chosen) for _n, _t, chosen in held.transformers)
        for _holder, held in held_by(estimator)
    )


def _are_names(chosen: Any) -> bool:
    return isinstance(chosen, str) or callable(chosen) or any(isinstance(name, str) for name in np.ravel(chosen))


def seeds_of(seed: int, k: int) -> np.random.SeedSequence:
    """The random numbers of the k-th model."""
    return np.random.SeedSequence((seed, k))


def seeded(estimator: Any, seeds: np.random.SeedSequence) -> Any:
    """A clone in which everything that is drawn follows from these numbers."""
    from sklearn.base import clone

    made = clone(estimator)
    keys = sorted(key for key in made.get_params(deep=True) if key.rpartition("__")[2] == "random_state")
    drawn = (seeds.generate_state(max(1, len(keys))) & 0x7FFFFFFF).tolist()
    made.set_params(**dict(zip(keys, drawn, strict=False)))
    return made


def for_classes(estimator: Any, classes: tuple[str, ...], present: npt.NDArray[Any]) -> Any:
    """The estimator with what it says of classes by name said of their places among those that are present."""
    from sklearn.base import clone

    places = {classes[n]: place for place, n in enumerate(present.tolist())}
    changed: dict[str, Any] = {}
    for key, value in estimator.get_params(deep=True).items():
        name = key.rpartition("__")[2]
        if name == "class_weight" and isinstance(value, dict):
            named = {class_names([label])[0]: weight for label, weight in value.items()}
            changed[key] = {places[label]: weight for label, weight in named.items() if label in places}
        elif name == "pos_label" and value is not None and class_names([value])[0] in places:
            changed[key] = places[class_names([value])[0]]
    return clone(estimator).set_params(**changed) if changed else estimator


def rows_at(rows: Any, chosen: Ints) -> Any:
    """These rows of a matrix, an array or a frame."""
    return rows.iloc[chosen] if hasattr(rows, "iloc") else rows[chosen]


def one_thread() -> Any:
    """A context in which linear algebra keeps to one thread."""
    return _controller().limit(limits=1)


_CONTROLLERS: list[Any] = []


def _controller() -> Any:
    """Looking for the libraries takes milliseconds, so it is done once."""
    if not _CONTROLLERS:
        from threadpoolctl import ThreadpoolController

        _CONTROLLERS.append(ThreadpoolController())
    return _CONTROLLERS[0]
