"""Which columns of two tables hold the same values, and so could be what somebody links by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.probekit.names import words
from weighbridge.probekit.ports import Column, ColumnType, Table
from weighbridge.probes.linkage.sketches import Present, Sketches, read_sketches

MOST_COLUMNS = 64  # of a table that are compared, in the file's order; ours
_VALUES = 1024  # different values of a column that are looked for; ours
_NAMED, _UNNAMED = 0.02, 0.9  # share of values found that makes a pair, of columns of one name and of others; ours
_TELLING = 20  # different values; below, columns of two names share them by chance, as yes and no do. Ours


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A column of each table, and the share of the left one's different values that the right one has."""

    left: str
    right: str
    contained: float
    n_distinct: int


def comparable(table: Table) -> tuple[Column, ...]:
    """Columns that can be keys: the first of them, with two different values at least; nested cells are no keys."""
    usable = [c for c in table.columns if c.n_distinct > 1 or (table.n_rows == 1 and c.n_distinct)]
    return tuple(c for c in usable if c.type is not ColumnType.OTHER)[:MOST_COLUMNS]


def find_pairs(left: Table, right: Table, key: bytes, tick: object, *, at_most: int) -> tuple[KeyPair, ...]:
    """The pairs of columns, most values first; each column in one pair at most."""
    ours, theirs = comparable(left), comparable(right)
    if not ours or not theirs:
        return ()
    names = tuple(c.name for c in ours)
    drawn = [hashes for hashes, _ in read_sketches(left.fold(Sketches(names, key, _VALUES), tick))]  # type: ignore[arg-type]
    sought = np.unique(np.concatenate(drawn))
    fold = Present(tuple(c.name for c in theirs), key, sought.astype("<u8").tobytes())
    found = fold.read(right.fold(fold, tick))  # type: ignore[arg-type]
    share = np.array(
        [found[:, np.searchsorted(sought, h)].mean(axis=1) if len(h) else np.zeros(len(theirs)) for h in drawn]
    )
    return tuple(_chosen(ours, theirs, share))[:at_most]


def _chosen(ours: Sequence[Column], theirs: Sequence[Column], share: np.ndarray) -> list[KeyPair]:
    made: list[tuple[bool, KeyPair, int, int]] = []
    for a, column in enumerate(ours):
        for b, other in enumerate(theirs):
            named = words(column.name) == words(other.name)
            if _is_pair(column, other, float(share[a, b]), named=named):
                pair = KeyPair(
                    left=column.name, right=other.name, contained=float(share[a, b]), n_distinct=column.n_distinct
                )
                made.append((named, pair, a, b))
    made.sort(key=lambda m: (not m[0], -m[1].contained, m[2], m[3]))
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    kept = []
    for _, pair, a, b in made:
        if a not in taken_a and b not in taken_b:
            taken_a.add(a)
            taken_b.add(b)
            kept.append(pair)
    return sorted(kept, key=lambda p: (-p.n_distinct, p.left))


def _is_pair(column: Column, other: Column, share: float, *, named: bool) -> bool:
    if share <= 0:
        return False
    if named:
        return share >= _NAMED
    return share >= _UNNAMED and min(column.n_distinct, other.n_distinct) >= _TELLING
