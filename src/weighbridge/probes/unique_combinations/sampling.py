"""Combinations counted over a sample of their classes, and how much worse each may be than what was seen of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from weighbridge.maths.proportions import corrected
from weighbridge.maths.thinning import count_below, total_below
from weighbridge.probekit.attributes import Attributes, Part
from weighbridge.probekit.combinations import Classes, Combinations, level_for, read_classes, singles_to
from weighbridge.probekit.ports import Bench, Floats, Ints, Table
from weighbridge.probes.unique_combinations.planning import CONFIRMED

CONFIDENCE = 0.95  # that no combination is worse than its bound

_KEPT, _KEPT_AT_MOST = 1 << 13, 1 << 21  # keys remembered of one combination and of all; ours
_FOR_SMALL = 2  # of the suspects of each size, those taken for their small classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The worst that combinations may be which were not counted over all rows."""

    most_unique: int
    most_small: int
    smallest: int  # the smallest class that was seen; there may be smaller ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """What one scan told of many combinations; arrays have one entry for each."""

    combinations: tuple[tuple[str, ...], ...]
    unique: Floats  # estimated
    small: Floats
    most_unique: Ints
    most_small: Ints
    smallest: Ints  # the smallest class that was kept; all rows where none was
    chance: float
    best_left_out: str  # the column without which fewest are unique, of all others together; "" where there is none

    def suspects(self) -> list[tuple[str, ...]]:
        """The combinations that seem to tell most, some of each size."""
        sizes = sorted({len(c) for c in self.combinations})
        each = -(-CONFIRMED // len(sizes))
        found: list[int] = []
        for size in sizes:
            here = [n for n, c in enumerate(self.combinations) if len(c) == size]
            by_small = sorted(here, key=lambda n: (-self.small[n], n))[:_FOR_SMALL]
            by_unique = sorted(here, key=lambda n: (-self.unique[n], -self.small[n], n))
            found += list(dict.fromkeys([*by_small, *by_unique]))[:each]
        return [self.combinations[n] for n in sorted(found)]

    def beyond(self, size: int, *, done: Iterable[tuple[str, ...]]) -> Rest:
        """The worst that any combination of at most `size` columns may be, those that are done apart."""
        counted = set(done)
        places = [n for n, c in enumerate(self.combinations) if len(c) <= size and c not in counted]
        if not places:
            return Rest(most_unique=0, most_small=0, smallest=int(self.smallest.max()))
        return Rest(
            most_unique=int(self.most_unique[places].max()), most_small=int(self.most_small[places].max()),
            smallest=int(self.smallest[places].min()),
        )  # fmt: skip


def estimate(
    bench: Bench,
    table: Table,
    attributes: Attributes,
    columns: tuple[str, ...],
    *,
    k: int,
    max_columns: int,
) -> Estimates:
    """Scan the table once for all combinations of two to `max_columns` columns.

    Bounds are corrected for their number: all of them hold together with the confidence of `CONFIDENCE`.
    """
    sets = tuple(s for s in singles_to(columns, at_most=max_columns) if len(s) > 1)
    rests = tuple(tuple(p for p in range(len(columns)) if p != left) for left in range(len(columns)))
    keep = max(256, min(_KEPT, _KEPT_AT_MOST // (len(sets) + len(rests))))
    fold = Combinations(
        columns=columns, sets=sets + rests, steps=tuple(s for s in attributes.steps if s[0] in columns),
        seed=bench.seed, level=level_for(table.n_rows, keep=keep), cap=2 * keep,
    )  # fmt: skip
    state = table.fold(fold, lambda done, of: bench.progress(done, of, "row"))
    found = read_classes(fold, state)
    told, left = found[: len(sets)], found[len(sets) :]
    chances = np.array([c.chance for c in told])
    each = corrected(CONFIDENCE, len(sets))
    unique = np.array([int((c.sizes == 1).sum()) for c in told])
    small = np.array([float(c.sizes[c.sizes < k].sum()) for c in told])
    squares = np.array([float((c.sizes[c.sizes < k].astype(np.float64) ** 2).sum()) for c in told])
    room = _classes_there_can_be(table, columns, sets)
    most_unique = np.minimum(count_below(unique, chances, confidence=each), room)
    most_small = np.minimum(total_below(small, squares, k - 1.0, chances, confidence=each), room * (k - 1))
    alone = [(c.sizes == 1).sum() / c.chance for c in left]
    best = columns[int(np.argmin(alone))] if len(attributes.of(Part.QUASI)) == len(columns) > 1 else ""
    return Estimates(
        combinations=tuple(tuple(columns[p] for p in s) for s in sets), unique=unique / chances, small=small / chances,
        most_unique=_whole(most_unique, table.n_rows), most_small=_whole(most_small, table.n_rows),
        smallest=np.array([_smallest(c, table.n_rows) for c in told]), chance=float(chances.min()), best_left_out=best,
    )  # fmt: skip


def _classes_there_can_be(table: Table, columns: tuple[str, ...], sets: Iterable[tuple[int, ...]]) -> Floats:
    """As many as the columns have values to combine; missing is one of them."""
    values = {c.name: c.n_distinct + (c.n_missing > 0) for c in table.columns}
    return np.array([np.prod([float(values[columns[p]]) for p in s]) for s in sets])


def _whole(bounds: Floats, n_rows: int) -> Ints:
    return np.minimum(np.ceil(bounds), n_rows).astype(np.int64)


def _smallest(classes: Classes, n_rows: int) -> int:
    return int(classes.sizes.min()) if len(classes.sizes) else n_rows
