from __future__ import annotations

import errno
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.tables import unpacking
from weighbridge.adapters.tables.streams import DataFile
from weighbridge.adapters.tables.unpacking import FORMATS, UnpackedTable, unpack
from weighbridge.core.errors import Outside, Unusable
from weighbridge.probekit.formats import is_table
from weighbridge.probekit.ports import ColumnType


def unpacked(tmp_path: Path, data: bytes, kind: str) -> UnpackedTable:
    path = tmp_path / "in"
    path.write_bytes(data)
    folder = tmp_path / "folder"
    folder.mkdir(exist_ok=True)
    return unpack(DataFile(path=path, label="people", format=kind), folder=folder)


def test_formats_are_those_of_the_door() -> None:
    assert all(is_table(kind) for kind in FORMATS)


def test_names_stay_outside(tmp_path: Path) -> None:
    made = unpacked(tmp_path, b'"a""; DROP","","b.c"\n1,x,2\n', "csv")
    assert [(c.key, c.name, c.type) for c in made.columns] == [
        ("c0", 'a"; DROP', ColumnType.NUMBER),
        ("c1", "column 2", ColumnType.TEXT),
        ("c2", "b.c", ColumnType.NUMBER),
    ]
    assert pq.read_table(made.path).to_pydict() == {"c0": [1], "c1": ["x"], "c2": [2]}


def test_a_late_row_changes_what_a_column_is(tmp_path: Path) -> None:
    """The first batch holds whole numbers only; a later one does not, and all rows are read again."""
    rows = [b'{"a": %d}\n' % n for n in range(10_000)]
    made = unpacked(tmp_path, b"".join([*rows, b'{"a": 0.5, "b": "x"}\n']), "jsonl")
    assert [c.type for c in made.columns] == [ColumnType.NUMBER, ColumnType.TEXT]
    table = pq.read_table(made.path)
    assert made.n_rows == table.num_rows == 10_001
    assert table["c0"].to_pylist()[-2:] == [9999.0, 0.5]
    assert table["c1"].to_pylist()[-2:] == [None, "x"]
    codes = b"code\n" + b"12345\n" * 3_000_000 + b"00123\n"  # more than one block of the reader
    assert unpacked(tmp_path, codes, "csv").columns[0].type is ColumnType.TEXT


@pytest.mark.parametrize(
    ("data", "kind", "why"),
    [
        (b"a,b\n", "csv", "it has 2 columns and 0 rows"),
        (b"a,b", "csv", "it has 2 columns and 0 rows"),
        (b"\n", "jsonl", "it has 0 columns and 0 rows"),
        (b"{}\n{}\n", "jsonl", "it has 0 columns and 0 rows"),
        (b"x", "pdf", "it is pdf, which is no table"),
    ],
)
def test_no_rows_is_no_table(tmp_path: Path, data: bytes, kind: str, why: str) -> None:
    with pytest.raises(Unusable) as caught:
        unpacked(tmp_path, data, kind)
    assert why in caught.value.why


def test_parquet_without_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), tmp_path / "t")
    with pytest.raises(Unusable, match="1 columns and 0 rows"):
        unpacked(tmp_path, (tmp_path / "t").read_bytes(), "parquet")


def test_rows_are_grouped_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_GROUP_CELLS", 20_000)
    made = unpacked(tmp_path, b"".join(b'{"a": %d, "b": "x"}\n' % n for n in range(50_000)), "jsonl")
    groups = pq.ParquetFile(made.path)
    assert groups.num_row_groups > 3
    assert groups.read()["c0"].to_pylist() == list(range(50_000))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_full_disk_is_outside(tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "rows.parquet").symlink_to("/dev/full")
    path = tmp_path / "in"
    path.write_bytes(b"a,b\n1,SECRET\n")
    with pytest.raises(Outside) as caught:
        unpack(DataFile(path=path, label="people", format="csv"), folder=folder)
    assert os.strerror(errno.ENOSPC) in caught.value.why
    assert "SECRET" not in str(caught.value)
