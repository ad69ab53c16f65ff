from __future__ import annotations

import pyarrow as pa
import pytest

from weighbridge.adapters.tables.statements import grouped, locked_to, profiles, sizes_of_rows, stepped
from weighbridge.adapters.tables.unpacking import UnpackedColumn
from weighbridge.probekit.ports import ColumnType


def column(kind: ColumnType, arrow: object = None) -> UnpackedColumn:
    return UnpackedColumn(key="c3", name="'; DROP TABLE rows; --", type=kind, arrow=arrow or pa.string())


@pytest.mark.parametrize("kind", list(ColumnType))
def test_no_name_out_of_a_file_enters(kind: ColumnType) -> None:
    made = column(kind)
    assert "DROP" not in grouped(made) + stepped(made, 0.5) + profiles([made])


def test_only_numbers_are_taken_in_steps() -> None:
    assert "floor" in stepped(column(ColumnType.NUMBER, pa.float64()), 0.5)
    assert stepped(column(ColumnType.TEXT), 0.5) == stepped(column(ColumnType.NUMBER), None) == "c3"


def test_paths_are_quoted() -> None:
    told = locked_to("/tmp/it's/rows.parquet", spill="/tmp/it's")  # noqa: S108  a text, not a file
    assert "'/tmp/it''s/rows.parquet'" in told[-1]
    assert (
        told.index("SET enable_external_access = false") < told.index("SET lock_configuration = true") < len(told) - 1
    )


def test_no_columns_make_one_class() -> None:
    assert "GROUP BY  " not in sizes_of_rows({})
