"""The cells of one column as they stand: which of its different values each row has, and what can be put in order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from weighbridge.probekit.ports import Floats, Ints


def plain(cells: pa.ChunkedArray) -> pa.Array:
    """One array, with NaN as missing and categories as what they stand for."""
    whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    if pa.types.is_floating(whole.type):
        whole = pa.array(whole.to_numpy(zero_copy_only=False), type=whole.type, from_pandas=True)
    return whole


def codes(values: pa.Array) -> tuple[Ints, int]:
    """Which of its different values each row has, in the order in which they first come; -1 where it has none.

    Parameters
    ----------
    values : as `plain` gives them

    Returns
    -------
    Codes, shape (n,), and how many different values there are.
    """
    if pa.types.is_null(values.type):
        return np.full(len(values), -1, dtype=np.int64), 0
    if pa.types.is_nested(values.type):
        values = pa.array([None if cell is None else str(cell) for cell in values.to_pylist()], pa.string())
    coded = values.dictionary_encode()
    found = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return found, len(coded.dictionary)


def is_ordered(kind: pa.DataType) -> bool:
    """Whether values of this type are numbers or dates, which `numbers` can put on one scale."""
    of = pa.types
    is_number = of.is_integer(kind) or of.is_floating(kind) or of.is_decimal(kind)
    return bool(is_number or (of.is_temporal(kind) and not of.is_interval(kind)))


def numbers(values: pa.Array) -> Floats:
    """Numbers and dates on one scale; NaN where there is none."""
    if pa.types.is_temporal(values.type):
        values = values.cast(pa.int32() if values.type.bit_width == 32 else pa.int64())
    return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
