"""A PostgreSQL of our own, and what both it and a file of DuckDB hold in tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
MISSING = (
    "the package ibis-framework or psycopg is not installed"
    if find_spec("ibis") is None or find_spec("psycopg") is None
    else "the binaries of a PostgreSQL server are not installed"
    if not _BINARIES
    else ""
)

PEOPLE = """
    CREATE TABLE people AS SELECT
        CAST(i AS BIGINT) AS id,
        CASE WHEN i % 11 = 0 THEN NULL ELSE 'person ' || CAST(i % 40 AS VARCHAR) END AS who,
        CAST(20 + i % 60 AS INTEGER) AS age,
        CASE WHEN i % 10 = 0 THEN CAST('NaN' AS DOUBLE PRECISION) WHEN i % 3 = 0 THEN NULL
            WHEN i % 100 = 1 THEN CAST('Infinity' AS DOUBLE PRECISION) WHEN i % 100 = 2 THEN 1e300 ELSE i * 0.5 END
            AS height,
        CAST(i % 7 AS NUMERIC(6, 2)) AS wage,
        CASE WHEN i % 2 = 0 THEN 'f' ELSE 'm' END AS sex,
        DATE '1880-01-01' + CAST(i % 5 AS INTEGER) AS born,
        i % 4 = 0 AS ok,
        CASE WHEN i % 13 = 0 THEN '' ELSE 'district ' || CAST(i % 9 AS VARCHAR) END AS "we""ird, Name"
    FROM generate_series(1, 400) AS s(i)
"""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that runs, with a log of every statement."""

    port: int
    log: Path

    def url(self, table: str = "public.people", *, user: str = "owner", database: str = "postgres") -> str:
        return f"postgres://{user}@127.0.0.1:{self.port}/{database}/{table}"

    def run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="owner", dbname="postgres", autocommit=True, application_name="test"
        ) as connection:
            for statement in statements:
                connection.execute(statement)

    def asked(self) -> list[str]:
        """Statements of ours alone, as the server logged them."""
        told = self.log.read_text(encoding="utf-8").split("\x1e")
        return [entry.strip() for entry in told if entry.startswith("weighbridge\x1f")]


@contextmanager
def running() -> Iterator[Server]:
    """A server with tables, which ends with the block; tests are skipped where its binaries are missing."""
    if MISSING:
        pytest.skip(MISSING)
    bin_ = _BINARIES[-1].parent
    is_root = os.geteuid() == 0
    as_server = ["runuser", "-u", "postgres", "--"] if is_root else []
    place = Path(tempfile.mkdtemp(prefix="wb-pg-", dir="/tmp"))
    if is_root:
        shutil.chown(place, "postgres", "postgres")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, log = place / "d", place / "log"
    settings = (
        f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c fsync=off -c log_statement=all "
        "-c log_line_prefix=\x1e%a\x1f -c log_parameter_max_length=-1"
    )

    def run(*words: Any) -> None:
        subprocess.run([*as_server, *map(str, words)], check=True, capture_output=True, cwd="/")

    try:
        run(bin_ / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run(bin_ / "pg_ctl", "-D", data, "-w", "-l", log, "-o", settings, "start")
        made = Server(port=port, log=log)
        made.run(
            PEOPLE, "CREATE ROLE reader LOGIN", "CREATE ROLE stranger LOGIN", "GRANT SELECT ON people TO reader",
            "CREATE VIEW grown AS SELECT * FROM people WHERE age > 40", "CREATE TABLE nothing (a int)",
            "CREATE VIEW failing AS SELECT 1 / (age - 20) AS x, who FROM people",
            "CREATE TABLE unread AS SELECT 'people'::regclass AS named, 0.001::numeric(3, 5) AS small",
            "CREATE TYPE mood AS ENUM ('well', 'ill')", "CREATE DOMAIN short AS varchar(9)",
            "CREATE TABLE kinds AS SELECT i AS id, 'well'::mood AS mood, 'x'::short AS short, 'ab'::char(4) AS fixed, 1.5::money AS price, 1.25::numeric(19, 4) AS wage, ARRAY['a', NULL] AS tags, '{\"a\": 1}'::json AS doc, '(1,2)'::point"
            " AS place, '<a/>'::xml AS markup, b'101' AS bits, '\\x00ff'::bytea AS raw, interval '1 day' AS lasted,"
            " gen_random_uuid() AS code, '1.2.3.4'::inet AS host, 'NaN'::numeric AS lost, 10 ^ 200::numeric AS vast"
            " FROM generate_series(1, 30) i",
        )  # fmt: skip
        yield made
    finally:
        subprocess.run(
            [*as_server, str(bin_ / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            check=False, capture_output=True, cwd="/",
        )  # fmt: skip
        shutil.rmtree(place, ignore_errors=True)
