"""The statements of a table.

Only keys of ours (c0, c1, ...) and two paths of ours enter them; no name and no value out of a file does.
"""

# ruff: noqa: S608  for that reason

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from weighbridge.adapters.tables.unpacking import UnpackedColumn
from weighbridge.probekit.ports import ColumnType


def locked_to(file: str, *, spill: str) -> tuple[str, ...]:
    """Make `rows` a view of this Parquet file, and from then on let nothing else be opened or set."""
    return (
        f"SET temp_directory = {_quoted(spill)}",
        f"SET allowed_paths = [{_quoted(file)}]",
        "SET parquet_metadata_cache = true",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
        f"CREATE VIEW rows AS FROM read_parquet({_quoted(file)}, hive_partitioning = false, file_row_number = true)",
    )


def grouped(column: UnpackedColumn) -> str:
    """The expression by which values are told apart; a digest where they may be large or cannot be compared."""
    return f"sha256(CAST({column.key} AS VARCHAR))" if column.type is ColumnType.OTHER else column.key


def stepped(column: UnpackedColumn, step: float | None) -> str:
    """The same, with the values of a number column taken in steps."""
    if not step or column.type is not ColumnType.NUMBER:
        return grouped(column)
    return f"floor(CAST({column.key} AS DOUBLE) / CAST({float(step)!r} AS DOUBLE))"


def profiles(columns: Sequence[UnpackedColumn]) -> str:
    """Three values per column: how many are distinct, how many are known, and whether all numbers are whole."""
    return f"SELECT {', '.join(_profile(column) for column in columns)} FROM rows"


def counts_up(key: str) -> str:
    """Whether the numbers are 0, 1, 2, ... or 1, 2, 3, ... without a gap."""
    low, high = f"CAST(min({key}) AS DOUBLE)", f"CAST(max({key}) AS DOUBLE)"
    return f"SELECT coalesce({low} IN (0, 1) AND {high} - {low} + 1 = count(DISTINCT {key}), false) FROM rows"


def known_values(key: str) -> str:
    """How many values are not missing."""
    return f"SELECT count({key}) FROM rows"


def individuals(person: str) -> str:
    """How many persons there are; a missing one counts each time."""
    return f"SELECT count(DISTINCT {person}) + count(*) - count({person}) FROM rows"


def sizes_of_rows(keys: Mapping[str, str]) -> str:
    """How many rows lie in classes of each size; `keys` gives the expression under each name."""
    by = f"GROUP BY {', '.join(keys.values())}" if keys else ""
    return f"SELECT n, sum(n)::BIGINT FROM (SELECT count(*) AS n FROM rows {by}) GROUP BY n ORDER BY n"


def sizes_of_persons(keys: Mapping[str, str], person: str) -> str:
    """How many persons have a class of each size as their smallest; classes count different persons."""
    named = "".join(f"{expression} AS {key}, " for key, expression in keys.items())
    by = f"GROUP BY {', '.join(keys)}" if keys else ""
    held = "".join(f"{key}, " for key in keys)
    same = " AND ".join(f"seen.{key} IS NOT DISTINCT FROM classes.{key}" for key in keys) or "true"
    return f"""
        WITH seen AS MATERIALIZED (
            SELECT DISTINCT {named}{person} AS who, CASE WHEN {person} IS NULL THEN file_row_number END AS stray
            FROM rows
        ), classes AS (
            SELECT {held}count(*) AS n FROM seen {by}
        ), smallest AS (
            SELECT min(n) AS n FROM seen JOIN classes ON {same} GROUP BY who, stray
        )
        SELECT n, count(*) FROM smallest GROUP BY n ORDER BY n
    """


def _profile(column: UnpackedColumn) -> str:
    key = grouped(column)
    whole = "false"
    if column.type is ColumnType.NUMBER and pa.types.is_integer(column.arrow):
        whole = "true"
    elif column.type is ColumnType.NUMBER:
        number = f"CAST({column.key} AS DOUBLE)"
        whole = f"coalesce(bool_and(isfinite({number}) AND {number} = trunc({number})), false)"
    return f"count(DISTINCT {key}), count({key}), {whole}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
