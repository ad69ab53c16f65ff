from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.probekit.coding import (
    TEXT_KINDS,
    CategoryColumn,
    NumberColumn,
    TextColumn,
    coded_columns,
    coded_texts,
)


def coded(values: Any) -> Any:
    (column,) = coded_columns(pa.table({"c": values}))
    return column


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (pa.array([1, None]), [1, np.nan]),
        (pa.array([True, False]), [1, 0]),
        (pa.array([Decimal("1.5"), None]), [1.5, np.nan]),
        (pa.array([dt.date(1970, 1, 3)]), [2]),
        (pa.array([dt.datetime(1970, 1, 3, 12)]), [2.5]),  # noqa: DTZ001  a column without a zone
        (pa.array([dt.datetime(1970, 1, 2, tzinfo=dt.UTC)]), [1]),
        (pa.array([86_400_000], pa.date64()), [1]),
        (pa.array([dt.timedelta(seconds=3)]), [3]),
        (pa.array([dt.time(0, 1)]), [60]),
        (pa.array([61], pa.time32("s")), [61]),
        (pa.array([2.0, np.nan], pa.float16()), [2, np.nan]),
    ],
)
def test_numbers(values: Any, numbers: list[float]) -> None:
    column = coded(values)
    assert isinstance(column, NumberColumn)
    np.testing.assert_array_equal(column.values, numbers)


def test_strings_that_recur_are_categories_and_others_are_texts() -> None:
    column = coded(["a", "b", None] * 20)
    assert isinstance(column, CategoryColumn)
    assert column.codes.tolist()[:3] == [0, 1, -1]
    assert isinstance(coded([f"id {i}" for i in range(60)]), TextColumn)
    assert isinstance(coded(["word " * 20] * 60), TextColumn)
    assert isinstance(coded(pa.array(["a", "b"] * 20).dictionary_encode()), CategoryColumn)
    assert isinstance(coded(pa.array([[1], [2], None])), CategoryColumn)
    assert isinstance(coded(pa.array([b"\xff", b"a"])), CategoryColumn)


def test_empty_columns_are_left_out_and_names_may_recur() -> None:
    table = pa.Table.from_arrays([pa.nulls(3), pa.array([1, 2, 3]), pa.array([3, 2, 1])], names=["a", "b", "b"])
    assert [column.name for column in coded_columns(table)] == ["b", "b"]
    assert coded_columns(pa.table({"a": pa.array([], pa.int64())})) == ()


def test_what_is_counted_in_a_text() -> None:
    column = coded_texts(["In 1999 and 2021.", "", "AB 12\n"])
    by_kind: dict[str, list[list[float]]] = {}
    for kind, counts in zip(TEXT_KINDS, column.counted.T, strict=True):
        by_kind.setdefault(kind, []).append(counts.tolist())
    assert by_kind["length"][0] == [17, 0, 6]
    assert by_kind["dates"][0] == [2, 0, 0]
    assert by_kind["dates"][1][0] == 1999
    assert by_kind["dates"][2][0] == 2021
    assert np.isnan(by_kind["dates"][1][2])


def test_a_long_text_is_cut_and_its_length_is_kept() -> None:
    column = coded_texts(["x" * 100_000])
    assert column.counted[0, 0] == 100_000
    assert len(column.values[0]) == 4000
