"""Cells of several files in one type, and a digest of each row by which equal rows are found.

A row's digest is BLAKE2b of its cells, eight bytes each, keyed by the seed and cut to 64 bits. All files are brought to
one type first. A cell is then the bits of a number (of a 32-bit float where any file holds such), the count of a date
or time, a keyed BLAKE2b of a text without the space around it, or, for what is missing (null, NaN, an empty text), one
fixed value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Ints

Words64 = npt.NDArray[np.uint64]

_MISSING = np.uint64(0x6D697373696E6721)  # "missing!": any number that is no likely cell
_TIME = pa.timestamp("us")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellType:
    """The one type in which a column of several files is read."""

    arrow: pa.DataType
    is_single: bool = False  # some file holds 32-bit floats: numbers that agree so far are equal


def one_type(found: Sequence[pa.DataType], *, texts_are_numbers: bool = False) -> CellType:
    """The type that holds all of these; text, where nothing else does."""
    kinds = [_simple(kind) for kind in found if not pa.types.is_null(kind)]
    of = pa.types
    is_single = any(of.is_float32(kind) for kind in kinds)
    if texts_are_numbers:
        kinds = [pa.float64() if of.is_string(kind) else kind for kind in kinds]
    if kinds and all(kind == kinds[0] for kind in kinds):
        return CellType(arrow=pa.float64() if is_single else kinds[0], is_single=is_single)
    if kinds and all(of.is_integer(kind) or of.is_floating(kind) or of.is_boolean(kind) for kind in kinds):
        whole = all(of.is_signed_integer(kind) or of.is_boolean(kind) for kind in kinds)
        return CellType(arrow=pa.int64() if whole else pa.float64(), is_single=is_single)
    if kinds and all(of.is_date(kind) or of.is_timestamp(kind) for kind in kinds):
        return CellType(arrow=_TIME)
    return CellType(arrow=pa.string())


def mixes_texts_with_numbers(found: Sequence[pa.DataType]) -> bool:
    """Whether one file has texts where another has numbers: they may be numbers that were written as text."""
    kinds = [_simple(kind) for kind in found]
    has_text = any(pa.types.is_string(kind) for kind in kinds)
    return has_text and any(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds)


def are_numbers(values: pa.Array) -> bool:
    """Whether every text that is there is a number."""
    try:
        as_type(values, CellType(arrow=pa.float64()))
    except pa.ArrowInvalid:
        return False
    return True


def is_nested(kind: pa.DataType) -> bool:
    """Whether cells are lists, records or bytes: nothing that a classifier takes as one column."""
    kind = _decoded(kind)
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
                or pa.types.is_fixed_size_binary(kind))  # fmt: skip


def as_type(values: pa.Array, wanted: CellType) -> pa.Array:
    """The column in this type; NaN becomes missing.

    Raises
    ------
    pa.ArrowInvalid
        For a text that is no number where numbers are wanted.
    """
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), wanted.arrow)
    if pa.types.is_string(wanted.arrow):
        return as_text(values)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        trimmed = pc.utf8_trim_whitespace(values)
        values = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, trimmed.type), trimmed)
    if pa.types.is_boolean(values.type) and not pa.types.is_boolean(wanted.arrow):
        values = values.cast(pa.int8())
    made = values.cast(wanted.arrow, safe=False)
    return pc.if_else(pc.is_nan(made), pa.scalar(None, made.type), made) if pa.types.is_floating(made.type) else made


def as_text(values: pa.Array) -> pa.Array:
    """The column as text: whole numbers without a point, true as True, lists and records as they print."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_boolean(kind):
        return pc.if_else(values, pa.scalar("True"), pa.scalar("False"))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        floats = values.cast(pa.float64(), safe=False).to_pylist()
        return pa.array([None if v is None or v != v else _number(v) for v in floats], pa.string())  # noqa: PLR0124  NaN is not itself
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if v is None else str(v) for v in values.to_pylist()], pa.string())


def row_digests(columns: Sequence[pa.Array], types: Sequence[CellType], key: bytes) -> Words64:
    """One number for each row; equal rows have equal numbers, whatever the files' types."""
    cells = [cell_codes(as_type(column, of), of, key) for column, of in zip(columns, types, strict=True)]
    rows = np.ascontiguousarray(np.stack(cells, axis=1)).astype("<u8", copy=False)
    width, data = rows.shape[1] * 8, memoryview(rows.tobytes())
    return np.array([_digest(data[at : at + width], key) for at in range(0, len(data), width)], dtype=np.uint64)


def cell_codes(values: pa.Array, of: CellType, key: bytes) -> Words64:
    """One number for each cell of a column that is of this type already."""
    missing = np.asarray(values.is_null())
    if pa.types.is_floating(values.type):
        floats = values.fill_null(0.0).to_numpy(zero_copy_only=False).astype(np.float64)
        with np.errstate(over="ignore"):
            floats = floats.astype(np.float32).astype(np.float64) if of.is_single else floats
        codes = np.array((floats + 0.0).view(np.uint64), dtype=np.uint64)  # so that -0 is 0
    elif pa.types.is_boolean(values.type) or pa.types.is_integer(values.type):
        whole = np.asarray(values.fill_null(0).to_numpy(zero_copy_only=False))
        codes = np.array(whole.astype(np.int64).view(np.uint64), dtype=np.uint64)
    elif pa.types.is_date(values.type) or pa.types.is_timestamp(values.type):
        counts = np.asarray(values.cast(_TIME, safe=False).cast(pa.int64()).fill_null(0))
        codes = np.array(counts.view(np.uint64), dtype=np.uint64)
    else:
        return _text_codes(as_text(values), key)
    codes[missing] = _MISSING
    return codes


def unique_numbers(label: str, records: Ints, key: bytes) -> Ints:
    """A number for each record of a file, unlike that of any other."""
    named = label.encode("utf-8", "surrogatepass")
    made = [_digest(b"%d\0%s" % (record, named), key) for record in records.tolist()]
    return as_ints(np.asarray(made, dtype=np.uint64))


def as_ints(codes: Words64) -> Ints:
    """Codes as numbers that are not negative."""
    return (codes >> np.uint64(1)).astype(np.int64)


def _text_codes(values: pa.Array, key: bytes) -> Words64:
    coded = values.dictionary_encode()
    trimmed = [text.strip() for text in coded.dictionary.to_pylist()]
    by_value = [_digest(t.encode("utf-8", "surrogatepass"), key) if t else int(_MISSING) for t in trimmed]
    by_value.append(int(_MISSING))
    places = coded.indices.fill_null(len(trimmed)).to_numpy(zero_copy_only=False)
    return np.asarray(by_value, dtype=np.uint64)[np.asarray(places, dtype=np.int64)]


def _digest(data: bytes | memoryview, key: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=key).digest(), "little")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _simple(kind: pa.DataType) -> pa.DataType:
    """The type without what makes no difference to a cell's value."""
    kind = _decoded(kind)
    of = pa.types
    if of.is_large_string(kind) or of.is_string_view(kind):
        return pa.string()
    if of.is_signed_integer(kind) or (of.is_integer(kind) and kind.bit_width < 64):
        return pa.int64()
    if of.is_float16(kind):
        return pa.float32()
    if of.is_decimal(kind):
        return pa.float64()
    return _TIME if of.is_timestamp(kind) else kind


def _decoded(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
