"""The recipe of one tree of a forest: hundreds of them are fitted where a forest would be fitted a few times.

Cost: on a plain matrix a tree costs its own growing, some milliseconds for 2000 rows of 100 columns, and a walk of all
rows down that tree. Steps before the forest are fitted and applied once for each tree, and then decide the cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.adapters.models.cloning import ClonedRecipe, Task, for_classes, one_thread, rows_at, seeded, seeds_of
from weighbridge.adapters.models.estimators import asking, before_last, last_step
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Bools, Floats, Ints, Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What of its rows and columns a tree is given."""

    bootstrap: bool
    rows: float | int | None  # a share, or a number; None for as many as there are
    columns: float | int  # likewise; 1.0 for all
    columns_again: bool  # whether a column may be drawn twice
    class_weight: Any  # of the forest, over what was drawn or over all


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matrix:
    """All rows, as trees take them."""

    rows: npt.NDArray[np.float32]
    is_plain: bool  # nothing is missing, so that nothing needs to be looked at again


class TreeRecipe:
    """One tree with a forest's parameters, grown on rows that are drawn as the forest draws them."""

    def __init__(self, tree: Any, draw: Draw, before: Any | None, task: Task) -> None:
        self._tree = tree
        self._draw = draw
        self._before = before
        self._task = task
        self.says = phrase("one tree of the forest is grown again, with the steps before it")

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """For each subset the probabilities of a tree grown on it; see the port."""
        taken = self._task.intake.taken(inputs)
        matrix = _matrix(taken) if self._before is None else None
        for k, subset in enumerate(np.asarray(subsets, dtype=bool)):
            chosen, seeds = np.flatnonzero(subset), seeds_of(seed, k)
            with asking(phrase("the recipe of {label} does not give a model", label=self._task.label)):
                yielded = self._shadow(matrix or taken, targets, chosen, seeds)
            yield yielded
            if stop is not None:
                stop(k + 1)

    def _shadow(self, taken: Any, targets: Ints, chosen: Ints, seeds: np.random.SeedSequence) -> Floats:
        found = np.zeros((len(targets), len(self._task.classes)))
        present, codes = np.unique(targets[chosen], return_inverse=True)
        if len(present) == 1:
            found[:, present] = 1.0
            return found
        if not isinstance(taken, _Matrix):
            before = seeded(self._before, seeds.spawn(1)[0])
            with one_thread():
                fitted = before.fit_transform(rows_at(taken, chosen), codes)
                found[:, present] = self._grown(fitted, before.transform(taken), codes, present, seeds)
            return found
        found[:, present] = self._grown(taken.rows[chosen], taken.rows, codes, present, seeds, is_plain=taken.is_plain)
        return found

    def _grown(
        self, seen: Any, everything: Any, codes: Ints, present: Ints, seeds: np.random.SeedSequence, *,
        is_plain: bool = False,
    ) -> Floats:  # fmt: skip
        """What one tree, grown on the rows it saw, says of all rows."""
        from sklearn import config_context

        drawn = np.random.default_rng(seeds)
        tree = type(self._tree)(**self._tree.get_params(deep=False) | {"random_state": int(drawn.integers(2**31))})
        tree = for_classes(tree, self._task.classes, present)
        columns = self._columns(seen.shape[1], drawn)
        if columns is not None:
            seen, everything = seen[:, columns], everything[:, columns]
        weights = self._weights(codes, present, drawn)
        with config_context(skip_parameter_validation=True, assume_finite=is_plain):
            tree.fit(seen, codes, sample_weight=weights, check_input=not is_plain)
            if is_plain:
                said: Floats = tree.tree_.predict(everything)
                return said.reshape(len(said), -1)
            grown: Floats = tree.predict_proba(everything)
            return grown

    def _columns(self, n: int, drawn: np.random.Generator) -> Ints | None:
        share = self._draw.columns
        wanted = share if isinstance(share, int) else max(1, int(share * n))
        if wanted >= n and not self._draw.columns_again:
            return None
        return drawn.choice(n, size=min(wanted, n), replace=self._draw.columns_again)

    def _weights(self, codes: Ints, present: Ints, drawn: np.random.Generator) -> Floats:
        """How often each row was drawn, times its class's weight."""
        from sklearn.utils.class_weight import compute_sample_weight

        n, draw = len(codes), self._draw
        wanted = n if draw.rows is None else draw.rows if isinstance(draw.rows, int) else max(1, round(n * draw.rows))
        if draw.bootstrap:
            indices = drawn.integers(0, n, size=min(wanted, n))
        else:
            indices = np.arange(n) if wanted >= n else drawn.permutation(n)[:wanted]
        weights = np.bincount(indices, minlength=n).astype(np.float64)
        if draw.class_weight is None:
            return weights
        if draw.class_weight == "balanced_subsample":
            return np.asarray(weights * compute_sample_weight("balanced", codes, indices=indices))
        said = draw.class_weight
        if isinstance(said, dict):
            named = {str(label): weight for label, weight in said.items()}
            said = {place: named.get(self._task.classes[n], 1.0) for place, n in enumerate(present.tolist())}
        return np.asarray(weights * compute_sample_weight(said, codes))

    @property
    def bagged(self) -> Recipe | None:
        """None: it is one tree already."""
        return None

    @property
    def overfitted(self) -> Recipe:
        """A tree grown to its end on all its rows."""
        from sklearn.pipeline import Pipeline
        from sklearn.tree import DecisionTreeClassifier

        tree = DecisionTreeClassifier()
        whole = tree if self._before is None else Pipeline([*self._before.steps, ("tree", tree)])
        return ClonedRecipe(whole, self._task, says=phrase("one tree is grown until it knows its rows by heart"))


def tree_of(estimator: Any, task: Task) -> TreeRecipe | None:
    """The recipe of one tree, where an unfitted estimator is a forest, or steps and a forest."""
    from sklearn import ensemble, tree

    forest, before = last_step(estimator), before_last(estimator)
    kinds = {
        ensemble.RandomForestClassifier: tree.DecisionTreeClassifier,
        ensemble.ExtraTreesClassifier: tree.ExtraTreeClassifier,
    }
    params = forest.get_params(deep=False)
    if type(forest) in kinds:
        made = kinds[type(forest)](**{name: params[name] for name in forest.estimator_params})
        weight = params["class_weight"]
        if weight == "balanced_subsample" and not params["bootstrap"]:
            weight = "balanced"
        draw = Draw(
            bootstrap=params["bootstrap"], rows=params["max_samples"] if params["bootstrap"] else None, columns=1.0,
            columns_again=False, class_weight=weight,
        )  # fmt: skip
        return TreeRecipe(made, draw, before, task)
    if type(forest) is not ensemble.BaggingClassifier:
        return None
    inner = params["estimator"] if params["estimator"] is not None else tree.DecisionTreeClassifier()
    if type(inner) not in kinds.values():
        return None
    draw = Draw(
        bootstrap=params["bootstrap"], rows=params["max_samples"], columns=params["max_features"],
        columns_again=params["bootstrap_features"], class_weight=None,
    )  # fmt: skip
    return TreeRecipe(inner, draw, before, task)


def _matrix(taken: Any) -> _Matrix | None:
    """Rows as trees take them; None for what is no matrix of numbers."""
    if not isinstance(taken, np.ndarray) or taken.dtype.kind not in "fiub":
        return None
    with np.errstate(over="ignore"):
        rows = np.ascontiguousarray(taken, dtype=np.float32)
    return _Matrix(rows=rows, is_plain=bool(np.isfinite(rows).all()))
