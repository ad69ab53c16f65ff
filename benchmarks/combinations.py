"""All combinations of up to three of twelve columns in one scan, against polars; one triple, against pycanon.

    python benchmarks/combinations.py [--rows 5000000] [--combinations 12] [--rounds 3] [--pycanon PYTHON] [--parts 4 1]

Both read the same table, made here from a fixed seed: eight columns of text, four of numbers, in the order of a census
(2 to 30,000 different values). Ours is a scan over the file with its interval for each combination; theirs is a
group-by in memory, exact, over combinations drawn at random, and their mean stands for all 298. Rounds take turns, and
ratios are of the same round, of seconds and, for a machine that others share, of the work of
all cores. Above 1 we are faster. `--pycanon` names the Python of an environment that has pycanon.

Exits with 1 if fewer of the exact counts lie in their intervals than a true 95 % would leave in one run of a thousand.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import binom, t

from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.core.candidate import Declared
from weighbridge.maths.thinning import count_above, count_below
from weighbridge.probekit.combinations import Classes, Combinations, level_for, read_classes, singles_to

TEXT = {
    "sex": 2,
    "state": 50,
    "zip": 30_000,
    "education": 16,
    "occupation": 500,
    "origin": 190,
    "marital": 7,
    "tongue": 60,
}
NUMBERS = {"age": 95, "household": 8, "income": 200, "year": 34}
COLUMNS = (*TEXT, *NUMBERS)
KEEP = 1 << 13
TRIPLE = ("age", "sex", "zip")  # nearly everybody has a class of their own: what costs most to count
PYCANON = """
import json, sys, time
import pandas as pd
from pycanon import anonymity
frame = pd.read_parquet(sys.argv[1], columns=sys.argv[2].split(","))
begun, before = time.perf_counter(), time.process_time()
k = anonymity.k_anonymity(frame, list(frame.columns))
print(json.dumps([int(k), time.perf_counter() - begun, time.process_time() - before]))
"""


def people(rows: int, seed: int = 0) -> pa.Table:
    """A made-up census: values are skewed towards the first, as places and trades are."""
    rng = np.random.default_rng(seed)

    def drawn(values: int) -> pa.Array:
        return pa.array((values * rng.random(rows) ** 1.5).astype(np.int32))

    columns = {
        name: pa.DictionaryArray.from_arrays(drawn(n), pa.array([f"{name} {i:05d}" for i in range(n)]))
        for name, n in TEXT.items()
    }
    return pa.table({**columns, **{name: drawn(n) for name, n in NUMBERS.items()}})


@dataclass(frozen=True)
class Spent:
    """What something took."""

    wall: float  # seconds
    work: float  # seconds of all cores, with those of worker processes


def timed(act: Callable[[], object]) -> Spent:
    """What it takes."""
    begun, before = time.perf_counter(), sum(os.times()[:4])
    act()
    return Spent(time.perf_counter() - begun, sum(os.times()[:4]) - before)


def scanned(table: DuckTable, seed: int) -> list[Classes]:
    """Every combination, over a sample of its classes."""
    fold = Combinations(
        columns=COLUMNS, sets=singles_to(COLUMNS, at_most=3), seed=seed, level=level_for(table.n_rows, keep=KEEP),
        cap=2 * KEEP,
    )  # fmt: skip
    return read_classes(fold, table.fold(fold))


def _fill(found: list[Classes], table: DuckTable, seed: int) -> None:
    found.extend(scanned(table, seed))


def covered(classes: Classes, alone: int) -> bool:
    """Whether the exact number of unique rows lies in our interval at 95 %."""
    kept = np.array([int((classes.sizes == 1).sum())])
    low = float(count_above(kept, classes.chance, confidence=0.975)[0])
    return low <= alone <= float(count_below(kept, classes.chance, confidence=0.975)[0])


def against_polars(table: DuckTable, rows: pa.Table, combinations: int, rounds: int) -> bool:
    """Print the ratio, and whether our intervals hold their counts."""
    try:
        import polars as pl
    except ImportError:
        print("polars: skipped, it is not installed")
        return True
    frame = pl.from_arrow(rows).with_columns(pl.col(list(TEXT)).cast(pl.String))
    sets = singles_to(COLUMNS, at_most=3)
    ratios, works, hits, tries = [], [], 0, 0
    for turn in range(rounds):
        found: list[Classes] = []
        ours = timed(partial(_fill, found, table, turn))
        chosen = np.random.default_rng(turn).permutation(len(sets))[:combinations].tolist()
        each: list[Spent] = []
        for place in chosen:
            counts: list[int] = []

            def exact(place: int = place, counts: list[int] = counts) -> None:
                by = frame.group_by([COLUMNS[p] for p in sets[place]]).len()
                counts.append(int((by["len"] == 1).sum()))

            each.append(timed(exact))
            hits, tries = hits + covered(found[place], counts[0]), tries + 1
        seconds = [spent.wall for spent in each]
        half = t.ppf(0.975, len(seconds) - 1) * statistics.stdev(seconds) / len(seconds) ** 0.5
        mean = statistics.mean(seconds)
        ratios.append(len(sets) * mean / ours.wall)
        works.append(len(sets) * statistics.mean(spent.work for spent in each) / ours.work)
        low, high = (len(sets) * max(0.0, mean + side * half) / ours.wall for side in (-1, 1))
        theirs = len(sets) * mean
        print(f"round {turn + 1}: {len(sets)} combinations of {table.n_rows:,} rows: ours {ours.wall:.1f} s; ", end="")
        print(f"polars {mean:.2f} s each over {len(seconds)}, {theirs:.0f} s for all: ", end="")
        print(f"{ratios[-1]:.0f}x ({low:.0f} to {high:.0f}), in work of all cores {works[-1]:.0f}x")
    print(
        f"polars exact: {statistics.median(ratios):.0f}x in the median, in work {statistics.median(works):.0f}x; ",
        end="",
    )
    print(f"{hits} of {tries} exact counts in our 95 % intervals")
    return bool(hits >= binom.ppf(0.001, tries, 0.95))


def against_pycanon(table: DuckTable, file: Path, python: str) -> None:
    """Print the ratio for one triple of many different values; both exact."""
    if not python:
        print("pycanon: skipped, no environment that has it was named (--pycanon PYTHON)")
        return
    command = [python, "-c", PYCANON, str(file), ",".join(TRIPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    if done.returncode:
        print(f"pycanon: skipped, it ended with {done.returncode}: {done.stderr.strip().splitlines()[-1]}")
        return
    theirs_k, wall, work = json.loads(done.stdout)
    smallest: list[int] = []
    each = [timed(lambda: smallest.append(int(table.class_sizes(TRIPLE).sizes.min()))) for _ in range(5)]
    ours = Spent(statistics.median(s.wall for s in each), sum(s.work for s in each) / len(each))
    same = "the same k" if set(smallest) == {theirs_k} else f"k differs: {set(smallest)} and {theirs_k}"
    print(f"{' + '.join(TRIPLE)} of {table.n_rows:,} rows: ours {ours.wall:.3f} s, pycanon {wall:.1f} s: ", end="")
    print(f"{wall / ours.wall:.0f}x, in work of all cores {work / ours.work:.0f}x; {same}")


def opened(rows: pa.Table, folder: Path) -> tuple[DuckTable, Path]:
    """The table as a weighing opens it, and its file."""
    file = folder / f"{rows.num_rows}.parquet"
    pq.write_table(rows, file, row_group_size=1 << 17)
    return open_table(file, label=file.name, format="parquet", declared=Declared(), spill=folder), file


def memory(file: Path) -> None:
    """Print the most memory that this process took while it scanned a file, all by itself; needs Linux."""
    with tempfile.TemporaryDirectory() as folder:
        alone = partial(fold_here, workers=1)
        declared = Declared()
        table = open_table(file, label="-", format="parquet", declared=declared, spill=Path(folder), run=alone)
        before = peak_mib(reset=True)
        scanned(table, 0)
        print(f"{table.n_rows:,} rows: {before} MiB before the scan, {peak_mib()} MiB at its most")
        table.close()


def peak_mib(*, reset: bool = False) -> int:
    """The most memory that was resident, in MiB; `reset` begins anew with what is resident now."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) >> 10


def main(arguments: list[str]) -> int:
    """Print the ratios, then the memory for a quarter, a half and all of the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--combinations", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pycanon", default="")
    parser.add_argument("--parts", type=int, nargs="*", default=[8, 4, 2, 1], help="of all rows, to tell the memory of")
    parser.add_argument("--memory", type=Path, default=None, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.memory:
        memory(asked.memory)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        rows = people(asked.rows)
        table, _ = opened(rows, Path(folder))
        holds = against_polars(table, rows, asked.combinations, asked.rounds)
        table.close()
        some, file = opened(people(min(asked.rows, 1_000_000)), Path(folder) / ".")
        against_pycanon(some, file, asked.pycanon)
        some.close()
        for part in asked.parts if Path("/proc/self/clear_refs").exists() else ():
            file = Path(folder) / f"part-{part}.parquet"
            pq.write_table(rows.slice(0, max(1, asked.rows // part)), file, row_group_size=1 << 17)
            subprocess.run([sys.executable, __file__, "--memory", str(file)], check=True)  # noqa: S603  our own words
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
