"""What is to be told of a sensitive column: its values, or above and below the middle of numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.probekit.cells import codes, is_ordered, numbers, plain
from weighbridge.probekit.ports import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """The class of each row."""

    targets: Ints  # shape (n,); -1 where there is no value
    n_classes: int
    n_named: int  # the first so many are a value each; what comes after is all the rest together
    n_values: int
    is_halved: bool  # above and below the middle

    @property
    def n_missing(self) -> int:
        """Rows without a value."""
        return int((self.targets < 0).sum())


def labels(cells: pa.ChunkedArray, *, most: int) -> Labels:
    """Classes of a column: at most `most` of its values, and one class for all others."""
    values = plain(cells)
    coded, n_values = codes(values)
    if n_values > 2 and is_ordered(values.type):
        return _halved(numbers(values), coded, n_values)
    n_named = min(n_values, most)
    order = np.argsort(-np.bincount(coded[coded >= 0], minlength=n_values), kind="stable")
    place = np.full(n_values + 1, n_named, dtype=np.int64)
    place[order[:n_named]] = np.arange(n_named)
    place[-1] = -1  # of code -1, which is a missing value
    targets = place[coded]
    return Labels(
        targets=targets, n_classes=int(targets.max(initial=-1)) + 1, n_named=n_named, n_values=n_values,
        is_halved=False,
    )  # fmt: skip


def _halved(scale: Floats, coded: Ints, n_values: int) -> Labels:
    """Above the middle or not; where the middle is also the highest, below it or not."""
    middle = float(np.quantile(scale[coded >= 0], 0.5, method="inverted_cdf"))
    above = scale > middle
    if not above.any():
        above = scale >= middle
    targets = np.where(coded < 0, -1, above).astype(np.int64)
    return Labels(targets=targets, n_classes=2, n_named=2, n_values=n_values, is_halved=True)
