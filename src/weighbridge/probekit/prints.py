"""What all rows of a person come to, in one scan: a fingerprint of them, in whatever order they stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.probekit.combinations import stepped
from weighbridge.probekit.folds import ROW
from weighbridge.probekit.hashes import Hashes, hash_cells, in_column, key_of
from weighbridge.probekit.ports import Ints
from weighbridge.probekit.states import numbers, pack, unpack

_KIND, _VERSION = "persons", 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """A fold that keeps for each person the sum of the hashes of all their rows.

    Sums are the same in whatever order rows come, and differ where rows do, but for a chance of 2^-64. A row without a
    person is a person of its own. More persons than `cap` are not kept at all: a part of them would look unique.
    """

    person: str
    known: tuple[str, ...]  # the columns that rows are compared in
    steps: tuple[tuple[str, float], ...] = ()
    seed: int = 0
    cap: int = 1 << 22

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (ROW, self.person, *self.known)

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The persons of these rows."""
        key, steps = key_of(self.seed, "persons"), dict(self.steps)
        row, person = batch.column(0), batch.column(1)
        missing = np.asarray(person.is_null())
        who = in_column(hash_cells(person, key), self.person, key)
        who = np.where(missing, in_column(hash_cells(row, key), ROW, key), who)
        sums = np.zeros(batch.num_rows, np.uint64)
        for place, name in enumerate(self.known, 2):
            sums ^= in_column(hash_cells(stepped(batch.column(place), steps.get(name, 0.0)), key), name, key)
        return self._packed(who, in_column(sums, "\0whole", key), np.ones(len(who), np.int64), is_full=False)

    def merge(self, left: bytes, right: bytes) -> bytes:
        """The persons of both."""
        a, b = (unpack(state, _KIND, _VERSION) for state in (left, right))
        who, sums, rows = (np.concatenate([numbers(a[name]), numbers(b[name])]) for name in ("who", "sums", "rows"))
        is_full = any(int(numbers(state["full"])[0]) for state in (a, b))
        return self._packed(who, sums, rows, is_full=is_full)

    def _packed(self, who: Hashes, sums: Hashes, rows: Ints, *, is_full: bool) -> bytes:
        order = np.argsort(who, kind="stable")
        who = who[order]
        first = np.flatnonzero(np.concatenate([[True], who[1:] != who[:-1]])) if len(who) else order
        if is_full or len(first) > self.cap:
            none = np.zeros(0, np.uint64)
            return pack(_KIND, _VERSION, {"who": none, "sums": none, "rows": none.astype(np.int64), "full": _FULL})
        if len(first):
            sums, rows = np.add.reduceat(sums[order], first), np.add.reduceat(rows[order], first)
        arrays = {"who": who[first], "sums": sums.astype(np.uint64), "rows": rows.astype(np.int64), "full": 1 - _FULL}
        return pack(_KIND, _VERSION, arrays)


_FULL = np.ones(1, np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """Persons whom their rows, all together, single out."""

    n: int  # persons
    unique: int  # of them, those whose rows as a whole nobody else has
    most_rows: int  # of one person


def read_persons(state: bytes) -> Prints | None:
    """What a state says; None where there were more persons than it keeps."""
    held = unpack(state, _KIND, _VERSION)
    if int(numbers(held["full"])[0]):
        return None
    sums, rows = numbers(held["sums"]), numbers(held["rows"])
    _, times = np.unique(sums, return_counts=True)
    return Prints(n=len(sums), unique=int((times == 1).sum()), most_rows=int(rows.max(initial=0)))
