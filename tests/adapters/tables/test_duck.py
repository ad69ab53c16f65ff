from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.tables import duck, packing
from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Outside, Unusable
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.ports import ClassSizes, Column, ColumnType, Table

Opener = Callable[..., DuckTable]
PEOPLE = b"id,age,town,born\n1,30,Ulm,1850-02-28\n1,31,Ulm,1990-01-01\n2,30,,1990-01-01\n,30,Ulm,\n,30,Ulm,\n"


def pairs(sizes: ClassSizes) -> list[tuple[int, int]]:
    return list(zip(sizes.sizes.tolist(), sizes.individuals.tolist(), strict=True))


def test_is_a_table(opened: Opener) -> None:
    table: Table = opened(PEOPLE)
    assert (table.label, table.n_rows) == ("people.csv", 5)
    assert table.columns == (
        Column(name="id", type=ColumnType.NUMBER, is_whole=True, n_distinct=2, n_missing=2),
        Column(name="age", type=ColumnType.NUMBER, is_whole=True, n_distinct=2, n_missing=0),
        Column(name="town", type=ColumnType.TEXT, is_whole=False, n_distinct=1, n_missing=1),
        Column(name="born", type=ColumnType.DATE, is_whole=False, n_distinct=2, n_missing=2),
    )


def test_classes_count_rows_or_persons(opened: Opener) -> None:
    table = opened(PEOPLE)
    assert table.n_individuals("id") == 4
    assert pairs(table.class_sizes(["age"])) == [(1, 1), (4, 4)]
    assert pairs(table.class_sizes(["age", "town"])) == [(1, 2), (3, 3)]
    assert pairs(table.class_sizes(["age"], person="id")) == [(1, 1), (4, 3)]
    assert pairs(table.class_sizes(["town"], person="id")) == [(1, 1), (3, 3)]
    assert pairs(table.class_sizes([])) == [(5, 5)]
    assert pairs(table.class_sizes([], person="id")) == [(4, 4)]
    assert pairs(table.class_sizes(["age", "age"])) == [(1, 1), (4, 4)]
    assert pairs(table.class_sizes(["age"], steps={"age": 10})) == [(5, 5)]


VALUE = st.sampled_from([None, "a", "b", "NA", "1.0", "1"])
PERSON = st.none() | st.integers(1, 4)
ROWS = st.lists(st.tuples(VALUE, VALUE, PERSON), min_size=1, max_size=12)


def counted(rows: list[tuple[str | None, str | None, int | None]], *, by_person: bool) -> list[tuple[int, int]]:
    """The same by hand."""
    who = [person if by_person and person is not None else -n - 1 for n, (*_rest, person) in enumerate(rows)]
    members: dict[object, set[int]] = {}
    for (a, b, _person), one in zip(rows, who, strict=True):
        members.setdefault((a, b), set()).add(one)
    smallest = {one: min(len(inside) for inside in members.values() if one in inside) for one in who}
    return sorted(Counter(smallest.values()).items())


@settings(deadline=None, max_examples=60)
@given(ROWS, st.booleans())
def test_class_sizes_are_those_of_a_count_by_hand(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str | None, str | None, int | None]],
    by_person: bool,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    columns = pa.table({name: list(values) for name, values in zip("abp", zip(*rows, strict=True), strict=True)})
    columns = columns.cast(pa.schema([("a", pa.string()), ("b", pa.string()), ("p", pa.int64())]))
    pq.write_table(columns, folder / "t.parquet")
    table = open_table(folder / "t.parquet", label="t", format="parquet", declared=Declared(), spill=folder)
    person = "p" if by_person else ""
    assert pairs(table.class_sizes(["a", "b"], person=person)) == counted(rows, by_person=by_person)
    in_memory = MemoryTable(columns.to_pydict())
    assert pairs(table.class_sizes(["b"], person=person)) == pairs(in_memory.class_sizes(["b"], person=person))
    assert table.n_individuals("p") == in_memory.n_individuals("p")
    table.close()


def test_missing_nan_and_zero(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"x": [0.0, -0.0, float("nan"), None, 1.0], "nothing": pa.nulls(5)}), path)
    table = opened(path)
    assert pairs(table.class_sizes(["x"])) == [(1, 1), (2, 4)]
    assert pairs(table.class_sizes(["nothing"])) == [(5, 5)]
    assert [(c.n_distinct, c.n_missing, c.is_whole) for c in table.columns] == [(2, 2, True), (0, 5, False)]


def test_nested_cells_are_told_apart_by_their_text(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    cells = {
        "list": [[1, 2], [1, 2], [], None],
        "record": [{"a": 1}, {"a": 1}, {"a": None}, None],
        "bytes": [b"\xff", b"\xff", b"", None],
        "map": pa.array([[("k", 1)], [("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
    }
    pq.write_table(pa.table(cells), path)
    table = opened(path)
    for column in table.columns:
        assert (column.type, column.n_distinct, column.n_missing) == (ColumnType.OTHER, 2, 1)
        assert pairs(table.class_sizes([column.name])) == [(1, 2), (2, 2)]
    assert table.sample("list", 9, 0).to_pylist() == ["[1, 2]", "[1, 2]", "[]"]
    assert [b.to_pydict() for b in table.batches(["record"])] == [{"record": cells["record"]}]


def test_codes_stay_codes_and_mixed_columns_text(opened: Opener) -> None:
    table = opened(b"zip,mixed,phone\n00123,1,+49175\n10115,x,030123\n")
    assert [c.type for c in table.columns] == [ColumnType.TEXT] * 3
    assert table.sample("zip", 5, 0).to_pylist() == ["00123", "10115"]


def test_samples_are_drawn_by_seed_without_replacement(opened: Opener) -> None:
    table = opened(b"n,x\n" + b"".join(b"%d,%s\n" % (n, b"" if n % 3 else b"y") for n in range(3000)))
    drawn = table.sample("n", 50, 7)
    assert drawn == table.sample("n", 50, 7) != table.sample("n", 50, 8)
    assert drawn.type == pa.string()
    assert len(set(drawn.to_pylist())) == 50
    assert len(table.sample("x", 5000, 1)) == 1000
    assert len(table.sample("x", 0, 1)) == 0
    means = [sum(map(int, table.sample("n", 300, seed).to_pylist())) / 300 for seed in range(20)]
    assert abs(sum(means) / 20 - 1499.5) < 5 * 866 / 6000**0.5  # five standard errors of a fair draw


def test_counters_and_quantiles_are_as_in_memory(opened: Opener) -> None:
    columns: dict[str, list[float | None]] = {
        "zero": [2, 0, 1, None, 1], "one": [3, 1, 2, 2, None], "gap": [1, 2, 4, 4, 4], "late": [2, 3, 4, 5, 6],
        "part": [0.5, 1, 2, 3, None], "huge": [1, 2, 1e300, None, 3], "lost": [None] * 5,
    }  # fmt: skip
    rows = "".join(
        ",".join("" if v is None else repr(v) for v in row) + "\n" for row in zip(*columns.values(), strict=True)
    )
    table, memory = opened((",".join(columns) + "\n" + rows).encode()), MemoryTable(columns)
    numbers = [name for name in columns if name != "lost"]
    assert [name for name in numbers if table.is_counter(name)] == ["zero", "one"]
    assert [memory.is_counter(name) for name in numbers] == [table.is_counter(name) for name in numbers]
    for name in numbers:
        assert memory.quantiles(name, [0, 0.3, 1], 0).tolist() == table.quantiles(name, [0, 0.3, 1], 0).tolist()
    assert memory.quantiles("lost", [0.5], 0).tolist() == []
    assert not memory.is_counter("lost")
    assert (table.rows_stay, memory.rows_stay) == (False, False)


def test_batches_keep_order_names_and_types(opened: Opener) -> None:
    table = opened(PEOPLE)
    (batch,) = table.batches(["town", "id", "town"])
    assert batch.schema.names == ["town", "id", "town"]
    assert batch.column(1).to_pylist() == [1, 1, 2, None, None]
    assert pa.types.is_date(next(table.batches(["born"])).schema.field(0).type)


HOSTILE = [
    'x"; DROP VIEW rows; --',
    "a'b",
    "new\nline",
    "dots.and.dots",
    "ünïcödé 名前",
    "",
    "a",
    "a",
    "c0",
    "rows",
    "%s",
    "?",
]


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_column_names_are_only_names(opened: Opener, tmp_path: Path, kind: str) -> None:
    names = list(HOSTILE) if kind != "jsonl" else list(dict.fromkeys(HOSTILE))
    cells = [[str(n % 2), str(n)] for n in range(len(names))]
    path = tmp_path / f"t.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table([pa.array(column) for column in cells], names=names), path)
    elif kind == "csv":
        quoted = ['"' + name.replace('"', '""') + '"' for name in names]
        rows = zip(*cells, strict=True)
        path.write_text("\n".join([",".join(quoted), *(",".join(row) for row in rows)]), encoding="utf-8")
    else:
        path.write_text("".join(f"{pa_json(names, row)}\n" for row in zip(*cells, strict=True)), encoding="utf-8")
    table = opened(path)
    found = [column.name for column in table.columns]
    assert len(set(found)) == len(names)
    assert found[:5] == HOSTILE[:5]
    for name in found:
        assert sum(table.class_sizes([name, "a"], person=name).individuals) >= 1
        assert len(table.sample(name, 9, 0)) == 2
        assert next(table.batches([name])).schema.names == [name]
    assert pairs(table.class_sizes(found)) == [(1, 2)]


def pa_json(names: list[str], row: tuple[str, ...]) -> str:
    import json

    return json.dumps(dict(zip(names, row, strict=True)))


def test_two_thousand_columns(opened: Opener) -> None:
    header = ",".join(f"column {n}" for n in range(2000))
    row = ",".join(str(n % 7) for n in range(2000))
    table = opened(f"{header}\n{row}\n{row}\n".encode())
    assert next(table.batches(["column 1234"])).column(0).to_pylist() == [2, 2]
    assert pairs(table.class_sizes(["column 0", "column 1999", "column 1000"])) == [(2, 2)]


@pytest.mark.slow
def test_two_thousand_columns_are_profiled(opened: Opener) -> None:
    table = opened("\n".join(",".join(f"{kind}{n}" for n in range(2000)) for kind in ("name", "", "")).encode())
    assert [(c.type, c.n_distinct, c.n_missing) for c in table.columns] == [(ColumnType.NUMBER, 1, 0)] * 2000


def test_one_row(opened: Opener) -> None:
    table = opened(b"a\n1\n")
    assert pairs(table.class_sizes(["a"])) == [(1, 1)]


def test_the_engine_reaches_nothing_but_its_file(opened: Opener, tmp_path: Path) -> None:
    table = opened(PEOPLE)
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    for statement in (
        f"FROM read_csv('{other}')",
        f"FROM read_text('{other}')",
        f"FROM glob('{tmp_path}/*')",
        f"COPY rows TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/out.duckdb'",
        "SELECT * FROM read_parquet('https://localhost/x.parquet')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "SET allowed_paths = ['/']",
        "CREATE PERSISTENT SECRET s (TYPE s3)",
        "SELECT * FROM other",
    ):
        with pytest.raises(duckdb.Error):
            table._connection.execute(statement).fetchall()
    assert not (tmp_path / "out.csv").exists()


def test_the_folder_is_private_and_swept(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(PEOPLE)
    spill = tmp_path / "it's [a*b]=1 spill?"
    spill.mkdir()
    table = open_table(tmp_path / "t.csv", label="t", format="csv", declared=Declared(), spill=spill)
    (folder,) = spill.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(table.columns) == 4
    del table
    assert list(spill.iterdir()) == []
    with pytest.raises(Unusable):
        open_table(tmp_path / "t.csv", label="t", format="jsonl", declared=Declared(), spill=spill)
    assert list(spill.iterdir()) == []
    with pytest.raises(Outside):
        open_table(tmp_path / "t.csv", label="t", format="csv", declared=Declared(), spill=tmp_path / "gone")


@pytest.mark.parametrize(
    "declared", [Declared(person="idd"), Declared(quasi_identifiers=("age", "idd")), Declared(sensitive=("idd",))]
)
def test_declared_columns_must_be_there(opened: Opener, declared: Declared) -> None:
    with pytest.raises(Unusable, match=r"'idd' is no column of it; did you mean 'id'\?"):
        opened(PEOPLE, declared=declared)
    with pytest.raises(Unusable, match="'agee' is no column"):
        opened(PEOPLE).class_sizes(["agee"])


def named_people(n: int) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [f"somebody with a name that is rather long, number {k}" for k in range(n)]}), sink)
    return bytes(sink.getvalue())


@pytest.mark.slow
def test_counting_takes_more_than_memory(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "MEMORY_LIMIT", "128MiB")  # less than the names take
    table = opened(named_people(2_000_000), name="t.parquet")
    assert pairs(table.class_sizes(["a"])) == [(1, 2_000_000)]


def test_too_little_room_is_told(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "MEMORY_LIMIT", "10MiB")
    monkeypatch.setattr(packing, "_MOST_ROWS", 0)  # so that the engine counts
    table = opened(named_people(200_000), name="t.parquet")
    with pytest.raises(Outside, match="needs more than 10MiB") as caught:
        table.class_sizes(["a"])
    assert "somebody" not in str(caught.value)
    assert caught.value.__context__ is None


def test_what_the_engine_says_is_not_passed_on(opened: Opener) -> None:
    table = opened(b"a\nSECRET\n")
    with pytest.raises(RuntimeError, match="ConversionException") as caught:
        table._rows("SELECT CAST(c0 AS INTEGER) FROM rows")
    assert "SECRET" not in repr(caught.value)
    assert caught.value.__context__ is None


def test_ctrl_c_gets_through(tmp_path: Path) -> None:
    """In a process of its own: the signal reaches whatever runs in this one."""
    (tmp_path / "t.csv").write_bytes(PEOPLE)
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path)], capture_output=True, timeout=60, check=False
    )
    assert ended.stdout.split() == [b"KeyboardInterrupt", b"4"]


INTERRUPTED = """
import os, signal, sys, threading
from pathlib import Path
from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared

signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent in the background may have had it ignored
folder = Path(sys.argv[1])
table = open_table(folder / "t.csv", label="t", format="csv", declared=Declared(), spill=folder)
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    table._rows("SELECT count(*) FROM range(10000000000) a, range(1000) b")
except KeyboardInterrupt:
    print("KeyboardInterrupt")
print(table.n_individuals("id"))
"""
