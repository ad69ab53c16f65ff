"""The probes of tables against exact ways to the same answer, in turn: ratios in one run, and the most memory.

    python benchmarks/tables.py [ROWS]

Bounds of hidden cells equal those of trying every filling, on small tables; on a larger one, how many times longer two
linear programmes for each cell take. Linkage finds those whom an exact join with polars finds, and how many times its
memory and its time are. Hashes are tried so many times as fast as by a plain loop. ROWS is one million unless given.
"""

from __future__ import annotations

import hashlib
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from scipy.optimize import linprog

from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured
from weighbridge.maths.bounds import System, bounds, equations
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.linkage.probe import PROBE, Settings
from weighbridge.probes.reversible_pseudonyms.recipes import hashed, recipes
from weighbridge.probes.reversible_pseudonyms.tokens import look_up

Found = TypeVar("Found")
KEYS = ["born", "place", "sex"]


def _timed(act: Callable[[], Found]) -> tuple[float, Found]:
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def _two_way(table: np.ndarray, hidden: np.ndarray, top: float) -> tuple[np.ndarray, np.ndarray, System]:
    """Cells, then totals of rows and of columns; all totals are shown."""
    n, m = table.shape
    shown = np.concatenate([table.ravel(), table.sum(axis=1), table.sum(axis=0)]).astype(float)
    mask = np.concatenate([hidden.ravel(), np.zeros(n + m, bool)])
    rows = [np.r_[np.arange(i * m, (i + 1) * m), n * m + i] for i in range(n)]
    columns = [np.r_[np.arange(j, n * m, m), n * m + n + j] for j in range(m)]
    terms = [(c, np.r_[np.ones(len(c) - 1), -1.0]) for c in (*rows, *columns)]
    return np.where(mask, 0.0, shown), np.where(mask, top, shown), equations(terms)


def _by_counting(table: np.ndarray, hidden: np.ndarray, top: int) -> tuple[np.ndarray, np.ndarray]:
    places = np.argwhere(hidden)
    low, high = np.full(table.shape, np.inf), np.full(table.shape, -np.inf)
    for values in itertools.product(range(top + 1), repeat=len(places)):
        tried = table.copy()
        tried[tuple(places.T)] = values
        if (tried.sum(0) == table.sum(0)).all() and (tried.sum(1) == table.sum(1)).all():
            low, high = np.minimum(low, tried), np.maximum(high, tried)
    return low, high


def _plainly(low: np.ndarray, high: np.ndarray, system: System) -> np.ndarray:
    """Two linear programmes for each hidden cell over the whole table, as a textbook has it."""
    matrix = np.zeros((system.n_equations, len(low)))
    matrix[system.rows, system.columns] = system.weights
    right = np.zeros(system.n_equations)
    found = np.column_stack([low, high])
    for i in np.flatnonzero(low < high):
        for side, sign in ((0, 1.0), (1, -1.0)):
            aim = np.zeros(len(low))
            aim[i] = sign
            found[i, side] = sign * linprog(aim, A_eq=matrix, b_eq=right, bounds=np.column_stack([low, high])).fun
    return np.round(found)


def cells() -> None:
    """Equal to counting through; faster than solving plainly."""
    rng = np.random.default_rng(0)
    equal = 0
    for _ in range(40):
        table = rng.integers(0, 6, (3, 4))
        hidden = rng.random(table.shape) < 0.5
        hidden.ravel()[np.flatnonzero(hidden)[6:]] = False
        found = bounds(*_two_way(table, hidden, 6.0))
        low, high = _by_counting(table, hidden, 6)
        equal += bool((found.low[:12].reshape(3, 4) == low).all() and (found.high[:12].reshape(3, 4) == high).all())
    print(f"bounds of hidden cells equal those of counting through: {equal} of 40 tables")
    table = rng.poisson(12, (40, 20))
    hidden = (table < 11) | (rng.random(table.shape) < 0.1)
    given = _two_way(table, hidden, 1e6)
    ours, narrowest = _timed(lambda: bounds(*given))
    part, _ = _timed(lambda: bounds(*given, below=11))
    theirs, plain = _timed(lambda: _plainly(*given))
    same = np.column_stack([narrowest.low, narrowest.high]) == plain
    print(f"40 x 20 cells, {hidden.sum()} hidden: equal to plain programmes {same.all()}; {theirs / ours:.1f}x as fast,"
          f" {theirs / part:.1f}x where only ranges below 11 matter")  # fmt: skip


def _written(folder: Path, rows: int) -> tuple[Path, Path]:
    """A list of people, and another of which half are the same."""
    rng = np.random.default_rng(1)
    n = rows + rows // 2
    everybody = pl.DataFrame({
        "born": rng.integers(0, 30_000, n), "place": [f"place {p}" for p in rng.integers(0, 3000, n)],
        "sex": rng.choice(["f", "m"], n),
    })  # fmt: skip
    ours, theirs = everybody.head(rows), everybody.tail(rows)
    left, right = folder / "ours.parquet", folder / "theirs.parquet"
    ours.with_columns(pl.Series("ill", rng.integers(0, 9, rows))).write_parquet(left)
    theirs.with_columns(pl.Series("name", [f"n{i}" for i in range(rows)])).write_parquet(right)
    return left, right


def _by_join(left: Path, right: Path) -> int:
    alone = [pl.read_parquet(p).group_by(KEYS).len().filter(pl.col("len") == 1) for p in (left, right)]
    return int(alone[0].join(alone[1], on=KEYS).height)


def _by_probe(left: Path, right: Path, folder: Path) -> str:
    tables = [
        open_table(p, label=p.name, format="parquet", declared=Declared(about_people=True), spill=folder)
        for p in (left, right)
    ]
    bench = MemoryBench(tables_by_role={Role.DATA: (tables[0],), Role.POPULATION: (tables[1],)})
    outcome = PROBE.measure(bench, Settings())
    assert isinstance(outcome, Measured)
    number = next(q for q in outcome.quantities if q.metric == "matched-people" and q.at("with") == "public")
    return f"{number.value:.0f} ({number.low:.0f} to {number.high:.0f})"


def linkage(rows: int) -> None:
    """Each in a process of its own, so that each has its own most memory."""
    with tempfile.TemporaryDirectory() as folder:
        left, right = _written(Path(folder), rows)
        told = {}
        for way in ("join", "probe"):
            start = time.perf_counter()
            command = [sys.executable, __file__, "--as", way, str(left), str(right), folder]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own words
            seconds = time.perf_counter() - start
            found, mebibytes = done.stdout.strip().rsplit(" ", 1)
            told[way] = (seconds, int(mebibytes))
            print(f"linkage of 2 x {rows} rows by {way}: {found} meet; {mebibytes} MiB at most")
        slower, larger = (told["probe"][i] / told["join"][i] for i in (0, 1))
        print(f"one set by join, all sets by the probe: {slower:.1f}x the time, {larger:.2f}x the memory")


def hashes(n: int = 200_000) -> None:
    """A plain loop of hash and set against batches and sorted heads."""
    values = [b"%d" % i for i in range(n)]
    tokens = {hashlib.md5(b"%d" % i, usedforsecurity=False).hexdigest() for i in range(0, 10**6, 5)}
    rows = np.frombuffer(b"".join(sorted(bytes.fromhex(t) for t in tokens)), np.uint8).reshape(-1, 16)
    plain, hits = _timed(lambda: sum(hashlib.md5(v, usedforsecurity=False).hexdigest() in tokens for v in values))
    (recipe,) = recipes(16, every=False)
    ours, found = _timed(lambda: int((look_up(rows, hashed(recipe, values, 16)) >= 0).sum()))
    print(f"{n} hashes tried on {len(tokens)}: {plain / ours:.2f}x a plain loop; both found {hits == found}")


def main() -> None:
    """All three, or one way of linkage in a child process."""
    if "--as" in sys.argv:
        way, left, right, folder = sys.argv[2:]
        found = _by_join(Path(left), Path(right)) if way == "join" else _by_probe(Path(left), Path(right), Path(folder))
        print(found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    cells()
    hashes()
    linkage(int(sys.argv[1]) if len(sys.argv) > 1 else 10**6)


if __name__ == "__main__":
    main()
