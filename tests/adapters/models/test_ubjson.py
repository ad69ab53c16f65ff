from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.models.ubjson import Damaged, dump_ubjson, load_ubjson

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5) | st.floats(width=32),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read(value: Any) -> None:
    again = load_ubjson(dump_ubjson(value))
    assert again == value or repr(again) == repr(value)


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_arrays_of_numbers_are_read(dtype: str) -> None:
    array = np.array([0, 1, 100], dtype=dtype)
    again = load_ubjson(dump_ubjson({"a": array}))["a"]
    assert again.dtype == array.dtype
    assert np.array_equal(again, array)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cut off"),
        (b"{", "cut off"),
        (b"X", "not known"),
        (b"[#i\x02T", "cut off"),
        (b"[" * 100, "too deep"),
        (b"TT", "after its end"),
        (b"SL" + b"\x7f" * 8, "cut off"),
        (b"SI\xff\xff", "no number of things"),
        (b"[$d#L\x7f" + b"\xff" * 7, "cut off"),
        (b"[$S#i\x01", "something else"),
        (b"[$d", "how long"),
        (b"{$i#i\x00", "typed object"),
        (b"{i\x01aTi\x01aT}", "twice"),
        (b"Si\x01\xff", "UTF-8"),
        (b"Sd\0\0\0\0", "no number of things"),
    ],
)
def test_what_is_damaged_is_told(data: bytes, why: str) -> None:
    with pytest.raises(Damaged, match=why):
        load_ubjson(data)


@given(st.binary(max_size=100))
def test_nothing_else_is_raised(data: bytes) -> None:
    with contextlib.suppress(Damaged):
        load_ubjson(data)


def test_counted_containers_are_read() -> None:
    assert load_ubjson(b"{#i\x01i\x01a[#i\x02TF") == {"a": [True, False]}
