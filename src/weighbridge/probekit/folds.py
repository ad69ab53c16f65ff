"""A fold: what one scan over a table remembers, on one machine or on many.

`map` turns a batch of rows into a state, `merge` makes one state of two, and the probe reads the last one. Neither may
depend on where batches are cut nor on their order: the same rows give the same bytes on every engine.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

ROW = "\0row"  # among a fold's columns: the row's number in its artefact, from 1; no name of a file has a NUL


@runtime_checkable
class Fold(Protocol):
    """What is remembered of rows.

    A frozen dataclass at module level with plain fields, so that it can be sent to a worker; what it remembers is sent
    back as bytes, by `probekit.states`.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, by name; `ROW` among them is the row's number."""
        ...

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The state of these rows: the named columns in canonical types (see `canonical`). A batch may be empty."""
        ...

    def merge(self, left: bytes, right: bytes) -> bytes:
        """One state of two: associative, commutative, and with map(a) merged with map(b) equal to map(a and b)."""
        ...


class FoldBroke(Exception):
    """A fold raised in a worker. The kind of its error and the place in the code come back, never its message."""

    def __init__(self, kind: str, place: str) -> None:
        super().__init__(f"{kind} in {place}")
        self.kind = kind
        self.place = place


def fold_batches(fold: Fold, batches: Iterable[pa.RecordBatch]) -> bytes:
    """The state of all these batches; at least one is needed, and it may be empty."""
    return functools.reduce(fold.merge, (fold.map(canonical(batch)) for batch in batches))


def canonical(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch in the few types that every engine can give.

    int64 (uint64 and decimals of more digits: text), float64 with null for NaN, bool, string, date32, timestamp in
    microseconds (UTC where it has a zone), and text for all else: JSON for nested cells, hexadecimal for bytes.
    """
    return pa.RecordBatch.from_arrays([_canonical(c) for c in batch.columns], names=batch.schema.names)


def _canonical(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _canonical(values.dictionary_decode())
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return values.cast(pa.int64())
    if pa.types.is_floating(kind):
        wide = values.cast(pa.float64())
        return pc.if_else(pc.is_nan(wide), pa.scalar(None, pa.float64()), wide)
    if pa.types.is_boolean(kind) or kind in (pa.string(), pa.date32()):
        return values
    if pa.types.is_timestamp(kind):
        return values.cast(pa.timestamp("us", "UTC" if kind.tz else None), safe=False)
    if pa.types.is_date(kind):
        return values.cast(pa.date32())
    return as_text(values)


def as_text(values: pa.Array) -> pa.Array:
    """Values as text: those of nested cells as JSON, bytes in hexadecimal."""
    if pa.types.is_dictionary(values.type):
        return as_text(values.dictionary_decode())
    kind = values.type
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    if pa.types.is_nested(kind) or is_bytes:
        return pa.array([_told(value) for value in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())


def _told(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else json.dumps(value, default=str)
