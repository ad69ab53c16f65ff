"""What a classifier takes of a table: a matrix of numbers, a frame with named columns, or one column of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Floats

_SHOWN = 60  # characters of a column's name in a message


class Way(StrEnum):
    """How an estimator takes its rows."""

    MATRIX = "matrix"
    FRAME = "frame"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is taken of a table, and how."""

    label: str
    names: tuple[str, ...]  # empty where it goes by position
    width: int
    way: Way
    documents: frozenset[str] = frozenset()  # columns that are read as text, in which nothing may be missing
    missing: float | None = np.nan  # what stands for a missing word
    has_categories: bool = False  # words are taken as a frame's categories

    def taken(self, table: pa.Table) -> Any:
        """The rows as the estimator takes them: a matrix of floats or objects, a frame, or an array of texts.

        Raises
        ------
        Silent
            Where a column is missing, or holds what cannot be taken.
        """
        chosen = chosen_columns(table, self.names, self.width, label=self.label)
        if self.way is Way.TEXT:
            return texts(chosen.column(0), chosen.column_names[0], label=self.label)
        if self.way is Way.MATRIX and all(is_number(column.type) for column in chosen.columns):
            return matrix(chosen, label=self.label)
        if self.names or self.way is Way.FRAME:
            return self._frame(chosen)
        columns = [self._values(column, name) for name, column in zip(chosen.column_names, chosen.columns, strict=True)]
        mixed = np.empty((len(chosen), len(columns)), dtype=object)
        for place, values in enumerate(columns):
            mixed[:, place] = values
        return mixed

    def _frame(self, table: pa.Table) -> Any:
        import pandas as pd

        columns = {
            name: self._series(column, name) for name, column in zip(table.column_names, table.columns, strict=True)
        }
        return pd.DataFrame(columns, copy=False)

    def _series(self, column: pa.ChunkedArray, name: str) -> Any:
        import pandas as pd

        values = self._values(column, name)
        if values.dtype != object:
            return values
        return pd.Categorical(values) if self.has_categories else pd.Series(values, dtype=object)

    def _values(self, column: pa.ChunkedArray, name: str) -> npt.NDArray[Any]:
        """One column: whole numbers and flags as they are where none is missing, else floats; dates; words."""
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if name in self.documents:
            return texts(column, name, label=self.label)
        if is_number(column.type):
            is_plain = column.null_count == 0 and (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type))
            return np.asarray(column.to_numpy()) if is_plain else numbers(column)
        if pa.types.is_temporal(column.type):
            return np.asarray(column.to_numpy())
        return words(column, missing=self.missing)


def chosen_columns(table: pa.Table, names: Sequence[str], width: int, *, label: str) -> pa.Table:
    """The columns of these names in this order; all by position where there are no names."""
    if not names:
        if table.num_columns != width:
            not_measured(
                phrase(
                    "{label} takes {n} columns by position, and the data has {m}",
                    label=label, n=width, m=table.num_columns,
                ),
                phrase("give the data with the columns that the classifier was fitted on, in that order"),
            )  # fmt: skip
        return table
    for name in names:
        if table.column_names.count(name) != 1:
            not_measured(
                phrase(
                    "{label} takes a column {name}, and the data has {n} of that name",
                    label=label, name=shown(name), n=table.column_names.count(name),
                ),
                phrase("give the data with the columns that the classifier was fitted on"),
            )  # fmt: skip
    return table.select(list(names))


def is_number(kind: pa.DataType) -> bool:
    """Whether values of this type are taken as numbers; a column without any value is."""
    test = pa.types
    return bool(
        test.is_integer(kind) or test.is_floating(kind) or test.is_boolean(kind) or test.is_decimal(kind)
        or test.is_null(kind)
    )  # fmt: skip


def numbers(column: pa.ChunkedArray) -> Floats:
    """A column of numbers as floats; a missing one is NaN."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    made = column.cast(pa.float64(), safe=False)
    return np.asarray(made.to_numpy(zero_copy_only=False), dtype=np.float64)


def matrix(table: pa.Table, *, label: str) -> Floats:
    """All columns as floats, shape (n, columns), rows one after the other in memory."""
    made = np.empty((table.num_rows, table.num_columns))
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if not is_number(column.type):
            not_measured(
                phrase("{label} takes numbers, and column {name} holds none", label=label, name=shown(name)),
                phrase("weigh the classifier as a pipeline that makes numbers of its columns"),
            )
        made[:, place] = numbers(column)
    return made


def texts(column: pa.ChunkedArray, name: str, *, label: str) -> npt.NDArray[Any]:
    """A column as an array of str; a missing text is the empty one."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_null(column.type)):
        not_measured(
            phrase("{label} takes texts, and column {name} holds none", label=label, name=shown(name)),
            phrase("give the data with the column of texts that the classifier was fitted on"),
        )
    return np.asarray(pc.fill_null(column.cast(pa.large_string()), "").to_numpy(zero_copy_only=False), dtype=object)


def words(column: pa.ChunkedArray, *, missing: float | None) -> npt.NDArray[Any]:
    """A column as Python's own values; `missing` stands for a missing one."""
    found = np.empty(len(column), dtype=object)
    found[:] = column.to_pylist()
    found[np.asarray(column.is_null())] = missing
    return found


def shown(name: str) -> str:
    """A column's name, short and printable."""
    short = name[:_SHOWN]
    return short if short.isprintable() else ascii(short)
