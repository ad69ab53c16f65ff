"""How folds scale: memory and rows per second as the table grows, here and on Spark.

`python benchmarks/folds.py` measures the local runner on tables of 0.25, 0.5 and 1 GB: each in a process of its own,
since a high-water mark never falls. `--sizes 0.25,1` names others, `--engine local[2]` runs the same fold on Spark.

Peak memory is the kernel's own high-water mark (`ru_maxrss`): of the process that opens the table and merges, and of
the largest worker, times the workers. What Java takes on Spark is not in it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weighbridge.adapters.engines.local import cores, fold_here
from weighbridge.adapters.tables.duck import Runner, open_table
from weighbridge.core.candidate import Declared
from weighbridge.probekit.hashes import hash_cells, in_column, key_of
from weighbridge.probekit.states import numbers, pack, unpack

_GB = 1 << 30
_ROWS = 100_000  # written at once
_KEPT = 1 << 16  # keys that the state holds at most


@dataclass(frozen=True)
class Smallest:
    """The smallest hashes of all columns taken together, and how many rows have each: a sample of distinct rows.

    Its state is bounded, and a function of all rows, so that it is the same however rows are cut.
    """

    columns: tuple[str, ...]
    key: bytes

    def map(self, batch: pa.RecordBatch) -> bytes:
        """Hash and keep the smallest."""
        hashed = np.zeros(batch.num_rows, np.uint64)
        for name, cells in zip(self.columns, batch.columns, strict=True):
            hashed ^= in_column(hash_cells(cells, self.key), name, self.key)
        keys, counts = np.unique(hashed, return_counts=True)
        return _packed(keys, counts.astype(np.int64))

    def merge(self, left: bytes, right: bytes) -> bytes:
        """Add the counts of equal keys."""
        a, b = (unpack(state, "smallest", 1) for state in (left, right))
        both = np.concatenate([numbers(a["keys"]), numbers(b["keys"])])
        counts = np.concatenate([numbers(a["counts"]), numbers(b["counts"])])
        keys, place = np.unique(both, return_inverse=True)
        return _packed(keys, np.bincount(place, weights=counts, minlength=len(keys)).astype(np.int64))


def _packed(keys: Any, counts: Any) -> bytes:
    return pack("smallest", 1, {"keys": keys[:_KEPT], "counts": counts[:_KEPT]})


def write_table(path: Path, n_bytes: int) -> int:
    """A made-up table of about so many bytes of values; how many rows it has."""
    rng = np.random.default_rng(4)
    writer: Any = None
    rows = 0
    while rows == 0 or rows * _BYTES_PER_ROW < n_bytes:
        batch = _batch(rng, rows)
        writer = writer or pq.ParquetWriter(path, batch.schema)
        writer.write_batch(batch)
        rows += batch.num_rows
    writer.close()
    return rows


_BYTES_PER_ROW = 8 + 8 + 4 + 1 + 5 + 60


def _batch(rng: np.random.Generator, first: int) -> pa.RecordBatch:
    whole = rng.integers(0, 1 << 62, _ROWS)
    words = np.frombuffer(rng.bytes(60 * _ROWS // 2), np.uint8)
    text = words.tobytes().hex()  # 60 characters a row that no two rows share: the hardest text to hold
    return pa.RecordBatch.from_pydict({
        "id": np.arange(first, first + _ROWS),
        "amount": whole.astype(np.float64),
        "day": pa.array((whole % 20_000).astype(np.int32)).cast(pa.date32()),
        "sex": pa.array(np.array(["f", "m"])[whole % 2]),
        "postcode": pa.array([f"{n % 90_000:05d}" for n in whole.tolist()]),
        "note": pa.array([text[60 * n : 60 * n + 60] for n in range(_ROWS)]),
    })  # fmt: skip


def measure(path: Path, engine: str, home: Path) -> dict[str, float]:
    """Open the table and fold it once, in this process."""
    named = importlib.import_module(Path(__file__).stem)  # a worker must find the fold by a name that is not __main__
    run: Runner = fold_here
    if engine:
        from weighbridge.adapters.engines.spark import SparkRunner

        run = SparkRunner(engine, folder=home)
    start = time.perf_counter()
    table = open_table(path, label=path.name, format="parquet", declared=Declared(), spill=home, run=run)
    opened = time.perf_counter()
    fold = named.Smallest(("id", "amount", "day", "sex", "postcode", "note"), key_of(0, "benchmark"))
    table.fold(fold)
    done = time.perf_counter()
    table.close()
    seconds = done - opened
    here, below = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "rows": table.n_rows, "open_s": opened - start, "fold_s": seconds, "rows_per_s": table.n_rows / seconds,
        "parent_mb": here, "worker_mb": below,
    }  # fmt: skip


def main() -> None:
    """Measure each size in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="0.25,0.5,1", help="gigabytes, separated by commas")
    parser.add_argument("--engine", default="", help="local[N] or spark://HOST:PORT; left out: worker processes here")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        with tempfile.TemporaryDirectory(dir=given.one.parent) as home:
            sys.stdout.write(json.dumps(measure(given.one, given.engine, Path(home))))
        return
    say = partial(print, flush=True)
    say(f"{cores()} cores; engine: {given.engine or 'worker processes'}")
    say("   GB       rows  open s  fold s    rows/s  parent MB  worker MB  all MB")
    for size in map(float, given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "rows.parquet")
            write_table(path, int(size * _GB))
            command = [sys.executable, __file__, "--one", str(path), "--engine", given.engine]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603
        whole = found["parent_mb"] + cores() * found["worker_mb"]
        memory = f"{found['parent_mb']:10.0f} {found['worker_mb']:10.0f} {whole:7.0f}"
        times = f"{found['open_s']:7.1f} {found['fold_s']:7.1f} {found['rows_per_s']:9,.0f}"
        say(f"{size:5.2f} {found['rows']:>10,} {times} {memory}")


if __name__ == "__main__":
    main()
