"""Points of traces: who, when, where, read from rows and made coarser step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.maths.squares import middles, squares
from weighbridge.probekit.hashes import Hashes, hash_cells, in_column
from weighbridge.probekit.moments import read as moments_of
from weighbridge.probekit.positions import Fate, Places
from weighbridge.probekit.positions import read as positions_of

Ints = npt.NDArray[np.int64]

FINE_M = 100.0
HOURS = {"hour": 1, "day": 24, "week": 168}
SIDES_M = {"fine": FINE_M, "1km": 1000.0, "10km": 10_000.0}
DETAILS = ("hour-fine", "day-fine", "week-fine", "hour-1km", "day-1km", "day-10km", "week-10km")
NAMED_DETAILS = DETAILS[:3]  # where places are named, none is coarser than another
FATES = ("used", "nobody", "nowhere", "no time")
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The columns that points are read from: positions, or else the place's name."""

    person: str
    time: str
    form: str = ""  # of the time, where it is text
    places: Places | None = None
    place: str = ""
    key: bytes = b""

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys((self.person, self.time, *(self.places.columns if self.places else (self.place,)))))

    @property
    def details(self) -> tuple[str, ...]:
        """Every detail that they can be told in, the finest first."""
        return DETAILS if self.places else NAMED_DETAILS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Points at the finest detail; the arrays have one length."""

    person: Hashes
    hour: Ints
    row: Ints  # of the square; or the hash of the place's name
    column: Ints

    def take(self, which: npt.NDArray[np.bool_] | Ints) -> Points:
        """Some of them."""
        return Points(person=self.person[which], hour=self.hour[which], row=self.row[which], column=self.column[which])


def read(batch: pa.RecordBatch, sources: Sources) -> tuple[Points, Ints]:
    """The points of a batch in canonical types, and how many rows had which fate."""
    named, at = (batch.column(batch.schema.get_field_index(name)) for name in (sources.person, sources.time))
    when = moments_of(at, sources.form)
    if sources.places:
        found = positions_of(batch, sources.places)
        there = found.fate == Fate.READ
        row, column = squares(np.nan_to_num(found.latitude), np.nan_to_num(found.longitude), FINE_M)
    else:
        place = batch.column(batch.schema.get_field_index(sources.place))
        there = ~np.asarray(place.is_null())
        row = hash_cells(place, sources.key).view(np.int64)
        column = np.zeros(batch.num_rows, np.int64)
    somebody = ~np.asarray(named.is_null())
    fate = np.select([~somebody, ~there, ~when.known], [1, 2, 3], 0)
    person = in_column(hash_cells(named, sources.key), "person", sources.key)
    points = Points(person=person, hour=when.seconds // _HOUR_S, row=row, column=column)
    return points.take(fate == 0), np.bincount(fate, minlength=len(FATES)).astype(np.int64)


def keys(points: Points, detail: str, key: bytes) -> Hashes:
    """What is known of each point at a detail, as one number: equal where the same is known."""
    unit, side = detail.split("-")
    when = points.hour // HOURS[unit]
    row, column = points.row, points.column
    if SIDES_M[side] > FINE_M:  # of the middle of the fine square, so that a coarse one holds fine ones whole
        row, column = squares(*middles(row, column, FINE_M), SIDES_M[side])
    mixed = in_column(_hashed(when, key), "when", key) ^ in_column(_hashed(row, key), "row", key)
    return in_column(mixed ^ in_column(_hashed(column, key), "column", key), detail, key)


def draws(points: Points, key: bytes) -> Hashes:
    """A random number for each different point of each person: the least ones are a random draw of that person's."""
    return in_column(keys(points, DETAILS[0], key) ^ in_column(points.person, "whose", key), "draw", key)


def _hashed(values: Ints, key: bytes) -> Hashes:
    return hash_cells(pa.array(values), key)
