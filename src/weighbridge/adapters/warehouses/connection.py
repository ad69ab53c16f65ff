"""A connection that can read and nothing else, and the one way to ask over it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa

from weighbridge.adapters.warehouses import faults
from weighbridge.adapters.warehouses.address import DUCKDB, Address
from weighbridge.core.errors import WeighbridgeError
from weighbridge.probekit.ports import BudgetSpent

_CONNECT_S = 15
_MOST_MS = 2**31 - 1  # that PostgreSQL takes; a longer budget, and one without end, is that
_CENTS = 4  # digits after the point of what Ibis makes of money
_MEMORY = "1GiB"  # of a DuckDB that runs in this process; ours


class Connection:
    """A database, opened to be read.

    Parameters
    ----------
    seconds : after which a statement is ended by the server
    spill : private; where a DuckDB that runs here puts what does not fit in memory

    Raises
    ------
    Outside
        Where the extra is missing, nobody answers, or somebody refuses.
    Unusable
        For a DuckDB file that cannot be read.
    """

    def __init__(self, address: Address, *, seconds: float, spill: Path) -> None:
        for package in ("ibis", "duckdb" if address.engine == DUCKDB else "psycopg"):
            if find_spec(package) is None:
                raise faults.not_installed(package)
        self.address, self.seconds = address, seconds
        self.n_asked = 0  # statements so far
        self._raw, self._backend = _duckdb(address, spill) if address.engine == DUCKDB else _postgres(address, seconds)

    def table(self) -> Any:
        """The table, as an Ibis expression."""
        from ibis.common.exceptions import TableNotFound

        schema = (self.address.schema,) if self.address.schema else None  # as a tuple: in a text a dot would part it
        try:
            found = self._asked(lambda: self._backend.table(self.address.table, database=schema))
        except TableNotFound:
            raise faults.no_table(self.address) from None
        except (AttributeError, TypeError, ValueError):  # Ibis cannot make a type of some names, such as regclass
            raise faults.strange_type(self.address) from None
        return found if self.address.engine == DUCKDB else self._without_money(found)

    def _without_money(self, table: Any) -> Any:
        """The table with PostgreSQL's money as text: Ibis takes it for a decimal, and it casts to no number."""
        could_be = [n for n in table.columns if table[n].type().is_decimal() and table[n].type().scale == _CENTS]
        if not could_be:
            return table
        told = self._asked(lambda: self._backend.table("columns", database="information_schema"))
        mine = (told["table_schema"] == self.address.schema) & (told["table_name"] == self.address.table)
        named = self.ask(told.filter(mine & (told["data_type"] == "money")).select("column_name"))
        return table.mutate(**{row["column_name"]: table[row["column_name"]].cast("string") for row in named})

    def ask(self, expression: Any) -> list[dict[str, Any]]:
        """The rows of an aggregate: few, and never those of the table."""
        self.n_asked += 1
        made = self._asked(lambda: self._backend.to_pyarrow(expression))
        return list(pa.table(made).to_pylist())

    def close(self) -> None:
        """Let go of it."""
        self._raw.close()

    def _asked(self, act: Callable[[], Any]) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # between Ibis and the engine's own package
            if self.address.engine == DUCKDB:
                return _of_duckdb(act, self.address)
            return _of_postgres(act, self.address)


def _postgres(address: Address, seconds: float) -> tuple[Any, Any]:
    import psycopg

    logging.getLogger("psycopg").addHandler(logging.NullHandler())  # its warnings quote the server
    try:
        raw = psycopg.connect(
            host=address.host or None, port=address.port, user=address.user or None, dbname=address.database,
            password=address.password or None, connect_timeout=_CONNECT_S, application_name="weighbridge",
            autocommit=True,
        )  # fmt: skip
    except psycopg.Error:
        raise faults.no_connection(address) from None
    try:
        import ibis

        # Said to the session and not in the connection's options, which a pooler in between may not take.
        raw.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        raw.execute(f"SET statement_timeout = {int(min(_MOST_MS, seconds * 1000))}")
        raw.execute("SET idle_in_transaction_session_timeout = 60000")
        return raw, ibis.postgres.from_connection(raw)
    except psycopg.Error as error:
        raw.close()
        raise faults.refused(address, type(error).__name__) from None


def _duckdb(address: Address, spill: Path) -> tuple[Any, Any]:
    import duckdb
    import ibis

    if not address.path.is_file():  # it would be made
        raise faults.no_file(address, "")
    try:
        raw = duckdb.connect(
            str(address.path), read_only=True,
            config={
                "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
                "allow_community_extensions": "false", "allow_persistent_secrets": "false",
                "memory_limit": _MEMORY, "temp_directory": str(spill / "warehouse"),
            },
        )  # fmt: skip
        made = ibis.duckdb.from_connection(raw)
        # A view in a file of somebody else's could read any other file, or fetch one.
        raw.execute("SET enable_external_access = false").fetchall()
        raw.execute("SET lock_configuration = true").fetchall()
    except duckdb.Error as error:
        raise faults.no_file(address, type(error).__name__) from None
    return raw, made


def _of_postgres(act: Callable[[], Any], address: Address) -> Any:
    import psycopg

    fault: WeighbridgeError | BudgetSpent
    try:
        return act()
    except psycopg.errors.QueryCanceled:
        fault = BudgetSpent()
    except psycopg.errors.InsufficientPrivilege:
        fault = faults.not_allowed(address)
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        fault = faults.no_table(address)
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        is_gone = error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))  # no connection; shut down
        fault = faults.gone(address) if is_gone else faults.refused(address, type(error).__name__)
    except psycopg.Error as error:
        fault = faults.refused(address, type(error).__name__)
    raise fault


def _of_duckdb(act: Callable[[], Any], address: Address) -> Any:
    import duckdb

    kind = ""
    try:
        return act()
    except duckdb.CatalogException:
        kind = "table"
    except duckdb.Error as error:
        kind = type(error).__name__
    raise faults.no_table(address) if kind == "table" else faults.refused(address, kind)
