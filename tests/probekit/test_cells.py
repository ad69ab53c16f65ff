from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.cells import codes, is_ordered, numbers, plain


@given(st.lists(st.none() | st.sampled_from("abc"), max_size=20), st.booleans())
def test_equal_codes_are_equal_values(values: list[str | None], as_categories: bool) -> None:
    cells = pa.chunked_array([pa.array(values[:5], pa.string()), pa.array(values[5:], pa.string())])
    coded, n = codes(plain(cells.dictionary_encode() if as_categories else cells))
    known = [value for value in values if value is not None]
    firsts = list(dict.fromkeys(known))
    assert n == len(firsts)
    assert coded.tolist() == [-1 if value is None else firsts.index(value) for value in values]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pa.array([1.5, float("nan"), None, 1.5]), [0, -1, -1, 0]),
        (pa.array([None, None]), [-1, -1]),
        (pa.array([[1], None, [1], [2]]), [0, -1, 0, 1]),
        (pa.array([], pa.int64()), []),
    ],
)
def test_what_is_missing_has_no_code(cells: pa.Array, expected: list[int]) -> None:
    for given_as in (
        cells,
        pa.chunked_array([cells], cells.type),
        pa.chunked_array([cells[:1], cells[1:]], cells.type),
    ):
        assert codes(plain(given_as))[0].tolist() == expected


def test_categories_of_chunks_that_number_them_differently() -> None:
    parts = [pa.array(part).dictionary_encode() for part in (["x", "y"], ["y", "z"])]
    assert codes(plain(pa.chunked_array(parts)))[0].tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([3, None, 1]),
        pa.array([3.5, None, 1.0]),
        pa.array([dt.date(2024, 1, 2), None, dt.date(2023, 1, 2)]),
        pa.array([dt.datetime(2024, 1, 2), None, dt.datetime(2023, 1, 2)]),  # noqa: DTZ001  as files have them
        pa.array([dt.time(2), None, dt.time(1)]),
        pa.array([dt.timedelta(2), None, dt.timedelta(1)]),
    ],
)
def test_numbers_and_dates_are_in_order(cells: pa.Array) -> None:
    assert is_ordered(cells.type)
    scale = numbers(cells)
    assert scale[0] > scale[2]
    assert np.isnan(scale[1])


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.bool_(), pa.null(), pa.month_day_nano_interval(), pa.list_(pa.int8())]
)
def test_nothing_else_is(kind: pa.DataType) -> None:
    assert not is_ordered(kind)
