from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from fakes.postgres import Server
from weighbridge.adapters.warehouses.address import Address, parse_address
from weighbridge.adapters.warehouses.connection import Connection
from weighbridge.adapters.warehouses.table import WarehouseTable, open_warehouse_table
from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Outside, Unreachable, Unusable
from weighbridge.probekit.ports import BudgetSpent


def _opened(url: str, spill: Path, seconds: float = 60.0) -> WarehouseTable:
    return open_warehouse_table(parse_address(url), declared=Declared(), seconds=seconds, spill=spill)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ({"user": "nobody"}, Outside, "refuses"),
        ({"database": "nowhere"}, Outside, "refuses"),
        ({"user": "stranger"}, Outside, "may not read"),
        ({"table": "public.lost"}, Unusable, "no table or view"),
        ({"table": "lost.people"}, Unusable, "no table or view"),
        ({"table": "nothing"}, Unusable, "1 columns and 0 rows"),
        ({"table": "failing"}, Unusable, "refused a statement: DivisionByZero"),
        ({"table": "unread"}, Unusable, "a type that cannot be read here"),
        ({"table": "people%22%3B%20DROP%20TABLE%20people"}, Unusable, "no table or view"),
    ],
)  # fmt: skip
def test_what_a_server_refuses_is_told_with_a_remedy_and_quotes_nothing(
    server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    change: dict[str, str], kind: type[Exception], says: str,
) -> None:  # fmt: skip
    with pytest.raises(kind, match=says) as raised:
        _opened(server.url(**change).replace("@", ":s3cret@"), tmp_path)
    told = str(raised.value) + "".join(capfd.readouterr())
    assert "s3cret" not in told
    assert "person 1" not in told
    assert getattr(raised.value, "fix", "")


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [3e6, float("inf")])
def test_a_budget_longer_than_postgres_can_wait_is_taken(server: Server, tmp_path: Path, seconds: float) -> None:
    table = _opened(server.url(), tmp_path, seconds)
    assert table.n_rows == 400
    table.close()


@pytest.mark.slow
def test_a_server_that_is_away_is_told(server: Server, tmp_path: Path) -> None:
    away = server.url().replace(f":{server.port}/", ":1/")
    with pytest.raises(Unreachable, match="nothing answers"):
        _opened(away, tmp_path)


@pytest.mark.slow
def test_a_connection_that_is_ended_is_told(server: Server, tmp_path: Path) -> None:
    table = _opened(server.url(), tmp_path)
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'weighbridge'")
    with pytest.raises(Unreachable, match="ended the connection"):
        assert table.columns
    table.close()


@pytest.mark.slow
def test_a_statement_that_takes_too_long_is_ended_by_the_server(server: Server, tmp_path: Path) -> None:
    server.run("CREATE OR REPLACE VIEW slow AS SELECT id, pg_sleep(0.01) IS NULL AS late FROM people")
    with pytest.raises(Outside, match=r"longer than the 1 s") as raised:
        _opened(server.url("slow"), tmp_path, seconds=1.0)
    assert "--budget" in raised.value.fix
    table = _opened(server.url(), tmp_path, seconds=1.0)
    connection = table._connection
    slow = connection._backend.table("slow", database="public")
    with pytest.raises(BudgetSpent):
        connection.ask(slow.aggregate(n=slow["late"].sum()))
    table.close()


@pytest.mark.slow
def test_a_session_can_only_read(server: Server, tmp_path: Path) -> None:
    import psycopg

    connection = Connection(parse_address(server.url()), seconds=60.0, spill=tmp_path)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection._raw.execute("CREATE TABLE mine AS SELECT * FROM people")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection._raw.execute("DELETE FROM people")
    connection.close()


@pytest.mark.slow
def test_a_password_may_come_from_the_environment(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.run("ALTER ROLE reader PASSWORD 's3cret'")
    monkeypatch.setenv("PGPASSWORD", "s3cret")
    table = _opened(server.url(user="reader"), tmp_path)
    assert table.n_rows == 400
    table.close()


def test_a_file_of_duckdb_is_read_and_nothing_else(duck_file: Path, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="refused a statement: PermissionException"):
        _opened(f"duckdb:///{duck_file}/reaching", tmp_path)
    connection = Connection(parse_address(f"duckdb:///{duck_file}/people"), seconds=60.0, spill=tmp_path)
    for statement in ("DELETE FROM people", "SET enable_external_access = true", f"ATTACH '{tmp_path}/x.duckdb'"):
        with pytest.raises(duckdb.Error):
            connection._raw.execute(statement).fetchall()
    connection.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("duckdb:///{file}/lost", "no table or view"), ("duckdb:///{file}/lost.people", "no table or view"),
        ("duckdb:///{file}/nothing", "0 rows"), ("duckdb:///{folder}/none.duckdb/t", "no such file"),
        ("duckdb:///{folder}/text.duckdb/t", "cannot read that file"),
    ],
)  # fmt: skip
def test_what_a_file_of_duckdb_cannot_give_is_told(duck_file: Path, tmp_path: Path, url: str, says: str) -> None:
    (tmp_path / "text.duckdb").write_text("name,mail\nAnn,ann@example.org\n" * 400)
    with pytest.raises(Unusable, match=says) as raised:
        _opened(url.format(file=duck_file, folder=tmp_path), tmp_path)
    assert "ann@" not in str(raised.value)


def test_without_the_extra_the_error_names_it(
    duck_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weighbridge.adapters.warehouses.connection.find_spec", lambda _name: None)
    with pytest.raises(Outside, match="ibis is not installed") as raised:
        Connection(duck_address, seconds=60.0, spill=tmp_path)
    assert raised.value.fix == "pip install 'weighbridge[warehouse]'"
