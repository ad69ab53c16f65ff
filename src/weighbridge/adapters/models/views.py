"""Rows as each step of an estimator sees them: what a part keeps of its training data, it keeps as it saw it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from weighbridge.probekit.ports import Floats

_DENSE = 1 << 26  # numbers of a sparse matrix that are spread out, half a GiB
_SLOW = frozenset({"KernelPCA", "Nystroem"})  # keep rows themselves; what stands behind them is no row any more
_DEEPEST = 20


def views(estimator: Any, rows: Any, depth: int = 0) -> Iterator[Floats | None]:
    """The rows as they come in, and as every part of the estimator below it is given them.

    None stands for what a step could not be asked, or is too wide.
    """
    if depth > _DEEPEST:
        yield None
        return
    yield from _numbers(rows)
    best = getattr(estimator, "__dict__", {}).get("best_estimator_")
    if best is not None:
        yield from views(best, rows, depth + 1)
    elif getattr(estimator, "steps", None):
        yield from _of_pipeline(estimator, rows, depth)
    elif type(estimator).__name__ == "ColumnTransformer":
        for _name, step, columns in estimator.transformers_:
            part = _chosen(rows, columns)
            if hasattr(step, "get_params") and part is not None:
                yield from views(step, part, depth + 1)
    else:
        yield from _of_several(estimator, rows, depth)


def _of_pipeline(pipeline: Any, rows: Any, depth: int) -> Iterator[Floats | None]:
    for _name, step in pipeline.steps:
        if not hasattr(step, "get_params"):  # "passthrough", or None
            continue
        yield from views(step, rows, depth + 1)
        if step is pipeline.steps[-1][1] or type(step).__name__ in _SLOW:
            return
        rows = step.transform(rows)


def _of_several(estimator: Any, rows: Any, depth: int) -> Iterator[Floats | None]:
    """Parts that are given the same rows, or some columns of them."""
    held = getattr(estimator, "__dict__", {})
    parts: list[Any] = [part for _name, part in held.get("transformer_list", ())]
    columns = held.get("estimators_features_")
    for name in ("estimators_", "calibrated_classifiers_"):
        found = held.get(name)
        parts += np.ravel(np.asarray(found, dtype=object)).tolist() if isinstance(found, (list, np.ndarray)) else []
    parts += [held["estimator_"]] if "estimator_" in held and not parts else []
    if "calibrators" in held or not parts:  # one part of a calibrated classifier holds its estimator as a parameter
        parts += [held["estimator"]] if "estimator" in held else []
    if held.get("passthrough") is True and "final_estimator_" in held:
        yield None  # which sees the rows beside the answers of the others
    for number, part in enumerate(parts):
        if not hasattr(part, "get_params") and "calibrators" not in getattr(part, "__dict__", {}):
            continue
        is_some = columns is not None and len(columns) == len(parts)
        taken = _chosen(rows, columns[number]) if columns is not None and is_some else rows
        if part is not estimator and _has_parts(part, is_some=is_some):
            yield from views(part, taken, depth + 1)


def _has_parts(part: Any, *, is_some: bool) -> bool:
    """Whether it sees other rows than what holds it; a forest's many trees do not."""
    return is_some or not type(part).__name__.endswith(("TreeClassifier", "TreeRegressor"))


def _chosen(rows: Any, columns: Any) -> Any:
    from sklearn.utils import _safe_indexing

    if isinstance(columns, (list, tuple, np.ndarray)) and not len(columns):
        return None
    return _safe_indexing(rows, columns, axis=1)


def _numbers(rows: Any) -> Iterator[Floats | None]:
    """The rows as numbers; nothing where they are words."""
    from scipy import sparse

    if sparse.issparse(rows):
        if rows.shape[0] * rows.shape[1] > _DENSE:
            yield None
            return
        rows = rows.toarray()
    made = np.asarray(rows)
    if made.dtype == object and made.ndim == 2:
        try:
            made = made.astype(np.float64)
        except (TypeError, ValueError):
            return
    if made.ndim == 2 and made.shape[1] and made.dtype.kind in "fiub":
        yield made.astype(np.float64)
