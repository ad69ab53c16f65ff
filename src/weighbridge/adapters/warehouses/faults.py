"""What a database says when it refuses, told without its own words: they may quote a value, a password or a row."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

from weighbridge.adapters.warehouses.address import DUCKDB, Address
from weighbridge.core.errors import Outside, Unreachable, Unusable
from weighbridge.core.wording import _

_LOOK_S = 5.0


def not_installed(package: str) -> Outside:
    """The error where the extra is missing."""
    return Outside(
        _("cannot count in a database"),
        _("{package} is not installed").format(package=package),
        "pip install 'weighbridge[warehouse]'",
    )


def no_connection(address: Address) -> Outside:
    """The error where no connection was made: nobody there, or somebody who refuses."""
    what = _("cannot connect to {address}").format(address=address.told)
    if not _answers(address):
        return Unreachable(
            what,
            _("nothing answers at that host and port"),
            _("see that the server runs and that its name and port are right: pg_isready -h {host} -p {port}").format(
                host=address.host or "localhost", port=address.port
            ),
        )
    return Outside(
        what,
        _("the server answers and refuses: the role, its password, or the database is not what it knows"),
        _("try it by itself: psql '{url}'; a password goes into ~/.pgpass or PGPASSWORD").format(url=_bare(address)),
    )


def no_file(address: Address, kind: str) -> Unusable:
    """The error for a DuckDB file that is none, is missing, or is written by somebody."""
    there = address.path.is_file()
    return Unusable(
        _("cannot open {address}").format(address=address.told),
        _("DuckDB cannot read that file: {kind}").format(kind=kind) if there else _("there is no such file"),
        _("name a file of DuckDB that nobody writes to: duckdb:///FILE/TABLE; a table file is weighed by its path"),
    )


def no_table(address: Address) -> Unusable:
    """The error for a table that is not there."""
    return Unusable(
        _("cannot weigh {address}").format(address=address.told),
        _("there is no table or view of that name in schema {schema}").format(schema=address.schema or "main"),
        _("look which there are: duckdb {path} '.tables'").format(path=address.path)
        if address.engine == DUCKDB
        else _("look which there are: psql '{url}' -c '\\dtv {schema}.*'").format(
            url=_bare(address), schema=address.schema
        ),
    )


def no_rows(address: Address, n_columns: int) -> Unusable:
    """The error for an empty table."""
    return Unusable(
        _("cannot weigh {address}").format(address=address.told),
        _("it has {n} columns and 0 rows").format(n=n_columns),
        _("name a table that holds rows; a policy of row security may hide them from this role"),
    )


def not_allowed(address: Address) -> Outside:
    """The error where the role may not read the table."""
    return Outside(
        _("cannot weigh {address}").format(address=address.told),
        _("this role may not read it"),
        _("let its owner allow that and no more: GRANT SELECT ON {table} TO {user}").format(
            table=address.label, user=address.user or "ROLE"
        ),
    )


def gone(address: Address) -> Unreachable:
    """The error where the server ended the connection."""
    return Unreachable(
        _("cannot count on in {address}").format(address=address.told),
        _("the server ended the connection"),
        _("run the same command again when it is back; what was measured is kept"),
    )


def too_slow(address: Address, seconds: float) -> Outside:
    """The error where not even the rows could be counted in the time that a statement has."""
    return Outside(
        _("cannot weigh {address}").format(address=address.told),
        _("counting its rows takes longer than the {seconds:.0f} s that a statement may take").format(seconds=seconds),
        _("allow more: --budget {seconds:.0f}; or weigh an export of it").format(seconds=4 * seconds),
    )


def strange_type(address: Address) -> Unusable:
    """The error where a column has a type whose name Ibis cannot read."""
    return Unusable(
        _("cannot weigh {address}").format(address=address.told),
        _("a column has a type that cannot be read here, such as regclass or numeric(3, 5)"),
        _("name a view that casts it to text, or weigh an export of it: weighbridge weigh EXPORT.parquet"),
    )


def refused(address: Address, kind: str) -> Unusable:
    """The error for any other statement that the engine does not take, such as a view that fails when it is read."""
    return Unusable(
        _("cannot count in {address}").format(address=address.told),
        _("the engine refused a statement: {kind}").format(kind=kind),
        _("look whether the table can be read whole, or weigh an export of it: weighbridge weigh EXPORT.parquet"),
    )


def _answers(address: Address) -> bool:
    """Whether anything listens there: told apart by trying, since a server's words depend on its language."""
    if address.host.startswith("/"):
        return Path(address.host, f".s.PGSQL.{address.port}").exists()
    try:
        with closing(socket.create_connection((address.host or "localhost", address.port), timeout=_LOOK_S)):
            return True
    except OSError:
        return False


def _bare(address: Address) -> str:
    """The address of the database alone, as psql takes it."""
    return address.told.rpartition("/")[0]
