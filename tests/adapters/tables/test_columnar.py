from __future__ import annotations

import decimal
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.tables import columnar
from weighbridge.adapters.tables.columnar import Columnar, bounded, cuts, meant, meant_type, text_bytes
from weighbridge.adapters.tables.streams import DataFile
from weighbridge.core.errors import Unusable

TABLE = pa.table({"a": ["x", None, "y"], "b": [1.5, float("nan"), -0.0], "c": [[1], [], None]})


def write(path: Path, table: pa.Table, kind: str) -> Columnar:
    if kind == "parquet":
        pq.write_table(table, path)
    else:
        new = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with new(path, table.schema) as writer:
            writer.write_table(table)
    return Columnar(DataFile(path=path, label=path.name, format=kind))


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
def test_reads_columns_and_takes_nan_for_missing(tmp_path: Path, kind: str) -> None:
    source = write(tmp_path / "t", TABLE, kind)
    assert source.names == ("a", "b", "c")
    (batch,) = (part for whole in source.batches() for part in bounded(whole))
    assert batch.to_pydict() == {"0": ["x", None, "y"], "1": [1.5, None, 0.0], "2": [[1], [], None]}
    (chosen,) = source.batches([2, 0])
    assert chosen.column(0).to_pylist() == [[1], [], None]


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_columns_of_one_name_and_names_with_dots(tmp_path: Path, kind: str) -> None:
    table = pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", "b.c"])
    source = write(tmp_path / "t", table, kind)
    assert source.names == ("a", "a (2)", "b.c")
    (batch,) = source.batches([1, 2])
    assert batch.to_pydict() == {"0": [2], "1": [3]}


def damaged(data: bytes, how: str) -> bytes:
    middle = len(data) // 2
    return {
        "cut": data[:middle],
        "without end": data[:-1],
        "flipped": data[:100] + bytes(255 - byte for byte in data[100:400]) + data[400:],
        "other": b"SECRET " * 100,
        "empty": b"",
    }[how]


@pytest.mark.parametrize("how", ["cut", "without end", "flipped", "other", "empty"])
@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
def test_damage_is_told(tmp_path: Path, kind: str, how: str) -> None:
    path = tmp_path / "t"
    write(path, pa.table({"name": ["SECRET"] * 50, "n": list(range(50))}), kind)
    if (kind, how) == ("arrow-stream", "without end"):
        return  # what is cut off is a mark that nothing follows
    path.write_bytes(damaged(path.read_bytes(), how))
    with pytest.raises(Unusable) as caught:
        list(Columnar(DataFile(path=path, label="t", format=kind)).batches())
    assert "SECRET" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_cut_parquet_file_is_told_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "t"
    write(path, TABLE, "parquet")
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(Unusable, match=f"this one of {path.stat().st_size} bytes does not"):
        Columnar(DataFile(path=path, label="t", format="parquet"))


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
def test_text_that_is_not_utf8_is_refused(tmp_path: Path, kind: str) -> None:
    wrong = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    source = write(tmp_path / "t", pa.table({"a": wrong}), kind)
    with pytest.raises(Unusable, match="damaged"):
        list(source.batches())


def test_no_columns_and_too_many(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no columns"):
        write(tmp_path / "none", pa.table({}), "arrow")
    wide = pa.table({f"c{n}": pa.array([1]) for n in range(10_001)})
    with pytest.raises(Unusable, match="10001 columns"):
        write(tmp_path / "wide", wide, "arrow")


def test_old_feather_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.feather"
    path.write_bytes(b"FEA1" + bytes(100) + b"FEA1")
    with pytest.raises(Unusable, match="Feather"):
        Columnar(DataFile(path=path, label="t", format="feather"))


STRANGE: list[tuple[Any, list[object]]] = [
    (pa.array(["a", None]).dictionary_encode(), ["a", None]),
    (pa.array(["a", None], pa.large_string()), ["a", None]),
    (pa.array(["a", None], pa.string_view()), ["a", None]),
    (pa.array([1, None]).dictionary_encode(), [1, None]),
    (pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), pa.array(["a"])), ["a", "a"]),
    (pa.array(np.array([1.5, np.nan], dtype=np.float16)), [1.5, None]),
    (pa.nulls(2), [None, None]),
    (pa.array([decimal.Decimal("1.5"), None], pa.decimal256(50, 2)), [decimal.Decimal("1.50"), None]),
    (pa.array([(1, 2, 3), None], pa.month_day_nano_interval()), ["[1, 2, 3]", None]),
    (pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])]), ["1", '"b"']),
    (pa.array([{}, None], pa.struct([])), ["{}", None]),
    (pa.array([["a"], None], pa.list_(pa.dictionary(pa.int32(), pa.string()))), ['["a"]', None]),
    (pa.array([uuid.UUID(int=7).bytes, None], pa.uuid()), [uuid.UUID(int=7).bytes, None]),
]


@pytest.mark.parametrize(("values", "wanted"), STRANGE, ids=lambda value: str(getattr(value, "type", ""))[:30])
def test_every_type_becomes_one_that_parquet_holds(tmp_path: Path, values: Any, wanted: list[object]) -> None:
    made = meant(values, meant_type(values.type))
    assert made.to_pylist() == wanted
    pq.write_table(pa.table({"c0": made}), tmp_path / "t.parquet", store_schema=False)


def test_a_small_file_cannot_unpack_to_more_than_memory_holds(tmp_path: Path) -> None:
    large = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 100_000]))
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"t": large}), path, store_schema=False)
    before = pa.total_allocated_bytes()
    source = Columnar(DataFile(path=path, label="t", format="parquet"))
    most = rows = 0
    for batch in source.batches():
        for part in bounded(batch):
            rows += part.num_rows
            most = max(most, part.nbytes)
        if rows > 5000:
            break
    assert most <= columnar.MAX_BATCH_BYTES + 1000
    assert pa.total_allocated_bytes() - before < 64 << 20
    assert path.stat().st_size < 1 << 20


@given(st.lists(st.integers(0, 1000), max_size=50), st.integers(1, 10))
def test_cuts_cover_everything_within_bounds(sizes: list[int], max_rows: int) -> None:
    array = np.array(sizes, dtype=np.int64) * 20_000
    made = list(cuts(array, max_rows=max_rows))
    assert [n for start, stop in made for n in range(start, stop)] == list(range(len(sizes)))
    for start, stop in made:
        assert stop - start == 1 or (array[start:stop].sum() <= columnar.MAX_BATCH_BYTES and stop - start <= max_rows)


def test_bytes_of_text() -> None:
    assert text_bytes(pa.array(["é", None, "abc"])).tolist() == [2, 0, 3]
    assert text_bytes(pa.array(["é", None, "abc"]).dictionary_encode()).tolist() == [2, 0, 3]
    assert text_bytes(pa.array([1, 2])).tolist() == [0, 0]
