"""Two tables of counts that share some of their groups: what is hidden in one may follow from the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.probekit.names import words
from weighbridge.probekit.ports import Floats, Ints
from weighbridge.probes.small_cells.grids import Grid
from weighbridge.probes.small_cells.sums import Summed, Unknowns

_SAME_CATEGORIES = 0.8  # of two dimensions, to be one; ours
_LEAST = 2  # counts above nought shown in both; all of them equal: the two count the same people. Ours
_VERSIONS = 0.5  # share of equal counts from which two tables of the same cells are versions of one; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """What two tables have to do with each other."""

    labels: tuple[str, str]
    n_equations: int  # groups that both count
    differences: Floats  # between two versions, where both show a cell and differ; empty: they are no versions


def join(tables: Sequence[Summed], unknowns: Unknowns) -> tuple[Joint, ...]:
    """Add an equation for each group that two tables both count; say which pairs are versions of one table."""
    found = []
    for i, one in enumerate(tables):
        for other in tables[i + 1 :]:
            joint = _joined(one, other, unknowns)
            if joint:
                found.append(joint)
    return tuple(found)


def _joined(one: Summed, other: Summed, unknowns: Unknowns) -> Joint | None:
    pairs = _shared(one.grid, other.grid)
    if not pairs or one.grid.base != other.grid.base:
        return None
    left, right = _margins(one, [a for a, _, _ in pairs]), _margins(other, [b for _, b, _ in pairs])
    if left is None or right is None:
        return None
    known: list[tuple[float, float]] = []
    both: list[tuple[Ints, Ints]] = []
    for key, members in left.items():
        mapped = tuple(int(same[code]) for code, (_, _, same) in zip(key, pairs, strict=True))
        if mapped not in right:
            continue
        beside = right[mapped]
        both.append((members, beside))
        if _is_shown(one.grid, members) and _is_shown(other.grid, beside):
            known.append((one.grid.low[members].sum(), other.grid.low[beside].sum()))
    shown = np.array(known, dtype=np.float64).reshape(-1, 2)
    shown = shown[(shown > 0).any(axis=1)]
    agree = float((shown[:, 0] == shown[:, 1]).mean()) if len(shown) >= _LEAST else 0.0
    labels = (one.grid.label, other.grid.label)
    if agree == 1:
        n = sum(_add(unknowns, one.first + a, other.first + b) for a, b in both)
        return Joint(labels=labels, n_equations=n, differences=np.zeros(0))
    if agree >= _VERSIONS and _are_whole(pairs, one, other):
        return Joint(labels=labels, n_equations=0, differences=_differences(shown))
    return None


def _add(unknowns: Unknowns, left: Ints, right: Ints) -> int:
    weights = np.concatenate([np.ones(len(left)), -np.ones(len(right))])
    unknowns.terms.append((np.concatenate([left, right]), weights))
    return 1


def _is_shown(grid: Grid, members: Ints) -> bool:
    return bool((grid.low[members] == grid.high[members]).all())


Pair = tuple[int, int, Ints]


def _are_whole(pairs: Sequence[Pair], one: Summed, other: Summed) -> bool:
    """Whether all dimensions of both are shared, so that cell stands against cell."""
    return len(pairs) == len(one.grid.dimensions) == len(other.grid.dimensions)


def _differences(shown: Floats) -> Floats:
    change = np.abs(shown[:, 1] - shown[:, 0])
    return np.asarray(change[change > 0], dtype=np.float64)


def _shared(one: Grid, other: Grid) -> list[Pair]:
    """Dimensions that both have: of one name or of nearly the same categories; with the other's code for each code."""
    found: list[Pair] = []
    taken: set[int] = set()
    for a in range(len(one.dimensions)):
        for b in range(len(other.dimensions)):
            if b in taken or not _is_one(one, a, other, b):
                continue
            taken.add(b)
            found.append((a, b, _mapped(one, a, other, b)))
            break
    return found


def _real(grid: Grid, dimension: int) -> set[str]:
    total = grid.total[dimension]
    return {name.strip().casefold() for code, name in enumerate(grid.categories[dimension]) if code != total}


def _is_one(one: Grid, a: int, other: Grid, b: int) -> bool:
    ours, theirs = _real(one, a), _real(other, b)
    named = words(one.dimensions[a]) == words(other.dimensions[b])
    common = len(ours & theirs)
    return common > 0 and (common >= _SAME_CATEGORIES * len(ours | theirs) or (named and common >= 0.5 * len(ours)))


def _mapped(one: Grid, a: int, other: Grid, b: int) -> Ints:
    codes = {name.strip().casefold(): code for code, name in enumerate(other.categories[b])}
    made = [codes.get(name.strip().casefold(), -1) for name in one.categories[a]]
    if one.total[a] >= 0:
        made[one.total[a]] = other.total[b]
    return np.array(made, dtype=np.int64)


def _margins(table: Summed, shared: Sequence[int]) -> dict[tuple[int, ...], Ints] | None:
    """For each combination of shared categories, the cells that sum up to it; None where they cannot be told.

    One cell, where every other dimension has its total; else all cells of it, where no dimension that is summed over
    has a total and every combination has as many cells as the others.
    """
    grid = table.grid
    rest = [i for i in range(len(grid.dimensions)) if i not in shared]
    keep = np.ones(grid.n, dtype=bool)
    summed = False
    for i in rest:
        if grid.dimensions[i] in table.no_sums or (grid.total[i] < 0 and not grid.dimensions[i]):
            return None  # value columns without a total may count different things
        if grid.total[i] >= 0:
            keep &= grid.keys[:, i] == grid.total[i]
        else:
            summed = True
    groups = dict(_grouped(grid.keys[keep][:, list(shared)], np.flatnonzero(keep)))
    sizes = {len(members) for members in groups.values()}
    return groups if groups and (not summed or len(sizes) == 1) and (summed or sizes == {1}) else None


def _grouped(keys: Ints, cells: Ints) -> Iterator[tuple[tuple[int, ...], Ints]]:
    if not len(keys):
        return
    unique, group = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    for n, members in enumerate(np.split(order, np.flatnonzero(np.diff(group.ravel()[order])) + 1)):
        yield tuple(int(code) for code in unique[n]), np.sort(cells[members])
