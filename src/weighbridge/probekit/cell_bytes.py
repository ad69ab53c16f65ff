"""Bytes in the cells of binary tables, where sets of pictures are often kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

TABLES = frozenset({"parquet", "arrow", "arrow-stream", "feather"})
_ROWS = 32  # at a time; a picture may have some megabytes. Ours
_MAX_DEPTH = 6  # of structures and lists within each other; ours


def bytes_in_cells(stream: BinaryIO, format_: str) -> Iterator[bytes]:
    """Every value of bytes in the table, also within structures and lists; columns without any are not read.

    Raises the exceptions of Arrow, OSError and ValueError where the table cannot be read.
    """
    stream.seek(0)
    for batch in _batches(pa.PythonFile(stream, mode="r"), format_):
        for column in batch.columns:
            for values in _leaves(column, 0):
                yield from (value.as_py() for value in values if value.is_valid)


def _batches(source: Any, format_: str) -> Iterator[Any]:
    if format_ == "parquet":
        file = pq.ParquetFile(source, pre_buffer=False)
        names = [field.name for field in file.schema_arrow if _holds_bytes(field.type, 0)]
        yield from file.iter_batches(batch_size=_ROWS, columns=names) if names else ()
        return
    if format_ == "arrow":
        reader = pa.ipc.open_file(source)
        whole = (reader.get_batch(n) for n in range(reader.num_record_batches))
    elif format_ == "arrow-stream":
        whole = iter(pa.ipc.open_stream(source))
    else:
        whole = iter(feather.read_table(source).to_batches(max_chunksize=_ROWS))
    for batch in whole:
        names = [field.name for field in batch.schema if _holds_bytes(field.type, 0)]
        yield batch.select(names)


def _holds_bytes(kind: Any, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if pa.types.is_dictionary(kind):
        return _holds_bytes(kind.value_type, depth)
    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        return any(_holds_bytes(kind.field(n).type, depth + 1) for n in range(kind.num_fields))
    return _is_bytes(kind)


def _is_bytes(kind: Any) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def _leaves(values: Any, depth: int) -> Iterator[Any]:
    kind = values.type
    if not _holds_bytes(kind, depth):
        return
    if _is_bytes(kind):
        yield values
    elif pa.types.is_dictionary(kind):
        yield from _leaves(values.dictionary_decode(), depth)
    elif pa.types.is_struct(kind):
        for child in values.flatten():
            yield from _leaves(child, depth + 1)
    elif pa.types.is_map(kind):
        yield from _leaves(values.items, depth + 1)
    else:  # lists
        yield from _leaves(values.flatten(), depth + 1)
