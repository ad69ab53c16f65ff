"""Whether what a classifier gives are probabilities."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Floats

TOLERANCE = 1e-3  # ours: fp16 and quantised models round


def checked(found: Any, n: int, n_classes: int, *, label: str) -> Floats:
    """The probabilities as floats, shape (n, classes).

    Raises
    ------
    Silent
        Where they are of another shape, not finite, outside [0, 1], or a row does not sum to 1.
    """
    why = _fault(found, n, n_classes, label)
    if why is not None:
        not_measured(why, phrase("mend the classifier so that its predict_proba gives a probability for each class"))
    return np.clip(np.asarray(found, dtype=np.float64), 0.0, 1.0)


def _fault(found: Any, n: int, n_classes: int, label: str) -> Phrase | None:
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "fiub" or found.shape != (n, n_classes):
        return phrase(
            "{label} gives something else than one probability for each of {n} classes", label=label, n=n_classes
        )
    if not np.isfinite(found).all():
        return phrase("{label} gives probabilities that are no numbers", label=label)
    if n and not (found.min() >= -TOLERANCE and found.max() <= 1 + TOLERANCE):
        return phrase("{label} gives probabilities below 0 or above 1", label=label)
    if n and np.abs(found.sum(axis=1, dtype=np.float64) - 1).max() > TOLERANCE:
        return phrase("{label} gives probabilities that do not sum to 1", label=label)
    return None


def class_names(classes: Iterable[Any]) -> tuple[str, ...]:
    """Classes as text; a whole number as Python prints it, whatever its type."""
    return tuple(_name(value.item() if isinstance(value, np.generic) else value) for value in classes)


def _name(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and math.isfinite(value) and value.is_integer() else str(value)
