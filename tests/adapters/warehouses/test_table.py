"""The same rows in PostgreSQL, in DuckDB's own file and in a Parquet file: what is counted must be the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from fakes.folds import Digest
from fakes.postgres import Server
from fakes.select import only_aggregates
from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.adapters.warehouses.address import Address, parse_address
from weighbridge.adapters.warehouses.table import OF_A_TABLE, WarehouseTable, open_warehouse_table
from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.ports import ClassSizes, ColumnType, Table

_COLUMNS = ("age", "height", "wage", "sex", "born", "ok", 'we"ird, Name')


def _opened(address: Address, spill: Path, declared: Declared | None = None) -> WarehouseTable:
    return open_warehouse_table(address, declared=declared or Declared(), seconds=60.0, spill=spill)


@pytest.fixture
def in_a_file(duck_file: Path, tmp_path: Path) -> Iterator[DuckTable]:
    """An export of the same rows."""
    with duckdb.connect(str(duck_file), read_only=True) as connection:
        connection.execute(f"COPY people TO '{tmp_path / 'people.parquet'}' (FORMAT parquet)").fetchall()
    table = open_table(
        tmp_path / "people.parquet", label="people", format="parquet", declared=Declared(), spill=tmp_path
    )
    yield table
    table.close()


def _same(remote: Table, local: Table) -> None:
    assert [(c.name, c.type, c.n_distinct, c.n_missing) for c in remote.columns] == [
        (c.name, c.type, c.n_distinct, c.n_missing) for c in local.columns
    ]
    assert [c.is_whole for c in remote.columns] == [c.is_whole for c in local.columns]
    assert remote.n_rows == local.n_rows
    assert remote.n_individuals("who") == local.n_individuals("who")
    pairs = [*itertools.combinations(_COLUMNS, 2), (), _COLUMNS, ("who",)]
    for columns in pairs:
        for person in ("", "who"):
            for steps in ({}, {"age": 10.0, "height": 25.0, "sex": 5.0}):
                here, there = (_sizes(t.class_sizes(columns, person=person, steps=steps)) for t in (local, remote))
                assert there == here, (columns, person, steps)
    assert np.allclose(remote.quantiles("height", [0.05, 0.5, 1], 0), local.quantiles("height", [0.05, 0.5, 1], 0))
    assert [t.is_counter(name) for t in (remote, local) for name in ("id", "age", "height")] == [True, False, False] * 2
    assert (remote.rows_stay, local.rows_stay) == (True, False)


def _sizes(found: ClassSizes) -> list[tuple[int, int]]:
    return list(zip(found.sizes.tolist(), found.individuals.tolist(), strict=True))


def test_a_file_of_duckdb_counts_as_an_export_of_it_does(
    duck_address: Address, in_a_file: DuckTable, tmp_path: Path
) -> None:
    table = _opened(duck_address, tmp_path)
    _same(table, in_a_file)
    table.close()


@pytest.mark.slow
def test_postgres_counts_as_an_export_of_it_does(server: Server, in_a_file: DuckTable, tmp_path: Path) -> None:
    table = _opened(parse_address(server.url(user="reader")), tmp_path)
    _same(table, in_a_file)
    table.close()


def _without_rows(table: WarehouseTable) -> None:
    acts: list[Any] = [
        lambda: table.sample("who", 5, 0), lambda: table.batches(["who"]), lambda: table.fold(Digest(("who",))),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Silent) as silent:
            act()
        assert isinstance(silent.value.outcome, NotMeasured)
        assert "EXPORT.parquet" in str(silent.value.outcome.remedy)


def test_what_needs_rows_is_not_measured(duck_address: Address, tmp_path: Path) -> None:
    table = _opened(duck_address, tmp_path)
    _without_rows(table)
    table.close()


def test_its_digest_is_none_of_bytes_and_sees_a_change(duck_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.duckdb"
    path.write_bytes(duck_file.read_bytes())
    address = parse_address(f"duckdb:///{path}/people")
    digests = []
    for change in ("", "UPDATE people SET age = age + 1 WHERE id = 7", "DELETE FROM people WHERE id = 9",
                   "UPDATE people SET who = NULL WHERE id = 1", "ALTER TABLE people RENAME COLUMN sex TO gender"):  # fmt: skip
        if change:
            with duckdb.connect(str(path)) as connection:
                connection.execute(change).fetchall()
        table = _opened(address, tmp_path)
        assert table.digest.startswith(OF_A_TABLE)
        digests.append(table.digest)
        table.check_unchanged()
        table.close()
    assert len(set(digests)) == len(digests)


def test_two_values_that_change_places_are_seen(tmp_path: Path) -> None:
    for at, rows in enumerate((((1, 2), (3, 4)), ((1, 4), (3, 2)), ((3, 4), (1, 2)))):
        with duckdb.connect(str(tmp_path / f"{at}.duckdb")) as connection:
            connection.execute("CREATE TABLE t (a INTEGER, b INTEGER)").fetchall()
            connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    tables = [_opened(parse_address(f"duckdb:///{tmp_path}/{at}.duckdb/t"), tmp_path) for at in range(3)]
    assert tables[0].digest != tables[1].digest
    assert tables[0].digest == tables[2].digest  # the order of rows is none of a table
    for table in tables:
        table.close()


def test_a_wide_table_has_a_digest_that_sees_what_changes_places_between_its_ends(tmp_path: Path) -> None:
    for at, (first, last) in enumerate((("n", "-n"), ("n", "-n"), ("n", "n - 4"))):
        with duckdb.connect(str(tmp_path / f"{at}.duckdb")) as connection:
            middle = ", ".join(f"{n} AS c{n}" for n in range(298))
            wide = f"CREATE TABLE t AS SELECT {first} AS a, {middle}, {last} AS z FROM range(5) AS s(n)"  # noqa: S608  our own words
            connection.execute(wide).fetchall()
    tables = [_opened(parse_address(f"duckdb:///{tmp_path}/{at}.duckdb/t"), tmp_path) for at in range(3)]
    assert tables[0].digest == tables[1].digest != tables[2].digest  # the third has the same values in other rows
    for table in tables:
        table.close()


def test_a_dot_in_the_name_of_a_schema_is_part_of_it(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "d.duckdb")) as connection:
        connection.execute('CREATE SCHEMA "a.b"').fetchall()
        connection.execute('CREATE TABLE "a.b"."c.""d" AS SELECT n FROM range(5) AS s(n)').fetchall()
    table = _opened(parse_address(f"duckdb:///{tmp_path}/d.duckdb/a%2Eb.c%2E%22d"), tmp_path)
    assert table.n_rows == 5
    table.close()


@pytest.mark.slow
def test_a_dot_in_the_name_of_a_schema_of_postgres_is_part_of_it(server: Server, tmp_path: Path) -> None:
    server.run('CREATE SCHEMA IF NOT EXISTS "a.b"', 'CREATE TABLE IF NOT EXISTS "a.b"."c.d" AS SELECT 1 AS n')
    table = _opened(parse_address(server.url("a%2Eb.c%2Ed")), tmp_path)
    assert table.n_rows == 1
    table.close()


@pytest.mark.slow
def test_a_change_while_it_is_weighed_is_told(server: Server, tmp_path: Path) -> None:
    server.run("DROP TABLE IF EXISTS moving", "CREATE TABLE moving AS SELECT * FROM people")
    table = _opened(parse_address(server.url("moving")), tmp_path)
    server.run("UPDATE moving SET age = 99 WHERE id = 1")
    table.check_unchanged()  # nothing was counted yet, so nothing can be wrong
    assert len(table.columns) == 9
    with pytest.raises(Unusable, match="changed while it was weighed"):
        table.check_unchanged()
    table.close()


@pytest.mark.slow
def test_a_view_and_every_kind_of_column_are_counted(server: Server, tmp_path: Path) -> None:
    view = _opened(parse_address(server.url("grown")), tmp_path)
    assert 0 < view.n_rows < 400
    view.close()
    kinds = _opened(parse_address(server.url("kinds")), tmp_path)
    found = {c.name: c for c in kinds.columns}
    assert found["doc"].type is ColumnType.OTHER
    assert found["code"].type is ColumnType.TEXT
    assert (found["lost"].n_missing, found["lost"].n_distinct) == (30, 0)
    assert found["vast"].is_whole
    assert (found["price"].type, found["wage"].type) == (ColumnType.TEXT, ColumnType.NUMBER)
    assert _sizes(kinds.class_sizes(tuple(found))) == [(1, 30)]
    assert _sizes(kinds.class_sizes(("doc", "place", "markup", "bits", "raw", "tags", "lasted", "host"))) == [(30, 30)]
    kinds.close()


def test_kinds_of_duckdb_are_counted(duck_file: Path, tmp_path: Path) -> None:
    table = _opened(parse_address(f"duckdb:///{duck_file}/other.kinds"), tmp_path)
    assert [c.type for c in table.columns] == [ColumnType.OTHER] * 3
    assert _sizes(table.class_sizes(("l", "r", "b"))) == [(1, 1)]
    table.close()


@pytest.mark.slow
def test_the_server_s_log_shows_that_no_row_left(server: Server, tmp_path: Path) -> None:
    before = len(server.asked())
    table = _opened(parse_address(server.url(user="reader")), tmp_path)
    assert table.columns
    table.class_sizes(("age", 'we"ird, Name'), person="who", steps={"age": 5.0})
    table.class_sizes(("age", "sex"))
    table.quantiles("height", [0.05, 0.95], 0)
    table.is_counter("id")
    table.check_unchanged()
    _without_rows(table)
    table.close()
    ours = [told.partition("\x1f")[2] for told in server.asked()[before:]]
    read = [said for said in ours if '"people"' in said]
    assert len(read) > 6
    for said in read:
        assert only_aggregates(said.partition("CURSOR FOR")[2]), said
    for said in ours:
        assert not re.search(r"\b(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|COPY|GRANT|TRUNCATE)\b", said), said
        assert "person 1" not in said


def test_a_column_that_is_not_there_is_told(duck_address: Address, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot use the columns") as raised:
        _opened(duck_address, tmp_path, Declared(person="whom"))
    assert "'who'" in raised.value.why
    assert "--declare" in raised.value.fix


@pytest.mark.parametrize(
    ("statement", "is_so"),
    [
        ("SELECT count(*) AS n FROM t", True),
        ("SELECT size, sum(n) FROM (SELECT count(*) AS size, 1 AS n FROM t GROUP BY age) AS c GROUP BY size", True),
        ("SELECT * FROM (SELECT count(*) AS n FROM t) AS c", True),
        ("SELECT age FROM t", False),
        ("SELECT * FROM t", False),
        ("SELECT age, count(*) FROM t GROUP BY age", False),
        ("SELECT min(name) FROM t", False),
        ("SELECT coalesce(min(age) IN (0, 1) AND max(age) = count(DISTINCT age), false) FROM t", True),
        ("SELECT coalesce(min(age), 0) FROM t", False),
        ("SELECT age = 3 FROM t", False),
        ("SELECT string_agg(name, ',') FROM t", False),
        ("WITH c AS (SELECT age AS size FROM t) SELECT size FROM c", False),
    ],
)
def test_the_reader_of_logs_tells_rows_from_aggregates(statement: str, is_so: bool) -> None:
    pytest.importorskip("sqlglot", reason="sqlglot comes with Ibis")
    assert only_aggregates(statement) is is_so
