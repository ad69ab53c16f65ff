"""Whatever is worked out holds the truth: tables of several dimensions, with cells hidden, rows left out, counts rounded."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from weighbridge.core.candidate import Declared
from weighbridge.maths.bounds import Bounds, bounds, equations
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probes.small_cells.grids import Grid, Shape, read_grid
from weighbridge.probes.small_cells.overlap import join
from weighbridge.probes.small_cells.sums import Summed, Unknowns, take_in

Rows = dict[tuple[str, ...], int]
NAMES = ("district", "sex", "age")


def counted(rng: np.random.Generator, sizes: tuple[int, ...], mean: float) -> Rows:
    """Counts of every combination, with a total in every dimension."""
    names = [[f"{NAMES[i]} {n}" for n in range(size)] for i, size in enumerate(sizes)]
    inner = {
        key: int(n) for key, n in zip(itertools.product(*names), rng.poisson(mean, int(np.prod(sizes))), strict=True)
    }
    rows: Rows = {}
    for key, n in inner.items():
        for whole in itertools.product(*((k, "Total") for k in key)):
            rows[whole] = rows.get(whole, 0) + n
    return rows


def grid(rows: Rows, hidden: set[tuple[str, ...]], *, label: str = "t.csv") -> Grid:
    columns: dict[str, list[str]] = {
        name: [key[i] for key in rows] for i, name in enumerate(NAMES[: len(next(iter(rows)))])
    }
    columns["cases"] = ["*" if key in hidden else str(n) for key, n in rows.items()]
    table = MemoryTable(columns, label=label, declared=Declared(about_people=True))
    return read_grid(table, Shape(values=("cases",), labels=tuple(columns)[:-1], is_declared=True))


def solved(*grids: Grid) -> tuple[tuple[Summed, ...], Bounds]:
    unknowns = Unknowns()
    summed = tuple(take_in(g, unknowns) for g in grids)
    join(summed, unknowns)
    return summed, bounds(np.concatenate(unknowns.low), np.concatenate(unknowns.high), equations(unknowns.terms))


def holds(summed: Summed, found: Bounds, rows: Rows) -> bool:
    own = slice(summed.first, summed.first + summed.grid.n)
    truth = np.array(
        [
            rows[tuple(summed.grid.categories[i][code] for i, code in enumerate(key))]
            for key in summed.grid.keys.tolist()
        ]
    )
    return bool((found.low[own] <= truth).all() and (truth <= found.high[own]).all() and not found.contradictory.any())


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([(3, 4), (2, 2, 3)]), st.floats(0.1, 0.7), st.floats(0.0, 0.3))
def test_the_truth_lies_in_every_range(seed: int, sizes: tuple[int, ...], hide: float, leave_out: float) -> None:
    rng = np.random.default_rng(seed)
    rows = counted(rng, sizes, 12)
    hidden = {key for key in rows if rng.random() < hide}
    kept = {key: n for key, n in rows.items() if "Total" in key or rng.random() >= leave_out}
    if len(kept) < 2:
        return
    (summed,), found = solved(grid(kept, hidden))
    assert holds(summed, found, kept)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([3, 5]))
def test_the_truth_lies_in_the_ranges_of_rounded_counts(seed: int, base: int) -> None:
    rng = np.random.default_rng(seed)
    rows = counted(rng, (4, 4), 60)
    rounded = {key: int(n - n % base + base * (rng.random() < (n % base) / base)) for key, n in rows.items()}
    made = grid(rounded, set())
    assume(made.base == base)  # else too few different counts tell
    (summed,), found = solved(made)
    assert holds(summed, found, rows)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_the_truth_lies_in_the_ranges_of_two_tables_of_the_same_people(seed: int) -> None:
    rng = np.random.default_rng(seed)
    whole = counted(rng, (3, 2, 3), 15)
    one: Rows = {(d, s): n for (d, s, a), n in whole.items() if a == "Total"}
    other: Rows = {(d, a): n for (d, s, a), n in whole.items() if s == "Total" and d != "Total"}
    hidden: list[set[tuple[str, ...]]] = [{key for key in rows if rng.random() < 0.3} for rows in (one, other)]
    summed, found = solved(grid(one, hidden[0], label="a.csv"), grid(other, hidden[1], label="b.csv"))
    assert holds(summed[0], found, one)
    assert holds(summed[1], found, other)
