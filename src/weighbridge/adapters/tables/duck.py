"""A table on DuckDB: every verb is one statement over one private file, and nothing else can be reached from it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.adapters.tables.columnar import BATCH_ROWS, bounded
from weighbridge.adapters.tables.packing import packed_sizes
from weighbridge.adapters.tables.statements import (
    counts_up,
    grouped,
    individuals,
    known_values,
    locked_to,
    profiles,
    sizes_of_persons,
    sizes_of_rows,
    stepped,
)
from weighbridge.adapters.tables.streams import CHUNK_BYTES, DataFile, no_room
from weighbridge.adapters.tables.unpacking import UnpackedColumn, UnpackedTable, unpack
from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Outside, Unusable, nearest_hint
from weighbridge.core.wording import _
from weighbridge.probekit.bench import QUANTILES_OF, quantiles_of
from weighbridge.probekit.folds import ROW, Fold, as_text
from weighbridge.probekit.ports import ClassSizes, Column, Floats

MEMORY_LIMIT = "1GiB"  # ours: what does not fit goes to the spill folder
_THREADS = 2
_PROFILED_CELLS, _PROFILED_COLUMNS = (
    1 << 25,
    64,
)  # at once: every column counted distinct holds its own values in memory


class Runner(Protocol):
    """Where folds run: on this machine (`engines.local.fold_here`), or on a cluster."""

    def __call__(
        self, unpacked: Unpacked, fold: Fold, *, label: str, tick: Callable[[int, int], None] | None = None
    ) -> bytes:
        """The state of a whole table."""
        ...


def open_table(
    path: Path,
    *,
    label: str,
    format: str,  # noqa: A002  the port's word
    declared: Declared,
    spill: Path,
    run: Runner = fold_here,
) -> DuckTable:
    """The table in a file: read once, as a stream, into a private folder below `spill`.

    Parameters
    ----------
    format : as the door found it: csv, tsv, jsonl, parquet, arrow, arrow-stream, feather; compressed or not
    spill : a folder that exists; what is written there goes with the table

    Raises
    ------
    Unusable
        For what is no table, is damaged, has no rows, or has no column of a declared name. No cell is ever quoted.
    Outside
        For a file that may not be read, and a disk that is full.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="table-", dir=spill))  # mode 0700
    except OSError as error:
        raise no_room(label, error) from None
    try:
        unpacked = unpack(DataFile(path=path, label=label, format=format), folder=folder)
        return DuckTable(label=label, declared=declared, unpacked=unpacked, folder=folder, run=run)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


class DuckTable:
    """A table as the bench hands it on.

    Missing counts as a value of its own in classes: an empty cell, null and NaN are one value, unlike any other.
    -0.0 is 0.0. Cells that are lists, records or bytes are of type `other` and are told apart by their text. Dates that
    are not ISO 8601 are text.
    """

    rows_stay = False

    def __init__(
        self, *, label: str, declared: Declared, unpacked: UnpackedTable, folder: Path, run: Runner = fold_here
    ) -> None:
        self.label = label
        self._run = run
        self.declared = declared
        self.n_rows = unpacked.n_rows
        self._unpacked = unpacked
        self._by_name = {column.name: column for column in unpacked.columns}
        self._individuals: dict[str, int] = {}
        self._check_declared()
        self._connection = _connect(unpacked.path, folder)
        self._sweep = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def close(self) -> None:
        """Give the connection and the unpacked file back; the table cannot be used after."""
        self._connection.close()
        self._sweep()

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in the file's order; counts are exact, over all rows, and missing is not a value among them."""
        return self._profiled

    def sample(self, column: str, n: int, seed: int) -> pa.Array:
        """Up to `n` values that are not missing, as text, drawn without replacement; in the file's order."""
        key = self._column(column).key
        known = int(self._rows(known_values(key))[0][0])
        drawn = np.sort(np.random.default_rng(seed).choice(known, size=min(n, known), replace=False))
        parts: list[pa.Array] = []
        done = 0
        for batch in self._batches((key,)):
            values = batch.column(0).drop_null()
            here = drawn[(drawn >= done) & (drawn < done + len(values))] - done
            parts.extend([as_text(values.take(pa.array(here)))] if len(here) else [])
            done += len(values)
        return pa.concat_arrays(parts) if parts else pa.array([], pa.string())

    def n_individuals(self, person: str) -> int:
        """How many different values the person column has; a missing one counts each time as a person of its own."""
        column = self._column(person)
        if column.key not in self._individuals:
            self._individuals[column.key] = int(self._rows(individuals(grouped(column)))[0][0])
        return self._individuals[column.key]

    def class_sizes(
        self, columns: Sequence[str], *, person: str = "", steps: Mapping[str, float] | None = None
    ) -> ClassSizes:
        """Exact sizes of the classes that these columns make; see the port.

        With `person`, classes count different persons, each person is given the smallest class in which it has a row,
        and a row without a person is a person of its own.
        """
        one_each = not person or self.n_individuals(person) == self.n_rows
        if one_each:
            cut = [(self._column(name), (steps or {}).get(name, 0.0)) for name in columns]
            packed = packed_sizes(self._unpacked.path, cut, n_rows=self.n_rows)
            if packed:
                return packed
        keys = {f"k{n}": stepped(self._column(name), (steps or {}).get(name)) for n, name in enumerate(columns)}
        statement = sizes_of_rows(keys) if one_each else sizes_of_persons(keys, grouped(self._column(person)))
        found = np.array(self._rows(statement), dtype=np.int64).reshape(-1, 2)
        return ClassSizes(sizes=found[:, 0].copy(), individuals=found[:, 1].copy())

    def quantiles(self, column: str, shares: Sequence[float], seed: int) -> Floats:
        """Quantiles of the finite values of a number column, over a sample; empty where it has none."""
        return quantiles_of(self.sample(column, QUANTILES_OF, seed), shares)

    def is_counter(self, column: str) -> bool:
        """Whether the values of a number column are 0, 1, 2, ... or 1, 2, 3, ... without a gap."""
        return bool(self._rows(counts_up(self._column(column).key))[0][0])

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The named columns, batch by batch, in the file's order; numbers and dates as such, NaN as null."""
        keys = [self._column(name).key for name in columns]
        for batch in self._batches(keys):
            yield pa.RecordBatch.from_arrays([batch.column(keys.index(key)) for key in keys], names=list(columns))

    def fold(self, fold: Fold, tick: Callable[[int, int], None] | None = None) -> bytes:
        """What a fold remembers of all rows; on the engine that the table was opened for."""
        keys = {name: self._column(name).key for name in fold.columns if name != ROW}
        texts = tuple(c.key for c in self._unpacked.columns if pa.types.is_string(c.arrow))
        rows = Unpacked(path=self._unpacked.path, keys=keys, texts=texts)
        return self._run(rows, fold, label=self.label, tick=tick)

    @cached_property
    def _profiled(self) -> tuple[Column, ...]:
        columns = self._unpacked.columns
        at_once = max(1, min(_PROFILED_COLUMNS, _PROFILED_CELLS // self.n_rows))
        made: list[Column] = []
        for at in range(0, len(columns), at_once):
            some = columns[at : at + at_once]
            told = self._rows(profiles(some))[0]
            for column, (distinct, known, whole) in zip(
                some, zip(told[0::3], told[1::3], told[2::3], strict=True), strict=True
            ):
                made.append(
                    Column(
                        name=column.name,
                        type=column.type,
                        is_whole=bool(whole),
                        n_distinct=int(distinct),
                        n_missing=self.n_rows - int(known),
                    )
                )
        return tuple(made)

    def _batches(self, keys: Sequence[str]) -> Iterator[pa.RecordBatch]:
        wanted = list(dict.fromkeys(keys))
        texts = [c.key for c in self._unpacked.columns if c.key in wanted and pa.types.is_string(c.arrow)]
        with self._unpacked.path.open("rb") as stream:
            reader = pq.ParquetFile(stream, read_dictionary=texts, pre_buffer=False, buffer_size=CHUNK_BYTES)
            for batch in reader.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
                yield from bounded(batch.select(wanted))

    def _column(self, name: str) -> UnpackedColumn:
        if name not in self._by_name:
            raise self._unknown(name)
        return self._by_name[name]

    def _check_declared(self) -> None:
        named = (self.declared.person, *self.declared.quasi_identifiers, *self.declared.sensitive)
        for name in filter(None, named):
            if name not in self._by_name:
                raise self._unknown(name)

    def _unknown(self, name: str) -> Unusable:
        return Unusable(
            _("cannot use the columns declared for {label}").format(label=self.label),
            _("{name!r} is no column of it; {hint}").format(name=name, hint=nearest_hint(name, self._by_name)),
            _("mend the name in weighbridge.toml, at the [[artefact]] of {label}").format(label=self.label),
        )

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement gives, whole. The engine's messages quote values: only their kind is passed on."""
        kind = ""
        try:
            return self._fetched(statement)
        except (duckdb.OutOfMemoryException, duckdb.IOException):
            kind = "room"
        except duckdb.Error as error:
            kind = type(error).__name__
        if kind == "room":
            raise Outside(
                _("cannot count over {label}").format(label=self.label),
                _("it needs more than {memory} of memory, and the folder for temporary files takes no more").format(
                    memory=MEMORY_LIMIT
                ),
                _("free some room there, or name a folder on a larger disk: --home FOLDER"),
            )
        msg = f"the table engine refused a statement of ours: {kind}"
        raise RuntimeError(msg)

    def _fetched(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement beside the main thread: only so is Ctrl-C heard while the engine counts."""
        with ThreadPoolExecutor(max_workers=1) as beside:
            running = beside.submit(lambda: self._connection.execute(statement).fetchall())
            try:
                return list(running.result())
            except KeyboardInterrupt:
                self._connection.interrupt()
                raise


def _connect(path: Path, folder: Path) -> Any:
    """A database in memory that can read this one file, write below this folder, and change none of that."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
            "python_enable_replacements": "false",
            "memory_limit": MEMORY_LIMIT,
            "threads": str(_THREADS),
        }
    )
    for statement in locked_to(str(path), spill=str(folder / "engine")):
        connection.execute(statement).fetchall()
    return connection
