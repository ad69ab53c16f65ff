"""Where people sleep and work, from what repeats: the cell that a person is in on most nights, and on most workdays.

Only for a sample of persons, those with the least hashes. Every night and day in every cell is remembered once, for as
many of them as fit: which these are depends on all rows and not on their order, since more rows of a person can only
leave out persons that come after.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.probekit.hashes import Hashes, hash_cells, in_column
from weighbridge.probekit.moments import DAY_S
from weighbridge.probekit.moments import read as moments_of
from weighbridge.probekit.positions import Fate, Form, Places, read
from weighbridge.probekit.states import numbers, pack, unpack
from weighbridge.probes.hot_spots.engine import Cells, cells_of, parents

HOUR_S = 3600
NIGHT, DAY = 0, 1
_NIGHT_FROM, _NIGHT_TO = 22, 6  # ours: most people sleep somewhere between
_DAY_FROM, _DAY_TO = 9, 17  # ours
_WEEKEND = 5  # from this weekday on, counted from Monday; where the week ends on other days work is found less often
REPEATS = 3  # nights or days in one cell that make it a habit; ours
MOST_STAYS = 1 << 21  # 64 MiB of state; ours
_DEGREES_AN_HOUR = 15.0

Ints = npt.NDArray[np.int64]
Stays = tuple[Hashes, Cells, Ints, Ints]  # person, cell, NIGHT or DAY, number of the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """A fold: the nights and workdays of a sample of persons, by cell."""

    places: Places
    person: str
    time: str
    form: str = ""  # of the time, where it is text
    resolution: int = 9
    persons: int = 1000
    key: bytes = b""
    most: int = MOST_STAYS

    @property
    def columns(self) -> tuple[str, ...]:
        """Places, person, time."""
        return tuple(dict.fromkeys((*self.places.columns, self.person, self.time)))

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The state of these rows."""
        at = read(batch, self.places)
        named = batch.column(batch.schema.get_field_index(self.person))
        when = moments_of(batch.column(batch.schema.get_field_index(self.time)), self.form)
        used = (at.fate == Fate.READ) & when.known & ~np.asarray(named.is_null())
        who = in_column(hash_cells(named, self.key), "person", self.key)
        lat, lon = at.latitude[used], at.longitude[used]
        shift = np.where(when.zoned[used], np.rint(lon / _DEGREES_AN_HOUR) * HOUR_S, 0).astype(np.int64)
        local = when.seconds[used] + shift  # by the sun: where a clock says UTC, nobody says which one is on the wall
        hour = local % DAY_S // HOUR_S
        night = (hour >= _NIGHT_FROM) | (hour < _NIGHT_TO)
        date = (local + np.where(night, -_NIGHT_TO * HOUR_S, 0)) // DAY_S
        work = (hour >= _DAY_FROM) & (hour < _DAY_TO) & ((date + 3) % 7 < _WEEKEND)  # 1970 began on a Thursday
        kept, who = night | work, who[used]
        kept &= who <= self._last(np.unique(who[kept]))
        cells = cells_of(lat[kept], lon[kept], self.resolution)
        return self._packed([(who[kept], cells, np.where(night, NIGHT, DAY)[kept], date[kept])])

    def merge(self, left: bytes, right: bytes) -> bytes:
        """One state of two."""
        return self._packed([self.opened(left), self.opened(right)])

    def opened(self, state: bytes) -> Stays:
        """The stays of a state, in order."""
        told = {name: numbers(array) for name, array in unpack(state, "nights", 1).items()}
        return told["person"], told["cell"], told["kind"], told["date"]

    def _last(self, persons: Hashes) -> np.uint64:
        """The last person that is kept of these."""
        if len(persons) > self.persons:
            return np.uint64(persons[self.persons - 1])
        return np.uint64(2**64 - 1)

    def _packed(self, parts: list[Stays]) -> bytes:
        joined = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
        order = np.lexsort(joined[::-1])
        joined = [column[order] for column in joined]
        new = np.ones(len(order), np.bool_)
        if len(order):
            new[1:] = functools.reduce(np.logical_or, (c[1:] != c[:-1] for c in joined))
        person, cell, kind, date = (column[new] for column in joined)
        different, ends = np.unique(person[::-1], return_index=True)
        through = len(person) - ends  # stays up to and with those of this person
        fits = (through <= self.most) & (np.arange(len(different)) < self.persons)
        n = int(through[fits][-1]) if fits.any() else 0
        return pack("nights", 1, {"person": person[:n], "cell": cell[:n], "kind": kind[:n], "date": date[:n]})


def can_sleep(places: Places) -> bool:
    """Whether homes can be looked for: only points are known finely enough."""
    return places.form is not Form.H3


def habits(stays: Stays, kind: int, resolution: int) -> tuple[Ints, Cells]:
    """For each sampled person whether they have a habit of this kind, and its cell, the fullest; zero where none."""
    person, cell, kinds, date = stays
    different, whose = np.unique(person, return_inverse=True)
    chosen = kinds == kind
    rows = np.unique(np.stack([whose.ravel()[chosen].astype(np.uint64), parents(cell[chosen], resolution),
                               date[chosen].astype(np.uint64)]), axis=1)  # fmt: skip
    pairs, times = np.unique(rows[:2], axis=1, return_counts=True)
    has, where = np.zeros(len(different), np.int64), np.zeros(len(different), np.uint64)
    for n in np.lexsort((pairs[1], times)).tolist():  # the fullest comes last
        if times[n] >= REPEATS:
            has[int(pairs[0, n])], where[int(pairs[0, n])] = 1, pairs[1, n]
    return has, where
