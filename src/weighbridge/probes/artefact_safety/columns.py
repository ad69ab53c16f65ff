"""The texts in binary tables, column by column, as far as they can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from weighbridge.probes.artefact_safety.runs import NARROW, WIDE, Runs

_SLICE = 256
_ROWS_OF_BYTES = 32  # pictures and recordings are larger than texts
_ROWS = 512  # at a time: one text may be repeated in each, so this bounds what a small file swells to


def texts(stream: BinaryIO, format_: str) -> Iterator[str]:
    """Every text in the table's columns of strings and bytes, a line each, batch by batch.

    Raises the exceptions of Arrow, OSError and ValueError where the table cannot be read.
    """
    stream.seek(0)
    for batch in _batches(stream, format_):
        for column in batch.columns:
            yield from _lines(column)


def _batches(stream: BinaryIO, format_: str) -> Iterator[Any]:
    source = pa.PythonFile(stream, mode="r")
    if format_ == "parquet":
        file = pq.ParquetFile(source)
        wanted = [n for n, field in enumerate(file.schema_arrow) if _holds_text(field.type)]
        names = [file.schema_arrow.names[n] for n in wanted]
        n_rows = _ROWS_OF_BYTES if any(_holds_bytes(file.schema_arrow.field(n).type) for n in wanted) else _ROWS
        yield from file.iter_batches(batch_size=n_rows, columns=names) if names else ()
    elif format_ == "arrow":
        reader = pa.ipc.open_file(source)
        yield from (reader.get_batch(n) for n in range(reader.num_record_batches))
    elif format_ == "arrow-stream":
        yield from pa.ipc.open_stream(source)
    else:
        yield from feather.read_table(source).to_batches(max_chunksize=_ROWS)


def _holds_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        return _holds_text(kind.value_type)
    if pa.types.is_map(kind):
        return _holds_text(kind.key_type) or _holds_text(kind.item_type)
    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        return any(_holds_text(kind.field(n).type) for n in range(kind.num_fields))
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return bool(is_text or _holds_bytes(kind))


def _holds_bytes(kind: Any) -> bool:
    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        return any(_holds_bytes(kind.field(n).type) for n in range(kind.num_fields))
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    return any(test(kind) for test in tests)


def _lines(column: Any) -> Iterator[str]:
    kind = column.type
    if not _holds_text(kind):
        return
    for part in _parts(column, kind):
        yield from _lines(part)
    if not (pa.types.is_nested(kind) or pa.types.is_dictionary(kind)):
        for start in range(0, len(column), _SLICE):
            yield "".join(f"{_text(value)}\n" for value in column.slice(start, _SLICE).to_pylist() if value)


def _text(value: str | bytes) -> str:
    if isinstance(value, str):
        return value
    within = [Runs(pattern) for pattern in (NARROW, WIDE)]
    return "".join(runs.feed(value) + runs.finish() for runs in within)


def _parts(column: Any, kind: Any) -> tuple[Any, ...]:
    if pa.types.is_dictionary(kind):
        return (column.dictionary,)  # each text once
    if pa.types.is_map(kind):
        return (column.keys, column.items)
    if pa.types.is_struct(kind):
        return tuple(column.field(n) for n in range(kind.num_fields))
    return (column.flatten(),) if pa.types.is_nested(kind) and not pa.types.is_union(kind) else ()
