"""Scores that a server gave, kept so that an interrupted weighing goes on where it stopped. Numbers only.

A window is found again by a hash of its tokens; neither they nor any text are stored. One file, read by its owner
alone; it may be deleted at any time, and then everything is asked again.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from weighbridge.core.errors import Outside
from weighbridge.core.wording import _
from weighbridge.probekit.ports import Floats, Ints

_FILE = "scores.sqlite"
_SCHEMA = """
create table if not exists trial (number integer primary key, about blob not null, scores blob not null);
create table if not exists scored (key blob primary key, scores blob not null) without rowid;
"""
_AT_ONCE = 500  # keys in one question to the database
_BUSY_S = 30.0


class ScoreCache:
    """Scores of windows by what they depend on. The file is open only while it is read or written."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        with self._telling():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
            self._path.chmod(0o600)
        with self._database() as database:
            database.executescript(_SCHEMA)

    def generation(self, about: Sequence[str], scores: Floats, *, tolerance: float) -> bytes:
        """What the keys of a served model begin with: the same as before while it still gives these scores.

        A server may have been started again with other weights under the same name: then old scores are no longer
        found. `about` tells the server, the model and what was asked for; `scores` are those of a fixed text, which may
        differ by `tolerance` nats, as sums in another order do.
        """
        told = hashlib.sha256("\0".join(about).encode()).digest()
        with self._database() as database:
            rows = database.execute("select number, scores from trial where about = ?", (told,)).fetchall()
            number = next((n for n, blob in rows if _is_near(np.frombuffer(blob), scores, tolerance)), None)
            if number is None:
                kept = scores.astype(np.float64).tobytes()
                number = database.execute("insert into trial (about, scores) values (?, ?)", (told, kept)).lastrowid
        return told + str(number).encode()

    def key(self, generation: bytes, window: Ints) -> bytes:
        """Where the scores of a window are kept."""
        return hashlib.sha256(generation + b"\0" + window.astype("<i8").tobytes()).digest()

    def found(self, keys: Sequence[bytes], rows: int) -> dict[bytes, Floats]:
        """The scores kept under these keys, each as an array of so many rows."""
        kept: dict[bytes, Floats] = {}
        with self._database() as database:
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                asked = f"select key, scores from scored where key in ({','.join('?' * len(part))})"  # noqa: S608  question marks only
                for key, blob in database.execute(asked, part):
                    kept[key] = np.frombuffer(blob, dtype=np.float64).reshape(rows, -1)
        return kept

    def keep(self, scores: Mapping[bytes, Floats]) -> None:
        """Keep these, all or none."""
        with self._database() as database:
            database.executemany(
                "insert or replace into scored values (?, ?)",
                [(key, values.astype(np.float64).tobytes()) for key, values in scores.items()],
            )

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The database, in one transaction."""
        with self._telling(), closing(sqlite3.connect(self._path, timeout=_BUSY_S)) as database, database:
            yield database

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what the disk or the database says into one of our faults."""
        try:
            yield
        except (OSError, sqlite3.Error, ValueError) as error:
            raise Outside(
                _("cannot keep what the server answers"),
                _("{path} cannot be read or written ({kind})").format(path=self._path, kind=type(error).__name__),
                _("delete that file, or make room and give yourself the right to write there"),
            ) from error


def _is_near(kept: Floats, scores: Floats, tolerance: float) -> bool:
    return kept.shape == scores.shape and bool(np.abs(kept - scores).max(initial=0.0) <= tolerance)
