"""What an estimator of scikit-learn is made of, and what it takes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from weighbridge.adapters.models.boosters import boosted_kind
from weighbridge.adapters.models.intake import Intake, Way
from weighbridge.adapters.models.trees import held_by
from weighbridge.core.errors import Outside, WeighbridgeError
from weighbridge.core.evidence import Silent, not_measured
from weighbridge.core.wording import Phrase, _, phrase


def last_step(estimator: Any) -> Any:
    """The estimator itself; of a pipeline its last step, of a search what it found."""
    steps = getattr(estimator, "steps", None)
    if steps:
        return last_step(steps[-1][1])
    best = getattr(estimator, "__dict__", {}).get("best_estimator_")
    return last_step(best) if best is not None else estimator


def before_last(estimator: Any) -> Any | None:
    """The steps of a pipeline before its last; None where there are none."""
    steps = getattr(estimator, "steps", None)
    return estimator[:-1] if steps and len(steps) > 1 else None


def intake_of(estimator: Any, *, names: tuple[str, ...], width: int, label: str) -> Intake:
    """How an estimator, fitted or not, takes rows with columns of these names."""
    if not names and _reads_texts(_first(estimator)):
        return Intake(label=label, names=(), width=1, way=Way.TEXT)
    held = [thing for _holder, thing in held_by(estimator)]
    needs_frame = any(type(thing).__name__ in ("ColumnTransformer", "make_column_selector") for thing in held)
    direct = bool(boosted_kind(estimator))
    nones = any(value is None for thing in held for value in _categories(thing))
    return Intake(
        label=label, names=names, width=width,
        way=Way.FRAME if names and (needs_frame or direct) else Way.MATRIX,
        documents=frozenset(name for thing in held for name in _documents(thing)),
        missing=None if nones else np.nan, has_categories=direct,
    )  # fmt: skip


@contextmanager
def asking(because: Phrase) -> Iterator[None]:
    """Ask an estimator: its warnings are dropped, and whatever it raises becomes `NotMeasured`.

    Its own message is left out: it may quote a row. The kind of the error is told.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with np.errstate(all="ignore"):
                yield
    except (WeighbridgeError, Silent):
        raise
    except MemoryError as error:
        raise Outside(
            _("cannot ask the classifier"), _("there is not enough memory"), _("weigh it on a machine with more memory")
        ) from error
    except Exception as error:  # noqa: BLE001  a library may raise anything
        not_measured(
            phrase("{because}: it raises {kind}", because=str(because), kind=type(error).__name__),
            phrase("try predict_proba on these rows where the classifier was made; its own message is not shown here"),
        )


def _first(estimator: Any) -> Any:
    """What sees the rows first."""
    for name in ("steps", "transformer_list", "estimators"):
        parts = getattr(estimator, name, None)
        if isinstance(parts, list) and parts and isinstance(parts[0], tuple):
            return _first(parts[0][1])
    inner = vars(estimator).get("estimator") if hasattr(estimator, "__dict__") else None
    return _first(inner) if hasattr(inner, "get_params") else estimator


def _reads_texts(step: Any) -> bool:
    return hasattr(step, "build_analyzer")


def _documents(thing: Any) -> Iterator[str]:
    """The columns that a transformer of columns hands to something that reads texts."""
    if type(thing).__name__ != "ColumnTransformer":
        return
    for _name, step, columns in thing.transformers:
        if isinstance(columns, str) and _reads_texts(_first(step)):
            yield columns


def _categories(thing: Any) -> Iterator[Any]:
    found = vars(thing).get("categories_") if hasattr(thing, "__dict__") else None
    for values in found if isinstance(found, list) else ():
        yield from values.tolist() if isinstance(values, np.ndarray) and values.dtype == object else ()
