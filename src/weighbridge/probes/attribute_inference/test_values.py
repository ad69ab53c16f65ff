from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.probes.attribute_inference.values import candidates


def _found(values: object, *, most_values: int = 4, ranges: int = 3) -> tuple[list[object], list[int], int]:
    array = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([pa.array(values)])
    found = candidates("x", "x", array, most_values=most_values, ranges=ranges)
    return [array[row].as_py() for row in found.rows.tolist()], found.truth.tolist(), found.n_missing


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["p", None, "q", "p"], (["p", "q"], [0, -1, 1, 0], 1)),
        ([1.0, math.nan, 2.0], ([1.0, 2.0], [0, -1, 1], 1)),
        ([True, False, True], ([True, False], [0, 1, 0], 0)),
        (["one"] * 3, (["one"], [0, 0, 0], 0)),
        ([None, None], ([], [-1, -1], 2)),
        (pa.chunked_array([pa.nulls(2, pa.string())]), ([], [-1, -1], 2)),
        ([[1], [2], [1]], ([[1], [2]], [0, 1, 0], 0)),
    ],
)
def test_every_value_is_a_candidate(values: object, expected: tuple[list[object], list[int], int]) -> None:
    assert _found(values) == expected


@pytest.mark.parametrize("kind", [pa.int64(), pa.float32(), pa.date32(), pa.decimal128(14, 2), pa.timestamp("s")])
def test_numbers_and_dates_are_cut_into_ranges_with_equally_many_rows(kind: pa.DataType) -> None:
    order = np.random.default_rng(0).permutation(90)
    days = pa.array(order.astype(np.int32))
    made = days.cast(pa.date32()).cast(kind) if pa.types.is_temporal(kind) else days.cast(kind)
    middles, truth, _ = _found(pa.chunked_array([made]))
    assert np.bincount(truth).tolist() == [30, 30, 30]
    dates = [dt.date(1970, 1, 1) + dt.timedelta(days=n) for n in (14, 44, 74)]
    stamps = [dt.datetime(d.year, d.month, d.day) for d in dates]  # noqa: DTZ001  arrow gives it without a zone
    numbers: list[object] = [14, 44, 74]
    assert middles in (numbers, dates, stamps, [Decimal(n) for n in (14, 44, 74)])
    assert [truth[order.tolist().index(n)] for n in (0, 29, 30, 89)] == [0, 0, 1, 2]


def test_ranges_never_part_what_is_equal() -> None:
    middles, truth, _ = _found([0] * 50 + [1, 2, 3, 4, 5, None])
    assert middles[0] == 0
    assert truth[:50] == [0] * 50
    assert truth[-1] == -1


def test_of_many_categories_the_commonest_are_tried() -> None:
    values = [f"v{n}" for n in range(10**5)] + ["common"] * 3 + ["usual"] * 2
    found = candidates("x", "x", pa.chunked_array([pa.array(values)]), most_values=4, ranges=3)
    assert (found.n, found.n_values, found.in_ranges) == (4, 10**5 + 2, False)
    assert {"common", "usual"} < {values[row] for row in found.rows.tolist()}
    assert int(found.tried.sum()) == 7


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-5, 5).map(float)), max_size=60), st.integers(2, 9))
def test_each_candidate_is_a_value_of_its_own_kind(values: list[float | None], ranges: int) -> None:
    array = pa.chunked_array([pa.array(values, pa.float64())])
    found = candidates("x", "x", array, most_values=3, ranges=ranges)
    assert found.truth[found.rows].tolist() == list(range(found.n))
    assert set(found.truth.tolist()) - {-1} == set(range(found.n))
    missing = [value is None or math.isnan(value) for value in values]
    assert found.n_missing == sum(missing)
    assert ((found.truth < 0) == missing).all()
