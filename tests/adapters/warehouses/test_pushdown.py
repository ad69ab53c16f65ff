"""What the expressions count is shown in test_table.py, on real engines; here, what they are made of."""

from typing import Any

import pytest

from fakes.select import only_aggregates
from weighbridge.adapters.warehouses import pushdown
from weighbridge.probekit.ports import ColumnType

ibis: Any = pytest.importorskip("ibis", reason="the package ibis-framework is not installed")

_TABLE = ibis.table(
    {
        "a": "int64", "b": "float64", "c": "string", "d": "decimal(9, 2)", "e": "json", "f": "date", "g": "boolean",
        "h": "uuid", "i": "array<string>", 'x"; DROP TABLE t; --': "string",
    },
    name="t",
)  # fmt: skip


def test_kinds_of_columns() -> None:
    kinds = [pushdown.kind_of(_TABLE[name]) for name in _TABLE.columns]
    n, t, d, b, o = ColumnType.NUMBER, ColumnType.TEXT, ColumnType.DATE, ColumnType.BOOLEAN, ColumnType.OTHER
    assert kinds == [n, n, t, n, o, d, b, t, o, t]
    assert pushdown.is_whole(_TABLE["a"].type())
    assert not pushdown.is_whole(_TABLE["d"].type())


@pytest.mark.parametrize("engine", ["postgres", "duckdb"])
def test_every_statement_gives_back_aggregates_alone_and_names_are_quoted(engine: str) -> None:
    asked = [
        pushdown.n_rows(_TABLE),
        pushdown.profiles(_TABLE, _TABLE.columns),
        pushdown.individuals(_TABLE, "c"),
        pushdown.sizes_of_rows(_TABLE, _TABLE.columns, {"b": 5.0}),
        pushdown.sizes_of_rows(_TABLE, (), {}),
        pushdown.sizes_of_persons(_TABLE, _TABLE.columns, "c", {"a": 2.0}),
        pushdown.sizes_of_persons(_TABLE, (), "c", {}),
        pushdown.quantiles(_TABLE, "d", [0.05, 0.95]),
        pushdown.counts_up(_TABLE, "d"),
        pushdown.checksum(_TABLE, engine),
    ]
    for expression in asked:
        said = str(ibis.to_sql(expression, dialect=engine))
        assert only_aggregates(said, engine), said
        assert said.count("DROP TABLE") == said.count('"x""; DROP TABLE t; --"')
