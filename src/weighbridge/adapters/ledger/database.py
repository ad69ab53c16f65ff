"""The SQLite files of a ledger: born whole, readable by their owner only, and with their faults told in plain words."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from weighbridge.core.errors import LedgerBroken, Outside, WeighbridgeError
from weighbridge.core.wording import _

WAIT_SECONDS = 30.0  # ours: how long one process waits for another's entry, which takes milliseconds
VERIFY = "weighbridge ledger verify"
_BROKEN = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_TOOBIG,  # a damaged length
}
_OURS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE}  # no fault of disk or file
_PRAGMAS = (
    "trusted_schema = OFF",  # a file may come from somebody else
    "cell_size_check = ON",
    "journal_mode = DELETE",
    "synchronous = EXTRA",  # also the folder is on the disk when a transaction ends
    "fullfsync = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",  # no copy of a text in a temporary file
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How a file looks inside."""

    application: int  # SQLite's application_id: tells our files from others'
    version: int
    statements: tuple[str, ...]


def exists(path: Path) -> bool:
    """Whether the file is there; a folder that cannot be looked into is a fault, not an absence."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


def bear(path: Path, design: Design) -> None:
    """Make an empty file of this design beside its place, then move it there; the caller holds a lock.

    A kill at any moment leaves either nothing at `path` or a file that is whole.
    """
    made = path.with_name(path.name + ".new")
    for leftover in (made, made.with_name(made.name + "-journal")):
        leftover.unlink(missing_ok=True)
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with faults_told(path):
        connection = _opened(made)
        try:
            connection.execute(f"PRAGMA application_id = {design.application}")
            connection.execute(f"PRAGMA user_version = {design.version}")
            with transaction(connection):
                for statement in design.statements:
                    connection.execute(statement)
        finally:
            connection.close()
    made.replace(path)
    _sync(path.parent)


def connect(path: Path, design: Design) -> sqlite3.Connection:
    """Open a file of this design.

    Raises
    ------
    LedgerBroken
        When it is not one: another kind of file, or tables and triggers that are not as we made them.
    Outside
        When a newer version of weighbridge made it, or the disk does not let us.
    """
    with faults_told(path):
        if path.stat().st_mode & 0o077:
            with suppress(PermissionError):  # somebody else's file: it is for them to close it
                path.chmod(0o600)
        connection = _opened(path)
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            _check_design(connection, path, design)
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_ERROR:  # tables that SQLite cannot make sense of
                raise broken_file(path, _("SQLite cannot make sense of its tables")) from error
            raise
        except BaseException:
            connection.close()
            raise
    return connection


def check_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Let SQLite check its own structure, indexes and constraints.

    Raises
    ------
    LedgerBroken
        When it finds anything.
    """
    with faults_told(path):
        if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
            raise broken_file(path, _("its inner structure does not hold together"))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and nobody else writes meanwhile; on the disk at its end."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            # The first fault is the one to tell; an open transaction is undone at the next opening.
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


@contextmanager
def faults_told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say about this file into a fault with a fix."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
        if code & 0xFF in _OURS:
            raise
        raise _told(error, code, path) from error
    except UnicodeDecodeError:  # SQLite's message about a damaged file quotes the damage; so would a cause
        raise broken_file(path, _("SQLite cannot make sense of it")) from None
    except OSError as error:
        raise no_access(path, error) from error


def broken_file(path: Path, why: str) -> LedgerBroken:
    """The fault of a file that is not what it should be."""
    return LedgerBroken(
        _("the ledger's file {name} is broken").format(name=path.name),
        why,
        _("put a sound copy of {folder} in its place, then: {verify}").format(
            folder=quoted(path.parent), verify=VERIFY
        ),
    )


def no_access(path: Path, error: OSError) -> Outside:
    """The fault of a disk or permission that stands in the way."""
    return Outside(
        _("cannot use the ledger's file {name}").format(name=path.name),
        error.strerror or type(error).__name__,
        _("make room and let yourself write there: df -h {folder}; chmod u+rwx {folder}").format(
            folder=quoted(path.parent)
        ),
    )


def quoted(path: Path) -> str:
    """A path that can be pasted into a shell."""
    return shlex.quote(str(path))


def _sync(folder: Path) -> None:
    """Bring the folder's list of files to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(path: Path) -> sqlite3.Connection:
    uri = path.resolve().as_uri() + "?mode=rw"  # never makes a file that is not there
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
    # Bytes that are no UTF-8 must come out, and changed, for the seal to show it; sqlite3's own error would quote them.
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    return connection


def _check_design(connection: sqlite3.Connection, path: Path, design: Design) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != design.application:
        raise broken_file(path, _("it was not made by weighbridge"))
    if version > design.version:
        raise Outside(
            _("cannot use the ledger's file {name}").format(name=path.name),
            _("it is of version {theirs}; this weighbridge knows versions up to {ours}").format(
                theirs=version, ours=design.version
            ),
            "python -m pip install --upgrade weighbridge",
        )
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if version != design.version or sorted(row[0] for row in found) != sorted(design.statements):
        raise broken_file(path, _("its tables and triggers are not those that weighbridge makes"))


def _told(error: sqlite3.DatabaseError, code: int, path: Path) -> WeighbridgeError:
    """The fault behind one of SQLite's, by its code alone: its message may quote a damaged file."""
    primary = code & 0xFF  # the extended codes carry the primary one in their low byte
    name = getattr(error, "sqlite_errorname", "")
    if primary in _BROKEN:
        return broken_file(path, _("SQLite cannot make sense of it ({name})").format(name=name))
    folder = quoted(path.parent)
    what = _("cannot use the ledger's file {name}").format(name=path.name)
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        waited = _("another process has held it for {seconds:.0f} seconds").format(seconds=WAIT_SECONDS)
        return Outside(what, waited, _("let it end, or find it: fuser {file}").format(file=quoted(path)))
    if primary in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        why = _("the disk is full or does not answer ({name})").format(name=name)
        return Outside(what, why, _("make room, then run the same again: df -h {folder}").format(folder=folder))
    why = _("it, or its folder, cannot be written ({name})").format(name=name)
    return Outside(what, why, _("let yourself write there: chmod u+rwx {folder}").format(folder=folder))
