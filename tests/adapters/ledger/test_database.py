from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from weighbridge.adapters.ledger.database import (
    Design,
    bear,
    check_whole,
    connect,
    exists,
    faults_told,
    transaction,
)
from weighbridge.core.errors import LedgerBroken, Outside

DESIGN = Design(application=0x57425430, version=2, statements=("CREATE TABLE thing (name TEXT)",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    bear(tmp_path / "things.sqlite", DESIGN)
    return tmp_path / "things.sqlite"


def run(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_file_is_born_whole_and_private(path: Path) -> None:
    assert exists(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    connect(path, DESIGN).close()


def test_what_a_killed_birth_left_behind_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "things.sqlite.new").write_bytes(b"half a file")
    (tmp_path / "things.sqlite.new-journal").write_bytes(b"half a journal")
    bear(tmp_path / "things.sqlite", DESIGN)
    connect(tmp_path / "things.sqlite", DESIGN).close()
    assert [file.name for file in tmp_path.iterdir()] == ["things.sqlite"]


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.chmod(0o644)
    connect(path, DESIGN).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_file_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(Outside, match=r"things\.sqlite"):
        connect(tmp_path / "things.sqlite", DESIGN)
    assert not exists(tmp_path / "things.sqlite")


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be looked at" * 50])
def test_a_file_that_is_no_database_is_told(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LedgerBroken) as broken:
        connect(path, DESIGN)
    assert "weighbridge ledger verify" in broken.value.fix


def test_a_file_cut_off_is_told(path: Path) -> None:
    run(path, *["INSERT INTO thing VALUES (hex(randomblob(450)))"] * 40)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(LedgerBroken):
        check_whole(connect(path, DESIGN), path)


@pytest.mark.parametrize(
    "statement",
    [
        "PRAGMA application_id = 1",
        "PRAGMA user_version = 1",
        "DROP TABLE thing",
        "CREATE TABLE more (name TEXT)",
        "CREATE TRIGGER sly AFTER INSERT ON thing BEGIN DELETE FROM thing; END",
        "CREATE VIEW sly AS SELECT 1",
    ],
)
def test_another_design_is_told(path: Path, statement: str) -> None:
    run(path, statement)
    with pytest.raises(LedgerBroken):
        connect(path, DESIGN)


def test_a_newer_version_asks_for_a_newer_weighbridge(path: Path) -> None:
    run(path, "PRAGMA user_version = 3")
    with pytest.raises(Outside, match=r"things\.sqlite") as outside:
        connect(path, DESIGN)
    assert "version 3" in outside.value.why
    assert "2" in outside.value.why
    assert outside.value.fix == "python -m pip install --upgrade weighbridge"


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    connection = connect(path, DESIGN)
    with pytest.raises(sqlite3.Error), transaction(connection):
        connection.executemany("INSERT INTO thing VALUES (?)", [("x",), (object(),)])
    assert connection.execute("SELECT count(*) FROM thing").fetchone() == (0,)
    with transaction(connection):
        connection.execute("INSERT INTO thing VALUES ('x')")
    assert connection.execute("SELECT count(*) FROM thing").fetchone() == (1,)
    connection.close()


def test_a_file_that_another_process_holds_is_told(path: Path) -> None:
    holder, waiting = connect(path, DESIGN), connect(path, DESIGN)
    waiting.execute("PRAGMA busy_timeout = 1")
    with (
        transaction(holder),
        pytest.raises(Outside, match=r"things\.sqlite") as outside,
        faults_told(path),
        transaction(waiting),
    ):
        pass
    assert "another process" in outside.value.why
    holder.close()
    waiting.close()


def test_our_own_mistakes_are_not_dressed_up(path: Path) -> None:
    connection = connect(path, DESIGN)
    with pytest.raises(sqlite3.OperationalError), faults_told(path):
        connection.execute("SELECT nothing FROM nowhere")
    connection.close()


def test_a_folder_with_spaces_and_question_marks_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / "a folder? #1 %41"
    folder.mkdir()
    bear(folder / "things.sqlite", DESIGN)
    connect(folder / "things.sqlite", DESIGN).close()
    assert [file.name for file in folder.iterdir()] == ["things.sqlite"]
