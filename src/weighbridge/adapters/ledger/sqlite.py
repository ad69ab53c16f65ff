"""The ledger on SQLite.

Two files lie below one folder, for their owner's eyes only: `ledger.sqlite` holds the chains, append-only by triggers
and by seals; `people.sqlite` holds what can be erased (see `people`).

What shows, and what does not: a change of any stored entry breaks its seal; a removed one leaves a gap; where the end
was cut off, the chain ends before the head that `people.sqlite` has witnessed. Somebody who rewrites both files alike
leaves no trace in them. Reports therefore print the head of their chain: two reports with different heads of one
number tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import Self

from weighbridge.adapters.ledger.chain import (
    COLUMNS,
    Row,
    before_first,
    broken_entry,
    evidence_in,
    read_back,
    row_of,
    sealed,
)
from weighbridge.adapters.ledger.database import (
    Design,
    bear,
    check_whole,
    connect,
    exists,
    faults_told,
    quoted,
    transaction,
)
from weighbridge.adapters.ledger.lock import held_at_once, waited_for
from weighbridge.adapters.ledger.people import DESIGN as PEOPLE_DESIGN
from weighbridge.adapters.ledger.people import FILE as PEOPLE_FILE
from weighbridge.adapters.ledger.people import Head, People
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.errors import LedgerBroken, Unusable
from weighbridge.core.evidence import Evidence
from weighbridge.core.ports import Clock, Entry, Kind
from weighbridge.core.wording import _

FILE = "ledger.sqlite"
DESIGN = Design(
    application=0x57424C31,  # "WBL1"
    version=1,
    statements=(
        """CREATE TABLE entry (
            chain TEXT NOT NULL CHECK (typeof(chain) = 'text'),
            number INTEGER NOT NULL CHECK (typeof(number) = 'integer'),
            kind TEXT NOT NULL CHECK (typeof(kind) = 'text'),
            body TEXT NOT NULL CHECK (typeof(body) = 'text'),
            at TEXT NOT NULL CHECK (typeof(at) = 'text'),
            environment TEXT NOT NULL CHECK (typeof(environment) = 'text'),
            previous TEXT NOT NULL CHECK (typeof(previous) = 'text'),
            digest TEXT NOT NULL CHECK (typeof(digest) = 'text'),
            asked TEXT CHECK (typeof(asked) IN ('text', 'null')),
            PRIMARY KEY (chain, number))""",
        "CREATE INDEX entry_asked ON entry (chain, asked, number) WHERE asked IS NOT NULL",
        "CREATE INDEX entry_erasure ON entry (chain, number) WHERE kind = 'erasure'",
        """CREATE TRIGGER entry_follows BEFORE INSERT ON entry
            WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM entry WHERE chain = NEW.chain)
            BEGIN SELECT RAISE(ABORT, 'append-only'); END""",
        "CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ),
)
_PAGE = 256  # rows read at a time: no reader keeps the file locked while its caller works


class SqliteLedger:
    """An open ledger. One thread, one process; any number of processes may each open their own."""

    def __init__(self, folder: Path, clock: Clock, environment: Plain) -> None:
        self._folder = folder
        self._path = folder / FILE
        self._clock = clock
        self._environment = environment
        self._people = People(folder / PEOPLE_FILE)
        try:
            self._entries = connect(self._path, DESIGN)
        except BaseException:
            self._people.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close both files."""
        self._entries.close()
        self._people.close()

    def append(self, chain: str, kind: Kind, body: Plain) -> Entry:
        """Seal one more entry; it is on the disk when this returns.

        Raises
        ------
        LedgerBroken
            When the end of the chain is not sound: nothing is built on it.
        ValueError
            When the body cannot be kept faithfully: see `canonical` and `evidence_from`.
        """
        witnessed = {head.chain: head for head in self._people.heads()}.get(chain)
        with faults_told(self._path), transaction(self._entries):
            last = self._last(chain)
            number, previous = (last.number, last.digest) if last else (0, before_first(chain))
            if witnessed and witnessed.number > number:
                raise self._cut_off(witnessed)
            entry = sealed(
                Entry(
                    chain=chain,
                    number=number + 1,
                    kind=kind,
                    body=body,
                    at=self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
                    environment=self._environment,
                    previous=previous,
                    digest=Digest(""),
                )
            )
            self._insert(row_of(entry))
        self._people.note_head(Head(chain, entry.number, entry.digest))
        return entry

    def entries(self, chain: str) -> Iterator[Entry]:
        """The entries of a chain, oldest first; the seal of each is checked on the way.

        Raises
        ------
        LedgerBroken
            At the first entry that is not as it was sealed.
        """
        number, previous = 0, before_first(chain)
        while rows := self._rows("chain = ? AND number > ? ORDER BY number LIMIT ?", chain, number, _PAGE):
            for row in rows:
                entry = read_back(row, number=number + 1, previous=previous)
                number, previous = entry.number, entry.digest
                yield entry

    def chains(self) -> tuple[str, ...]:
        """The names of all chains."""
        with faults_told(self._path):
            return tuple(row[0] for row in self._entries.execute("SELECT DISTINCT chain FROM entry ORDER BY chain"))

    def head(self, chain: str) -> Digest:
        """The digest of the last entry, which stands for the whole chain; of an empty chain, that of its name."""
        last = self._last(chain)
        return last.digest if last else before_first(chain)

    def evidence(self, chain: str, asked: Digest) -> Evidence | None:
        """The evidence sealed last under this key, if there is any; the entry's own seal is checked.

        Raises
        ------
        LedgerBroken
            When the entry is not as it was sealed.
        """
        rows = self._rows("chain = ? AND asked = ? ORDER BY number DESC LIMIT 1", chain, asked)
        return evidence_in(_alone(rows[0])) if rows else None

    def commit(self, chain: str, text: str) -> Digest:  # noqa: ARG002  the store does not tell which chain a text is for
        """Put a text into the erasable store; what comes back is a salted commitment that says nothing by itself."""
        return self._people.keep(text)

    def text(self, commitment: Digest) -> str | None:
        """The text behind a commitment, or None where it was erased."""
        return self._people.text(commitment)

    def erase(self, chain: str, commitment: Digest) -> None:
        """Take a text out for good; the chain stays whole, and an entry says that something was erased.

        The entry comes first: should the process be stopped in between, the next opening completes what the entry says.

        Raises
        ------
        Unusable
            When no text is kept under this commitment.
        """
        if self._people.text(commitment) is None:
            if commitment in self._erased():
                return
            raise Unusable(
                _("there is nothing to erase"),
                _("no text is kept under {commitment}").format(commitment=commitment),
                _("take the commitment from the ledger's entry, whole: sha256: and 64 digits"),
            )
        self.append(chain, Kind.ERASURE, {"commitment": commitment})
        self._people.forget([commitment])

    def weighing_lock(self, chain: str) -> AbstractContextManager[None]:
        """Hold a chain for a whole weighing.

        Raises
        ------
        Outside
            At once, when somebody else holds it.
        """
        name = before_first(chain).removeprefix("sha256:")[:16]
        return held_at_once(self._folder / f"weighing-{name}.lock", chain)

    def verify(self) -> int:
        """Check every seal, every commitment, both files' structure, and the heads against their witness.

        Returns
        -------
        The number of entries.

        Raises
        ------
        LedgerBroken
            At the first thing that does not fit; it names chain and entry, never the content.
        """
        heads = {head.chain: head for head in self._people.heads()}  # before the entries, which may grow meanwhile
        check_whole(self._entries, self._path)
        count = 0
        for chain in self.chains():
            witnessed = heads.pop(chain, None)
            for entry in self.entries(chain):
                count += 1
                if witnessed and witnessed.number == entry.number:
                    if witnessed.digest != entry.digest:
                        raise broken_entry(chain, entry.number, _("it is not the entry that was written there"))
                    witnessed = None
            if witnessed:
                raise self._cut_off(witnessed)
        for gone in heads.values():
            raise self._cut_off(gone)
        self._people.check()
        return count

    def finish_erasures(self) -> None:
        """Complete erasures that were sealed before their process was stopped."""
        self._people.finish(self._erased())

    def _erased(self) -> list[Digest]:
        bodies = (_alone(row).body for row in self._rows("kind = 'erasure'"))
        return [Digest(str(body["commitment"])) for body in bodies if isinstance(body, dict) and "commitment" in body]

    def _last(self, chain: str) -> Entry | None:
        rows = self._rows("chain = ? ORDER BY number DESC LIMIT 1", chain)
        return _alone(rows[0]) if rows else None

    def _rows(self, where: str, *values: str | int) -> list[Row]:
        with faults_told(self._path):
            found = self._entries.execute(f"SELECT {COLUMNS} FROM entry WHERE {where}", values)  # noqa: S608  our own words
            return [Row(*row) for row in found]

    def _insert(self, row: Row) -> None:
        values = tuple(getattr(row, name) for name in COLUMNS.split(", "))
        self._entries.execute(f"INSERT INTO entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608  our own words

    def _cut_off(self, head: Head) -> LedgerBroken:
        return broken_entry(head.chain, head.number, _("it was written once, and is gone"))


def open_ledger(folder: Path, clock: Clock, environment: Plain) -> SqliteLedger:
    """Open the ledger below this folder; it is made where there is none.

    Parameters
    ----------
    environment : what is noted with each entry of where it was made: versions, never names of people or machines

    Raises
    ------
    LedgerBroken
        When one of the two files is missing or is not what it should be.
    Outside
        When the disk or a permission stands in the way, or a newer version of weighbridge made the files.
    """
    with faults_told(folder / FILE):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (exists(folder / FILE) and _holds_anything(folder / PEOPLE_FILE)):
            with waited_for(folder / "opening.lock"):
                _bear_missing(folder)
    ledger = SqliteLedger(folder, clock, environment)
    try:
        ledger.finish_erasures()
    except BaseException:
        ledger.close()
        raise
    return ledger


def _bear_missing(folder: Path) -> None:
    """Make the files that are not there; of a ledger that was begun, none goes missing unnoticed."""
    ledger, people = folder / FILE, folder / PEOPLE_FILE
    if not exists(people) and exists(ledger):
        raise LedgerBroken(
            _("the ledger's file {name} is missing").format(name=PEOPLE_FILE),
            _("{name} lies without it in {folder}").format(name=FILE, folder=quoted(folder)),
            _("put it back; or, if all that people said shall be gone: touch {file}").format(file=quoted(people)),
        )
    if not _holds_anything(people):
        bear(people, PEOPLE_DESIGN)
    if not exists(ledger):
        with closing(People(people)) as store:
            begun = len(store.heads())
        if begun:
            raise LedgerBroken(
                _("the ledger's file {name} is missing").format(name=FILE),
                _("{name} has witnessed {n} of its chains").format(name=PEOPLE_FILE, n=begun),
                _("put it back; or, to begin anew: mv {file} {file}.old").format(file=quoted(people)),
            )
        bear(ledger, DESIGN)


def _holds_anything(path: Path) -> bool:
    return exists(path) and path.stat().st_size > 0


def _alone(row: Row) -> Entry:
    """An entry by itself: its own seal is checked, its neighbours are not looked at."""
    return read_back(row, number=row.number, previous=Digest(row.previous))
