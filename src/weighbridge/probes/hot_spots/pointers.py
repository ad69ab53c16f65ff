"""Which rows lie at places that stand out: a few record numbers, told to the owner alone and never sealed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.spatial import cKDTree

from weighbridge.maths.hexagons import on_sphere
from weighbridge.maths.lonely import EARTH_M
from weighbridge.probekit.folds import ROW
from weighbridge.probekit.positions import Fate, Form, Places, read
from weighbridge.probekit.states import numbers, pack, unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How many rows are told, and how near they lie."""

    kept: int = 20  # ours
    reach_m: float = 1500.0  # ours


MARKED = Mark()


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A fold: the first rows near one of some spots."""

    places: Places
    spots: tuple[float, ...]  # unit vectors, one after the other
    reach_m: float
    kept: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The places' and the row's number."""
        return (ROW, *self.places.columns)

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The first rows of these."""
        at = read(batch, self.places)
        used = np.flatnonzero(at.fate == Fate.READ) if self.places.form is not Form.H3 else np.zeros(0, np.int64)
        rows = np.asarray(batch.column(batch.schema.get_field_index(ROW)), dtype=np.int64)
        tree = cKDTree(np.array(self.spots).reshape(-1, 3))
        away, _ = tree.query(on_sphere(at.latitude[used], at.longitude[used]))
        return pack("near", 1, {"row": np.sort(rows[used][np.atleast_1d(away) * EARTH_M <= self.reach_m])[: self.kept]})

    def merge(self, left: bytes, right: bytes) -> bytes:
        """One state of two."""
        both = np.concatenate([rows_of(self, left), rows_of(self, right)]).astype(np.int64)
        return pack("near", 1, {"row": np.sort(both)[: self.kept]})


def rows_of(_fold: Near, state: bytes) -> list[int]:
    """The rows of a state, in order."""
    return [int(row) for row in numbers(unpack(state, "near", 1)["row"])]
