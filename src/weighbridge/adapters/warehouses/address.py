"""Where a table lies: what `--table` names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _

POSTGRES, DUCKDB = "postgres", "duckdb"
_PORT = 5432  # PostgreSQL's own
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A table in a database. What is printed or kept of it never holds the password."""

    engine: str  # postgres or duckdb
    schema: str  # empty: the engine's own
    table: str
    path: Path = field(default_factory=Path)  # of a DuckDB file
    host: str = ""  # a name, an address, or the folder of a socket; empty: as libpq finds it
    port: int = _PORT
    user: str = ""
    database: str = ""
    password: str = field(default="", repr=False)

    @property
    def label(self) -> str:
        """The table's name, with its schema where one was named."""
        return f"{self.schema}.{self.table}" if self.schema else self.table

    @property
    def told(self) -> str:
        """The address as it may be printed: without its password."""
        table = quote(self.label, safe=".")
        if self.engine == DUCKDB:
            return f"duckdb:///{quote(str(self.path), safe='/')}/{table}"  # a fourth slash begins a path from the root
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        host = quote(self.host, safe="") if self.host.startswith("/") else self.host
        host = f"[{host}]" if ":" in host else host
        port = f":{self.port}" if self.port != _PORT else ""
        return f"postgres://{user}{host}{port}/{quote(self.database, safe='')}/{table}"


def parse_address(text: str) -> Address:
    """The address in what `--table` was given.

    Raises
    ------
    Unusable
        For anything else; the text itself is never quoted, since it may hold a password.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _strange(_("its host or port cannot be read")) from None
    if _NOT_PRINTED.search(unquote(text)):
        raise _strange(_("it has a control character in it"))
    if parts.scheme in (POSTGRES, "postgresql"):
        return _postgres(parts, port)
    if parts.scheme == DUCKDB:
        return _duckdb(parts)
    raise _strange(_("it begins with neither postgres:// nor duckdb:///"))


def _postgres(parts: SplitResult, port: int | None) -> Address:
    given = parse_qs(parts.query)
    if parts.fragment or set(given) - {"host"}:
        raise _strange(_("what is said of the connection besides belongs in libpq's variables, such as PGSSLMODE"))
    database, slash, table = parts.path.lstrip("/").partition("/")
    if not (database and slash and table and "/" not in table):
        raise _strange(_("it names no database and table"))
    schema, name = _named(table)
    return Address(
        engine=POSTGRES, schema=schema or "public", table=name, port=port or _PORT, database=unquote(database),
        host=unquote(parts.hostname or "") or given.get("host", [""])[0], user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )  # fmt: skip


def _duckdb(parts: SplitResult) -> Address:
    path, slash, table = parts.path.removeprefix("/").rpartition("/")
    if parts.netloc or parts.query or parts.fragment or not (path and slash and table):
        raise _strange(_("it names no file and table"))
    schema, name = _named(table)
    return Address(engine=DUCKDB, schema=schema, table=name, path=Path(unquote(path)))


def _named(text: str) -> tuple[str, str]:
    """Schema and table; a dot that is part of a name is written %2E."""
    schema, dot, name = text.partition(".")
    schema, name = (unquote(schema), unquote(name)) if dot else ("", unquote(schema))
    if not name or "." in text.partition(".")[2]:
        raise _strange(_("it names no table, or more than a schema and a table"))
    return schema, name


def _strange(why: str) -> Unusable:
    return Unusable(
        _("cannot use the table that --table names"),
        why,
        _("write postgres://USER@HOST/DATABASE/SCHEMA.TABLE or duckdb:///FILE/TABLE; a password goes into ~/.pgpass"),
    )
