"""A PostgreSQL of our own, and a file of DuckDB with the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from fakes.postgres import PEOPLE, Server, running
from weighbridge.adapters.warehouses.address import Address, parse_address


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def duck_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("ibis") is None:
        pytest.skip("the package ibis-framework is not installed")
    path = tmp_path_factory.mktemp("duck") / "all people.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(PEOPLE).fetchall()
        connection.execute("CREATE SCHEMA other").fetchall()
        connection.execute(
            "CREATE TABLE other.kinds AS SELECT [1, NULL] AS l, {'a': 1} AS r, '\\x01'::BLOB AS b"
        ).fetchall()
        connection.execute("CREATE TABLE nothing (a INTEGER)").fetchall()
        connection.execute("CREATE VIEW reaching AS SELECT * FROM read_csv('/etc/passwd', header = false)").fetchall()
    return path


@pytest.fixture
def duck_address(duck_file: Path) -> Address:
    return parse_address(f"duckdb:///{duck_file}/people")
