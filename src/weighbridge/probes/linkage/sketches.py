"""A sample of the different values of each column, and which of another table's it has: two folds, of bounded state.

A value is drawn where its hash lies below a threshold, which is halved until few enough are left: how far follows from
all values there are, wherever rows lie.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.hashes import Hashes, hash_cells
from weighbridge.probekit.states import numbers, pack, unpack

_SKETCH, _PRESENT, _VERSION = "linkage-sketch", "linkage-present", 1


def written(values: pa.Array) -> pa.Array:
    """Cells as they are compared: as text, since one table may hold as numbers or dates what another holds as text.

    Without spaces around it and without capitals; empty is missing; midnight is the day.
    """
    plain = pc.cast(values, pa.string())
    if pa.types.is_string(values.type):
        plain = pc.utf8_lower(pc.utf8_trim_whitespace(plain))
        plain = pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), plain)
    if pa.types.is_timestamp(values.type):
        plain = pc.replace_substring_regex(plain, r" 00:00:00(\.0+)?Z?$", "")
    return plain


def hashed(values: pa.Array, key: bytes) -> tuple[Hashes, np.ndarray]:
    """Hashes of all cells, and which of them hold something."""
    plain = written(values)
    return hash_cells(plain, key), plain.is_valid().to_numpy(zero_copy_only=False)


def below(hashes: Hashes, level: int) -> np.ndarray:
    """Which hashes are drawn at this level: one in 2^level."""
    return hashes < np.uint64(1 << (64 - level)) if level else np.ones(len(hashes), dtype=bool)


@dataclass(frozen=True, slots=True)
class Sketches:
    """A fold: up to `cap` different values of each column, as hashes, drawn by hash."""

    columns: tuple[str, ...]
    key: bytes
    cap: int

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The values of these rows."""
        drawn = []
        for values in batch.columns:
            hashes, held = hashed(values, self.key)
            drawn.append(self._thinned(np.unique(hashes[held]), 0))
        return self._packed(drawn)

    def merge(self, left: bytes, right: bytes) -> bytes:
        """The values of both."""
        merged = []
        for (a, level_a), (b, level_b) in zip(read_sketches(left), read_sketches(right), strict=True):
            level = max(level_a, level_b)
            both = np.union1d(a, b)
            merged.append(self._thinned(both[below(both, level)], level))
        return self._packed(merged)

    def _thinned(self, hashes: Hashes, level: int) -> tuple[Hashes, int]:
        while len(hashes) > self.cap:
            level += 1
            hashes = hashes[below(hashes, level)]
        return hashes, level

    def _packed(self, drawn: list[tuple[Hashes, int]]) -> bytes:
        return pack(_SKETCH, _VERSION, {
            "hash": np.concatenate([np.zeros(0, np.uint64), *(h for h, _ in drawn)]),
            "length": np.array([len(h) for h, _ in drawn], dtype=np.int64),
            "level": np.array([level for _, level in drawn], dtype=np.int64),
        })  # fmt: skip


def read_sketches(state: bytes) -> list[tuple[Hashes, int]]:
    """For each column its drawn values, sorted, and the level they were drawn at."""
    arrays = {name: numbers(array) for name, array in unpack(state, _SKETCH, _VERSION).items()}
    parts = np.split(arrays["hash"], np.cumsum(arrays["length"])[:-1]) if len(arrays["length"]) else []
    return list(zip(parts, (int(level) for level in arrays["level"]), strict=True))


@dataclass(frozen=True, slots=True)
class Present:
    """A fold: which of some hashes are values of each column."""

    columns: tuple[str, ...]
    key: bytes
    sought: bytes  # sorted uint64, little-endian

    def map(self, batch: pa.RecordBatch) -> bytes:
        """Those in these rows."""
        sought = np.frombuffer(self.sought, dtype="<u8")
        found = np.zeros((len(self.columns), len(sought)), dtype=np.uint8)
        if len(sought):
            for n, values in enumerate(batch.columns):
                hashes, held = hashed(values, self.key)
                own = np.unique(hashes[held])
                at = np.minimum(np.searchsorted(sought, own), len(sought) - 1)
                found[n, at[sought[at] == own]] = 1
        return pack(_PRESENT, _VERSION, {"found": np.packbits(found.ravel())})

    def merge(self, left: bytes, right: bytes) -> bytes:
        """Those in either."""
        both = [numbers(unpack(state, _PRESENT, _VERSION)["found"]) for state in (left, right)]
        return pack(_PRESENT, _VERSION, {"found": both[0] | both[1]})

    def read(self, state: bytes) -> np.ndarray:
        """What was found, of shape (columns, sought)."""
        n = len(self.sought) // 8
        bits = np.unpackbits(numbers(unpack(state, _PRESENT, _VERSION)["found"]), count=n * len(self.columns))
        return bits.reshape(len(self.columns), n).astype(bool)
