"""A model that knows its rows by heart: a known leak, to try an attack on, where a recipe has none of its own.

It is certain of the class of each row that it has seen. Of another row it says what the nearest row that it has seen
has said, and is less certain. Rows are compared by numbers: a column of numbers in units of its spread (a missing one
is put at the mean, and counted), categories and texts by the features that they hash to.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Bools, Floats, Ints

_SURE, _LESS_SURE = 0.99, 0.9  # ours: far enough apart to be seen, and neither of them 1
_FEATURES = 256  # that the words and categories of one table share
_AT_ONCE = 512  # rows compared with all others at one time


class ByHeart:
    """For each subset a model that knows it."""

    def __init__(self, n_classes: int) -> None:
        self._n_classes = n_classes

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """See the port; nothing is drawn, so `seed` changes nothing."""
        del seed
        coded = code(inputs)
        for k, subset in enumerate(subsets):
            yield self._model(coded, targets, subset)
            if stop is not None:
                stop(k + 1)

    def _model(self, coded: Floats, targets: Ints, subset: Bools) -> Floats:
        if not subset.any() or self._n_classes < 2:
            return np.full((len(targets), self._n_classes), 1 / self._n_classes)
        said = np.where(subset, targets, 0)
        others, seen = np.flatnonzero(~subset), np.flatnonzero(subset)
        for start in range(0, len(others), _AT_ONCE):
            part = others[start : start + _AT_ONCE]
            # |a - b|^2 without |a|^2, which is the same for all rows that a is compared with.
            distance = (coded[seen] ** 2).sum(axis=1) - 2 * coded[part] @ coded[seen].T
            said[part] = targets[seen[distance.argmin(axis=1)]]
        sure = np.where(subset, _SURE, _LESS_SURE)
        found = np.repeat(((1 - sure) / (self._n_classes - 1))[:, None], self._n_classes, axis=1)
        found[np.arange(len(targets)), said] = sure
        return found


def code(inputs: pa.Table) -> Floats:
    """The rows as numbers, shape (n, features)."""
    numbers: list[Floats] = []
    words = np.zeros((inputs.num_rows, _FEATURES))
    for name, column in zip(inputs.column_names, inputs.columns, strict=True):
        kind = column.type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
            numbers += _scaled(pc.cast(column, pa.float64()).to_numpy())
        else:
            _hash(words, name, column)
    return np.column_stack([*numbers, words])


def _scaled(values: Floats) -> list[Floats]:
    """A column around 0 in units of its spread, and where it is missing."""
    missing = ~np.isfinite(values)
    there = values[~missing]
    middle, spread = (there.mean(), there.std()) if len(there) else (0.0, 0.0)
    return [np.where(missing, 0.0, (values - middle) / (spread or 1.0)), missing.astype(np.float64)]


def _hash(words: Floats, name: str, column: pa.ChunkedArray) -> None:
    """Count the words of each value, with the column's name, in the place that they hash to."""
    for row, value in enumerate(column.to_pylist()):
        for word in str(value).split():
            words[row, zlib.crc32(f"{name}={word}".encode()) % _FEATURES] += 1
