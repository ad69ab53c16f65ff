"""What is known of the training data: its texts and its rows of numbers, streamed, as often as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Role, Subject
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Bench, ColumnType, Floats, Ints, Table, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings:
    """Some texts of one file, of one column of it where it has columns, each with the number of its record."""

    label: str
    column: str
    records: Ints
    texts: pa.Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Some rows of numbers of one file; a missing number is NaN."""

    label: str
    first_record: int
    numbers: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some rows of one file, with all columns that the classifier takes, and their numbers."""

    rows: Rows
    inputs: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The training data as far as it can be read."""

    bench: Bench
    tables: tuple[Table, ...]
    texts: Texts | None
    inputs: tuple[str, ...]  # names that the classifier gives to its columns
    unread_bytes: int  # of files that are neither
    told: tuple[Phrase, ...]  # why it could not be read, or what was taken for granted

    @classmethod
    def on(cls, bench: Bench, inputs: tuple[str, ...]) -> Training:
        """What the candidate has: tables for a classifier, documents for a language model."""
        subjects = bench.candidate.subjects
        is_lm, is_classifier = Subject.CAUSAL_LM in subjects, Subject.CLASSIFIER in subjects
        told: list[Phrase] = []
        texts: Texts | None = None
        if is_lm and bench.has(Role.TRAIN_DATA):
            try:
                texts = bench.texts(Role.TRAIN_DATA)
                told += texts.notes
            except Silent as silent:
                told.append(silent.outcome.because)
        tables = bench.tables(Role.TRAIN_DATA) if is_classifier else ()
        unread = _unread_bytes(bench, tables, texts)
        return cls(bench=bench, tables=tables, texts=texts, inputs=inputs, unread_bytes=unread, told=tuple(told))

    @property
    def is_there(self) -> bool:
        """Whether any of it could be read."""
        return bool(self.tables) or self.texts is not None

    def strings(self, *, with_numbers: bool = False) -> Iterator[Strings]:
        """Documents, and text cells; with them long whole numbers as they are written, where these are wanted."""
        for batch in self.texts.batches() if self.texts else ():
            self._tick()
            records = np.arange(batch.first_record, batch.first_record + len(batch.text))
            yield Strings(label=batch.label, column="", records=records, texts=pc.fill_null(batch.text, ""))
        for table in self.tables:
            kinds = (ColumnType.TEXT, ColumnType.NUMBER) if with_numbers else (ColumnType.TEXT,)
            chosen = [c.name for c in table.columns if c.type in kinds and (c.type is ColumnType.TEXT or c.is_whole)]
            first = 1
            for part in table.batches(chosen) if chosen else ():
                self._tick()
                for name in chosen:
                    yield _cells(table.label, name, first, part[name])
                first += part.num_rows

    def width(self) -> int | None:
        """How many numbers a row has; 0 where it has none, None where the tables differ."""
        widths = {len(numeric_inputs(table, self.inputs)) for table in self.tables} or {0}
        return widths.pop() if len(widths) == 1 else None

    def rows(self) -> Iterator[Rows]:
        """The numbers that the classifier takes, in its order."""
        for table in self.tables:
            columns = numeric_inputs(table, self.inputs)
            first = 1
            for part in table.batches(columns) if columns else ():
                self._tick()
                numbers = np.column_stack([_numbers(part[name]) for name in columns])
                yield Rows(label=table.label, first_record=first, numbers=numbers)
                first += part.num_rows

    def parts(self, n: int) -> Iterator[Part]:
        """So many rows at a time, with the columns that the classifier takes, words and all."""
        for table in self.tables:
            columns, first = _inputs(table, self.inputs), 1
            numeric = numeric_inputs(table, self.inputs)
            for batch in table.batches(columns) if columns else ():
                for start in range(0, batch.num_rows, n):
                    self._tick()
                    part = pa.Table.from_batches([batch.slice(start, n)])
                    numbers = [_numbers(part[name].combine_chunks()) for name in numeric]
                    made = np.column_stack(numbers) if numbers else np.zeros((part.num_rows, 0))
                    yield Part(rows=Rows(label=table.label, first_record=first + start, numbers=made), inputs=part)
                first += batch.num_rows

    def _tick(self) -> None:
        self.bench.progress(0, 1, "training data")


def numeric_inputs(table: Table, inputs: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of numbers among those that a classifier takes.

    By its own names where the table has them all, else as the owner declared, else all but the target and the person.
    """
    kinds = {c.name: c.type for c in table.columns}
    return tuple(n for n in _inputs(table, inputs) if kinds[n] in (ColumnType.NUMBER, ColumnType.BOOLEAN))


def _inputs(table: Table, inputs: tuple[str, ...]) -> tuple[str, ...]:
    there = {c.name for c in table.columns}
    declared = table.declared
    names = inputs or declared.features
    if not names or not set(names) <= there:
        names = declared.features if set(declared.features) <= there else ()
    return names or tuple(c.name for c in table.columns if c.name not in (declared.target, declared.person))


def _cells(label: str, column: str, first: int, values: pa.Array) -> Strings:
    present = np.flatnonzero(np.asarray(pc.is_valid(values)))
    texts = pc.cast(values.take(pa.array(present)), pa.string())
    return Strings(label=label, column=column, records=present + first, texts=texts)


def _numbers(values: pa.Array) -> Floats:
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)


def _unread_bytes(bench: Bench, tables: tuple[Table, ...], texts: Texts | None) -> int:
    artefacts = bench.candidate.of_role(Role.TRAIN_DATA)
    if texts is not None:
        return 0 if texts.is_complete else max(1, sum(a.size_bytes for a in artefacts))
    read = {table.label for table in tables}
    return sum(a.size_bytes for a in artefacts if a.label not in read)
