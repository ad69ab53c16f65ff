"""What people said or are called: the erasable store beside the chain.

A text is kept under a salted commitment to it. The chain holds the commitment alone, which tells nothing once salt
and text are gone. The store is also the chain's outside witness: it notes each chain's head, so that it shows when
the end of a chain was cut off, unless both files were changed alike.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from weighbridge.adapters.ledger.database import (
    Design,
    broken_file,
    check_whole,
    connect,
    faults_told,
    transaction,
)
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.wording import _

FILE = "people.sqlite"
SALT_BYTES = 32  # as long as the digest: guessing the salt is no easier than inverting sha256
DESIGN = Design(
    application=0x57425031,  # "WBP1"
    version=1,
    statements=(
        """CREATE TABLE statement (
            commitment TEXT PRIMARY KEY NOT NULL CHECK (typeof(commitment) = 'text'),
            salt TEXT NOT NULL CHECK (typeof(salt) = 'text'),
            text TEXT NOT NULL CHECK (typeof(text) = 'text'))""",
        "CREATE TABLE unswept (commitment TEXT PRIMARY KEY NOT NULL)",
        """CREATE TABLE head (
            chain TEXT PRIMARY KEY NOT NULL CHECK (typeof(chain) = 'text'),
            number INTEGER NOT NULL CHECK (typeof(number) = 'integer'),
            digest TEXT NOT NULL CHECK (typeof(digest) = 'text'))""",
    ),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain that the witness has seen."""

    chain: str
    number: int
    digest: str


class People:
    """The open store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path, DESIGN)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def keep(self, text: str) -> Digest:
        """Keep a text; what comes back is the commitment to it."""
        salt = secrets.token_bytes(SALT_BYTES).hex()
        commitment = commitment_to(salt, text)
        with faults_told(self._path), transaction(self._connection):
            self._connection.execute("INSERT INTO statement VALUES (?, ?, ?)", (commitment, salt, text))
        return commitment

    def text(self, commitment: Digest) -> str | None:
        """The text behind a commitment, or None where there is none."""
        with faults_told(self._path):
            row = self._connection.execute(
                "SELECT commitment, salt, text FROM statement WHERE commitment = ?", (commitment,)
            ).fetchone()
        return None if row is None else self._checked(row)

    def forget(self, commitments: Iterable[Digest]) -> None:
        """Take these texts out of the file for good; those that are gone already are passed over.

        Deleting zeroes the cells (secure_delete), yet a page that was reshuffled earlier may hold an old copy in its
        free space: the file is therefore written anew. The rollback journal, which holds old pages meanwhile, is
        deleted at the end; what a disk keeps of deleted files is beyond us.
        """
        doomed = [(commitment,) for commitment in commitments]
        with faults_told(self._path):
            with transaction(self._connection):
                self._connection.executemany("INSERT OR IGNORE INTO unswept VALUES (?)", doomed)
                self._connection.executemany("DELETE FROM statement WHERE commitment = ?", doomed)
            self._sweep()

    def finish(self, erased: Iterable[Digest]) -> None:
        """Complete erasures that were sealed, or begun, before the process was stopped."""
        with faults_told(self._path):
            left = [c for c in erased if self._has(c)]
            unswept = self._connection.execute("SELECT 1 FROM unswept LIMIT 1").fetchone()
        if left or unswept:
            self.forget(left)

    def note_head(self, head: Head) -> None:
        """Witness the head of a chain. It only moves on: two processes may note theirs in either order."""
        with faults_told(self._path), transaction(self._connection):
            self._connection.execute(
                "INSERT INTO head VALUES (?, ?, ?) ON CONFLICT (chain) DO UPDATE"
                " SET number = excluded.number, digest = excluded.digest WHERE excluded.number > head.number",
                (head.chain, head.number, head.digest),
            )

    def heads(self) -> tuple[Head, ...]:
        """All heads that were witnessed."""
        with faults_told(self._path):
            rows = self._connection.execute("SELECT chain, number, digest FROM head ORDER BY chain").fetchall()
        return tuple(Head(*row) for row in rows)

    def check(self) -> None:
        """Check that every text still fits the commitment it is kept under.

        Raises
        ------
        LedgerBroken
            When one does not, or the file does not hold together.
        """
        check_whole(self._connection, self._path)
        with faults_told(self._path), closing(self._connection.cursor()) as cursor:
            cursor.execute("SELECT commitment, salt, text FROM statement")
            for row in cursor:
                self._checked(row)

    def _checked(self, row: tuple[str, str, str]) -> str:
        commitment, salt, text = row
        try:
            given = commitment_to(salt, text)
        except ValueError:  # a character that is none; the error would quote it
            given = None
        if given != commitment:
            raise broken_file(self._path, _("a text does not fit the commitment it is kept under"))
        return text

    def _has(self, commitment: Digest) -> bool:
        found = self._connection.execute("SELECT 1 FROM statement WHERE commitment = ?", (commitment,)).fetchone()
        return found is not None

    def _sweep(self) -> None:
        self._connection.execute("VACUUM")
        with transaction(self._connection):
            self._connection.execute("DELETE FROM unswept")


def commitment_to(salt: str, text: str) -> Digest:
    """The digest over the canonical JSON of salt and text."""
    return digest_of([salt, text])
