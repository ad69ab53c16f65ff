"""Who has which combination of values: a fold that keeps a sample of combinations, with up to three people of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.maths.linkage import Met
from weighbridge.probekit.folds import ROW
from weighbridge.probekit.hashes import Hashes, hash_cells, in_column
from weighbridge.probekit.states import numbers, pack, unpack
from weighbridge.probes.linkage.sketches import below, hashed

_KIND, _VERSION = "linkage-people", 1
_ENOUGH = 3  # people of one combination: whether there are one, two or more is all that is asked

Combination = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class People:
    """A fold: for each combination of key columns, which values of it belong to one, two or more people.

    `keys` are columns in an order that two tables share: the first of one means the first of the other. Rows that lack
    one of a combination's values are not in it. `who` names the people: the person column, else the row, else a row's
    content (`content`), which then tells whether two rows say the same.
    """

    keys: tuple[str, ...]
    combinations: tuple[Combination, ...]
    key: bytes
    cap: int
    level: int = 0  # at which drawing starts, for tables known to be large
    person: str = ""
    content: tuple[str, ...] = ()
    missing: bool = False  # a missing value is a value like others

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys, and what tells people apart."""
        who = self.content or ((self.person, ROW) if self.person else (ROW,))
        return tuple(dict.fromkeys((*self.keys, *who)))

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The people of these rows."""
        cells = [hashed(batch[name], self.key) for name in self.keys]
        told = [in_column(hashes, str(n), self.key) for n, (hashes, _) in enumerate(cells)]
        who = self._who(batch)
        drawn = []
        for combination in self.combinations:
            joint = np.zeros(batch.num_rows, dtype=np.uint64)
            held = np.ones(batch.num_rows, dtype=bool)
            for n in combination:
                joint ^= told[n]
                held &= cells[n][1] | self.missing
            held &= below(joint, self.level)
            drawn.append(self._thinned(joint[held], who[held], self.level))
        return _packed(drawn)

    def merge(self, left: bytes, right: bytes) -> bytes:
        """The people of both."""
        merged = []
        for a, b in zip(read_people(left), read_people(right), strict=True):
            level = max(a.level, b.level)
            keys, who = np.concatenate([a.keys, b.keys]), np.concatenate([a.who, b.who])
            held = below(keys, level)
            merged.append(self._thinned(keys[held], who[held], level))
        return _packed(merged)

    def _who(self, batch: pa.RecordBatch) -> Hashes:
        if self.content:
            told = [
                in_column(hashed(batch[name], self.key)[0], str(n), self.key) for n, name in enumerate(self.content)
            ]
            return np.asarray(np.bitwise_xor.reduce(told), dtype=np.uint64)
        if not self.person:
            return hash_cells(batch[ROW], self.key)
        hashes, held = hashed(batch[self.person], self.key)
        return hashes if held.all() else np.where(held, hashes, hash_cells(batch[ROW], self.key))

    def _thinned(self, keys: Hashes, who: Hashes, level: int) -> Drawn:
        order = np.lexsort((who, keys))
        keys, who = keys[order], who[order]
        fresh = np.ones(len(keys), dtype=bool)
        fresh[1:] = (keys[1:] != keys[:-1]) | (who[1:] != who[:-1])
        keys, who = keys[fresh], who[fresh]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
        while len(starts) > self.cap:
            level += 1
            held = below(keys, level)
            keys, who = keys[held], who[held]
            starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
        rank = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
        few = rank < _ENOUGH
        return Drawn(keys=keys[few], who=who[few], level=level)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Keys of one combination, sorted, each with up to three who have it; drawn one in 2^level."""

    keys: Hashes
    who: Hashes
    level: int

    def counted(self, level: int) -> tuple[Hashes, np.ndarray, Hashes]:
        """Different keys drawn at a level, how many people have each, and one of them."""
        held = below(self.keys, level)
        unique, first, n = np.unique(self.keys[held], return_index=True, return_counts=True)
        return unique, n, self.who[held][first]


def _packed(drawn: Sequence[Drawn]) -> bytes:
    return pack(_KIND, _VERSION, {
        "key": np.concatenate([np.zeros(0, np.uint64), *(d.keys for d in drawn)]),
        "who": np.concatenate([np.zeros(0, np.uint64), *(d.who for d in drawn)]),
        "length": np.array([len(d.keys) for d in drawn], dtype=np.int64),
        "level": np.array([d.level for d in drawn], dtype=np.int64),
    })  # fmt: skip


def read_people(state: bytes) -> list[Drawn]:
    """What was drawn of each combination."""
    arrays = {name: numbers(array) for name, array in unpack(state, _KIND, _VERSION).items()}
    ends = np.cumsum(arrays["length"])[:-1]
    keys, who = (np.split(arrays[name], ends) for name in ("key", "who"))
    return [Drawn(k, w, int(level)) for k, w, level in zip(keys, who, arrays["level"], strict=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Two tables over one combination: who meets, and of those who do, how many rows say the same."""

    met: Met
    same: int  # of those met, whose `who` is the same in both
    left_only: int
    right_only: int


def meet(left: Drawn, right: Drawn, *, n_left: int, n_right: int) -> Meeting:
    """Lay what was drawn of two tables side by side."""
    level = max(left.level, right.level)
    keys_a, n_a, who_a = left.counted(level)
    keys_b, n_b, who_b = right.counted(level)
    _shared, at_a, at_b = np.intersect1d(keys_a, keys_b, assume_unique=True, return_indices=True)
    once = (n_a[at_a] == 1) & (n_b[at_b] == 1)
    alone_a = np.ones(len(keys_a), dtype=bool)
    alone_a[at_a] = False
    alone_b = np.ones(len(keys_b), dtype=bool)
    alone_b[at_b] = False
    return Meeting(
        met=Met(
            once=int(once.sum()), twice=int((n_a[alone_a] == 2).sum() + (n_b[alone_b] == 2).sum()),
            n_left=n_left, n_right=n_right, kept=0.5**level,
        ),
        same=int((who_a[at_a][once] == who_b[at_b][once]).sum()),
        left_only=int(alone_a.sum()), right_only=int(alone_b.sum()),
    )  # fmt: skip
