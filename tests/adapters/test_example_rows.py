from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.example_rows import (
    CellType,
    are_numbers,
    as_text,
    as_type,
    cell_codes,
    is_nested,
    mixes_texts_with_numbers,
    one_type,
    row_digests,
    unique_numbers,
)

KEY = b"k" * 32
TEXT = CellType(arrow=pa.string())


@pytest.mark.parametrize(
    ("found", "one"),
    [
        ([pa.int8(), pa.int64()], pa.int64()),
        ([pa.int64(), pa.uint64()], pa.float64()),
        ([pa.uint64()], pa.uint64()),
        ([pa.int64(), pa.float64()], pa.float64()),
        ([pa.float32()], pa.float64()),
        ([pa.bool_(), pa.int64()], pa.int64()),
        ([pa.bool_()], pa.bool_()),
        ([pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())], pa.string()),
        ([pa.string(), pa.int64()], pa.string()),
        ([pa.null(), pa.int64()], pa.int64()),
        ([pa.null()], pa.string()),
        ([], pa.string()),
        ([pa.date32(), pa.timestamp("ns", "UTC")], pa.timestamp("us")),
        ([pa.date32()], pa.date32()),
        ([pa.decimal128(9, 2), pa.int64()], pa.float64()),
        ([pa.string(), pa.bool_()], pa.string()),
    ],
)
def test_one_type_for_several_files(found: list[pa.DataType], one: pa.DataType) -> None:
    assert one_type(found).arrow == one


def test_texts_that_are_numbers() -> None:
    kinds = [pa.string(), pa.int64()]
    assert mixes_texts_with_numbers(kinds)
    assert not mixes_texts_with_numbers([pa.string(), pa.bool_()])
    assert one_type(kinds, texts_are_numbers=True).arrow == pa.float64()
    assert are_numbers(pa.array([" 1", "2.5", "", None, "1e3"]))
    assert not are_numbers(pa.array(["1", "x"]))


def test_as_text() -> None:
    assert as_text(pa.array([1.0, 2.5, None, float("nan")])).to_pylist() == ["1", "2.5", None, None]
    assert as_text(pa.array([True, None])).to_pylist() == ["True", None]
    assert as_text(pa.array([Decimal("1.50")])).to_pylist() == ["1.5"]
    assert as_text(pa.array([float("inf")])).to_pylist() == ["inf"]
    assert as_text(pa.array([dt.date(2020, 1, 2)])).to_pylist() == ["2020-01-02"]
    assert as_text(pa.array([[1, 2], None])).to_pylist() == ["[1, 2]", None]
    assert as_text(pa.array([b"\xff"])).null_count == 0


@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-5, 5)), min_size=1, max_size=20))
def test_cells_are_equal_as_numbers_are(values: list[float | None]) -> None:
    of = CellType(arrow=pa.float64())
    codes = cell_codes(as_type(pa.array(values, pa.float64()), of), of, KEY).tolist()
    known = [None if value is None or value != value else float(value) for value in values]  # noqa: PLR0124  NaN is not itself
    for one, a in zip(known, codes, strict=True):
        for other, b in zip(known, codes, strict=True):
            assert (one == other) == (a == b)


def test_missing_texts_are_one_and_space_around_is_none() -> None:
    codes = cell_codes(pa.array(["a", " a ", "", None, "  ", "A"]), TEXT, KEY).tolist()
    assert codes[0] == codes[1] != codes[5]
    assert len({codes[2], codes[3], codes[4]}) == 1


def test_single_floats_are_equal_to_what_they_were_rounded_from() -> None:
    of = one_type([pa.float32(), pa.float64()])
    codes = [cell_codes(as_type(pa.array([0.1], kind), of), of, KEY).tolist() for kind in (pa.float32(), pa.float64())]
    assert codes[0] == codes[1]
    assert np.isfinite(as_type(pa.array([1e300]), of).to_pylist()[0])
    assert len(cell_codes(as_type(pa.array([1e300]), of), of, KEY)) == 1


def test_rows_differ_by_the_place_of_a_cell_and_by_the_key() -> None:
    a, b = pa.array(["x", "y"]), pa.array(["y", "x"])
    one, two = row_digests([a, b], [TEXT, TEXT], KEY).tolist()
    assert one != two
    assert row_digests([a, b], [TEXT, TEXT], b"j" * 32).tolist() != [one, two]
    assert row_digests([a.slice(0, 0)], [TEXT], KEY).tolist() == []


def test_the_digest_is_the_one_that_is_described() -> None:
    import hashlib

    def digest(data: bytes) -> bytes:
        return hashlib.blake2b(data, digest_size=8, key=KEY).digest()

    row = row_digests([pa.array(["x"]), pa.array([3])], [TEXT, CellType(arrow=pa.int64())], KEY)
    assert row[0] == int.from_bytes(digest(digest(b"x") + (3).to_bytes(8, "little")), "little")


def test_numbers_of_records_differ_by_file() -> None:
    records = np.arange(1, 100)
    made = {*unique_numbers("a.csv", records, KEY).tolist(), *unique_numbers("b.csv", records, KEY).tolist()}
    assert len(made) == 198
    assert min(made) >= 0


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.int64()), pa.struct([("a", pa.int64())]), pa.binary(), pa.map_(pa.string(), pa.int64())]
)
def test_nested(kind: pa.DataType) -> None:
    assert is_nested(kind)
    assert not is_nested(pa.string())
