"""A table in a database, weighed as a user would: counts come back, and nothing of a row does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import weighbridge as wb
from conftest import Weighbridge
from fakes.postgres import Server, running
from fakes.select import only_aggregates
from weighbridge.adapters.warehouses.candidate import parse_declared
from weighbridge.wiring import Options, opened_ledger

MARKER = "Zyxquorble"
_CLIENTS = f"""
    CREATE TABLE clients AS SELECT
        CAST(i AS BIGINT) AS client_id,
        '{MARKER} ' || CAST(i AS VARCHAR) AS full_name,
        '{MARKER.lower()}' || CAST(i AS VARCHAR) || '@example.org' AS email,
        CAST(20 + i % 60 AS INTEGER) AS age,
        CASE WHEN i % 2 = 0 THEN 'f' ELSE 'm' END AS sex,
        CASE WHEN i = 7 THEN '{MARKER} island' ELSE 'district ' || CAST(i % 5 AS VARCHAR) END AS district,
        i * 13.25 AS income
    FROM generate_series(1, 600) AS s(i)
"""  # noqa: S608  our own words
_DECLARED = ("--declare", "about_people=true", "--declare", "quasi_identifiers=age,sex,district")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        made.run(_CLIENTS, "GRANT SELECT ON clients TO reader", "ALTER ROLE reader PASSWORD 's3cret'")
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    pytest.importorskip("ibis", reason="the package ibis-framework is not installed")
    path = tmp_path / "clients.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(_CLIENTS).fetchall()
    return path


def _leaks(place: Path, text: str) -> list[str]:
    files = [path for path in place.rglob("*") if path.is_file()]
    wanted = (MARKER, MARKER.lower(), "s3cret")
    found = [f"{path.name}: {word}" for path in files for word in wanted if word.encode() in path.read_bytes()]
    return found + [f"output: {word}" for word in wanted if word in text]


def _weighed(weighbridge: Weighbridge, url: str, home: Path) -> dict[str, str]:
    """Weigh it in every way, look for what must not be said, and tell what came of each probe."""
    said = ""
    for words in ((), ("--format", "json"), ("--reveal",)):
        code, out, err = weighbridge("weigh", "--table", url, *_DECLARED, "--home", home, *words)
        assert code == 0, err
        assert "no gate lets it pass" in err
        said += out + err
    for words in (("ledger", "verify"), ("ledger", "show")):
        _code, out, err = weighbridge(*words, "--home", home)
        said += out + err
    assert _leaks(home, said) == []
    _code, out, _err = weighbridge("weigh", "--table", url, *_DECLARED, "--home", home, "--format", "json")
    made = json.loads(out)
    assert made["recommendation"]["components"]["data"]["cleared"] == ["withheld"]
    return {e["probe"]: e["outcome"] for e in made["evidence"]}


def _check(found: dict[str, str]) -> None:
    assert found["unique-combinations"] == "measured"
    assert found["artefact-safety"] == "not-measured"  # of bytes nothing is known
    assert "failed" not in found.values()


def test_a_file_of_duckdb_is_weighed_where_it_lies(weighbridge: Weighbridge, file: Path, tmp_path: Path) -> None:
    _check(_weighed(weighbridge, f"duckdb:///{file}/clients", tmp_path / "home"))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_table_of_postgres_is_weighed_and_its_log_shows_no_row_that_left(
    weighbridge: Weighbridge, server: Server, tmp_path: Path
) -> None:
    before = len(server.asked())
    url = server.url("public.clients", user="reader").replace("@", ":s3cret@")
    _check(_weighed(weighbridge, url, tmp_path / "home"))
    ours = [told.partition("\x1f")[2] for told in server.asked()[before:]]
    read = [said.partition("CURSOR FOR")[2] for said in ours if '"clients"' in said]
    assert len(read) > 20
    assert [said for said in read if not only_aggregates(said)] == []
    known = (
        r"LOG:\s+(statement|execute \S+): (BEGIN|COMMIT|SET |FETCH |CLOSE |DECLARE |DEALLOCATE|SELECT pg_catalog|"
        r"SELECT CURRENT_|SELECT\s+a\.attname|SELECT nspname FROM pg_namespace)|DETAIL:\s+parameters: "
    )
    assert [said for said in ours if said and not re.match(known, said, re.IGNORECASE)] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_stands_alone_is_the_same_there_and_in_an_export(server: Server, file: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.parquet"
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute(f"COPY clients TO '{export}' (FORMAT parquet)").fetchall()
    declared = parse_declared([word for word in _DECLARED if "=" in word])
    there = _quantities(server.url("public.clients"), Options(home=tmp_path / "a", declared=declared))
    folder = tmp_path / "export"
    folder.mkdir()
    export.rename(folder / "clients.parquet")
    (folder / "weighbridge.toml").write_text(
        'name = "clients"\n[[artefact]]\nrole = "data"\npath = "clients.parquet"\nabout_people = true\n'
        'quasi_identifiers = ["age", "sex", "district"]\n'
    )
    here = _quantities(str(folder), Options(home=tmp_path / "b"))
    of_combinations = {key: value for key, value in here.items() if ("columns", "identifier") not in key[1]}
    assert of_combinations.items() <= there.items()
    assert len(of_combinations) > 3
    with opened_ledger(tmp_path / "a") as ledger:
        assert {str(e.environment["engine"]) for e in ledger.entries("public.clients")} == {"postgres"}  # type: ignore[call-overload,index]


def _quantities(place: str, options: Options) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    from weighbridge.core.evidence import Measured

    (found,) = (e for e in wb.weigh(place, options).evidence if e.probe == "unique-combinations")
    assert isinstance(found.outcome, Measured)
    return {(q.metric, q.by): q.value for q in found.outcome.quantities}


def test_it_can_never_pass_a_gate(weighbridge: Weighbridge, file: Path, tmp_path: Path) -> None:
    """Not by its own address, and not by a file that says what its digest was made of."""
    home = tmp_path / "home"
    made = wb.weigh(f"duckdb:///{file}/clients", Options(home=home))
    (artefact,) = made.candidate.artefacts
    assert not artefact.digest.startswith("sha256:")
    for words in (("decide", f"duckdb:///{file}/clients"), ("gate", f"duckdb:///{file}/clients", "--to", "public")):
        code, _out, _err = weighbridge(*words, "--home", home)
        assert code not in (0, 70)
