"""Who has which combination of values: a fold that keeps a sample of combinations, with up to three people of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.maths.linkage import Met
from weighbridge.probekit.folds import ROW
from weighbridge.probekit.hashes import Hashes, hash_cells, in_column
from weighbridge.probekit.ports import Bools, Ints
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
    within: tuple[bytes, ...] = ()  # for each combination keys that are kept whatever their hash, as of a small table

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
        for n_th, combination in enumerate(self.combinations):
            joint = np.zeros(batch.num_rows, dtype=np.uint64)
            held = np.ones(batch.num_rows, dtype=bool)
            for n in combination:
                joint ^= told[n]
                held &= cells[n][1] | self.missing
            held &= below(joint, self.level) | self._is_within(joint, n_th)
            drawn.append(self._thinned(joint[held], who[held], self.level, n_th))
        return _packed(drawn)

    def merge(self, left: bytes, right: bytes) -> bytes:
        """The people of both."""
        merged = []
        for n_th, (a, b) in enumerate(zip(read_people(left), read_people(right), strict=True)):
            level = max(a.level, b.level)
            keys, who = np.concatenate([a.keys, b.keys]), np.concatenate([a.who, b.who])
            held = below(keys, level) | self._is_within(keys, n_th)
            merged.append(self._thinned(keys[held], who[held], level, n_th))
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

    def _is_within(self, keys: Hashes, n_th: int) -> Bools:
        if not self.within or not len(self.within[n_th]):
            return np.zeros(len(keys), dtype=bool)
        sought = np.frombuffer(self.within[n_th], dtype="<u8")
        return np.asarray(sought[np.minimum(np.searchsorted(sought, keys), len(sought) - 1)] == keys, dtype=bool)

    def _thinned(self, keys: Hashes, who: Hashes, level: int, n_th: int) -> Drawn:
        order = np.lexsort((who, keys))
        keys, who = keys[order], who[order]
        fresh = np.ones(len(keys), dtype=bool)
        fresh[1:] = (keys[1:] != keys[:-1]) | (who[1:] != who[:-1])
        keys, who = keys[fresh], who[fresh]
        always = self._is_within(keys, n_th)
        while np.count_nonzero(_starts(keys) & ~always) > self.cap:
            level += 1
            held = below(keys, level) | always
            keys, who, always = keys[held], who[held], always[held]
        starts = np.flatnonzero(_starts(keys))
        rank = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
        few = rank < _ENOUGH
        return Drawn(keys=keys[few], who=who[few], level=level)


def _starts(keys: Hashes) -> Bools:
    """The first of each run of equal keys."""
    starts = np.ones(len(keys), dtype=bool)
    starts[1:] = keys[1:] != keys[:-1]
    return starts


@dataclass(frozen=True, slots=True)
class Drawn:
    """Keys of one combination, sorted, each with up to three who have it; drawn one in 2^level."""

    keys: Hashes
    who: Hashes
    level: int

    def counted(self, level: int) -> tuple[Hashes, Ints, Hashes]:
        """Different keys drawn at a level (all that are held: -1), how many people have each, and one of them."""
        held = below(self.keys, level) if level >= 0 else np.ones(len(self.keys), dtype=bool)
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
    """Lay what was drawn of two tables side by side, at the coarser of their levels."""
    level = max(left.level, right.level)
    return _laid(left.counted(level), right.counted(level), n_left=n_left, n_right=n_right, levels=(level, level))


def meet_within(few: Drawn, many: Drawn, *, n_few: int, n_many: int) -> Meeting:
    """The same, where `many` holds all people of the keys of `few`, and of other keys those drawn at its own level."""
    many_keys, n, who = many.counted(-1)
    drawn = below(many_keys, many.level) | np.isin(many_keys, few.keys)
    kept = (many_keys[drawn], n[drawn], who[drawn])
    return _laid(few.counted(few.level), kept, n_left=n_few, n_right=n_many, levels=(few.level, many.level))


def _laid(
    left: tuple[Hashes, Ints, Hashes], right: tuple[Hashes, Ints, Hashes], *, n_left: int, n_right: int,
    levels: tuple[int, int],
) -> Meeting:  # fmt: skip
    (keys_a, n_a, who_a), (keys_b, n_b, who_b) = left, right
    _shared, at_a, at_b = np.intersect1d(keys_a, keys_b, assume_unique=True, return_indices=True)
    once = (n_a[at_a] == 1) & (n_b[at_b] == 1)
    alone_a = np.ones(len(keys_a), dtype=bool)
    alone_a[at_a] = False
    alone_b = np.ones(len(keys_b), dtype=bool)
    alone_b[at_b] = False
    return Meeting(
        met=Met(
            once=int(once.sum()), twice=int((n_a[alone_a] == 2).sum()), n_left=n_left, n_right=n_right,
            kept=0.5 ** levels[0], twice_elsewhere=int((n_b[alone_b] == 2).sum()), kept_elsewhere=0.5 ** levels[1],
        ),
        same=int((who_a[at_a][once] == who_b[at_b][once]).sum()),
        left_only=int(alone_a.sum()), right_only=int(alone_b.sum()),
    )  # fmt: skip
