from pathlib import Path

import pytest

from weighbridge.adapters.warehouses.address import parse_address
from weighbridge.core.errors import Unusable


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("postgres://ann@db.example:5433/crm/public.people", "postgres://ann@db.example:5433/crm/public.people"),
        ("postgresql://ann:s3cret@db.example/crm/people", "postgres://ann@db.example/crm/public.people"),
        ("postgres://ann:p%40ss%2Fword@[::1]/crm/s.t", "postgres://ann@[::1]/crm/s.t"),
        ("postgres:///crm/s.t?host=/var/run/postgresql", "postgres://%2Fvar%2Frun%2Fpostgresql/crm/s.t"),
        ("postgres://%2Ftmp/crm/my%20schema.t", "postgres://%2Ftmp/crm/my%20schema.t"),
        ("duckdb:///rows/all.duckdb/people", "duckdb:///rows/all.duckdb/people"),
        ("duckdb:////abs/all people.duckdb/s.people", "duckdb:////abs/all%20people.duckdb/s.people"),
    ],
)
def test_an_address_is_told_without_its_password_and_reads_back(given: str, told: str) -> None:
    made = parse_address(given)
    assert made.told == told
    assert parse_address(told).told == told
    for secret in ("s3cret", "p@ss/word"):
        assert secret not in repr(made)


def test_the_parts_of_an_address() -> None:
    made = parse_address("postgres://ann:s3cret@db.example/crm/people")
    assert (made.schema, made.table, made.port, made.password) == ("public", "people", 5432, "s3cret")
    assert made.label == "public.people"
    duck = parse_address("duckdb:///rows/all.duckdb/people")
    assert (duck.path, duck.label) == (Path("rows/all.duckdb"), "people")
    assert parse_address("duckdb:////abs/x.duckdb/p").path == Path("/abs/x.duckdb")


@pytest.mark.parametrize(
    "given",
    [
        "mysql://ann:s3cret@host/db/t", "postgres://ann:s3cret@host/db", "postgres://ann:s3cret@host/db/a.b.c",
        "postgres://ann:s3cret@host:x/db/t", "postgres://ann:s3cret@host/db/t?sslmode=off", "people.csv",
        "duckdb:///people", "duckdb://host/file/t", "postgres://ann:s3cret@host/db/t%0a", "postgres://h/db/a/t#s3cret",
    ],
)  # fmt: skip
def test_another_address_is_refused_and_not_quoted(given: str) -> None:
    with pytest.raises(Unusable, match="--table") as raised:
        parse_address(given)
    assert "s3cret" not in str(raised.value)
    assert "~/.pgpass" in raised.value.fix
