"""How far counts that are not shown are known from sums that are: the narrowest range that all equations leave to each.

First by subtraction alone, in whole numbers, again and again; then by linear programming within each set of unknowns
that hang together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_ROUNDS = 200  # of subtraction; each round can only narrow, and what is left goes to the solver
_WHOLE = (
    40  # unknowns up to which whole numbers are asked of the solver; above, fractions are allowed: wider, never wrong
)
_SLACK = 1e-6  # what the solver's answers may be off by


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Equations over whole numbers: each is a sum of variables, with weights, that equals nought.

    `rows`, `columns`, `weights` of shape (m,): in equation rows[i] the variable columns[i] has weights[i], not 0.
    """

    rows: Ints
    columns: Ints
    weights: Floats
    n_equations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is known of each variable, shape (n,): whole numbers, `high` may be infinite."""

    low: Floats
    high: Floats
    unsolved: Bools  # known by subtraction alone, as too many unknowns hang together
    contradictory: Bools  # in equations that no whole numbers satisfy; as they were given


def bounds(
    low: Floats,
    high: Floats,
    system: System,
    *,
    below: float = np.inf,
    unknowns: int = 2000,
    tick: Callable[[int, int], None] | None = None,
) -> Bounds:
    """The range that the equations leave to each variable.

    Parameters
    ----------
    low, high : shape (n,), whole and not negative; what is known of each by itself. Equal: it is shown
    below : a variable that can reach this much is not narrowed further: its `high` is then right or too high
    unknowns : sets of more variables than this are left to subtraction
    tick : called with the variables done and all there are; may raise to end it

    Returns
    -------
    Ranges that hold every solution. They are the narrowest there are in sets of up to 40 unknowns, and wherever the
    equations are those of a two-way table; elsewhere they may be wider.

    References
    ----------
    Hundepool et al. 2012, Statistical Disclosure Control, section 4.4 (the feasibility interval of a suppressed cell).
    """
    left, right, broken = _subtracted(low.copy(), high.copy(), system)
    unsolved = np.zeros(len(low), dtype=bool)
    left[broken], right[broken] = low[broken], high[broken]
    sets = list(_together(left, right, system, broken))
    done, of = 0, sum(len(members) for members, _ in sets)
    for members, equations in sets:
        if tick:
            tick(done, of)
        done += len(members)
        if len(members) > unknowns:
            unsolved[members] = True
            continue
        found = _solved(left[members], right[members], *equations, below=below)
        if found is None:
            broken[members] = True
            left[members], right[members] = low[members], high[members]
        else:
            left[members], right[members] = found
    return Bounds(low=left, high=right, unsolved=unsolved, contradictory=broken)


def _subtracted(low: Floats, high: Floats, system: System) -> tuple[Floats, Floats, Bools]:
    """Each variable against the ends of all others in its equations, until nothing moves."""
    r, c, w = system.rows, system.columns, system.weights
    for _ in range(_ROUNDS):
        least = np.where(w > 0, w * low[c], w * high[c])  # the least and most that each term can be
        most = np.where(w > 0, w * high[c], w * low[c])
        room = -_of_others(least, r, system.n_equations)  # the term is at most this
        need = -_of_others(most, r, system.n_equations)
        new_high = np.where(w > 0, room / w, need / w)
        new_low = np.where(w > 0, need / w, room / w)
        before = (low.copy(), high.copy())
        with np.errstate(invalid="ignore"):
            np.minimum.at(high, c, np.floor(new_high + _SLACK))
            np.maximum.at(low, c, np.ceil(new_low - _SLACK))
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
        if (low > high).any():
            break
    return low, high, _spoiled(low > high, system)


def _of_others(ends: Floats, rows: Ints, n: int) -> Floats:
    """For each term the sum of the others in its equation; infinite where one of them is."""
    finite = np.where(np.isfinite(ends), ends, 0.0)
    sums = np.bincount(rows, finite, minlength=n)[rows] - finite
    endless = ~np.isfinite(ends)
    others = np.bincount(rows, endless, minlength=n)[rows] - endless
    sign = np.sign(np.bincount(rows, np.where(endless, np.sign(ends), 0.0), minlength=n))[rows]
    return np.where(others > 0, np.where(sign < 0, -np.inf, np.inf), sums)


def _spoiled(wrong: Bools, system: System) -> Bools:
    """All variables that hang together with one that no number fits."""
    if not wrong.any():
        return wrong
    label = _labels(len(wrong), system.rows, system.columns, system.n_equations)
    return np.isin(label, np.unique(label[wrong]))


def _labels(n: int, rows: Ints, columns: Ints, n_equations: int) -> Ints:
    """Which variables hang together: equal numbers do."""
    ones = np.ones(len(rows))
    joined = csr_array((ones, (columns, rows + n)), shape=(n + n_equations, n + n_equations))
    return np.asarray(connected_components(joined, directed=False)[1][:n], dtype=np.int64)


Equations = tuple[csr_array, Floats]


def _together(low: Floats, high: Floats, system: System, broken: Bools) -> Iterator[tuple[Ints, Equations]]:
    """Sets of unknowns that share equations, each with those equations; what is known has gone to the other side."""
    r, c, w = system.rows, system.columns, system.weights
    unknown = (low < high) & ~broken
    free = unknown[c]
    known = np.where(free, 0.0, np.where(np.isfinite(low[c]), w * low[c], 0.0))
    right = -np.bincount(r, known, minlength=system.n_equations)
    label = _labels(len(low), r[free], c[free], system.n_equations)
    order = np.flatnonzero(unknown & np.isin(np.arange(len(low)), c[free]))
    order = np.asarray(order[np.argsort(label[order], kind="stable")], dtype=np.int64)
    matrix = csr_array((w[free], (r[free], c[free])), shape=(system.n_equations, len(low))).tocsc()
    for members in np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else ():
        part = matrix[:, members].tocsr()
        held = np.flatnonzero(np.diff(part.indptr))
        yield members, (part[held], np.asarray(right[held], dtype=np.float64))


def _solved(
    low: Floats, high: Floats, matrix: csr_array, right: Floats, *, below: float
) -> tuple[Floats, Floats] | None:
    """The range of each of some unknowns; None where nothing satisfies all equations."""
    solver = _Solver(low, high, matrix, right)
    new_low, new_high = low.copy(), high.copy()
    if not solver.look(np.zeros(len(low))):
        return None
    for i in range(len(low)):
        if low[i] >= below:
            continue
        new_high[i] = solver.end(i, high[i], up=True)
        if new_high[i] < below:
            new_low[i] = solver.end(i, low[i], up=False)
    return new_low, new_high


class _Solver:
    """One set of equations, asked for the ends of many variables; every answer is a witness for all of them."""

    def __init__(self, low: Floats, high: Floats, matrix: csr_array, right: Floats) -> None:
        self._ranges = np.column_stack([low, high])
        self._matrix, self._right = matrix, right
        self._whole = 1 if len(low) <= _WHOLE else 0
        self._seen_low, self._seen_high = np.full(len(low), np.inf), np.full(len(low), -np.inf)

    def look(self, aim: Floats) -> bool:
        """Find the solution that makes `aim` least; whether there is one."""
        found = linprog(
            aim, A_eq=self._matrix, b_eq=self._right, bounds=self._ranges, method="highs", integrality=self._whole
        )
        if found.x is not None and found.status == 0:
            self._seen_low = np.minimum(self._seen_low, found.x)
            self._seen_high = np.maximum(self._seen_high, found.x)
        return found.status in (0, 3)  # 3: it has no end

    def end(self, i: int, known: float, *, up: bool) -> float:
        """The largest (or least) value of variable `i`, as a whole number; `known` is an end that it cannot pass."""
        seen = self._seen_high if up else self._seen_low
        if np.isfinite(known) and abs(seen[i] - known) <= _SLACK:
            return known
        aim = np.zeros(len(self._seen_low))
        aim[i] = -1.0 if up else 1.0
        before = seen[i]
        if not self.look(aim):
            return known
        after = (self._seen_high if up else self._seen_low)[i]
        if up and not np.isfinite(known) and after == before and not self._is_end(aim):
            return np.inf
        return float(np.floor(after + _SLACK) if up else np.ceil(after - _SLACK))

    def _is_end(self, aim: Floats) -> bool:
        found = linprog(aim, A_eq=self._matrix, b_eq=self._right, bounds=self._ranges, method="highs")
        return bool(found.status == 0)


def equations(terms: Sequence[tuple[Ints, Floats]]) -> System:
    """A system from its equations: of each, which variables it has and with what weights."""
    if not terms:
        nothing = np.zeros(0, dtype=np.int64)
        return System(rows=nothing, columns=nothing, weights=np.zeros(0), n_equations=0)
    return System(
        rows=np.repeat(np.arange(len(terms)), [len(c) for c, _ in terms]),
        columns=np.concatenate([c for c, _ in terms]).astype(np.int64),
        weights=np.concatenate([w for _, w in terms]).astype(np.float64),
        n_equations=len(terms),
    )
