"""Class sizes of rows without an engine: each row's cells packed into one whole number, and the numbers sorted.

Several times less work than a group-by over the cells themselves. It needs memory for a few numbers per row and for the
different values of one column, so that tables with more than that are left to the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from weighbridge.adapters.tables.streams import CHUNK_BYTES
from weighbridge.adapters.tables.unpacking import UnpackedColumn
from weighbridge.probekit.ports import ClassSizes, ColumnType

_MOST_ROWS = 1 << 23  # ours: a few arrays of 64 MiB
_MOST_BYTES = 64 << 20  # of one column as it lies in the file; ours
_ROOM = 1 << 62  # different packed numbers, before they are numbered anew

Codes = npt.NDArray[np.int64]


def packed_sizes(path: Path, columns: Sequence[tuple[UnpackedColumn, float]], *, n_rows: int) -> ClassSizes | None:
    """How many rows lie in classes of each size; None where the engine must count.

    Parameters
    ----------
    path : the unpacked file
    columns : each with the step it is counted in; 0: as it is
    """
    if not columns or n_rows > _MOST_ROWS or not all(_can_be_packed(column) for column, _ in columns):
        return None
    with path.open("rb") as stream:
        texts = [column.key for column, _ in columns if pa.types.is_string(column.arrow)]
        file = pq.ParquetFile(stream, read_dictionary=texts, pre_buffer=False, buffer_size=CHUNK_BYTES)
        sizes = _column_bytes(file)
        if any(sizes[column.key] > _MOST_BYTES for column, _ in columns):
            return None
        packed, room = np.zeros(n_rows, dtype=np.int64), 1
        for column, step in columns:
            codes, n = _codes(file.read(columns=[column.key], use_threads=False)[column.key], column, step)
            if room * n > _ROOM:
                found, packed = np.unique(packed, return_inverse=True)
                room = len(found)
            packed, room = packed * n + codes, room * n
    return _sizes(packed)


def _can_be_packed(column: UnpackedColumn) -> bool:
    of, kind = pa.types, column.arrow
    return column.type is not ColumnType.OTHER and (
        of.is_string(kind) or of.is_integer(kind) or of.is_floating(kind) or of.is_boolean(kind) or of.is_temporal(kind)
    )


def _column_bytes(file: pq.ParquetFile) -> dict[str, int]:
    meta, found = file.metadata, dict[str, int]()
    for group in range(meta.num_row_groups):
        for place in range(meta.num_columns):
            chunk = meta.row_group(group).column(place)
            found[chunk.path_in_schema] = found.get(chunk.path_in_schema, 0) + chunk.total_uncompressed_size
    return found


def _codes(values: pa.ChunkedArray, column: UnpackedColumn, step: float) -> tuple[Codes, int]:
    """The number of each row's value, from 0, and how many numbers there are; missing is one of them."""
    if step and column.type is ColumnType.NUMBER:
        values = pc.floor(pc.divide(values.cast(pa.float64()), pa.scalar(step, pa.float64())))
    if pa.types.is_floating(values.type):
        wide = pc.add(values.cast(pa.float64()), 0.0)  # so that -0 is 0
        values = pc.if_else(pc.is_nan(wide), pa.scalar(None, pa.float64()), wide)
    coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    chunks = coded.unify_dictionaries().chunks
    n = len(chunks[0].dictionary) if chunks else 0
    parts = [chunk.indices.fill_null(n).to_numpy(zero_copy_only=False) for chunk in chunks]
    return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64), n + 1


def _sizes(packed: Codes) -> ClassSizes:
    packed.sort()
    ends = np.concatenate([np.flatnonzero(packed[1:] != packed[:-1]), [len(packed) - 1]])
    sizes, classes = np.unique(np.diff(ends, prepend=-1), return_counts=True)
    return ClassSizes(sizes=sizes.astype(np.int64), individuals=(sizes * classes).astype(np.int64))
