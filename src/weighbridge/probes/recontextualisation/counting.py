"""One scan over a table: how many rows come from where, and how many people could see them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.positions import Places
from weighbridge.probekit.states import numbers, pack, unpack
from weighbridge.probes.recontextualisation import traces

Ints = npt.NDArray[np.int64]
_KIND, _VERSION = "recontextualisation", 1
COUNTS = ("rows", "there", "gone", "person", "item", "site", "heard", "place", "time", "both")
# Audiences are counted one by one up to a thousand, and in steps of a hundredth beyond, up to ten thousand million.
_EXACT = 1000
_STEP = 1.01
_MOST = 1e10
_BEYOND = int(np.ceil(np.log(_MOST / _EXACT) / np.log(_STEP)))
N_BINS = _EXACT + 1 + _BEYOND


def bins_of(audience: npt.NDArray[np.float64]) -> Ints:
    """The bin of each audience."""
    audience = np.minimum(audience, _MOST)
    beyond = np.floor(np.log(np.maximum(audience, _EXACT) / _EXACT) / np.log(_STEP)).astype(np.int64)
    bins = np.where(audience <= _EXACT, np.floor(audience).astype(np.int64), _EXACT + 1 + beyond)
    return np.minimum(bins, N_BINS - 1)


def bounds_of(bin_: int) -> tuple[float, float]:
    """The smallest and the largest audience of a bin."""
    if bin_ <= _EXACT:
        return float(bin_), float(bin_)
    low = _EXACT * _STEP ** (bin_ - _EXACT - 1)
    return low, low * _STEP


@dataclass(frozen=True)
class ContextFold:
    """Counts of rows; a column that is not there is the empty string."""

    source: str = ""
    status: str = ""
    audience: str = ""
    places: Places | None = None
    time: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are there, each once."""
        located = self.places.columns if self.places else ()
        named = (self.source, self.status, self.audience, *located, self.time)
        return tuple(dict.fromkeys(name for name in named if name))

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The counts of a batch."""
        counts = dict.fromkeys(COUNTS, 0)
        counts["rows"] = batch.num_rows
        bins = np.zeros(N_BINS, np.int64)
        if self.status:
            there, gone = traces.statuses(batch[self.status])
            counts |= {"there": _total(there), "gone": _total(gone)}
        if self.source:
            for name, flags in zip(("person", "item", "site"), traces.traces(batch[self.source]), strict=True):
                counts[name] = _total(flags)
        if self.audience:
            heard = pc.drop_null(traces.audiences(batch[self.audience])).to_numpy(zero_copy_only=False)
            counts["heard"] = len(heard)
            bins += np.bincount(bins_of(heard), minlength=N_BINS)
        counts |= self._precise(batch)
        return pack(_KIND, _VERSION, {"counts": np.array([counts[n] for n in COUNTS], np.int64), "audiences": bins})

    def merge(self, left: bytes, right: bytes) -> bytes:
        """The sum of both."""
        a, b = (unpack(state, _KIND, _VERSION) for state in (left, right))
        return pack(_KIND, _VERSION, {name: numbers(a[name]) + numbers(b[name]) for name in a})

    def _precise(self, batch: pa.RecordBatch) -> dict[str, int]:
        none = pa.array([False] * batch.num_rows, pa.bool_())
        place = time = none
        if self.places:
            place = traces.exact_places(batch, self.places)
        if self.time:
            time = traces.exact_times(batch[self.time])
        return {"place": _total(place), "time": _total(time), "both": _total(pc.and_(place, time))}


def read_state(state: bytes) -> tuple[dict[str, int], Ints]:
    """Counts by name, and rows by bin of their audience."""
    held: dict[str, Any] = unpack(state, _KIND, _VERSION)
    counts = numbers(held["counts"])
    return {name: int(counts[i]) for i, name in enumerate(COUNTS)}, numbers(held["audiences"]).astype(np.int64)


def _total(flags: pa.Array) -> int:
    return int(pc.sum(flags).as_py() or 0)
