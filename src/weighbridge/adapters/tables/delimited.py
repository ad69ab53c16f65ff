"""CSV and TSV as a stream of text cells."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from weighbridge.adapters.tables.layout import (
    MAX_COLUMNS,
    Laid,
    Narrowing,
    converted,
    distinct_names,
    is_number,
)
from weighbridge.adapters.tables.naming import value_among
from weighbridge.adapters.tables.streams import MAX_LINE_BYTES, DataFile, lines, open_text, unusable
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _

# A last row of our own: if it does not come back as the last row, a quotation mark before it was never closed.
_END = "\x1ethe end\x1e"
_DELIMITERS = (",", ";", "\t", "|")
_MAX_HEADER_BYTES = 1 << 20
_RECURRING = 2  # ours: one name that is also a value of its own column happens, two are a row of values


class Delimited:
    """A CSV or TSV file. Its first row names the columns; blank lines are skipped; an empty cell is a missing value.

    The delimiter of a TSV file is the tab; that of a CSV file is the one of ``, ; tab |`` that its first row has most
    of. A quotation mark quotes only at the start of a cell, and is doubled inside.
    """

    def __init__(self, file: DataFile) -> None:
        self._file, self.label = file, file.label
        with open_text(file) as stream:
            header, self._header_lines = _header(stream, file.label)
        self._delimiter = "\t" if file.format == "tsv" else _delimiter(header)
        self._raw_names = self._split(header)
        place = value_among(self._raw_names)
        if place:
            raise self._no_names(_("cell {n} has the shape of a value").format(n=place))
        self.names = distinct_names(self._raw_names)

    def batches(self, places: Sequence[int] | None = None) -> Iterator[pa.RecordBatch]:
        """Text cells, batch by batch; the columns at these places, or all.

        Raises
        ------
        Unusable
            For ragged rows, an open quotation mark, bytes that are not UTF-8, or a first row that names no columns.
        """
        ragged: list[tuple[int, int, int]] = []
        with open_text(self._file) as stream:
            _header(stream, self._file.label)
            is_first = True
            for batch in self._rows(stream, range(len(self.names)) if places is None else places, ragged):
                if is_first and places is None:
                    self._check_names(batch)
                is_first = False
                if batch.num_rows:
                    yield batch

    def learned(self, batches: Iterator[pa.RecordBatch]) -> tuple[Laid, ...]:
        """What the columns hold, as far as these batches tell."""
        narrowing = [Narrowing() for _name in self.names]
        for batch in batches:
            for n, cells in zip(narrowing, batch.columns, strict=True):
                n.see(cells)
        return tuple(n.laid(name) for n, name in zip(narrowing, self.names, strict=True))

    def typed(self, batch: pa.RecordBatch, layout: Sequence[Laid]) -> list[pa.Array]:
        """The columns of a batch as the layout says; raises Contradicted where they do not fit it."""
        return [converted(cells, laid) for cells, laid in zip(batch.columns, layout, strict=True)]

    def _rows(
        self, stream: io.BufferedReader, places: Sequence[int], ragged: list[tuple[int, int, int]]
    ) -> Iterator[pa.RecordBatch]:
        """Batches without our own last row."""
        kept: pa.RecordBatch | None = None
        seen = 0
        try:
            for batch in self._reader(stream, places, ragged):
                if kept is not None:
                    yield kept.select(range(kept.num_columns - 1))
                seen += batch.num_rows
                kept = batch
        except pa.ArrowInvalid:
            raise self._refused(ragged, seen) from None
        if kept is None or kept.column(kept.num_columns - 1)[kept.num_rows - 1].as_py() != _END:
            raise self._open_quote(seen)
        yield kept.slice(0, kept.num_rows - 1).select(range(kept.num_columns - 1))

    def _reader(
        self, stream: io.BufferedReader, places: Sequence[int], ragged: list[tuple[int, int, int]]
    ) -> Iterator[pa.RecordBatch]:
        """Every batch with one column more than was asked for: the last of the file, in which the end shows."""

        def refuse(row: Any) -> str:
            ragged.append((row.number, row.actual_columns, int(_END in row.text)))
            return "error"

        width = len(self.names)
        names = [str(place) for place in range(width)]
        tail = f"\n{self._delimiter.join([''] * (width - 1) + [_END])}\n".encode()
        # Read by hand up to the header, so that no cell can be taken for an option of the reader.
        reader = pv.open_csv(
            pa.PythonFile(_WithTail(stream, tail), mode="r"),
            read_options=pv.ReadOptions(column_names=names, block_size=MAX_LINE_BYTES, use_threads=False),
            parse_options=pv.ParseOptions(
                delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=refuse
            ),
            convert_options=pv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=list(dict.fromkeys([*(names[place] for place in places), names[-1]])),
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,  # the stream was checked
            ),
        )
        wanted = [*places, width - 1]
        order = {name: at for at, name in enumerate(dict.fromkeys(names[place] for place in wanted))}
        for batch in reader:
            yield pa.RecordBatch.from_arrays(
                [batch.column(order[names[place]]) for place in wanted], names=[str(n) for n in range(len(wanted))]
            )

    def _split(self, header: str) -> list[str]:
        label = self._file.label
        try:
            cells = next(csv.reader([header], delimiter=self._delimiter, strict=True))
        except csv.Error:
            raise unusable(
                label,
                _("its first row is no list of column names: a quotation mark in it is never closed"),
                _("close the quotation mark, or write the column names as first line"),
            ) from None
        if len(cells) > MAX_COLUMNS:
            raise unusable(
                label,
                _("its first row names {n} columns; at most {limit} are read").format(n=len(cells), limit=MAX_COLUMNS),
                _("keep one row per record; a matrix is better kept as .npy or Parquet"),
            )
        return cells

    def _check_names(self, batch: pa.RecordBatch) -> None:
        """Refuse a first row of values: taken for names, somebody's data would be printed in every report."""
        cells = [cell.strip() for cell in self._raw_names]
        if batch.num_rows == 0:
            return
        recurring = sum(
            1
            for cell, column in zip(cells, batch.columns, strict=True)
            if any(character.isalpha() for character in cell) and pc.any(pc.equal(column, cell)).as_py()
        )
        if recurring >= _RECURRING or _are_measurements(cells):
            raise self._no_names(
                _("{n} of {of} cells occur again below them").format(n=recurring, of=len(cells))
                if recurring
                else _("all {of} cells are numbers").format(of=len(cells))
            )

    def _no_names(self, why: str) -> Unusable:
        return unusable(
            self._file.label,
            _("its first row looks like values, not like names: {why}").format(why=why),
            _("write the column names as first line: sed -i '1i NAME{delimiter}NAME...' {label}").format(
                delimiter=self._delimiter, label=shlex.quote(self._file.label)
            ),
        )

    def _refused(self, ragged: list[tuple[int, int, int]], seen: int) -> Unusable:
        label = self._file.label
        if not ragged:
            return unusable(
                label,
                _(
                    "a row after row {n} is longer than {limit} MiB, or has a quotation mark that is never closed"
                ).format(n=seen, limit=MAX_LINE_BYTES >> 20),
                _("close the quotation mark, or split the row"),
            )
        row, fields, holds_end = ragged[0]
        if holds_end:
            return self._open_quote(row)
        width = len(self.names)
        line = self._line(row)
        where = _("line {n}").format(n=line) if line else _("row {n} below the header").format(n=row)
        return unusable(
            label,
            _("its rows are ragged: the header has {width} fields, {where} has {fields}").format(
                width=width, where=where, fields=fields
            ),
            _("give that line {width} fields, or quote the cell that holds a {delimiter}").format(
                width=width, delimiter={"\t": "tab"}.get(self._delimiter, self._delimiter)
            ),
        )

    def _open_quote(self, row: int) -> Unusable:
        return unusable(
            self._file.label,
            _("a quotation mark that opens in row {n} below the header is never closed").format(n=row),
            _('close it, or double it where it is part of the text: ""'),
        )

    def _line(self, row: int) -> int:
        """The line in which a row ends, found by reading again; 0 where the two readers do not agree on rows."""
        with open_text(self._file) as stream:
            _header(stream, self._file.label)
            reader = csv.reader((line.decode() for line in lines(stream, self._file.label)), delimiter=self._delimiter)
            try:
                full = (cells for cells in reader if cells)
                for number, cells in enumerate(full, 1):
                    if number == row:
                        return self._header_lines + reader.line_num if len(cells) != len(self.names) else 0
            except csv.Error:
                pass
        return 0


class _WithTail(io.RawIOBase):
    """A stream and a few bytes after it."""

    def __init__(self, stream: io.BufferedReader, tail: bytes) -> None:
        super().__init__()
        self._stream, self._tail = stream, tail

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if data:
            return data
        tail, self._tail = self._tail, b""
        return tail


def _header(stream: io.BufferedReader, label: str) -> tuple[str, int]:
    """The first row that is not blank, quoted line feeds and all, and the number of the line in which it ends."""
    header = b""
    count = 0
    for line in lines(stream, label):
        count += 1
        header += line if header or line.strip() else b""
        if (header and header.count(b'"') % 2 == 0) or len(header) > _MAX_HEADER_BYTES:
            break
    if not header:
        raise unusable(label, _("it is empty: no row, no column names"), _("write the column names as first line"))
    if header.count(b"\0") > len(header) // 4:
        raise unusable(
            label,
            _("{n} of the {of} bytes of its first row are zero: it is no UTF-8 text").format(
                n=header.count(b"\0"), of=len(header)
            ),
            _("if it is UTF-16: iconv -f UTF-16LE -t UTF-8 {label} > FILE").format(label=shlex.quote(label)),
        )
    return header.decode().rstrip("\r\n"), count


def _delimiter(header: str) -> str:
    """The delimiter that the header has most of outside quotation marks; the comma where it has none."""
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _are_measurements(cells: Sequence[str]) -> bool:
    """Whether all cells are numbers, and not the ascending whole numbers that name the columns of a matrix or years."""
    if not all(is_number(cell) for cell in cells):
        return False
    whole = [int(cell) for cell in cells if cell.isascii() and cell.isdigit()]
    return len(whole) < len(cells) or any(a >= b for a, b in pairwise(whole))
