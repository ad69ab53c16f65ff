from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.tables import delimited
from weighbridge.adapters.tables.delimited import Delimited
from weighbridge.adapters.tables.streams import DataFile
from weighbridge.core.errors import Unusable

Row = list[str | None]


def read(path: Path, data: bytes, kind: str = "csv") -> tuple[tuple[str, ...], list[Row]]:
    path.write_bytes(data)
    source = Delimited(DataFile(path=path, label=path.name, format=kind))
    rows = [list(row.values()) for batch in source.batches() for row in batch.to_pylist()]
    return source.names, rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"name,age\nAda,36\nBob,\n", "csv"),
        (b"\xef\xbb\xbfname;age\r\nAda;36\r\nBob;\r\n", "csv"),
        (b"\n\nname|age\n\nAda|36\n\nBob|", "csv"),
        (b"name\tage\nAda\t36\nBob\t\n", "tsv"),
        (b'"name","age"\n"Ada","36"\n"Bob",""\n', "csv"),
        (b"name,age\rAda,36\rBob,\r", "csv"),
    ],
)
def test_reads_what_people_write(path: Path, data: bytes, kind: str) -> None:
    if b"\r" in data and b"\n" not in data:
        with pytest.raises(Unusable):
            read(path, data, kind)  # the first row would be the whole file
        return
    assert read(path, data, kind) == (("name", "age"), [["Ada", "36"], ["Bob", None]])


def test_quotes_hold_anything(path: Path) -> None:
    names, rows = read(path, b'"a ""b""\nc",d\n"x,\ny""",5" tall\n')
    assert names == ('a "b"\nc', "d")
    assert rows == [['x,\ny"', '5" tall']]


def test_places_choose_columns(path: Path) -> None:
    path.write_bytes(b"a,b,c\n1,2,3\n")
    source = Delimited(DataFile(path=path, label="x", format="csv"))
    assert [list(row.values()) for b in source.batches([2, 0, 2]) for row in b.to_pylist()] == [["3", "1", "3"]]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a,b,c\n1,2,3\n\n1,SECRET\n", "the header has 3 fields, line 4 has 2"),
        (b'a,b\n"x\ny",2\n1,2,SECRET\n', "the header has 2 fields, line 4 has 3"),
        (b"a,b\n" + b"1,2\n" * 70000 + b"1,SECRET,3\n", "the header has 2 fields, line 70002 has 3"),
        (b'a,b\n1,2\n1,"SECRET\n1,2\n', "opens in row 2 below the header"),
        (b'a,b\n1,2\n"SECRET,2\n1,2\n', "opens in row 2 below the header"),
        (b'a\n"SECRET', "opens in row 1 below the header"),
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b"a\0,\0b\0\n\0" + b"S\0E\0C\0R\0E\0T\0", "are zero"),
        (b'a,"b\nSECRET,1\n', "no list of column names"),
        (b"39,State-gov,SECRET\n40,Private,x\n41,State-gov,SECRET\n", "cell 1 has the shape of a value"),
        (b"x,State-gov,SECRET\n40,Private,x\n41,State-gov,SECRET\n", "2 of 3 cells occur again"),
        (b"52.1,13.4\n52.2,13.5\n", "all 2 cells are numbers"),
        (b"4917512345,4917512344\n1,2\n", "all 2 cells are numbers"),
        (b"," * 10_000 + b"\n" + b"," * 10_000 + b"\n", "10001 columns"),
    ],
)
def test_bad_input_is_told_without_quoting_it(path: Path, data: bytes, why: str) -> None:
    with pytest.raises(Unusable) as caught:
        read(path, data)
    assert why in caught.value.why
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_row_that_is_too_long_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_LINE_BYTES", 1000)
    with pytest.raises(Unusable, match="longer than"):
        read(path, b"a,b\n1,2\n1," + b"SECRET" * 1000 + b"\n")


@pytest.mark.parametrize("header", ["0,1,2", "country,2019,2020", "x,yes,no", "1990,1991", "5"])
def test_columns_may_be_called_by_numbers(path: Path, header: str) -> None:
    row = ",".join(["7"] * (header.count(",") + 1))
    assert len(read(path, f"{header}\n{row}\n".encode())[1]) == 1


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=6)


@settings(deadline=None)
@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)))
def test_what_csv_writes_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    width = len(rows[0]) if rows else 1
    rows = [row for row in rows if any(row)]  # a row of one empty cell is a blank line
    sink = io.StringIO()
    writer = csv.writer(sink, quoting=csv.QUOTE_ALL, lineterminator="\n")
    names = [f"name of column {n}" for n in range(width)]
    writer.writerows([names, *rows])
    got = read(tmp_path_factory.getbasetemp() / "any.csv", sink.getvalue().encode())
    assert got == (tuple(names), [[cell or None for cell in row] for row in rows])
