"""What `app` needs from outside, as protocols: a clock, a ledger, somebody to tell about progress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from weighbridge.core.canon import Digest, Plain
from weighbridge.core.evidence import Evidence


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The present, with its time zone."""
        ...


class Kind(StrEnum):
    """What an entry of the ledger seals."""

    CANDIDATE = "candidate"
    EVIDENCE = "evidence"
    ANSWER = "answer"
    RECOMMENDATION = "recommendation"
    DECISION = "decision"
    PREPARATION = "preparation"  # the signature of whoever prepared a decision
    APPROVAL = "approval"
    ADVANCE = "advance"  # one signature under the opening of a stage
    TRIGGER = "trigger"  # what came up after a decision, and whether the answer is another because of it
    REMOVAL = "removal"
    PASSAGE = "passage"
    INCIDENT = "incident"
    QUOTATION = "quotation"  # what was printed of the people behind a release
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of a chain. `digest` covers all the rest, so that a change anywhere is seen in every later link."""

    chain: str  # the candidate's name
    number: int  # from 1, without gaps
    kind: Kind
    body: Plain
    at: str  # ISO 8601, UTC
    environment: Plain
    previous: Digest
    digest: Digest


class Ledger(Protocol):
    """Append-only, one chain per candidate name.

    What a person said or is called lies beside it, erasable; the chain holds commitments.
    """

    def append(self, chain: str, kind: Kind, body: Plain) -> Entry:
        """Seal one more entry; it is on the disk when this returns."""
        ...

    def entries(self, chain: str) -> Iterator[Entry]:
        """The entries of a chain, oldest first."""
        ...

    def chains(self) -> tuple[str, ...]:
        """The names of all chains."""
        ...

    def evidence(self, chain: str, asked: Digest) -> Evidence | None:
        """The evidence already sealed under this key, if there is any."""
        ...

    def commit(self, chain: str, text: str) -> Digest:
        """Put a text into the erasable store.

        What comes back is a salted commitment to it that says nothing by itself.
        """
        ...

    def text(self, commitment: Digest) -> str | None:
        """The text behind a commitment, or None where it was erased."""
        ...

    def erase(self, chain: str, commitment: Digest) -> None:
        """Take a text out for good; the chain stays whole, and an entry says that something was erased."""
        ...

    def verify(self) -> int:
        """Check every seal and every commitment.

        The number of entries. Raises LedgerBroken at the first that does not fit.
        """
        ...


class Watcher(Protocol):
    """Somebody who is told how a weighing goes."""

    def starts(self, probe: str) -> None:
        """A probe starts."""
        ...

    def progress(self, probe: str, done: int, of: int, unit: str) -> None:
        """So many of so many `unit` are done."""
        ...

    def ends(self, evidence: Evidence, *, seconds: float, reused: bool) -> None:
        """A probe has its outcome; `reused` where it was in the ledger already."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where a finding lies in the owner's own file. Never sealed, never shown without --reveal."""

    probe: str
    label: str
    record: int  # from 1
    says: str
