"""Small counts that a table shows, of any length: one scan, a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.probekit.states import numbers, pack, unpack
from weighbridge.probes.small_cells.counts import read_counts

_KIND, _VERSION = "small-cells", 1
_CELLS, _HIDDEN, _ZERO, _SMALL = range(4)


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """A fold: how many cells there are, are hidden, show nought, show less than k."""

    columns: tuple[str, ...]
    k: int

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The counts of these rows."""
        found = np.zeros(4, dtype=np.int64)
        for values in batch.columns:
            counts = read_counts(values)
            shown = counts.is_count & ~counts.hidden
            found[_CELLS] += int(counts.is_count.sum())
            found[_HIDDEN] += int((counts.is_count & counts.hidden).sum())
            found[_ZERO] += int((shown & (counts.low == 0)).sum())
            found[_SMALL] += int((shown & (counts.low > 0) & (counts.low < self.k)).sum())
        return pack(_KIND, _VERSION, {"counts": found})

    def merge(self, left: bytes, right: bytes) -> bytes:
        """Their sums."""
        return pack(_KIND, _VERSION, {"counts": _counts(left) + _counts(right)})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a fold found."""

    cells: int
    hidden: int
    zero: int
    small: int


def read_shown(state: bytes) -> Shown:
    """The four numbers of a state."""
    cells, hidden, zero, small = (int(n) for n in _counts(state))
    return Shown(cells=cells, hidden=hidden, zero=zero, small=small)


def _counts(state: bytes) -> np.ndarray:
    return numbers(unpack(state, _KIND, _VERSION)["counts"])
