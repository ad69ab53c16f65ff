"""Columns and texts as numbers, categories and words: all that a learner can read, and nothing fitted to any target.

What has to be fitted (edges of bins, which categories are frequent, which words) is fitted by the learner, inside each
fold, on its training rows.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Floats, Ints

# A column of strings is read as text, by its words, where most values differ or are long; else as categories. Ours.
_OWN_SHARE, _OWN_LEAST, _LONG = 0.5, 20, 40
# So many characters are read of a table or a collection in all, shared out evenly; of one text at most so many. Ours.
_CHARACTERS, _OF_ONE, _OF_ONE_AT_LEAST = 20_000_000, 4000, 48
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_NUMBER = re.compile(r"\d{1,15}")
_WORD = re.compile(r"\w+")

# What is counted in a text, in this order, and the kind of thing that it tells of.
TEXT_KINDS = (
    "length", "length", "length", "compression", "compression", "dates", "dates", "dates", "dates",
    "format", "format", "format", "format", "format", "format", "format", "format",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumn:
    """Numbers; NaN where there is none. Dates are days, durations seconds, true is 1."""

    name: str
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryColumn:
    """Which of its different values each row has; -1 where there is none."""

    name: str
    codes: Ints
    n_values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextColumn:
    """Texts, each cut to a length that bounds the cost of reading them all, and numbers that were counted in them."""

    name: str
    values: tuple[str, ...]
    counted: Floats  # shape (n, len(TEXT_KINDS))


CodedColumn = NumberColumn | CategoryColumn | TextColumn


def coded_columns(table: pa.Table) -> tuple[CodedColumn, ...]:
    """Every column of a table that holds a value, in its order; lists, records and bytes go by their text."""
    n_texts = sum(not _is_number(field.type) for field in table.schema)
    shortened = _shortened(table.num_rows * max(1, n_texts))
    made = []
    for place, name in enumerate(table.column_names):
        values = table.column(place).combine_chunks()
        values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        if len(values) and values.null_count < len(values):
            made.append(_coded(name, values, shortened))
    return tuple(made)


def coded_texts(texts: Sequence[str]) -> TextColumn:
    """Texts as one column."""
    return _texts("text", texts, _shortened(len(texts)))


def _shortened(n: int) -> int:
    """How much is read of each of `n` texts."""
    return max(_OF_ONE_AT_LEAST, min(_OF_ONE, _CHARACTERS // max(1, n)))


def _is_number(kind: pa.DataType) -> bool:
    of = pa.types
    return bool(
        of.is_boolean(kind)
        or of.is_integer(kind)
        or of.is_floating(kind)
        or of.is_decimal(kind)
        or of.is_temporal(kind)
    )


def _coded(name: str, values: pa.Array, shortened: int) -> CodedColumn:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if _is_number(values.type):
        return NumberColumn(name=name, values=_numbers(values))
    if not pa.types.is_string(values.type):
        values = _as_strings(values)
    coded = values.dictionary_encode()
    n_values, n_known = len(coded.dictionary), len(values) - values.null_count
    length = pc.mean(pc.utf8_length(values)).as_py() or 0.0
    if length > _LONG or (n_values > _OWN_LEAST and n_values > _OWN_SHARE * n_known):
        return _texts(name, values.fill_null("").to_pylist(), shortened)
    codes = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return CategoryColumn(name=name, codes=codes, n_values=n_values)


def _numbers(values: pa.Array) -> Floats:
    kind = values.type
    per_unit = 1.0
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind) or pa.types.is_time(kind):
        per_unit = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}[kind.unit]
        per_unit /= 86_400 if pa.types.is_timestamp(kind) else 1
    if pa.types.is_date(kind):
        values = values.cast(pa.date32()).cast(pa.int32())
    elif pa.types.is_temporal(kind):
        values = values.cast(pa.int32() if kind.bit_width == 32 else pa.int64())
    floats = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.asarray(floats * per_unit, dtype=np.float64)


def _as_strings(values: pa.Array) -> pa.Array:
    """Text of what is neither a number nor a string."""
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if v is None else _readable(v) for v in values.to_pylist()], pa.string())


def _readable(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _texts(name: str, texts: Sequence[str], shortened: int) -> TextColumn:
    counted = np.array([_counted(text, shortened) for text in texts], dtype=np.float64).reshape(len(texts), -1)
    return TextColumn(name=name, values=tuple(text[:shortened] for text in texts), counted=counted)


def _counted(text: str, shortened: int) -> tuple[float, ...]:
    """Length of the whole text; of its beginning, how it compresses, the years it names, and how it is written."""
    head = text[:shortened]
    n = max(1, len(head))
    words = _WORD.findall(head)
    years = [int(year) for year in _YEAR.findall(head)]
    data = head.encode("utf-8", "surrogatepass")
    packed = len(zlib.compress(data, 1))
    number = _NUMBER.search(head)
    missing = float("nan")
    share: Callable[[Callable[[str], bool]], float] = lambda holds: sum(map(holds, head)) / n  # noqa: E731  used four times below
    return (
        float(len(text)), float(len(words)), sum(map(len, words)) / len(words) if words else missing,
        packed / max(1, len(data)), float(packed),
        float(len(years)), min(years, default=missing), max(years, default=missing),
        float(np.mean(years)) if years else missing,
        float(number[0]) if number else missing, share(str.isdigit), share(str.isupper), share(str.isspace),
        share(str.isascii), head.count("\n") / n, float(ord(head[0])) if head else missing,
        float(ord(head[-1])) if head else missing,
    )  # fmt: skip
