"""Classes of rows that look alike, over many combinations of columns, counted in one scan.

Each cell has one hash, a combination's key is the XOR of its cells' hashes, and a key is kept where its hash lies below
a threshold: so a combination is counted over a sample of its classes, and the size of each class that is kept is exact.
The threshold is halved (the level rises by one) as long as more keys are kept than the cap allows; it depends on all
rows and on nothing else, so that states can be merged in any order. At level 0 nothing is left out.

Flajolet 1990, On adaptive sampling, Computing 43 (the level). The keys are those of simple tabulation (Zobrist 1970).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.hashes import Hashes, hash_cells, in_column, key_of
from weighbridge.probekit.ports import Ints
from weighbridge.probekit.states import numbers, pack, unpack

_KIND, _VERSION = "combinations", 1
_TOP = 16  # leading bits by which most keys are turned away, at a quarter of the work; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Combinations:
    """A fold that counts the classes of every set of columns.

    With `inner`, it counts in each class how many different values of that column there are, and the cap holds for
    pairs of class and value.
    """

    columns: tuple[str, ...]  # all that are read, `inner` among them
    sets: tuple[tuple[int, ...], ...]  # places in `columns`
    steps: tuple[tuple[str, float], ...] = ()  # numbers counted in steps: floor(value / step)
    inner: str = ""
    seed: int = 0  # whoever knows it can make classes that fall together, or that are never kept
    level: int = 0  # to begin with: each key is kept with a chance of 2^-level
    cap: int = 1 << 14  # keys kept of each set

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The classes of these rows."""
        hashes = self._hashes(batch)
        found = [(n, *kept) for n, kept in enumerate(self._kept(hashes))]
        if not found:
            return self._packed(_NO_KEYS, _NO_SETS, _NO_KEYS, _NO_COUNTS, self._floor())
        places = np.repeat(np.array([n for n, _, _ in found], np.int64), [len(keys) for _, keys, _ in found])
        keys = np.concatenate([keys for _, keys, _ in found])
        prints = keys ^ _salts(self.seed, len(self.sets))[places]
        if self.inner:
            rows = np.concatenate([rows for _, _, rows in found])
            prints = in_column(prints ^ hashes[self.inner][rows], "\0pair", _key(self.seed))
        return self._counted(prints, places, keys, np.ones(len(keys), np.int64), self._floor(), is_sorted=False)

    def merge(self, left: bytes, right: bytes) -> bytes:
        """The classes of both."""
        a, b = (unpack(state, _KIND, _VERSION) for state in (left, right))
        prints, places, keys, counts = (
            np.concatenate([numbers(a[name]), numbers(b[name])]) for name in ("prints", "places", "keys", "counts")
        )
        levels = np.maximum(numbers(a["levels"]), numbers(b["levels"]))
        raw = keys if self.inner else prints ^ _salts(self.seed, len(self.sets))[places]
        if not np.array_equal(numbers(a["levels"]), numbers(b["levels"])):
            still = _is_kept(raw, levels[places])
            prints, places, raw, counts = prints[still], places[still], raw[still], counts[still]
        return self._counted(prints, places, raw, counts, levels, is_sorted=True)

    def _floor(self) -> Ints:
        return np.full(len(self.sets), self.level, np.uint8).astype(np.int64)

    def _hashes(self, batch: pa.RecordBatch) -> dict[str, Hashes]:
        key, steps = _key(self.seed), dict(self.steps)
        cells = {name: stepped(batch.column(place), steps.get(name, 0.0)) for place, name in enumerate(self.columns)}
        return {name: _hashed(values, name, key) for name, values in cells.items()}

    def _kept(self, hashes: dict[str, Hashes]) -> Iterator[tuple[Hashes, Ints]]:
        """Keys that are kept of each set, with the rows they stand in."""
        full = [hashes[name] for name in self.columns]
        tops = [(h >> np.uint64(64 - _TOP)).astype(np.uint16) for h in full]
        most = np.uint16((1 << max(0, _TOP - self.level)) - 1)
        made: list[tuple[int, npt.NDArray[np.uint16]]] = []  # the places of the set at hand, each with the XOR up to it
        for places in self.sets:
            shared = 0
            while shared < min(len(made), len(places)) and made[shared][0] == places[shared]:
                shared += 1
            del made[shared:]
            for place in places[shared:]:
                made.append((place, np.bitwise_xor(made[-1][1], tops[place]) if made else tops[place]))
            rows = np.flatnonzero(made[-1][1] <= most)
            keys = np.zeros(len(rows), np.uint64)
            for place in places:
                keys ^= full[place][rows]
            if self.level > _TOP:
                low = _is_kept(keys, np.full(len(keys), self.level))
                keys, rows = keys[low], rows[low]
            yield keys, rows

    def _counted(
        self, prints: Hashes, places: Ints, keys: Hashes, counts: Ints, levels: Ints, *, is_sorted: bool
    ) -> bytes:
        """Equal ones made one, and the level raised where there are too many; `is_sorted`: two runs in order."""
        order = np.argsort(prints, kind="stable" if is_sorted else None)  # the stable one merges runs as they are
        prints = prints[order]
        first = np.flatnonzero(np.concatenate([[True], prints[1:] != prints[:-1]])) if len(prints) else order
        counts = np.add.reduceat(counts[order], first) if len(first) else counts
        prints, places, keys = prints[first], places[order][first], keys[order][first]
        levels = levels.copy()
        while True:
            many = np.bincount(places, minlength=len(levels)) > self.cap
            if not many.any():
                return self._packed(prints, places, keys, counts, levels)
            levels[many] += 1
            still = _is_kept(keys, levels[places])
            prints, places, keys, counts = prints[still], places[still], keys[still], counts[still]

    def _packed(self, prints: Hashes, places: Ints, keys: Hashes, counts: Ints, levels: Ints) -> bytes:
        arrays = {
            "prints": prints, "places": places.astype(np.uint32), "counts": counts.astype(np.int64),
            "levels": levels.astype(np.uint8), "keys": keys if self.inner else _NO_KEYS,
        }  # fmt: skip
        return pack(_KIND, _VERSION, arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The classes that were kept of one set of columns.

    Without an inner column `values` are all 1, and equal `keys` never come twice.
    """

    chance: float  # with which each class was kept; 1: nothing was left out
    keys: Hashes  # shape (m,), ascending
    sizes: Ints  # shape (m,): rows in each class
    values: Ints  # shape (m,): different values of the inner column in each


def read_classes(fold: Combinations, state: bytes) -> list[Classes]:
    """What a state says, one for each set of the fold."""
    held = {name: numbers(array) for name, array in unpack(state, _KIND, _VERSION).items()}
    places = held["places"].astype(np.int64)
    keys = held["keys"] if fold.inner else held["prints"] ^ _salts(fold.seed, len(fold.sets))[places]
    order = np.lexsort((keys, places))
    ends = np.cumsum(np.bincount(places, minlength=len(fold.sets)))
    return [
        _classes(keys[order[end - n : end]], held["counts"][order[end - n : end]], 0.5 ** int(level))
        for end, n, level in zip(ends, np.bincount(places, minlength=len(fold.sets)), held["levels"], strict=True)
    ]


def _classes(keys: Hashes, counts: Ints, chance: float) -> Classes:
    found, first, values = np.unique(keys, return_index=True, return_counts=True)
    sizes = np.add.reduceat(counts, first) if len(first) else counts
    return Classes(chance=chance, keys=found, sizes=sizes.astype(np.int64), values=values.astype(np.int64))


def level_for(n_rows: int, *, keep: int) -> int:
    """The level at which at most about `keep` of so many rows are kept, were they all different."""
    return max(0, int(np.ceil(np.log2(max(1, n_rows) / keep))))


def stepped(values: pa.Array, step: float) -> pa.Array:
    """A column of numbers in steps, as the bench's tables take them: floor(value / step)."""
    if not step:
        return values
    try:
        wide = values.cast(pa.float64())
    except pa.ArrowInvalid:  # text that is no number: told apart by its letters, which parts more, never less
        return values
    return pc.floor(pc.divide(wide, pa.scalar(step, pa.float64())))


def _hashed(values: pa.Array, column: str, key: bytes) -> Hashes:
    """The hash of each cell in its column; of text once for each value that there is."""
    if not pa.types.is_string(values.type):
        return in_column(hash_cells(values, key), column, key)
    coded = values.dictionary_encode(null_encoding="encode")
    entries = in_column(hash_cells(coded.dictionary, key), column, key)
    return np.asarray(np.take(entries, coded.indices.to_numpy(zero_copy_only=False)), dtype=np.uint64)


def _is_kept(keys: Hashes, levels: Ints) -> npt.NDArray[np.bool_]:
    """Whether a key's leading bits are zero, as many as its level says."""
    shift = np.minimum(64 - np.asarray(levels, dtype=np.int64), 63).astype(np.uint64)
    return np.asarray((levels == 0) | ((keys >> shift) == 0))


def _key(seed: int) -> bytes:
    return key_of(seed, "combinations")


@lru_cache(maxsize=8)
def _salts(seed: int, n: int) -> Hashes:
    """One for each set, so that equal keys of two sets are not taken for one."""
    return in_column(np.arange(n, dtype=np.uint64), "\0set", _key(seed))


_NO_KEYS, _NO_SETS, _NO_COUNTS = np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64)


def singles_to(columns: Sequence[str], *, at_most: int) -> tuple[tuple[int, ...], ...]:
    """All sets of one to `at_most` columns, so ordered that neighbours share their beginnings."""
    found: list[tuple[int, ...]] = []

    def grow(begun: tuple[int, ...]) -> None:
        for place in range(begun[-1] + 1 if begun else 0, len(columns)):
            found.append((*begun, place))
            if len(begun) + 1 < at_most:
                grow((*begun, place))

    grow(())
    return tuple(found)
