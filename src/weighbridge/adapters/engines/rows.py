"""Rows of an unpacked table as a fold wants them, one row group at a time: the same here and in a worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weighbridge.adapters.tables.columnar import BATCH_ROWS, bounded
from weighbridge.adapters.tables.streams import CHUNK_BYTES
from weighbridge.probekit.folds import ROW, canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A Parquet file of ours: keys of its columns by the name that people know, and which of them hold text."""

    path: Path
    keys: Mapping[str, str]
    texts: tuple[str, ...]  # keys

    @property
    def starts(self) -> list[int]:
        """The first row of each row group, from 1, and one past the last."""
        meta = self._file().metadata
        sizes = [meta.row_group(n).num_rows for n in range(meta.num_row_groups)]
        return [1 + int(n) for n in np.concatenate([[0], np.cumsum(sizes)])]

    @property
    def n_bytes(self) -> int:
        """What all of it takes, unpacked."""
        meta = self._file().metadata
        return sum(meta.row_group(n).total_byte_size for n in range(meta.num_row_groups))

    def batches(self, columns: Sequence[str], groups: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """These columns of these row groups in canonical types, in batches of bounded size; never none at all."""
        wanted = [self.keys[name] for name in columns if name != ROW]
        read = list(dict.fromkeys(wanted))
        starts = self.starts
        for group in groups:
            first = starts[group]
            file = self._file([key for key in self.texts if key in read])
            if not read:
                yield _row_numbers(first, starts[group + 1] - first, columns)
                continue
            for large in file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group], columns=read):
                for batch in bounded(large.select(read)):
                    yield self._named(canonical(batch), columns, first)
                    first += batch.num_rows

    def _named(self, batch: pa.RecordBatch, columns: Sequence[str], first: int) -> pa.RecordBatch:
        numbers = pa.array(np.arange(first, first + batch.num_rows, dtype=np.int64))
        arrays = [numbers if name == ROW else batch.column(self.keys[name]) for name in columns]
        return pa.RecordBatch.from_arrays(arrays, names=list(columns))

    def _file(self, dictionaries: Sequence[str] = ()) -> pq.ParquetFile:
        return pq.ParquetFile(
            self.path, read_dictionary=list(dictionaries), pre_buffer=False, buffer_size=CHUNK_BYTES, memory_map=False
        )


def _row_numbers(first: int, n: int, columns: Sequence[str]) -> pa.RecordBatch:
    numbers = pa.array(np.arange(first, first + n, dtype=np.int64))
    return pa.RecordBatch.from_arrays([numbers for _ in columns], names=list(columns))
