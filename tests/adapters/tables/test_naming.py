from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.tables.columnar import Columnar
from weighbridge.adapters.tables.delimited import Delimited
from weighbridge.adapters.tables.naming import personal, value_among
from weighbridge.adapters.tables.records import Records
from weighbridge.adapters.tables.streams import DataFile
from weighbridge.core.errors import Unusable


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("SECRET,+49 151 23456789,x", 2),
        ("SECRET,0151/2345678,x", 2),
        ("SECRET,ada@example.org", 2),
        ("SECRET,DE89 3704 0044 0532 0130 00", 2),
        ("4917512345678,SECRET", 1),
        ("SECRET,1990-02-03,f", 2),
        ("SECRET,34,f,x", 2),
        ("SECRET,34,170", 2),
        ("SECRET,52.1,x", 2),
        ("a,b,c", 0),
        ("id,0,1,2", 0),
        ("country,1990,2000,2010", 0),
        ("shop," + ",".join(f"2020-0{n}-01" for n in range(1, 8)), 0),
        ("q1,pixel_784,sepal length (cm),ENSG00000139618", 0),
    ],
)
def test_values_are_told_from_names(tmp_path: Path, row: str, place: int) -> None:
    assert value_among(row.split(",")) == place
    path = tmp_path / "t.csv"
    path.write_text(f"{row}\n")
    if place:
        with pytest.raises(Unusable, match=f"cell {place} has the shape of a value") as caught:
            Delimited(DataFile(path=path, label="t.csv", format="csv"))
        assert "SECRET" not in str(caught.value)


def test_personal_names_of_typed_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": [1], "ada@example.org": [2]}), path)
    with pytest.raises(Unusable, match="column 2") as caught:
        Columnar(DataFile(path=path, label="t.parquet", format="parquet"))
    assert "ada" not in str(caught.value)
    assert personal(["0", "2020-01-01", "34"]) == 0


def test_keys_that_are_data_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("".join(f'{{"SECRET{n}": {{"age": {n}}}, "phone": "x"}}\n' for n in range(50)))
    records = Records(DataFile(path=path, label="t.jsonl", format="jsonl"))
    with pytest.raises(Unusable, match="differ from record to record") as caught:
        records.learned(records.batches())
    assert "SECRET" not in str(caught.value)


def test_optional_keys_are_not_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("".join(f'{{"a": 1, "b": 2, "c{n % 5}": 3}}\n' for n in range(50)))
    records = Records(DataFile(path=path, label="t.jsonl", format="jsonl"))
    assert len(records.learned(records.batches())) == 7
