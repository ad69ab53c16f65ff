"""Parquet and Arrow files as a stream of typed columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq

from weighbridge.adapters.tables.layout import MAX_COLUMNS, distinct_names
from weighbridge.adapters.tables.naming import personal
from weighbridge.adapters.tables.streams import CHUNK_BYTES, DataFile, broken, open_bytes, open_seekable, unusable
from weighbridge.core.errors import WeighbridgeError
from weighbridge.core.wording import _
from weighbridge.probekit.ports import Ints

BATCH_ROWS = 65_536
MAX_BATCH_BYTES = 8 << 20
_MAGIC, _FIRST_FEATHER = b"PAR1", b"FEA1"


class Columnar:
    """A Parquet, Arrow or Feather file. Every batch is checked before it is handed on: the file may lie about itself.

    Strings of a Parquet file are read as dictionaries, so that a small file cannot unpack to more than memory holds.
    """

    def __init__(self, file: DataFile, *, spill: Path | None = None) -> None:
        self._file, self.label, self._spill = file, file.label, spill
        with self._open() as stream:
            schema = self._schema(stream)
        if not len(schema):
            raise unusable(file.label, _("it has no columns"), _("write at least one column, then run again"))
        if len(schema) > MAX_COLUMNS:
            raise unusable(
                file.label,
                _("it has {n} columns; at most {limit} are read").format(n=len(schema), limit=MAX_COLUMNS),
                _("keep one row per record; a matrix is better kept as one list column"),
            )
        place = personal(schema.names)
        if place:
            raise unusable(
                file.label,
                _("the name of column {n} has the shape of an address or of a long number").format(n=place),
                _("give its columns names, then run again"),
            )
        self.names = distinct_names(schema.names)
        self.types: tuple[Any, ...] = tuple(meant_type(kind) for kind in schema.types)
        self.is_json = tuple(is_strange(kind) for kind in schema.types)

    def batches(self, places: Sequence[int] | None = None) -> Iterator[pa.RecordBatch]:
        """Batches of the columns at these places, or of all, named by their position among those asked for.

        Raises
        ------
        Unusable
            Where the file breaks off, contradicts itself, or holds text that is not UTF-8.
        """
        wanted = range(len(self.names)) if places is None else places
        done = 0
        with self._open() as stream:
            for batch in self._read(stream, wanted):
                yield pa.RecordBatch.from_arrays(
                    [self._checked(batch.column(n), place, done) for n, place in enumerate(wanted)],
                    names=[str(n) for n in range(len(wanted))],
                )
                done += batch.num_rows

    def _open(self) -> BinaryIO:
        is_stream = self._file.format == "arrow-stream"
        return open_bytes(self._file) if is_stream else open_seekable(self._file, spill=self._spill)

    def _schema(self, stream: BinaryIO) -> pa.Schema:
        if self._file.format == "parquet":
            self._check_ends(stream)
        elif self._file.format == "feather":
            self._check_version(stream)
        try:
            return self._reader(stream).schema if self._file.format != "parquet" else pq.read_schema(stream)
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            raise self._broken(error, 0) from None

    def _check_ends(self, stream: BinaryIO) -> None:
        head = stream.read(len(_MAGIC))
        size = stream.seek(0, 2)
        stream.seek(max(0, size - len(_MAGIC)))
        tail = stream.read()
        stream.seek(0)
        if head == _MAGIC and tail != _MAGIC:
            raise unusable(
                self._file.label,
                _("it is cut off: a Parquet file ends with PAR1, this one of {n} bytes does not").format(n=size),
                _("copy it again from its source and compare the sizes: ls -l"),
            )

    def _check_version(self, stream: BinaryIO) -> None:
        head = stream.read(len(_FIRST_FEATHER))
        stream.seek(0)
        if head == _FIRST_FEATHER:
            raise unusable(
                self._file.label,
                _("it is Feather of version 1, which ended in 2020; version 2 and Parquet are read"),
                _("open it with the program that wrote it, and save it as Parquet"),
            )

    def _reader(self, stream: BinaryIO) -> Any:
        source = pa.PythonFile(stream, mode="r")
        return pa.ipc.open_stream(source) if self._file.format == "arrow-stream" else pa.ipc.open_file(source)

    def _read(self, stream: BinaryIO, places: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """Batches as the library gives them; its own messages may quote the file and are not passed on."""
        batches = self._parquet(stream, places) if self._file.format == "parquet" else self._arrow(stream, places)
        done = 0
        while True:
            try:
                batch = next(batches, None)
                if batch is not None:
                    batch.validate(full=True)
            except (pa.ArrowException, OSError, ValueError, KeyError) as error:
                raise self._broken(error, done) from None
            if batch is None:
                return
            done += batch.num_rows
            yield batch

    def _parquet(self, stream: BinaryIO, places: Sequence[int]) -> Iterator[pa.RecordBatch]:
        schema = pq.read_schema(stream)
        stream.seek(0)
        strings = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
        reader = pq.ParquetFile(stream, read_dictionary=strings, pre_buffer=False, buffer_size=CHUNK_BYTES)
        names = [schema.names[place] for place in places]
        is_plain = len(set(schema.names)) == len(schema.names) and not any("." in name for name in schema.names)
        rows = max(1024, min(BATCH_ROWS, (1 << 20) // max(1, len(places))))
        if is_plain:  # else columns cannot be named one by one: all are read
            for batch in reader.iter_batches(batch_size=rows, columns=list(dict.fromkeys(names))):
                yield batch.select(names)
            return
        for batch in reader.iter_batches(batch_size=rows):
            yield batch.select(list(places))

    def _arrow(self, stream: BinaryIO, places: Sequence[int]) -> Iterator[pa.RecordBatch]:
        reader = self._reader(stream)
        batches = (
            reader if self._file.format == "arrow-stream" else map(reader.get_batch, range(reader.num_record_batches))
        )
        for batch in batches:
            for at in range(0, batch.num_rows, BATCH_ROWS):
                yield batch.slice(at, BATCH_ROWS).select(list(places))

    def _checked(self, values: pa.Array, place: int, done: int) -> pa.Array:
        try:
            return meant(values, self.types[place])
        except (pa.ArrowException, ValueError, OverflowError) as error:
            raise self._broken(error, done) from None

    def _broken(self, error: Exception, done: int) -> WeighbridgeError:
        return broken(
            self._file.label,
            error,
            _("it is damaged or cut off: {format} data cannot be read on after row {n}").format(
                format=self._file.format, n=done
            ),
        )


def meant_type(kind: Any) -> Any:
    """The type in which a column is handed on: what a Parquet file of ours can hold and the engine understands."""
    if isinstance(kind, pa.BaseExtensionType):
        return meant_type(kind.storage_type)
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return meant_type(kind.value_type)
    if (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    ):
        return pa.string()
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_date64(kind):
        return pa.date32()
    return pa.string() if is_strange(kind) else kind


def meant(values: pa.Array, kind: Any) -> pa.Array:
    """The values in that type. Strings may stay dictionaries. NaN is a missing number: pandas writes it so."""
    if isinstance(values.type, pa.BaseExtensionType):
        values = values.storage
    if pa.types.is_run_end_encoded(values.type):
        values = pc.run_end_decode(values)
    if pa.types.is_dictionary(values.type):
        if not pa.types.is_string(kind) or is_strange(values.type.value_type):
            return meant(values.dictionary_decode(), kind)
        return pa.DictionaryArray.from_arrays(values.indices.cast(pa.int32()), values.dictionary.cast(kind))
    if pa.types.is_floating(kind):
        values = values.cast(kind)
        return pc.if_else(pc.is_nan(values), pa.scalar(None, kind), values)
    if is_strange(values.type):  # to_pylist copies a value at a time, and there are few such columns in the world
        return pa.array([None if v is None else json.dumps(v, default=str) for v in values.to_pylist()], pa.string())
    return values if values.type == kind else values.cast(kind)


def cuts(sizes: Ints, *, max_rows: int = BATCH_ROWS, max_bytes: int = MAX_BATCH_BYTES) -> Iterator[tuple[int, int]]:
    """Start and stop of slices of at most `max_bytes` and `max_rows`; a value that is larger comes alone.

    Parameters
    ----------
    sizes : bytes of each row, shape (n,)
    """
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = ends[start - 1] if start else 0
        stop = int(np.searchsorted(ends, before + max_bytes, side="right"))
        stop = min(max(start + 1, stop), start + max_rows)
        yield start, stop
        start = stop


def bounded(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in slices of bounded size, with plain strings instead of dictionaries."""
    sizes = np.zeros(batch.num_rows, dtype=np.int64)
    for column in batch.columns:
        sizes += text_bytes(column)
    for start, stop in cuts(sizes):
        columns = [plain(column.slice(start, stop - start)) for column in batch.columns]
        yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def text_bytes(values: pa.Array) -> Ints:
    """Bytes of each value where it is text or bytes, shape (n,); zero for anything else."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        of_entry = text_bytes(values.dictionary)
        at = values.indices.fill_null(0).to_numpy(zero_copy_only=False)
        known = values.indices.is_valid().to_numpy(zero_copy_only=False)
        return of_entry[at] * known if len(of_entry) else np.zeros(len(values), dtype=np.int64)
    if pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        lengths = pc.binary_length(values).fill_null(0).to_numpy(zero_copy_only=False)
        return np.asarray(lengths, dtype=np.int64)
    return np.zeros(len(values), dtype=np.int64)


def plain(values: pa.Array) -> pa.Array:
    """The values, strings instead of a dictionary of strings."""
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def is_strange(kind: Any, *, inside: bool = False) -> bool:
    """Whether Parquet cannot hold the type, at any depth: such values are kept as JSON text."""
    if isinstance(kind, pa.BaseExtensionType):
        return is_strange(kind.storage_type, inside=inside)
    if pa.types.is_union(kind) or pa.types.is_interval(kind):
        return True
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return inside or is_strange(kind.value_type)
    if not pa.types.is_nested(kind):
        return False
    fields = [kind.field(n).type for n in range(kind.num_fields)]
    return not fields or any(is_strange(field, inside=True) for field in fields)
