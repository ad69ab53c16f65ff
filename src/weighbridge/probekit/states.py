"""What a fold remembers of rows it saw: named arrays in a versioned envelope, never a pickle.

A state may come from another process or another machine, so it is checked before it is believed. The same arrays give
the same bytes: states are compared as bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.ipc

_KIND, _VERSION = b"weighbridge.state", b"weighbridge.version"
_ALLOWED = "iuf"  # numpy kinds; booleans are packed in bits whose last byte may differ: use uint8


class ForeignState(ValueError):
    """Bytes that are no state of this kind and version."""


def pack(kind: str, version: int, arrays: Mapping[str, npt.NDArray[Any] | pa.Array]) -> bytes:
    """Arrays as the bytes of a state.

    Parameters
    ----------
    kind : name of what made it, such as "combinations"
    version : raised whenever the meaning of an array changes
    arrays : each one-dimensional; numpy integers or floats, or Arrow arrays of strings or binary without nulls

    Returns
    -------
    An Arrow IPC stream of one row: one list for each array, in the order of their names.
    """
    names = sorted(arrays)
    lists = [_listed(arrays[name]) for name in names]
    schema = pa.schema(
        [pa.field(name, made.type) for name, made in zip(names, lists, strict=True)],
        metadata={_KIND: kind.encode(), _VERSION: str(version).encode()},
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(lists, schema=schema))
    return bytes(sink.getvalue())


def unpack(state: bytes, kind: str, version: int) -> dict[str, pa.Array]:
    """The arrays of a state.

    Raises
    ------
    ForeignState
        For bytes that are damaged, or of another kind or version.
    """
    try:
        with pa.ipc.open_stream(pa.py_buffer(state)) as reader:
            batch = reader.read_next_batch()
            batch.validate(full=True)
    except (pa.ArrowException, OSError, StopIteration, ValueError) as error:
        msg = f"no state can be read: {type(error).__name__}"
        raise ForeignState(msg) from None
    meta = batch.schema.metadata or {}
    if (meta.get(_KIND), meta.get(_VERSION)) != (kind.encode(), str(version).encode()):
        msg = f"a state of another kind or version than {kind} {version}"
        raise ForeignState(msg)
    if batch.num_rows != 1 or not all(pa.types.is_large_list(field.type) for field in batch.schema):
        msg = "a state is one row of lists"
        raise ForeignState(msg)
    return {name: column.flatten() for name, column in zip(batch.schema.names, batch.columns, strict=True)}


def numbers(array: pa.Array) -> npt.NDArray[Any]:
    """An array of a state as numpy; it cannot be written to."""
    return np.asarray(array.to_numpy(zero_copy_only=False))


def _listed(array: npt.NDArray[Any] | pa.Array) -> pa.Array:
    if isinstance(array, np.ndarray):
        if array.dtype.kind not in _ALLOWED or array.ndim != 1:
            msg = f"a state holds rows of integers or floats, no {array.dtype} of {array.ndim} dimensions"
            raise TypeError(msg)
        values = pa.array(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False))
    else:
        values = pa.array(array.to_pylist(), array.type)  # copied: a slice would carry what lies around it
    if values.null_count:
        msg = "a state holds no missing values"
        raise TypeError(msg)
    return pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), values)
