"""Whom sets of columns single out: counted one by one where that is quick, else in one scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.maths.thinning import count_above, count_below
from weighbridge.probekit.attributes import Attributes
from weighbridge.probekit.combinations import Combinations, level_for, read_classes
from weighbridge.probekit.ports import Bench, ClassSizes, Table

# Nominal cost of grouping a table once, as DuckDB does on two cores, and of looking at a row's key in a scan.
_SECONDS, _SECONDS_PER_ROW, _PERSON_FACTOR, _SECONDS_PER_KEY = 5e-3, 3e-7, 3.0, 3e-9
_PATIENCE_S = 20.0  # nominal; below, sets are counted one by one. Ours
_KEPT, _KEPT_AT_MOST = 1 << 13, 1 << 21  # classes looked at in a scan, of one set and of all; ours
_CONFIDENCE = 0.95

Chosen = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The share that each set singles out, with bounds; equal where it was counted over all rows."""

    value: dict[Chosen, float]
    low: dict[Chosen, float]
    high: dict[Chosen, float]

    @property
    def is_exact(self) -> bool:
        """Whether all of it was counted over all rows."""
        return self.low == self.high


def seconds_each(attributes: Attributes) -> float:
    """Nominal seconds of grouping a table once."""
    rows = _SECONDS + _SECONDS_PER_ROW * attributes.n_rows
    return rows if attributes.one_row_each else _PERSON_FACTOR * rows


def is_quick(attributes: Attributes, n_sets: int) -> bool:
    """Whether so many sets are counted one by one; so they always are where no sample of classes can tell.

    That is where people have several rows (each counts with the smallest of all its classes), and where rows stay.
    """
    return not attributes.one_row_each or attributes.rows_stay or n_sets * seconds_each(attributes) <= _PATIENCE_S


def seconds_for(attributes: Attributes, n_sets: int) -> float:
    """Nominal seconds for so many sets."""
    if is_quick(attributes, n_sets):
        return n_sets * seconds_each(attributes)
    return n_sets * attributes.n_rows * _SECONDS_PER_KEY + 2 * seconds_each(attributes)


def alone(found: ClassSizes) -> float:
    """The share of individuals who are in a class of their own."""
    return float(found.individuals[found.sizes == 1].sum() / found.individuals.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharer:
    """Counts sets of columns of one table."""

    bench: Bench
    table: Table
    attributes: Attributes
    columns: tuple[str, ...]
    tick: Callable[[], None]

    def one(self, chosen: Sequence[str]) -> float:
        """One set, over all rows."""
        self.tick()
        person = "" if self.attributes.one_row_each else self.attributes.person
        return alone(self.table.class_sizes(chosen, person=person, steps=dict(self.attributes.steps)))

    def many(self, sets: Sequence[Chosen], known: dict[Chosen, float]) -> Shares:
        """Many sets; those already known are not counted again."""
        left = [s for s in sets if s not in known]
        if is_quick(self.attributes, len(left)):
            found = known | {s: self.one([self.columns[p] for p in sorted(s)]) for s in left}
            return Shares(value=found, low=found, high=found)
        return self._scanned(left, known)

    def _scanned(self, left: Sequence[Chosen], known: dict[Chosen, float]) -> Shares:
        ordered = sorted(left, key=sorted)
        keep = max(256, min(_KEPT, _KEPT_AT_MOST // len(ordered)))
        fold = Combinations(
            columns=self.columns, sets=tuple(tuple(sorted(s)) for s in ordered), seed=self.bench.seed,
            steps=tuple(s for s in self.attributes.steps if s[0] in self.columns),
            level=level_for(self.table.n_rows, keep=keep), cap=2 * keep,
        )  # fmt: skip
        state = self.table.fold(fold, lambda done, of: self.bench.progress(done, of, "row"))
        classes, n = read_classes(fold, state), self.table.n_rows
        kept = np.array([int((c.sizes == 1).sum()) for c in classes])
        chances = np.array([c.chance for c in classes])
        each = (1 + _CONFIDENCE) / 2
        value = np.minimum(kept / chances / n, 1.0)
        low = np.minimum(count_above(kept, chances, confidence=each) / n, value)
        high = np.clip(count_below(kept, chances, confidence=each) / n, value, 1.0)
        return Shares(
            value=known | dict(zip(ordered, value.tolist(), strict=True)),
            low=known | dict(zip(ordered, low.tolist(), strict=True)),
            high=known | dict(zip(ordered, high.tolist(), strict=True)),
        )
