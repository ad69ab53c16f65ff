"""What a scan remembers, bounded whatever the size of the data: counts for each column and pattern, and a few samples.

Of samples the masked shapes with the smallest hashes are kept, and of places the first rows: neither depends on the
order of the rows or on where batches are cut.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from weighbridge.probekit.states import numbers, pack, unpack

_KIND, _VERSION = "direct-identifiers", 1
_SHAPES, _PLACES = 3, 5  # kept for each column and pattern; ours
_LONGEST_SHAPE = 40
_GROUP = "="  # no slug of a pattern has it
Key = tuple[int, str]  # column, pattern


@dataclass(slots=True)
class Counts:
    """How often a pattern was found in a column, in how many rows, and how often something had its shape."""

    hits: int = 0
    rows: int = 0
    tried: int = 0


@dataclass(slots=True)
class Memory:
    """What is remembered of some rows."""

    rows: list[int]  # by column: cells that are there
    characters: list[int]
    failed: list[int]  # cells that the user's recogniser did not get through
    counts: dict[Key, Counts] = field(default_factory=dict)
    shapes: dict[Key, set[tuple[int, str]]] = field(default_factory=dict)
    places: dict[Key, set[int]] = field(default_factory=dict)

    @classmethod
    def empty(cls, n_columns: int) -> Memory:
        """Of no rows."""
        return cls([0] * n_columns, [0] * n_columns, [0] * n_columns)

    @property
    def patterns(self) -> dict[Key, Counts]:
        """The counts of patterns alone."""
        return {key: counts for key, counts in sorted(self.counts.items()) if not key[1].startswith(_GROUP)}

    def of(self, key: Key) -> Counts:
        """The counts of a column and pattern."""
        return self.counts.setdefault(key, Counts())

    def with_hits(self, at: int, group: tuple[str, str]) -> Counts:
        """The counts of a column under which rows with a hit are counted, by type and tier, each row once."""
        return self.of((at, f"{_GROUP}{group[0]}{_GROUP}{group[1]}"))

    def show(self, key: Key, shapes: set[str]) -> None:
        """Keep some of these masked shapes."""
        hashed = {(_hash(key[1], shape), shape) for shape in shapes}
        self.shapes[key] = set(sorted(self.shapes.get(key, set()) | hashed)[:_SHAPES])

    def place(self, key: Key, rows: set[int]) -> None:
        """Keep the first of these rows."""
        self.places[key] = set(sorted(self.places.get(key, set()) | rows)[:_PLACES])

    def add(self, other: Memory) -> None:
        """Take in what is remembered of other rows."""
        for mine, theirs in ((self.rows, other.rows), (self.characters, other.characters), (self.failed, other.failed)):
            for at, n in enumerate(theirs):
                mine[at] += n
        for key, counts in other.counts.items():
            own = self.of(key)
            own.hits, own.rows, own.tried = own.hits + counts.hits, own.rows + counts.rows, own.tried + counts.tried
        for key, shapes in other.shapes.items():
            self.shapes[key] = set(sorted(self.shapes.get(key, set()) | shapes)[:_SHAPES])
        for key, rows in other.places.items():
            self.place(key, rows)

    def packed(self) -> bytes:
        """As the bytes of a state."""
        keys = sorted(self.counts)
        shapes = [(*key, *shape) for key in sorted(self.shapes) for shape in sorted(self.shapes[key])]
        places = [(*key, row) for key in sorted(self.places) for row in sorted(self.places[key])]
        return pack(_KIND, _VERSION, {
            "rows": np.array(self.rows, np.int64), "characters": np.array(self.characters, np.int64),
            "failed": np.array(self.failed, np.int64),
            "column": np.array([column for column, _ in keys], np.int64),
            "pattern": pa.array([pattern for _, pattern in keys], pa.string()),
            "hits": np.array([self.counts[key].hits for key in keys], np.int64),
            "hit_rows": np.array([self.counts[key].rows for key in keys], np.int64),
            "tried": np.array([self.counts[key].tried for key in keys], np.int64),
            "shape_column": np.array([s[0] for s in shapes], np.int64),
            "shape_pattern": pa.array([s[1] for s in shapes], pa.string()),
            "shape_hash": np.array([s[2] for s in shapes], np.uint64),
            "shape": pa.array([s[3] for s in shapes], pa.string()),
            "place_column": np.array([p[0] for p in places], np.int64),
            "place_pattern": pa.array([p[1] for p in places], pa.string()),
            "place_row": np.array([p[2] for p in places], np.int64),
        })  # fmt: skip

    @classmethod
    def unpacked(cls, state: bytes) -> Memory:
        """From the bytes of a state."""
        arrays = unpack(state, _KIND, _VERSION)
        memory = cls(*(numbers(arrays[name]).tolist() for name in ("rows", "characters", "failed")))
        columns, patterns = numbers(arrays["column"]).tolist(), arrays["pattern"].to_pylist()
        counted = (numbers(arrays[name]).tolist() for name in ("hits", "hit_rows", "tried"))
        for column, pattern, hits, rows, tried in zip(columns, patterns, *counted, strict=True):
            memory.counts[column, pattern] = Counts(hits, rows, tried)
        shaped = (arrays[f"shape{part}"].to_pylist() for part in ("_column", "_pattern", "_hash", ""))
        for column, pattern, hash_, shape in zip(*shaped, strict=True):
            memory.shapes.setdefault((column, pattern), set()).add((hash_, shape))
        placed = (arrays[f"place_{part}"].to_pylist() for part in ("column", "pattern", "row"))
        for column, pattern, row in zip(*placed, strict=True):
            memory.places.setdefault((column, pattern), set()).add(row)
        return memory


def _hash(pattern: str, shape: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{pattern}\0{shape}".encode(), digest_size=8).digest())


_MASK = bytes(
    ord("9") if 48 <= c <= 57 else ord("x") if 65 <= c <= 90 or 97 <= c <= 122 or c >= 128 else max(c, 32)
    for c in range(256)
)


def masked(written: bytes) -> str:
    """The shape of what was found: every letter an x, every digit a 9.

    >>> masked(b"Ada.L@mail.org")
    'xxx.x@xxxx.xxx'
    """
    return written[:_LONGEST_SHAPE].translate(_MASK).decode("ascii")
