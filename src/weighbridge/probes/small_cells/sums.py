"""What the totals of a table say of its cells, as equations; totals that are no sums are set aside and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from weighbridge.probekit.ports import Bools, Floats, Ints
from weighbridge.probes.small_cells.grids import Grid

_WRONG = 0.1  # share of totals that may be no sum before none of that dimension is believed; ours
_MOST_PAIRS = 1 << 22  # pairs of categories of two dimensions that are looked at; ours


@dataclass(slots=True, kw_only=True)
class Unknowns:
    """The cells of all tables as variables of one system, and the equations between them."""

    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    n: int = 0
    terms: list[tuple[Ints, Floats]] = field(default_factory=list)

    def add(self, low: Floats, high: Floats) -> int:
        """Take in variables; the number of the first."""
        first = self.n
        self.low.append(low)
        self.high.append(high)
        self.n += len(low)
        return first


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """One table in the system: where its cells are, the cells it leaves out, and totals that are no sums."""

    grid: Grid
    first: int
    low: Floats  # as the print says, rounding included
    high: Floats
    left_out: Ints  # variables for rows that are not there, below a total that is
    no_sums: tuple[str, ...]  # dimensions whose totals are no sums
    n_equations: int


def printed(grid: Grid) -> tuple[Floats, Floats]:
    """What the print says of each cell: a count, a range, or a count rounded either way."""
    if grid.base == 1:
        return grid.low, grid.high
    shown = grid.low == grid.high
    spread = grid.base - 1
    low = np.where(shown, np.maximum(0.0, grid.low - spread), grid.low)
    return low, np.where(shown, grid.high + spread, grid.high)


def take_in(grid: Grid, unknowns: Unknowns) -> Summed:
    """Add a table's cells and the equations of its totals."""
    low, high = printed(grid)
    first = unknowns.add(low, high)
    left_out: list[int] = []
    no_sums: list[str] = []
    before = len(unknowns.terms)
    for dimension in range(len(grid.dimensions)):
        if grid.total[dimension] < 0:
            continue
        groups = list(_groups(grid, dimension, low, high))
        checked = [g for g in groups if g.is_shown]
        wrong = sum(not g.adds_up for g in checked)
        if wrong > _WRONG * len(checked):
            no_sums.append(grid.dimensions[dimension])
            continue
        for group in groups:
            if not group.adds_up:
                continue
            columns, weights = first + group.members, np.where(group.members == group.total, -1.0, 1.0)
            if group.n_left_out:
                extra = unknowns.add(np.zeros(1), np.full(1, np.inf))
                left_out.append(extra)
                columns, weights = np.append(columns, extra), np.append(weights, 1.0)
            unknowns.terms.append((columns, weights))
    return Summed(
        grid=grid, first=first, low=low, high=high, left_out=np.array(left_out, dtype=np.int64), no_sums=tuple(no_sums),
        n_equations=len(unknowns.terms) - before,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A total with the cells beside it."""

    members: Ints  # the total among them
    total: int
    n_left_out: int
    is_shown: bool  # all its cells are, and none is left out: it can be checked
    adds_up: bool  # the total can be the sum


def _groups(grid: Grid, dimension: int, low: Floats, high: Floats) -> Iterator[_Group]:
    code = grid.total[dimension]
    others = np.delete(grid.keys, dimension, axis=1)
    _, group = np.unique(others, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    at = grid.keys[:, dimension]
    missing = _Missing(grid, dimension)
    for members in np.split(order, np.flatnonzero(np.diff(group.ravel()[order])) + 1):
        totals = members[at[members] == code]
        parts = members[at[members] != code]
        if len(totals) != 1 or not len(parts) or len(np.unique(at[parts])) != len(parts):
            continue
        total = int(totals[0])
        left_out = missing.count(others[members[0]], at[parts])
        least, most = low[parts].sum(), high[parts].sum()
        fits = least <= high[total] and (left_out > 0 or most >= low[total])
        shown = bool((grid.low[members] == grid.high[members]).all()) and not left_out
        yield _Group(members=members, total=total, n_left_out=left_out, is_shown=shown, adds_up=bool(fits))


class _Missing:
    """Which categories a total could have below it and has not: all of its dimension, in a table of all combinations.

    Where each category comes with one of another dimension alone, as a district with its region, those of that one.
    """

    def __init__(self, grid: Grid, dimension: int) -> None:
        n = len(grid.categories[dimension])
        at = grid.keys[:, dimension]
        self._real = np.ones(n, dtype=bool)
        self._real[grid.total[dimension]] = False
        self._within: list[Bools | None] = []
        for other in range(len(grid.dimensions)):
            if other == dimension:
                continue
            m = len(grid.categories[other])
            seen = None
            if n * m <= _MOST_PAIRS:
                seen = np.zeros((m, n), dtype=bool)
                seen[grid.keys[:, other], at] = True
            self._within.append(seen if seen is not None and self._is_within(seen, grid.total[other]) else None)

    def _is_within(self, seen: Bools, total: int) -> bool:
        """Whether each category comes with one of the other dimension, its total apart."""
        real = np.delete(seen, total, axis=0) if total >= 0 else seen
        return len(real) > 1 and bool((real[:, self._real].sum(axis=0) <= 1).all())

    def count(self, others: Ints, parts: Ints) -> int:
        """How many are missing beside these."""
        there = self._real.copy()
        for code, seen in zip(others, self._within, strict=True):
            if seen is not None:
                there &= seen[code]
        return int(there.sum() - there[parts].sum())
