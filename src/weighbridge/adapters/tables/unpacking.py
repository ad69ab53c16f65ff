"""Any table file into one private Parquet file with columns named by their place: the only file the engine may open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weighbridge.adapters.tables.columnar import Columnar, cuts, plain, text_bytes
from weighbridge.adapters.tables.delimited import Delimited
from weighbridge.adapters.tables.layout import ARROW, Contradicted, Kind, Laid, distinct_names
from weighbridge.adapters.tables.records import Records
from weighbridge.adapters.tables.streams import DataFile, no_room, unusable
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _
from weighbridge.probekit.ports import ColumnType

FORMATS = ("csv", "tsv", "jsonl", "parquet", "arrow", "arrow-stream", "feather")
_GROUP_ROWS, _GROUP_CELLS, _GROUP_BYTES = 122_880, 1 << 23, 64 << 20
_OF_KIND = {
    Kind.WHOLE: ColumnType.NUMBER,
    Kind.NUMBER: ColumnType.NUMBER,
    Kind.BOOLEAN: ColumnType.BOOLEAN,
    Kind.DATE: ColumnType.DATE,
    Kind.TIMESTAMP: ColumnType.DATE,
    Kind.ZONED: ColumnType.DATE,
    Kind.TEXT: ColumnType.TEXT,
    Kind.NESTED: ColumnType.OTHER,
}
B = TypeVar("B")


class Rows(Protocol[B]):
    """A file of text whose columns have no types of their own."""

    label: str

    def batches(self) -> Iterator[B]:
        """All rows; may be called again."""
        ...

    def learned(self, batches: Iterator[B]) -> tuple[Laid, ...]:
        """What the columns hold, as far as these batches tell."""
        ...

    def typed(self, batch: B, layout: Sequence[Laid]) -> list[pa.Array]:
        """The columns of a batch as the layout says; raises Contradicted where they do not fit it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackedColumn:
    """A column of the unpacked file: `key` there, `name` for people."""

    key: str
    name: str
    type: ColumnType
    arrow: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackedTable:
    """The unpacked file and its columns, in order."""

    path: Path
    columns: tuple[UnpackedColumn, ...]
    n_rows: int


def unpack(file: DataFile, *, folder: Path) -> UnpackedTable:
    """Read a table file as a stream into one Parquet file in `folder`.

    Raises
    ------
    Unusable
        For what is no table, is damaged, or has no rows or columns.
    Outside
        Where the disk does not take it.
    """
    if file.format in ("csv", "tsv"):
        made = _unpack_rows(Delimited(file), folder)
    elif file.format == "jsonl":
        made = _unpack_rows(Records(file), folder)
    elif file.format in FORMATS:
        source = Columnar(file, spill=folder)
        types = [ColumnType.OTHER if o else _of_arrow(k) for o, k in zip(source.is_json, source.types, strict=True)]
        columns = _columns(source.names, types, source.types)
        made = _write(columns, source.batches(), file.label, folder)
    else:
        raise unusable(
            file.label,
            _("it is {format}, which is no table; tables are {known}").format(
                format=file.format, known=", ".join(FORMATS)
            ),
            _("export it as CSV or Parquet"),
        )
    if not made.n_rows:
        raise _without_rows(file.label, len(made.columns))
    return made


def _unpack_rows(source: Rows[B], folder: Path) -> UnpackedTable:
    """Write by what the first batch suggests; where a later row contradicts it, learn from all rows and write again."""
    try:
        return _write_rows(source, source.learned(islice(source.batches(), 1)), folder)
    except Contradicted:
        layout = source.learned(source.batches())
    try:
        return _write_rows(source, layout, folder)
    except Contradicted:
        raise unusable(
            source.label,
            _("it changed while it was read"),
            _("let nothing write to it, then run the same command again"),
        ) from None


def _write_rows(source: Rows[B], layout: Sequence[Laid], folder: Path) -> UnpackedTable:
    if not layout:
        raise _without_rows(source.label, 0)
    columns = _columns(
        distinct_names(laid.name for laid in layout),
        [_OF_KIND[laid.kind] for laid in layout],
        [ARROW[laid.kind] for laid in layout],
    )
    keys = [column.key for column in columns]
    batches = (pa.RecordBatch.from_arrays(source.typed(batch, layout), names=keys) for batch in source.batches())
    return _write(columns, batches, source.label, folder)


def _columns(names: Sequence[str], types: Sequence[ColumnType], arrow: Sequence[Any]) -> tuple[UnpackedColumn, ...]:
    return tuple(
        UnpackedColumn(key=f"c{place}", name=name, type=kind, arrow=of_arrow)
        for place, (name, kind, of_arrow) in enumerate(zip(names, types, arrow, strict=True))
    )


def _write(
    columns: tuple[UnpackedColumn, ...], batches: Iterable[pa.RecordBatch], label: str, folder: Path
) -> UnpackedTable:
    path = folder / "rows.parquet"
    writer: Any = None
    many_valued: frozenset[int] = frozenset()
    n_rows = 0
    try:
        for group in _groups(batches, len(columns)):
            if writer is None:
                many_valued = _many_valued(group)
            for part in _parts(group, many_valued):
                with _taken(label):
                    if writer is None:
                        # Arrow's own schema is not stored: types come back as Parquet knows them.
                        writer = pq.ParquetWriter(path, part.schema, compression="zstd", store_schema=False)
                    writer.write_table(part)
            n_rows += group.num_rows
    finally:
        if writer is not None:
            with _taken(label):
                writer.close()
    return UnpackedTable(path=path, columns=columns, n_rows=n_rows)


def _groups(batches: Iterable[pa.RecordBatch], n_columns: int) -> Iterator[pa.RecordBatch]:
    """Batches joined into row groups: large enough to be read fast, small enough to be held while they are made."""
    most_rows = max(1, min(_GROUP_ROWS, _GROUP_CELLS // n_columns))
    kept: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        kept.append(batch.rename_columns([f"c{place}" for place in range(n_columns)]))
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= most_rows or size >= _GROUP_BYTES:
            yield _joined(kept)
            kept, rows, size = [], 0, 0
    if rows:
        yield _joined(kept)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    table = pa.Table.from_batches(batches).unify_dictionaries()
    columns = [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, names=table.schema.names)


def _many_valued(group: pa.RecordBatch) -> frozenset[int]:
    """Columns in which a dictionary saves nothing: it would only be one more thing for the engine to hold."""
    return frozenset(
        place
        for place, column in enumerate(group.columns)
        if pa.types.is_dictionary(column.type) and text_bytes(column).sum() < 2 * text_bytes(column.dictionary).sum()
    )


def _parts(group: pa.RecordBatch, many_valued: frozenset[int]) -> Iterator[pa.Table]:
    """The group with plain strings in those columns, cut where they turn out to be larger than the first rows said."""
    sizes = sum((text_bytes(group.column(place)) for place in many_valued), np.zeros(group.num_rows, dtype=np.int64))
    for start, stop in cuts(sizes, max_rows=group.num_rows, max_bytes=_GROUP_BYTES):
        columns = [column.slice(start, stop - start) for column in group.columns]
        shown = [plain(column) if place in many_valued else column for place, column in enumerate(columns)]
        yield pa.Table.from_arrays(shown, names=group.schema.names)


@contextmanager
def _taken(label: str) -> Iterator[None]:
    """Tell a full disk from a value that no column takes; the library's message may quote the value and stops here."""
    try:
        yield
    except OSError as error:
        raise no_room(label, error) from None
    except pa.ArrowException:
        raise unusable(
            label, _("a value is out of range for its column"), _("export it again, as CSV or Parquet")
        ) from None


def _of_arrow(kind: Any) -> ColumnType:
    """What a column of this type holds."""
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return ColumnType.NUMBER
    if pa.types.is_boolean(kind):
        return ColumnType.BOOLEAN
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return ColumnType.DATE
    return ColumnType.TEXT if pa.types.is_string(kind) else ColumnType.OTHER


def _without_rows(label: str, n_columns: int) -> Unusable:
    return unusable(
        label,
        _("it has {n} columns and 0 rows").format(n=n_columns),
        _("export it with its rows, or take it out of the candidate"),
    )
